package match_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// TestBalancesHoldToTheLastBit compares with ==, sums of floats too.
func TestBalancesHoldToTheLastBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, everything)
		r, err := match.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		y := r.Hourly
		var load heatmap.KilowattHours
		for h := range in.Hours {
			if y.Load[h] != y.Direct[h]+y.FromStore[h]+y.Boiler[h]+y.Unmet[h] || y.Offered[h] != y.Direct[h]+y.ToStore[h]+y.Surplus[h] {
				t.Fatalf("hour %d does not balance: %+v", h, y)
			}
			load += heatmap.KilowattHours(y.Load[h])
			var given, stored, surplus heatmap.Kilowatts
			unknown := 0
			for i, s := range y.Sources {
				if x := s.Given[h]; x != x {
					unknown++
					if heat := in.Sources[i].Heat[h]; heat == heat {
						t.Fatalf("source %d is not known in hour %d, and gave %v", i, h, heat)
					}
					continue
				}
				given += s.Given[h]
				stored += s.Stored[h]
				surplus += s.Surplus[h]
				offered := s.Given[h] + s.Stored[h] + s.Surplus[h]
				if want := float64(in.Sources[i].Heat[h]); math.Abs(float64(offered)-want) > 1.0/(1<<17) && (in.Sources[i].Most == 0 || offered != in.Sources[i].Most) {
					t.Fatalf("source %d offers %v in hour %d, and has %v", i, offered, h, want)
				}
			}
			if given != y.Direct[h] || stored != y.ToStore[h] || surplus != y.Surplus[h] || unknown != y.Unknown[h] {
				t.Fatalf("the sources of hour %d: %v %v %v %d of %+v", h, given, stored, surplus, unknown, y)
			}
			storesBalance(t, in, r, h)
		}
		if load != r.Total.Load || r.Total.Given != r.Total.Direct || r.Total.Offered != r.Total.Given+r.Total.Taken+r.Total.Surplus {
			t.Fatalf("the total: %+v, load of the hours %v", r.Total, load)
		}
		sumsBalance(t, in, r)
	})
}

func storesBalance(t *rapid.T, in match.Input, r match.Result, h int) {
	var taken, given heatmap.Kilowatts
	for i, s := range r.Hourly.Stores {
		before := r.Stores[i].Start
		if h > 0 {
			before = s.In[h-1]
		}
		if s.In[h] != before-heatmap.KilowattHours(s.Lost[h])-heatmap.KilowattHours(s.Given[h])+heatmap.KilowattHours(s.Taken[h]) {
			t.Fatalf("store %d does not balance in hour %d: %+v from %v", i, h, s, before)
		}
		store := in.Stores[i]
		if s.In[h] < 0 || s.In[h] > store.Capacity || store.Charge > 0 && s.Taken[h] > store.Charge || store.Discharge > 0 && s.Given[h] > store.Discharge {
			t.Fatalf("store %d is beyond its bounds in hour %d: %+v of %+v", i, h, s, store)
		}
		taken += s.Taken[h]
		given += s.Given[h]
	}
	if taken != r.Hourly.ToStore[h] || given != r.Hourly.FromStore[h] {
		t.Fatalf("stores take %v and give %v in hour %d of %+v", taken, given, h, r.Hourly)
	}
}

// sumsBalance wants areas, givers and flows to say the same.
func sumsBalance(t *rapid.T, in match.Input, r match.Result) {
	served := make(map[string]map[match.Giver]heatmap.KilowattHours)
	gave := make(map[match.Giver]map[string]heatmap.KilowattHours)
	for _, f := range r.Flows {
		if served[f.Area] == nil {
			served[f.Area] = make(map[match.Giver]heatmap.KilowattHours)
		}
		if gave[f.By] == nil {
			gave[f.By] = make(map[string]heatmap.KilowattHours)
		}
		served[f.Area][f.By] += f.Energy
		gave[f.By][f.Giver] += f.Energy
		joined := func(source string) bool {
			return slices.ContainsFunc(in.Links, func(l match.Link) bool {
				return l.Source == source && l.Area == f.Area && l.Metres == f.Metres && (in.Reach == 0 || l.Metres <= in.Reach)
			})
		}
		if f.By == match.BySource && !joined(f.Giver) || f.Energy <= 0 {
			t.Fatalf("a flow that cannot be: %+v", f)
		}
	}
	for _, a := range r.Areas {
		of := served[a.ID]
		if a.Load != a.Direct+a.Stored+a.Boiler+a.Unmet || a.Direct != of[match.BySource] || a.Stored != of[match.ByStore] || a.Boiler != of[match.ByBoiler] || a.Open > a.Boiler+a.Unmet {
			t.Fatalf("area %+v, flows %v", a, of)
		}
	}
	for _, s := range r.Sources {
		if s.Given != gave[match.BySource][s.ID] || s.Offered != s.Given+s.Stored+s.Surplus || s.KeptBack > s.Surplus {
			t.Fatalf("source %+v, flows %v", s, gave[match.BySource][s.ID])
		}
	}
	for _, s := range r.Stores {
		if s.Given != gave[match.ByStore][s.ID] || s.Start-s.Lost-s.Given+s.Taken != s.End {
			t.Fatalf("store %+v, flows %v", s, gave[match.ByStore][s.ID])
		}
	}
	for _, b := range r.Boilers {
		if b.Heat != gave[match.ByBoiler][b.ID] {
			t.Fatalf("boiler %+v, flows %v", b, gave[match.ByBoiler][b.ID])
		}
	}
}

// TestNoOrderChangesADigit shuffles every list of an input.
func TestNoOrderChangesADigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, everything)
		for i := range in.Sources {
			in.Sources[i].Electricity = make([]float64, in.Hours)
			for h := range in.Hours {
				in.Sources[i].Electricity[h] = 0.1 + 0.1*float64(i) + 0.01*float64(h)
			}
		}
		in.Electric = match.Price{Euros: 0.2, Source: "drawn"}
		other := in
		other.Sources, other.Areas, other.Links = slices.Clone(in.Sources), slices.Clone(in.Areas), slices.Clone(in.Links)
		other.Stores, other.Boilers = slices.Clone(in.Stores), slices.Clone(in.Boilers)
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffle(dice, other.Sources)
		shuffle(dice, other.Areas)
		shuffle(dice, other.Links)
		shuffle(dice, other.Stores)
		shuffle(dice, other.Boilers)
		for i := range other.Stores {
			other.Stores[i].Sources = slices.Clone(other.Stores[i].Sources)
			shuffle(dice, other.Stores[i].Sources)
		}
		if a, b := said(t, in), said(t, other); a != b {
			t.Fatalf("another order says\n%s\nnot\n%s", b, a)
		}
	})
}

func shuffle[T any](dice *rand.Rand, list []T) {
	dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// said is all of an answer and its ranking, with every digit.
func said(t *rapid.T, in match.Input) string {
	r, err := match.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Hourly.Sources { // JSON has no NaN
		for _, column := range [][]heatmap.Kilowatts{s.Given, s.Stored, s.Surplus} {
			for h, x := range column {
				if x != x {
					column[h] = -1
				}
			}
		}
	}
	var b strings.Builder
	if err := json.NewEncoder(&b).Encode([]any{r, match.Ranking(in, r, match.ByCost, match.ByDistance)}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMoreOfASourceNeverCoversLess holds without warm returns that narrow links, and
// with at most one store that serves all: of several, one that would have been full
// may be empty later (see the package).
func TestMoreOfASourceNeverCoversLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, may{absent: true, stores: 0, hours: 6})
		if rapid.Bool().Draw(t, "store") {
			joinAll(&in)
			in.Stores = []match.Store{{ID: "t", Capacity: heatmap.KilowattHours(rapid.IntRange(1, 30).Draw(t, "capacity")), Loss: rapid.Float64Range(0, 0.3).Draw(t, "loss"),
				Charge: heatmap.Kilowatts(rapid.IntRange(0, 4).Draw(t, "charge")), Discharge: heatmap.Kilowatts(rapid.IntRange(0, 4).Draw(t, "discharge"))}}
		}
		before, err := match.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		i, h := rapid.IntRange(0, len(in.Sources)-1).Draw(t, "more of"), rapid.IntRange(0, in.Hours-1).Draw(t, "in hour")
		heat := slices.Clone(in.Sources[i].Heat)
		if heat[h] != heat[h] {
			heat[h] = 0
		}
		heat[h] += heatmap.Kilowatts(rapid.IntRange(1, 20).Draw(t, "more"))
		in.Sources = slices.Clone(in.Sources)
		in.Sources[i].Heat = heat
		after, err := match.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		// A loss is rounded down to a grain each hour.
		if slack := heatmap.KilowattHours(in.Hours) / (1 << 16); after.Total.Direct+after.Total.Stored < before.Total.Direct+before.Total.Stored-slack {
			t.Fatalf("more heat covers %v, less than %v", after.Total.Served, before.Total.Served)
		}
		if len(in.Stores) == 0 && after.Total.Direct < before.Total.Direct {
			t.Fatalf("more heat gives %v, less than %v", after.Total.Direct, before.Total.Direct)
		}
	})
}

// joinAll joins every source with every area.
func joinAll(in *match.Input) {
	in.Links, in.Reach = nil, 0
	for _, s := range in.Sources {
		for _, a := range in.Areas {
			in.Links = append(in.Links, match.Link{Source: s.ID, Area: a.ID, Metres: 100})
		}
	}
}

// TestUnknownHoursCouldCoverNoMoreThanIsOpen fills in what is not known.
func TestUnknownHoursCouldCoverNoMoreThanIsOpen(t *testing.T) {
	t.Parallel()
	open, full := heatmap.KilowattHours(0), heatmap.KilowattHours(0)
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, may{absent: true, boilers: true, hours: 4})
		before, err := match.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		in.Sources = slices.Clone(in.Sources)
		for i := range in.Sources {
			in.Sources[i].Heat = slices.Clone(in.Sources[i].Heat)
			for h, x := range in.Sources[i].Heat {
				if x != x {
					in.Sources[i].Heat[h] = heatmap.Kilowatts(rapid.SampledFrom([]float64{0, 2, 100}).Draw(t, "filled in"))
				}
			}
		}
		after, err := match.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if gain := after.Total.Direct - before.Total.Direct; gain < 0 || gain > before.Total.Open {
			t.Fatalf("%v more are covered, of %v that were open", gain, before.Total.Open)
		}
		open += before.Total.Open
		full += after.Total.Direct - before.Total.Direct
	})
	if full == 0 || open == 0 {
		t.Error("nothing was open: the cases try nothing")
	}
}
