package heatpump_test

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
	"heatledger/heatmap/heatpump"
)

func TestElectricityEmitsWhatItsHourEmitted(t *testing.T) {
	t.Parallel()
	// The first two hours of 2023: 140.51 and 140.44 g/kWh direct, 185.8 and 185.7 over
	// the life cycle (Electricity Maps).
	s := given(t, energy.QuarterHour, []float64{100, 100, 100, 100, gone, 0, 200, 0}, []float64{35, 35, 35, 35, 35, 35, 35, 35}, []float64{30, 30, 30, 30, 30, 30, 30, 30})
	o, err := heatpump.Plant{ID: "wp", Machine: heatpump.Carnot{Quality: 0.5, Source: said}, Target: heatpump.Constant(70, 45)}.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	e := o.Emissions()
	first := 100 / 3.289375 // kWh of the first hour; the second takes half as much
	if !near(float64(e.Electricity), 1.5*first) || !near(e.Direct, (first*140.51+first/2*140.44)/1000) || !near(e.LifeCycle, (first*185.8+first/2*185.7)/1000) || e.Moved != 0 {
		t.Errorf("%+v of %v kWh", e, 1.5*first)
	}
	if direct, all, ok := e.Intensity(); !ok || !near(direct, (2*140.51+140.44)/3) || !near(all, (2*185.8+185.7)/3) {
		t.Errorf("%v and %v g/kWh", direct, all)
	}
	later := given(t, time.Hour, []float64{100}, []float64{35}, []float64{30})
	header := later.Header
	header.From = time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	moved, err := heatmap.New(header, later.Columns())
	if err != nil {
		t.Fatal(err)
	}
	o, _ = heatpump.Plant{ID: "wp", Machine: heatpump.Carnot{Quality: 0.5, Source: said}, Target: heatpump.Constant(70, 45)}.Run(moved)
	if e := o.Emissions(); e.Moved != e.Electricity || !near(e.Direct, float64(e.Electricity)*float64(grid.At(header.From).Direct)/1000) {
		t.Errorf("an hour of another year stands in: %+v", e)
	}
	if _, _, ok := (heatpump.Emissions{}).Intensity(); ok {
		t.Error("no electricity has an intensity")
	}
}

func TestTheEffectOnTheFiguresByHand(t *testing.T) {
	t.Parallel()
	centre := heatpump.Centre{EDC: 1300, EIT: 1000, Reuse: 0}
	total := heatpump.Totals{Taken: 390, Heat: 520, Electricity: 130}
	effects, err := heatpump.Effects(centre, total, true)
	if err != nil {
		t.Fatal(err)
	}
	inside, outside := effects[0], effects[1]
	if a := inside.After; !near(a.PUE, 1.43) || !near(a.PUEEnEfG, 1.3) || !near(a.ERF, 520.0/1430) || inside.Reused != 520 || inside.Boundary != registry.Inside {
		t.Errorf("inside: %+v", inside)
	}
	if a := outside.After; !near(a.PUE, 1.3) || !near(a.PUEEnEfG, 1.3) || !near(a.ERF, 390.0/1300) || outside.Reused != 390 || outside.Boundary != registry.Outside {
		t.Errorf("outside: %+v", outside)
	}
	if b := inside.Before; b != (heatpump.Figures{PUE: 1.3, PUEEnEfG: 1.3}) {
		t.Errorf("before: %+v", b)
	}
	duty, _ := heatpump.Effects(centre, total, false)
	if a := duty[0].After; !near(a.PUEEnEfG, 1.43) {
		t.Errorf("the duty chiller is left out: %+v", a)
	}
	centre.CoolingSaved, centre.SavedSource = 65, "concept of 2025"
	saved, _ := heatpump.Effects(centre, total, true)
	if in, out := saved[0].After, saved[1].After; !near(in.PUE, 1.365) || !near(in.PUEEnEfG, 1.235) || !near(out.PUE, 1.235) || !near(out.ERF, 390.0/1235) {
		t.Errorf("with cooling saved: %+v and %+v", in, out)
	}
	replaced, _ := heatpump.Effects(heatpump.Centre{EDC: 1300, EIT: 1000, Reuse: 260, Replaced: 195}, total, true)
	if in, out := replaced[0], replaced[1]; !near(in.Before.ERF, 0.2) || !near(in.After.ERF, (65+520)/1430.0) || !near(out.After.ERF, (65+390)/1300.0) {
		t.Errorf("with heat that the pump takes instead: %+v and %+v", in, out)
	}
	for sentence, c := range map[string]heatpump.Centre{
		"more replaced than is reused":  {EDC: 13, EIT: 10, Reuse: 1, Replaced: 2},
		"no IT":                         {EDC: 10},
		"more IT than all":              {EDC: 10, EIT: 11},
		"more cooling saved than there": {EDC: 13, EIT: 10, CoolingSaved: 4, SavedSource: said},
		"cooling that nobody stated":    {EDC: 13, EIT: 10, CoolingSaved: 2},
	} {
		if _, err := heatpump.Effects(c, total, true); err == nil {
			t.Errorf("%s: accepted", sentence)
		}
	}
}

// A centre of half a kWh of IT: numbers at their bounds, and just beyond them.
func TestTheBoundsOfACentre(t *testing.T) {
	t.Parallel()
	total := heatpump.Totals{Taken: 0.3, Heat: 0.4, Electricity: 0.1}
	for sentence, c := range map[string]heatpump.Centre{
		"all of it IT":                      {EDC: 0.5, EIT: 0.5},
		"all cooling saved":                 {EDC: 0.75, EIT: 0.5, CoolingSaved: 0.25, SavedSource: said},
		"all heat replaced":                 {EDC: 0.75, EIT: 0.5, Reuse: 0.25, Replaced: 0.25},
		"no cooling saved, and none stated": {EDC: 0.75, EIT: 0.5, SavedSource: said},
	} {
		if _, err := heatpump.Effects(c, total, true); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	for sentence, c := range map[string]heatpump.Centre{
		"less than no IT":                     {EDC: 0.5, EIT: -0.5},
		"an IT that is not known":             {EDC: 0.5, EIT: heatmap.KilowattHours(gone)},
		"more cooling":                        {EDC: 0.75, EIT: 0.5, CoolingSaved: -0.25, SavedSource: said},
		"a little cooling that nobody stated": {EDC: 0.75, EIT: 0.5, CoolingSaved: 0.25},
		"less than nothing replaced":          {EDC: 0.75, EIT: 0.5, Reuse: 0.25, Replaced: -0.25},
		"replaced, not known":                 {EDC: 0.75, EIT: 0.5, Reuse: 0.25, Replaced: heatmap.KilowattHours(gone)},
	} {
		if _, err := heatpump.Effects(c, total, true); err == nil {
			t.Errorf("%s: accepted", sentence)
		}
	}
}

func TestTheRefusalOfSavedCoolingNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	_, err := heatpump.Effects(heatpump.Centre{EDC: 13, EIT: 10, CoolingSaved: 4, SavedSource: said}, heatpump.Totals{}, true)
	if err == nil || !strings.Contains(err.Error(), "of 3 that are not IT") {
		t.Errorf("%v", err)
	}
}

func TestAKilowattForAnHourEmits(t *testing.T) {
	t.Parallel()
	// At a COP of 2 a kW of the source takes a kW of electricity; half a kW has temperatures.
	table := read(t, "source_in_c,sink_out_c,cop\n35,70,2\n")
	s := given(t, time.Hour, []float64{1, 0, 0.25}, []float64{35, 35, 35}, []float64{30, 30, 30})
	h := s.Header
	h.Negative = 3
	s, err := heatmap.New(h, s.Columns())
	if err != nil {
		t.Fatal(err)
	}
	o, err := heatpump.Plant{ID: "wp", Machine: table, Target: heatpump.Constant(70, 45)}.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	if e := o.Emissions(); e.Electricity != 1.25 || !near(e.Direct, (140.51+0.25*float64(grid.At(newYear.Add(2*time.Hour)).Direct))/1000) {
		t.Errorf("%+v of 1.25 kWh", e)
	}
	made, err := o.Series()
	if err != nil {
		t.Fatal(err)
	}
	if flow, ok := made.Flow(2); !ok || flow != 70 || made.Negative != 0 {
		t.Errorf("half a kW at %v °C; %d steps below zero", flow, made.Negative)
	}
}

func TestWhatIsNotThereHasNoMean(t *testing.T) {
	t.Parallel()
	if cop, ok := (heatpump.Totals{Pumped: 2, Electricity: 0.5}).COP(); !ok || cop != 4 {
		t.Errorf("a COP of %v (%v), want 4", cop, ok)
	}
	if cop, ok := (heatpump.Totals{}).COP(); ok || cop != 0 {
		t.Errorf("nothing was pumped, with a COP of %v", cop)
	}
	if direct, all, ok := (heatpump.Emissions{Direct: 0.1, LifeCycle: 0.2, Electricity: 0.5}).Intensity(); !ok || !near(direct, 200) || !near(all, 400) {
		t.Errorf("%v and %v g/kWh (%v), want 200 and 400", direct, all, ok)
	}
	if direct, all, ok := (heatpump.Emissions{}).Intensity(); ok || direct != 0 || all != 0 {
		t.Errorf("no electricity emits %v and %v g/kWh", direct, all)
	}
}

// What is foreseen of a heat pump is what package kpi makes of its meters once it
// runs.
func TestTheEffectIsThatOfTheFigures(t *testing.T) {
	t.Parallel()
	june := energy.Date{Year: 2025, Month: 6, Day: 3}
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const quarters = 96
	total := heatpump.Totals{Taken: 39 * quarters, Heat: 52 * quarters, Electricity: 13 * quarters}
	effects, err := heatpump.Effects(heatpump.Centre{EDC: 130 * quarters, EIT: 100 * quarters}, total, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, boundary := range []registry.Boundary{registry.Inside, registry.Outside} {
		site := registry.Site{ID: "hafen", HeatPumps: []registry.HeatPump{{ID: "wp", Boundary: boundary, ExclusiveUpgrade: true, Electricity: "hafen/wp", Sink: "hafen/sink"}}}
		days := map[energy.PointID]series.Day{}
		add := func(id energy.PointID, role energy.Role, q energy.Quantity, kwh int, parent energy.PointID) {
			point := registry.Point{ID: id, Role: role, Quantity: q, Use: energy.Primary, Parent: parent}
			if role == energy.ITLoad {
				point.Category = 2
			}
			site.Meters = append(site.Meters, registry.Meter{ID: energy.MeterID(id), Points: []registry.Point{point}})
			d := series.Day{Date: june, Period: berlin.Day(june)}
			for range quarters {
				d.Values, d.Quality, d.Covered = append(d.Values, energy.Amount(kwh)*1_000_000), append(d.Quality, energy.Measured), append(d.Covered, 900)
			}
			days[id] = d
		}
		meter := 130 // what comes in, with the pump behind our meter where it is ours
		if boundary == registry.Inside {
			meter += 13
		}
		add("hafen/grid", energy.GridImport, energy.ActiveEnergyImport, meter, "")
		add("hafen/it", energy.ITLoad, energy.ActiveEnergyImport, 100, "")
		add("hafen/wp", energy.HeatPumpElectricity, energy.ActiveEnergyImport, 13, "")
		add("hafen/sink", energy.HeatDelivered, energy.HeatEnergy, 52, "")
		figure := func(name string, category int) float64 {
			pair, ok := kpi.NewBooks(site).Of(name, category, june)
			if !ok {
				t.Fatalf("%s: no %s", boundary, name)
			}
			sum := pair.Day(berlin.Day(june), days, nil)
			return float64(sum.Numerator) / float64(sum.Denominator)
		}
		want := heatpump.Figures{PUE: figure("pue", 2), PUEEnEfG: figure("pue_enefg", 2), ERF: figure("erf", 0)}
		if got := effects[i].After; !near(got.PUE, want.PUE) || !near(got.PUEEnEfG, want.PUEEnEfG) || !near(got.ERF, want.ERF) {
			t.Errorf("%s: %+v, the figures are %+v", boundary, got, want)
		}
	}
}
