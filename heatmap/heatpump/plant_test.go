package heatpump_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/heatpump"
)

var newYear = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)

// given is a series of a source; NaN is absent.
func given(t testing.TB, step time.Duration, power, flow, back []float64) heatmap.Series {
	t.Helper()
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, len(power)), Grade: make([]heatmap.Grade, len(power)), Limit: make([]heatmap.Limit, len(power))}
	for i, p := range power {
		c.Power[i] = heatmap.Kilowatts(p)
		if p == p {
			c.Grade[i], c.Limit[i] = heatmap.Estimated, heatmap.SupplyLimited
		}
	}
	column := func(list []float64) (column []energy.Celsius) {
		for _, x := range list {
			column = append(column, energy.Celsius(x))
		}
		return column
	}
	c.Flow, c.Return = column(flow), column(back)
	s, err := heatmap.New(heatmap.Header{Source: "hafen", Kind: heatmap.Available, Method: heatmap.Method{Code: heatmap.Metered}, From: newYear, Step: step}, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var gone = math.NaN()

func TestAPlantUpgradesWhatTheSourceGives(t *testing.T) {
	t.Parallel()
	carnot := heatpump.Carnot{Quality: 0.5, Source: said}
	// 0.5 · 343.15 / 40 from 30 to 70 °C.
	const cop = 4.289375
	s := given(t, time.Hour, []float64{100, gone, 0, 100, 100, 100, 100, 100}, []float64{35, 35, gone, gone, 80, 35, 35, 35}, []float64{30, 30, gone, 30, 50, gone, 40, 30})
	plant := heatpump.Plant{ID: "wp1", Machine: carnot, Target: heatpump.Constant(70, 45), Pinch: 3}
	o, err := plant.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	states := []heatpump.State{heatpump.Running, heatpump.Absent, heatpump.Idle, heatpump.NoTemperature, heatpump.Direct, heatpump.NoTemperature, heatpump.NoTemperature, heatpump.Running}
	for i, want := range states {
		if o.Steps[i].State != want {
			t.Errorf("step %d is %s, want %s", i, o.Steps[i].State, want)
		}
	}
	first := o.Steps[0]
	if !near(first.COP, cop) || !near(float64(first.Heat), 100*cop/(cop-1)) || !near(float64(first.Electricity), 100/(cop-1)) || !near(float64(first.Taken), 100) {
		t.Errorf("%+v, want 100 kW to become %v", first, 100*cop/(cop-1))
	}
	if direct := o.Steps[4]; direct.Heat != 100 || direct.Electricity != 0 {
		t.Errorf("a source of 80 °C needs no pump: %+v", direct)
	}
	total := o.Totals()
	if got, ok := total.COP(); !ok || !near(got, cop) || total.Known != 4*time.Hour || total.Of != 8*time.Hour || total.Direct != 100 || total.ByState[heatpump.NoTemperature] != 3*time.Hour {
		t.Errorf("%+v, COP %v", total, got)
	}
	plant.Spread = 5
	spread, _ := plant.Run(s)
	if step := spread.Steps[5]; step.State != heatpump.Running || !near(step.COP, cop) {
		t.Errorf("cooled by 5 K, as stated: %+v", step)
	}
	// A return as warm as the flow: half of 343.15 / 35.
	plant.Spread = 0
	if alike, _ := plant.Run(given(t, time.Hour, []float64{100}, []float64{35}, []float64{35})); alike.Steps[0].State != heatpump.Running || !near(alike.Steps[0].COP, 0.5*343.15/35) {
		t.Errorf("hardly cooled: %+v", alike.Steps[0])
	}
	plant.Spread = 5
	plant.Pinch = 11
	if warm, _ := plant.Run(s); warm.Steps[4].State == heatpump.Direct {
		t.Errorf("10 K above the flow are enough where 11 are asked for: %+v", warm.Steps[4])
	}
	plant.Pinch = 10
	if warm, _ := plant.Run(s); warm.Steps[4].State != heatpump.Direct {
		t.Errorf("10 K above the flow are not enough where 10 are asked for: %+v", warm.Steps[4])
	}
	made, err := o.Series()
	if err != nil {
		t.Fatal(err)
	}
	flow, _ := made.Flow(0)
	if power, _ := made.Power(0); power != first.Heat || made.Kind != heatmap.Upgraded || made.Grade(0) != heatmap.Estimated || flow != 70 || made.Method.Of.Code != heatmap.Metered || made.Method.Source != carnot.Basis() {
		t.Errorf("%v kW at %v °C, %s by %+v", power, flow, made.Grade(0), made.Method)
	}
	if back, ok := made.Return(0); !ok || back != 45 {
		t.Errorf("the network comes back at %v °C", back)
	}
	if _, ok := made.Flow(2); ok {
		t.Error("no heat has a temperature")
	}
	if _, ok := made.Power(3); ok {
		t.Error("heat without temperatures was upgraded")
	}
}

func TestAPlantGivesNoMoreThanItCan(t *testing.T) {
	t.Parallel()
	s := given(t, time.Hour, []float64{1000, 300, 20}, []float64{35, 35, 35}, []float64{30, 30, 30})
	plant := heatpump.Plant{ID: "wp1", Machine: heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 0.9, Source: said}}, Target: heatpump.Constant(70, 45), Capacity: 800, LeastLoad: 0.2}
	o, err := plant.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	full, part, least := o.Steps[0], o.Steps[1], o.Steps[2]
	if full.Heat != 800 || !near(full.COP, 4.289375) || !near(float64(full.Taken), 800*(1-1/4.289375)) {
		t.Errorf("at full load %+v", full)
	}
	load := float64(part.Heat) / 800
	if want := 4.289375 * load / (0.9*load + 0.1); math.Abs(part.COP-want) > 1e-6 || math.Abs(float64(part.Taken)-300) > 1e-6 {
		t.Errorf("at a load of %v: %+v, want a COP of %v", load, part, want)
	}
	if least.State != heatpump.BelowLeast || least.Heat != 0 {
		t.Errorf("too little for the machine: %+v", least)
	}
	if total := o.Totals(); !near(float64(total.Unused), 1000-float64(full.Taken)+20) {
		t.Errorf("%v kWh were not taken", total.Unused)
	}
	table := heatpump.Plant{ID: "wp2", Machine: read(t, maker), Target: heatpump.Constant(80, 50)}
	s = given(t, time.Hour, []float64{5000, 5000}, []float64{30, 35}, []float64{25, 30})
	o, err = table.Run(s)
	if err != nil || o.Steps[0].Heat != 900 || o.Steps[1].State != heatpump.OutOfRange {
		t.Errorf("by the maker's table: %+v (%v), want its 900 kW, and no answer at 35 °C", o.Steps, err)
	}
}

func TestTheLoadIsThatOfTheHeatThatIsGiven(t *testing.T) {
	t.Parallel()
	// What of a source a machine takes that gives so much heat at a COP.
	taken := func(heat, cop float64) float64 { return heat * (1 - 1/cop) }
	degraded := heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 0.9, Source: said}}
	at := func(load float64) float64 { return 4.289375 * load / (0.9*load + 0.1) }
	losing := read(t, "source_in_c,sink_out_c,load,cop,heat_kw\n35,70,0.25,3,200\n35,70,1,4,800\n")
	gaining := read(t, "source_in_c,sink_out_c,load,cop,heat_kw\n35,70,0.25,5,200\n35,70,1,4,800\n")
	for _, tt := range []struct {
		sentence         string
		machine          heatpump.Machine
		least            float64
		heat, cop, power float64 // heat 0: power comes to nothing
		state            heatpump.State
	}{
		{"just above the least load, which it would be below with the COP of full load", degraded, 0.2, 164, at(0.205), 0, heatpump.Running},
		{"just below it", degraded, 0.2, 156, at(0.195), 0, heatpump.BelowLeast},
		{"at it", degraded, 0.2, 160, at(0.2), 0, heatpump.Running},
		{"in the range of the table, out of which it would be with the COP of full load", losing, 0, 208, 3 + 0.01*4/3, 0, heatpump.Running},
		{"a machine that loses nothing, above the least load", heatpump.Carnot{Quality: 0.5, Source: said}, 0.2, 164, 4.289375, 0, heatpump.Running},
		{"a machine that loses nothing, below it", heatpump.Carnot{Quality: 0.5, Source: said}, 0.2, 156, 4.289375, 0, heatpump.BelowLeast},
		{"a machine that is better at part load", gaining, 0, 400, 5 - 0.25*4/3, 0, heatpump.Running},
		{"less than the table knows", losing, 0, 0, 0, 100, heatpump.OutOfRange},
		{"less than the table knows, and than the least load", losing, 0.3, 0, 0, 100, heatpump.BelowLeast},
		{"all but full load", degraded, 0, 799.999, at(799.999 / 800), 0, heatpump.Running},
	} {
		power := tt.power
		if tt.heat > 0 {
			power = taken(tt.heat, tt.cop)
		}
		plant := heatpump.Plant{ID: "wp", Machine: tt.machine, Target: heatpump.Constant(70, 45), Capacity: 800, LeastLoad: tt.least}
		o, err := plant.Run(given(t, time.Hour, []float64{power}, []float64{35}, []float64{30}))
		if err != nil {
			t.Fatalf("%s: %v", tt.sentence, err)
		}
		step := o.Steps[0]
		if step.State != tt.state || step.State == heatpump.Running && (math.Abs(float64(step.Heat)-tt.heat) > 1e-5 || math.Abs(step.COP-tt.cop) > 1e-6 || math.Abs(float64(step.Taken)-power) > 1e-5) {
			t.Errorf("%s: %+v (%s), want %s with %v kW at a COP of %v", tt.sentence, step, step.State, tt.state, tt.heat, tt.cop)
		}
		if step.State != heatpump.Running && step.Heat != 0 {
			t.Errorf("%s: %+v", tt.sentence, step)
		}
	}
}

func TestHeatIsWhatWasTakenAndElectricity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(rt, "steps")
		draw := func(low, high float64, name string) []float64 {
			list := make([]float64, n)
			for i := range list {
				if list[i] = rapid.Float64Range(low, high).Draw(rt, name); rapid.IntRange(0, 9).Draw(rt, "lacking") == 0 {
					list[i] = gone
				}
			}
			return list
		}
		s := given(t, energy.QuarterHour, draw(0, 2000, "kW"), draw(15, 75, "flow"), draw(10, 40, "return"))
		capacity := heatmap.Kilowatts(rapid.Float64Range(0, 1500).Draw(rt, "capacity"))
		plant := heatpump.Plant{ID: "wp", Machine: heatpump.Lorenz{Quality: 0.5, Source: said, Greatest: 9, PartLoad: heatpump.PartLoad{Cc: 0.9, Source: said}}, Target: heatpump.Constant(70, 40), Capacity: capacity, Spread: 5}
		o, err := plant.Run(s)
		if err != nil {
			rt.Fatal(err)
		}
		for i, step := range o.Steps {
			power, _ := s.Power(i)
			if math.Abs(float64(step.Heat-step.Taken-step.Electricity)) > 1e-6 || float64(step.Taken-power) > 1e-6 && step.State != heatpump.Absent || step.State == heatpump.Running && capacity > 0 && step.Heat > capacity {
				rt.Fatalf("of %v kW at a capacity of %v: %+v", power, capacity, step)
			}
		}
		total := o.Totals()
		if math.Abs(float64(total.Heat-total.Taken-total.Electricity)) > 1e-6*(1+float64(total.Heat)) || total.Known > total.Of {
			rt.Fatalf("%+v", total)
		}
		if cop, ok := total.COP(); ok && !(cop > 1) {
			rt.Fatalf("a COP of %v", cop)
		}
	})
}

func TestAPlantThatIsNotFullyStatedDoesNotRun(t *testing.T) {
	t.Parallel()
	s := given(t, time.Hour, []float64{100}, []float64{35}, []float64{30})
	good := heatpump.Plant{ID: "wp", Machine: heatpump.Carnot{Quality: 0.5, Source: said}, Target: heatpump.Constant(70, 40)}
	for sentence, change := range map[string]func(p *heatpump.Plant){
		"no machine":                         func(p *heatpump.Plant) { p.Machine = nil },
		"no target":                          func(p *heatpump.Plant) { p.Target = nil },
		"a negative capacity":                func(p *heatpump.Plant) { p.Capacity = -1 },
		"a negative spread":                  func(p *heatpump.Plant) { p.Spread = -1 },
		"a negative pinch":                   func(p *heatpump.Plant) { p.Pinch = -1 },
		"a least load below":                 func(p *heatpump.Plant) { p.LeastLoad = -0.1 },
		"a machine that broke":               func(p *heatpump.Plant) { p.Machine = broken{} },
		"a machine that breaks at part load": func(p *heatpump.Plant) { p.Machine, p.Capacity = broken{2}, 1000 },
		"a least load of all":                func(p *heatpump.Plant) { p.LeastLoad = 1 },
		"nobody's grade":                     func(p *heatpump.Plant) { p.Machine = heatpump.Carnot{Quality: 0.5} },
	} {
		p := good
		change(&p)
		if _, err := p.Run(s); err == nil {
			t.Errorf("%s: it runs", sentence)
		}
	}
	for sentence, change := range map[string]func(p *heatpump.Plant){
		"as stated":                      func(*heatpump.Plant) {},
		"half a kW, K and K, and a half": func(p *heatpump.Plant) { p.Capacity, p.Spread, p.Pinch, p.LeastLoad = 0.5, 0.5, 0.5, 0.5 },
	} {
		p := good
		change(&p)
		if _, err := p.Run(s); err != nil {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	for sentence, change := range map[string]func(p *heatpump.Plant){
		"half a kW below":   func(p *heatpump.Plant) { p.Capacity = -0.5 },
		"half a K below":    func(p *heatpump.Plant) { p.Spread = -0.5 },
		"half a K of pinch": func(p *heatpump.Plant) { p.Pinch = -0.5 },
		"a load not known":  func(p *heatpump.Plant) { p.LeastLoad = gone },
	} {
		p := good
		change(&p)
		if _, err := p.Run(s); err == nil {
			t.Errorf("%s: it runs", sentence)
		}
	}
}

// broken is a machine that errs, below full load or always.
type broken struct{ cop float64 }

func (b broken) Point(c heatpump.Conditions) (heatpump.Point, error) {
	if b.cop > 0 && c.Load == 1 {
		return heatpump.Point{COP: b.cop}, nil
	}
	return heatpump.Point{}, errors.New("no answer")
}

func (broken) Basis() string { return "" }

func TestStatesHaveTheirNames(t *testing.T) {
	t.Parallel()
	var got []string
	for s := heatpump.Absent; s <= heatpump.OutOfRange; s++ {
		got = append(got, s.String())
	}
	if s := strings.Join(got, " "); s != "absent running direct idle below_least no_temperature out_of_range" {
		t.Error(s)
	}
}

// BenchmarkRun is a year of quarter-hours.
func BenchmarkRun(b *testing.B) {
	n := 35_040
	power, flow, back := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		power[i], flow[i], back[i] = 500+float64(i%700), 30+float64(i%5), 25
	}
	s := given(b, energy.QuarterHour, power, flow, back)
	for name, machine := range map[string]heatpump.Machine{
		"carnot": heatpump.Carnot{Quality: 0.5, Source: said, PartLoad: heatpump.PartLoad{Cc: 0.9, Source: said}},
		"lorenz": heatpump.Lorenz{Quality: 0.5, Source: said},
		"table":  read(b, "source_in_c,sink_out_c,cop\n20,60,4\n20,80,3\n40,60,5\n40,80,4\n"),
	} {
		plant := heatpump.Plant{ID: "wp", Machine: machine, Target: heatpump.Constant(70, 40), Capacity: 1500}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				o, err := plant.Run(s)
				if err != nil || o.Totals().Known == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}
