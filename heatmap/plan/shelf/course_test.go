package shelf_test

import (
	"encoding/csv"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"heatledger/heatmap/demand"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
)

// The hours of areas, which are not kept, come to the load that was kept: it is theirs
// and the losses of the network, alike in every hour.
func TestTheHoursOfAreasComeToTheLoadThatWasKept(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	saved := o.keep(t, o.run(t))
	r, err := o.shelf.Result(t.Context(), saved)
	if err != nil {
		t.Fatal(err)
	}
	year, err := o.shelf.Courses(t.Context(), saved, r)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := o.shelf.Bytes(t.Context(), saved.Hours)
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(string(kept))).ReadAll()
	if err != nil || table[0][1] != "load_kw" || len(table) != year.Hours()+1 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	for _, h := range []int{0, 100, 4000, 8759} {
		taken := 0.0
		for _, a := range r.Areas {
			if a.Chosen {
				shares, err := year.Shares(demand.Profile(a.Profile))
				if err != nil {
					t.Fatal(err)
				}
				taken += a.Heat * shares[h]
			}
		}
		load, err := strconv.ParseFloat(table[h+1][1], 64)
		first, bad := strconv.ParseFloat(table[1][1], 64)
		if err != nil || bad != nil || first <= 0 || load < taken || (load-taken)/load > 0.5 {
			t.Errorf("hour %d: the areas take %.3f kW of a load of %.3f kW", h, taken, load)
		}
	}
	if lost := r.Network.Lost / float64(r.Hours); lost <= 0 || math.IsNaN(lost) {
		t.Errorf("the sample loses %g kW: the test asks nothing", lost)
	}
}

// Of a plan whose areas would have other hours by now, none are given.
func TestOtherHoursAreNotGiven(t *testing.T) {
	t.Parallel()
	o := newTown(t)
	saved := o.keep(t, o.run(t))
	r, err := o.shelf.Result(t.Context(), saved)
	if err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*plan.Area){
		"another profile":     func(a *plan.Area) { a.Profile = string(demand.Flat) },
		"a profile of no one": func(a *plan.Area) { a.Profile = "HMF99" },
		"more heat":           func(a *plan.Area) { a.Heat *= 1.1 },
	} {
		other := r
		other.Areas = append([]plan.Area{}, r.Areas...)
		for i := range other.Areas {
			if other.Areas[i].Chosen {
				change(&other.Areas[i])
				break
			}
		}
		if _, err := o.shelf.Courses(t.Context(), saved, other); !errors.Is(err, shelf.ErrOtherHours) {
			t.Errorf("%s: %v", says, err)
		}
	}
}
