package match_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"heatledger/heatmap/match"
)

// TestAYearIsTheSumOfItsHalves cuts a year without stores, which several processors
// work on at once, at an hour in the middle of a block.
func TestAYearIsTheSumOfItsHalves(t *testing.T) {
	t.Parallel()
	in := town(t, 8, 40, 5000, 1200)
	in.Boilers = []match.Boiler{{ID: "all", Power: 700, Efficiency: 0.9}, {ID: "some", Efficiency: 0.9, Areas: []string{"area-003", "area-007"}}}
	year := matched(t, in)
	const cut = 4133
	first, second := between(in, 0, cut), between(in, cut, in.Hours)
	a, b := matched(t, first), matched(t, second)
	for i, x := range year.Areas {
		if y := a.Areas[i]; x.Direct != y.Direct+b.Areas[i].Direct || x.Boiler != y.Boiler+b.Areas[i].Boiler || x.Open != y.Open+b.Areas[i].Open || x.UnknownHours != y.UnknownHours+b.Areas[i].UnknownHours || x.PeakLeft != max(y.PeakLeft, b.Areas[i].PeakLeft) {
			t.Errorf("area %s: %+v, %+v and %+v", x.ID, x, y, b.Areas[i])
		}
	}
	if year.Moved != a.Moved+b.Moved || year.Moved == 0 || year.Parts < 2 || year.Total.Open == 0 || year.Total.Unmet == 0 {
		t.Errorf("%d hours of %d parts are moved, %d and %d of the halves; %+v", year.Moved, year.Parts, a.Moved, b.Moved, year.Total)
	}
	if !slices.Equal(year.Hourly.Unmet, append(a.Hourly.Unmet, b.Hourly.Unmet...)) {
		t.Error("the hours are others")
	}
}

func between(in match.Input, from, to int) match.Input {
	in.From = in.From.Add(time.Duration(from) * time.Hour)
	in.Hours = to - from
	in.Sources, in.Areas = slices.Clone(in.Sources), slices.Clone(in.Areas)
	for i := range in.Sources {
		in.Sources[i].Heat = in.Sources[i].Heat[from:to]
	}
	for i := range in.Areas {
		in.Areas[i].Load = in.Areas[i].Load[from:to]
	}
	return in
}

// TestTheSameInputGivesTheSameAnswer runs a town with stores again and again.
func TestTheSameInputGivesTheSameAnswer(t *testing.T) {
	t.Parallel()
	in := town(t, 8, 40, 5000, 1500)
	in.Stores = []match.Store{{ID: "tank", Sources: []string{"source-01"}, Capacity: 5000, Loss: 0.001}, {ID: "pit", Rank: 1, Sources: []string{"source-02", "source-05"}, Capacity: 500_000, Loss: 0.0001, Cyclic: true}}
	said := func() []byte {
		r := matched(t, in)
		r.Hourly.Sources = nil // NaN, which JSON has not
		body, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	first := said()
	for range 3 {
		if !bytes.Equal(said(), first) {
			t.Fatal("the answers differ")
		}
	}
	if r := matched(t, in); r.Stores[0].Given == 0 || r.Stores[1].Given == 0 || !r.Stores[1].Settled {
		t.Errorf("%+v", r.Stores)
	}
}
