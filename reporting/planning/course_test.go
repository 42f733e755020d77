package planning

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
)

// modelled is the year 2025 over which heat is laid.
func modelled(t testing.TB) *demand.Year {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	year, err := demand.NewYear(2025, heatmap.Local{Calendar: calendar, State: "DE-HE"}, demand.ModelledClimate(calendar.Year(2025)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return year
}

// The sums of the hours are the heat of the areas, each by its own profile.
func TestConsumersTakeTheHeatOfTheirAreasOverTheYear(t *testing.T) {
	t.Parallel()
	n := town(t)
	r := plan.Result{Areas: []plan.Area{{ID: "way", Heat: 4e5, Profile: string(demand.Flat)}, {ID: "end", Heat: 6e5, Profile: "HMF33"}, {ID: "end-2", Heat: 2e5, Profile: "HMF33"}, {ID: "far", Heat: 1e5, Profile: string(demand.Flat)}}}
	said, err := n.LayOver(modelled(t), r)
	if err != nil || said != WithSequences {
		t.Fatalf("%q %v", said, err)
	}
	sums := map[string]float64{}
	list := rows(t, DHNx(n), "sequences/consumers-heat_flow.csv")
	for _, row := range list {
		for _, column := range []string{"0", "1", "2"} {
			sums[column] += float(t, row, column)
		}
	}
	if len(list) != 8760 {
		t.Errorf("%d hours", len(list))
	}
	for i, want := range []float64{4e5, 6e5, 2e5} {
		if got := sums[fmt.Sprint(i)]; math.Abs(got-want) > 8760*0.0005 {
			t.Errorf("consumer %d takes %.1f kWh, want %.1f", i, got, want)
		}
	}
	if math.Abs(float(t, list[0], "0")-4e5/8760) > 0.0005 {
		t.Errorf("flat heat is %s kW at first", list[0]["0"])
	}
	if _, err := n.LayOver(modelled(t), plan.Result{Areas: []plan.Area{{ID: "way", Heat: 1, Profile: "mine"}}}); err == nil {
		t.Error("a profile that is not known gave hours")
	}
}

// Of too many consumers there are no hours, and the archive says so.
func TestTooManyConsumersHaveNoHours(t *testing.T) {
	t.Parallel()
	n := town(t)
	n.Consumers = make([]network.Consumer, MostSequences+1)
	said, err := n.LayOver(modelled(t), plan.Result{})
	if err != nil || said != TooMany || n.Load != nil {
		t.Errorf("%q %v", said, err)
	}
	for s, words := range map[Sequences][]string{WithSequences: {"Stunde 0 beginnt um 2024-12-31T23:00:00Z", "hour 0 begins"}, TooMany: {"mehr als 1000", "more than 1000"}, OtherHours: {"nur ihre Summe", "only their sum"}} {
		text := string(About("plan town, fact 7", Net{From: time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)}, s).Data)
		for _, word := range append(words, "fact 7") {
			if !strings.Contains(text, word) {
				t.Errorf("%q: %q is not in %s", s, word, text)
			}
		}
	}
}

// BenchmarkSequences packs the hours of as many consumers as are given.
func BenchmarkSequences(b *testing.B) {
	shares, err := modelled(b).Shares("HMF33")
	if err != nil {
		b.Fatal(err)
	}
	d := dhnx{net: Net{Load: map[string]Course{}}}
	for i := range MostSequences {
		id := fmt.Sprint("area", i)
		d.order, d.net.Load[id] = append(d.order, id), Course{1e6 + float64(i), shares}
	}
	b.ReportAllocs()
	for b.Loop() {
		var packed bytes.Buffer
		if err := WriteZip(&packed, []File{d.sequence(len(shares))}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(packed.Len()))
	}
}
