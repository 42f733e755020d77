package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
	"heatledger/heatmap/network"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/plantest"
)

var berlin = func() energy.Calendar {
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return c
}()

// metered is a site with one meter of a role, every quarter-hour of a year of which
// is what at says, in Wh.
func metered(year int, site energy.SiteID, role energy.Role, quantity energy.Quantity, at func(day, quarter int) float64) heatmap.Stored {
	point := registry.Point{ID: energy.PointID(site + "/point"), Role: role, Quantity: quantity, Use: energy.Primary, Category: 1}
	s := heatmap.Stored{
		Site:     registry.Site{ID: site, Meters: []registry.Meter{{ID: energy.MeterID(site + "-meter"), Points: []registry.Point{point}}}},
		Calendar: berlin, From: energy.Date{Year: year, Month: 1, Day: 1}, To: energy.Date{Year: year + 1, Month: 1, Day: 1}, Fact: 7, Days: map[energy.PointID][]series.Day{},
	}
	n := 0
	for d := s.From; d.Before(s.To); d = d.AddDays(1) {
		p := berlin.Day(d)
		quarters := int(p.Length() / energy.QuarterHour)
		day := series.Day{Date: d, Period: p, Values: make([]energy.Amount, quarters), Quality: make([]energy.Quality, quarters), Covered: make([]int16, quarters)}
		for q := range quarters {
			if wh := at(n, q); wh >= 0 {
				day.Values[q], day.Quality[q], day.Covered[q] = energy.Amount(math.Round(wh*1000)), energy.Measured, 900
				day.CoveredS += 900
				day.Total += day.Values[q]
			}
		}
		s.Days[point.ID] = append(s.Days[point.ID], day)
		n++
	}
	return s
}

// harbour is the sample with a data centre of 180 kW.
func harbour(t testing.TB) (plan.Scenario, plan.Inputs) {
	s, in := plantest.Load(t, "harbour/scenario.yaml")
	in.Sites["hafen"] = metered(2025, "hafen", energy.ITLoad, "active_energy_import", func(day, quarter int) float64 {
		return 45000 + 2000*math.Sin(float64(day)/30) + 1500*math.Sin(float64(quarter)/96*2*math.Pi)
	})
	return s, in
}

func run(t testing.TB, s plan.Scenario, in plan.Inputs) plan.Result {
	t.Helper()
	r, refused, err := plan.Run(t.Context(), s, in)
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	return r
}

func TestTheSampleBalances(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	r := run(t, s, in)
	same := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	same("load", r.Served.Load, r.Served.Direct+r.Served.Stored+r.Served.Boiler+r.Served.Unmet)
	same("load and what the network delivers and loses", r.Served.Load, r.Network.Delivered+r.Network.Lost)
	given, chosen, heat := 0.0, 0, 0.0
	for _, g := range r.Sources {
		same("what "+g.ID+" offers", g.Offered, g.Direct+g.Stored+g.Surplus)
		given += g.Direct
	}
	same("what sources give", given, r.Served.Direct)
	for _, a := range r.Areas {
		if a.Chosen {
			chosen, heat = chosen+1, heat+a.Heat
		}
		if a.Chosen != (a.Rank >= 1 && a.Rank <= 5) {
			t.Errorf("area %s of rank %d is chosen: %v", a.ID, a.Rank, a.Chosen)
		}
	}
	same("heat of the chosen areas", heat, r.Demand.Heat)
	same("heat delivered", heat, r.Network.Delivered) // the boiler leaves nothing unmet
	metres, investment := 0.0, 0.0
	for _, size := range r.Network.Sizes {
		metres, investment = metres+size.Metres, investment+size.Investment
	}
	same("metres by size", metres, r.Network.Metres)
	same("pipes by size", investment, r.Cost.Investment.Pipes)
	same("cost of a MWh", *r.Cost.PerMWh, r.Cost.Annual.Total/(r.Network.Delivered/1000))
	if r.Network.Metres < r.Network.Bound {
		t.Errorf("%v m of trench are less than the bound %v", r.Network.Metres, r.Network.Bound)
	}
}

func TestEveryAssumptionIsNamedWithItsSource(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	r := run(t, s, in)
	defaults := network.DefaultAssumptions()
	if len(r.Assumptions) != len(defaults.All()) {
		t.Fatalf("%d assumptions of %d", len(r.Assumptions), len(defaults.All()))
	}
	given := 0
	for _, a := range r.Assumptions {
		if a.Source == "" || a.Basis == "" {
			t.Errorf("%s has no source", a.Code)
		}
		if a.Basis == string(network.Given) {
			given++
		}
	}
	if given != 2 {
		t.Errorf("%d assumptions are the planner's own, want 2", given)
	}
	for _, f := range r.Stated {
		if f.Source == "" {
			t.Errorf("%s of %s has no source", f.Code, f.Of)
		}
	}
}

// TestTheSameInputsGiveTheSameDigest runs the sample with one and with several
// processors. It does not run beside others, for it changes their number.
func TestTheSameInputsGiveTheSameDigest(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	var first plan.Result
	for i, processors := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(processors)
		s, in := harbour(t)
		r := run(t, s, in)
		if i == 0 {
			first = r
		}
		if r.Digest != first.Digest || len(r.Digest) != 64 {
			t.Errorf("with %d processors the digest is %s, with one %s", processors, r.Digest, first.Digest)
		}
	}
}

func TestAResultIsReadAgainAndChecked(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	r := run(t, s, in)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := plan.ReadResult(b)
	if err != nil || again.Digest != r.Digest {
		t.Fatalf("read again: %v %s, was %s", err, again.Digest, r.Digest)
	}
	if _, err := plan.ReadResult(bytes.Replace(b, []byte(`"trench_m":1`), []byte(`"trench_m":2`), 1)); err == nil {
		t.Error("a changed number goes unnoticed")
	}
}

func TestWhatTheResultRestsOnChangesItsDigest(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	before := run(t, s, in).Digest
	in.Sites["hafen"].Days["hafen/point"][200].Values[3]++ // a milliwatt-hour
	if after := run(t, s, in).Digest; after == before {
		t.Error("another reading gives the same digest")
	}
	s, in = harbour(t)
	stored := in.Sites["hafen"]
	stored.Fact++ // something became known that touches no hour of the year
	in.Sites["hafen"] = stored
	if after := run(t, s, in).Digest; after != before {
		t.Error("a fact that changes no hour changes the digest")
	}
}

func TestWhatNumbersRestOnIsSaid(t *testing.T) {
	t.Parallel()
	said := func(r plan.Result, code, about string) (plan.Warning, bool) {
		for _, w := range r.Warnings {
			if w.Code == code && w.About == about {
				return w, true
			}
		}
		return plan.Warning{}, false
	}
	t.Run("a source whose delivered heat is all that is known is a lower bound", func(t *testing.T) {
		s, in := harbour(t)
		in.Sites["hafen"] = metered(2025, "hafen", energy.HeatDelivered, "heat_energy", func(_, _ int) float64 { return 25000 })
		r := run(t, edited(t, s, "    derive: {factor: 0.9, source: invented concept of the operator, flow_c: 38, return_c: 26}\n", "    flow_c: 38\n    return_c: 26\n"), in)
		if _, ok := said(r, "source_lower_bound", "hafen"); !ok || !r.Sources[0].LowerBound || r.Sources[0].Limit != "demand_limited" {
			t.Errorf("%+v, %v", r.Sources[0], r.Warnings)
		}
	})
	t.Run("hours of which nothing is known are no zeros", func(t *testing.T) {
		s, in := harbour(t)
		in.Sites["hafen"] = metered(2025, "hafen", energy.ITLoad, "active_energy_import", func(day, _ int) float64 {
			if day < 30 {
				return -1 // nothing is known
			}
			return 45000
		})
		r := run(t, s, in)
		if w, ok := said(r, "source_unknown_hours", "hafen"); !ok || w.Values[0] != 30*24 {
			t.Errorf("%v", r.Warnings)
		}
		if _, ok := said(r, "open_heat", ""); !ok || !(*r.Served.AtMost > *r.Served.Covered) {
			t.Errorf("covered %v, at most %v: %v", *r.Served.Covered, *r.Served.AtMost, r.Warnings)
		}
	})
	t.Run("a source colder than the network serves nobody", func(t *testing.T) {
		s, in := harbour(t)
		r := run(t, edited(t, s, "    heat_pump: dockside\n", ""), in)
		if _, ok := said(r, "source_unused", "hafen"); !ok || r.Sources[0].Peak != 0 {
			t.Errorf("%+v, %v", r.Sources[0], r.Warnings)
		}
	})
	t.Run("areas out of reach are named with the reason", func(t *testing.T) {
		s, in := harbour(t)
		r := run(t, edited(t, s, "distance_m: 2000", "distance_m: 320"), in)
		if _, ok := said(r, "area_too_far", "allotments"); !ok {
			t.Errorf("%v", r.Warnings)
		}
	})
	t.Run("temperatures that nobody measured are called so", func(t *testing.T) {
		s, in := harbour(t)
		text := string(s.Text())
		from, to := strings.Index(text, "weather:"), strings.Index(text, "\nstreets:")
		r := run(t, edited(t, s, text[from:to], ""), in)
		if !r.Demand.Modelled || !slices.ContainsFunc(r.Warnings, func(w plan.Warning) bool { return w.Code == "climate_modelled" }) {
			t.Errorf("%+v, %v", r.Demand, r.Warnings)
		}
	})
	t.Run("hours of a station serve as well as days", func(t *testing.T) {
		s, in := harbour(t)
		var b strings.Builder
		b.WriteString("at,temperature_c\n")
		for at := time.Date(2024, 12, 20, 0, 0, 0, 0, time.UTC); at.Year() < 2026; at = at.Add(time.Hour) {
			fmt.Fprintf(&b, "%s,%.1f\n", at.Format(time.RFC3339), 10-8*math.Cos(2*math.Pi*float64(at.YearDay())/365))
		}
		in.Files["weather.csv"] = []byte(b.String())
		if r := run(t, edited(t, s, "  typical: true\n", ""), in); r.Network == nil || math.Abs(r.Network.Delivered-r.Demand.Heat) > 1 {
			t.Errorf("%+v", r.Demand)
		}
	})
	t.Run("without a boiler what is lacking is unmet", func(t *testing.T) {
		s, in := harbour(t)
		text := string(s.Text())
		from, to := strings.Index(text, "  boiler:"), strings.Index(text, "\nnetwork:")
		r := run(t, edited(t, s, text[from:to], ""), in)
		if _, ok := said(r, "unmet", ""); !ok || r.Served.Unmet <= 0 || r.Network.Delivered >= r.Demand.Heat {
			t.Errorf("%+v, %v", r.Served, r.Warnings)
		}
	})
}

// edited is a scenario with other text.
func edited(t *testing.T, s plan.Scenario, before, after string) plan.Scenario {
	t.Helper()
	return plantest.Parse(t, "scenario.yaml", string(s.Text()), before, after)
}

func TestWhatCannotBeUsedIsNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(in *plan.Inputs)
		want   []string
	}{
		{"nothing is there", func(in *plan.Inputs) { *in = plan.Inputs{} }, []string{
			"scenario.yaml:18:11: the file bakery.csv is not there", "scenario.yaml:13:11: there is no site \"hafen\"",
			"scenario.yaml:38:11: the file areas.geojson is not there", "scenario.yaml:45:9: the file weather.csv is not there", "scenario.yaml:50:9: the file streets.geojson is not there"}},
		{"tables", func(in *plan.Inputs) {
			in.Files["bakery.csv"] = []byte("month,power_kw\n1,46\n1,40\n13,1\n2,many\n")
			in.Files["weather.csv"] = []byte("day,temperature_c\n2025-01-01,3\n2025-01-03,-80\n")
		}, []string{"bakery.csv:3:1: month 1 stands twice", "bakery.csv:4:1: month is \"13\"", "bakery.csv:5:3: power_kw is \"many\"",
			"weather.csv:3:12: temperature_c is \"-80\"", "weather.csv:3:1: 2025-01-03 stands after 2025-01-01"}},
		{"a site without heat", func(in *plan.Inputs) { in.Sites["hafen"] = heatmap.Stored{Calendar: berlin} }, []string{
			"scenario.yaml:13:11: the site hafen measures no heat in 2025"}},
		{"areas without number", func(in *plan.Inputs) {
			var b strings.Builder
			for i := range 20_001 {
				fmt.Fprintf(&b, `%s{"type":"Feature","id":%d,"geometry":{"type":"Point","coordinates":[8.77,50.1]},"properties":{"heat_mwh":1}}`, map[bool]string{true: ","}[i > 0], i)
			}
			in.Files["areas.geojson"] = []byte(`{"type":"FeatureCollection","features":[` + b.String() + `]}`)
		}, []string{"scenario.yaml:38:3: there are 20001 areas of demand"}},
		{"an area without heat", func(in *plan.Inputs) {
			in.Files["areas.geojson"] = bytes.Replace(in.Files["areas.geojson"], []byte(`"heat_mwh":310`), []byte(`"heat_mwh":-310`), 1)
		}, []string{"areas.geojson:2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, in := harbour(t)
			tt.change(&in)
			_, _, err := plan.Run(t.Context(), s, in)
			var faults energy.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("no faults: %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(faults.Error(), want) {
					t.Errorf("not said: %s\nsaid:\n%s", want, faults.Error())
				}
			}
		})
	}
}

func TestWithPartialTheRestIsUsed(t *testing.T) {
	t.Parallel()
	s, in := harbour(t)
	in.Files["areas.geojson"] = bytes.Replace(in.Files["areas.geojson"], []byte(`"heat_mwh":310`), []byte(`"heat_mwh":-310`), 1)
	r, refused, err := plan.Run(t.Context(), edited(t, s, "  - file: areas.geojson\n", "  - file: areas.geojson\n    partial: true\n"), in)
	if err != nil || len(refused) != 1 || refused[0].Line == 0 {
		t.Fatalf("%v, refused %v", err, refused)
	}
	if len(r.Areas) != 9 {
		t.Errorf("%d areas", len(r.Areas))
	}
}

// FuzzParse lets scenarios be anything: Parse may refuse, and must not fall over.
func FuzzParse(f *testing.F) {
	f.Add(string(plan.Example()))
	f.Add("name: a\nyear: 2025\nsources: [{id: a, file: a.csv}]\nvariations: [{name: b, assumptions: {interest: {value: 1e999}}}]")
	f.Fuzz(func(t *testing.T, text string) {
		s, faults := plan.Parse("scenario.yaml", []byte(text))
		if len(faults) == 0 && (s.Name == "" || len(s.Sources) == 0) {
			t.Errorf("no fault, and no name or source: %q", text)
		}
	})
}

func BenchmarkTheSample(b *testing.B) {
	s, in := harbour(b)
	for b.Loop() {
		run(b, s, in)
	}
}
