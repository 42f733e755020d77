package sensorthings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A page of the least is what a stable order of all gives, wherever it is cut.
func TestAPageIsCutFromTheWholeInItsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		results := rapid.SliceOfN(rapid.Float64Range(0, 5).Filter(func(x float64) bool { return x == x }), 0, 60).Draw(t, "results")
		steps := make([]Observation, len(results))
		list := make([]entity, len(results))
		for i, x := range results {
			at := begin.Add(time.Duration(i) * time.Hour)
			steps[i] = Observation{at, at.Add(time.Hour), float64(int(x)), "measured", ""}
			list[i] = entity{set: observed, step: &steps[i], of: &stream{id: "s"}}
		}
		down := rapid.Bool().Draw(t, "down")
		o := options{top: rapid.IntRange(-1, 70).Draw(t, "top"), skip: rapid.IntRange(0, 70).Draw(t, "skip"), order: []key{{"resultQuality", false}, {"result", down}}}
		page, matched, err := o.window(t.Context(), &budget{}, list)
		if err != nil || matched != len(list) {
			t.Fatalf("%d of %d match, %v", matched, len(list), err)
		}
		whole := slices.Clone(list)
		slices.SortStableFunc(whole, func(a, b entity) int {
			if c := compare(&a, &b, "result"); !down {
				return c
			}
			return -compare(&a, &b, "result")
		})
		whole = whole[min(o.skip, len(whole)):]
		if o.top >= 0 {
			whole = whole[:min(o.top, len(whole))]
		}
		if len(page) != len(whole) {
			t.Fatalf("%d on the page, want %d", len(page), len(whole))
		}
		for i := range page {
			if page[i].step != whole[i].step {
				t.Fatalf("at %d stands %s, want %s", i, page[i].name(), whole[i].name())
			}
		}
	})
}

// References go on from page to page as the entities do.
func TestReferencesMeetEverythingOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	pages := 0
	for next := "Datastreams('hafen.delivered')/Observations/$ref?$top=10&$count=true&$orderby=phenomenonTime desc"; next != ""; pages++ {
		answer, err := ask(t, next)
		if err != nil {
			t.Fatal(err)
		}
		if n := got(t, answer, "@iot.count"); n != "23" {
			t.Errorf("%s in all", n)
		}
		list, _ := answer["value"].([]any)
		for i := range list {
			seen[got(t, answer, "value", i, "@iot.selfLink")] = true
		}
		link, _ := answer["@iot.nextLink"].(string)
		next = strings.TrimPrefix(link, "https://town.example/sensorthings/v1.1/")
	}
	if len(seen) != 23 || pages != 3 {
		t.Errorf("%d references on %d pages", len(seen), pages)
	}
}
