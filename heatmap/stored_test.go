package heatmap_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
)

const kwh = energy.Amount(1_000_000) // in fixed units

func TestHeatBecomesPowerAtItsOwnTimeOnly(t *testing.T) {
	t.Parallel()
	p := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2)
	p.is("heat", 1, 3*kwh, energy.Substitute, 0)
	p.is("heat", 2, 4*kwh, energy.Distributed, 0)
	p.is("heat", 3, 1*kwh, energy.Measured, 300)
	p.is("heat", 4, 0, energy.Missing, 0)
	p.is("heat", 5, 5*kwh, energy.Declared, 0)
	p.is("heat", 6, -1*kwh, energy.Measured, 900)
	p.is("heat", 7, 0, energy.Measured, 900)
	s, ok := p.Series(heatmap.Delivered)
	if !ok {
		t.Fatal("a site with a heat meter has no delivered heat")
	}
	for i, want := range []struct {
		sentence string
		power    heatmap.Kilowatts
		ok       bool
		grade    heatmap.Grade
	}{
		{"2 kWh in a quarter of an hour are 8 kW", 8, true, heatmap.Measured},
		{"a substitute is an estimate", 12, true, heatmap.Estimated},
		{"energy across a gap has no hour", 0, false, heatmap.NoGrade},
		{"a part of a quarter-hour is none", 0, false, heatmap.NoGrade},
		{"no data is no power", 0, false, heatmap.NoGrade},
		{"what the operator stated is labelled", 20, true, heatmap.Declared},
		{"no source gives less than nothing", 0, false, heatmap.NoGrade},
		{"a measured zero is a power", 0, true, heatmap.Measured},
	} {
		power, known := s.Power(i)
		if known != want.ok || known && power != want.power || s.Grade(i) != want.grade {
			t.Errorf("%s: %v kW (known: %v, %s), want %v (%v, %s)", want.sentence, power, known, s.Grade(i), want.power, want.ok, want.grade)
		}
		if known != (s.Limit(i) == heatmap.DemandLimited) {
			t.Errorf("%s: limited by %s", want.sentence, s.Limit(i))
		}
	}
	a := s.Account()
	if s.Negative != 1 || !near(float64(a.Unshaped), 4) || !near(float64(a.Energy), 88*2+2+3+5) || a.Known != 92*15*time.Minute || a.Of != 24*time.Hour {
		t.Errorf("%d below zero, %v kWh without hours, account %+v", s.Negative, a.Unshaped, a)
	}
	if a.Grade() != heatmap.Declared || a.Limit() != heatmap.DemandLimited || a.ByGrade[heatmap.Estimated] != 15*time.Minute || s.Fact != 7 {
		t.Errorf("the whole is %s and %s: %+v", a.Grade(), a.Limit(), a)
	}
	if _, ok := p.Series(heatmap.Available); ok {
		t.Error("a site without it has available heat")
	}
}

func TestEachHeatCountsOnceAndOnItsDays(t *testing.T) {
	t.Parallel()
	from, second, to := date(t, "2025-03-29"), date(t, "2025-03-30"), date(t, "2025-03-31")
	p := newPlant(from, to).one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2).one(energy.HeatDelivered, "sub", energy.HeatEnergy, 1).
		one(energy.HeatDelivered, "new", energy.HeatEnergy, 1)
	p.Site.Meters[1].Points[0].Parent = "hafen/heat"
	p.Site.Meters[2].Points[0].From = second
	s, _ := p.Series(heatmap.Delivered)
	if s.Len() != 96+92 {
		t.Fatalf("%d steps, want those of a day and of one of 23 hours", s.Len())
	}
	for i, want := range map[int]heatmap.Kilowatts{0: 8, 95: 8, 96: 12, 187: 12} {
		if power, _ := s.Power(i); power != want {
			t.Errorf("step %d: %v kW, want %v: a sub-meter is in its parent, a new meter counts from its first day", i, power, want)
		}
	}
}

func TestDeliveredHeatIsLimitedByWhoRanOut(t *testing.T) {
	t.Parallel()
	build := func(ready, asked float64) heatmap.Limit {
		p := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2)
		if ready > 0 {
			p.one(energy.HeatAvailable, "ready", energy.HeatPower, ready)
		}
		if asked > 0 {
			p.one(energy.HeatRequested, "asked", energy.HeatPower, asked)
		}
		s, _ := p.Series(heatmap.Delivered)
		return s.Limit(0)
	}
	for _, tt := range []struct {
		sentence     string
		ready, asked float64
		want         heatmap.Limit
	}{
		{"nothing known: the network's appetite", 0, 0, heatmap.DemandLimited},
		{"more was ready than asked for", 20, 8, heatmap.DemandLimited},
		{"more was asked for than ready", 8, 20, heatmap.SupplyLimited},
		{"all that was ready was taken", 8.05, 0, heatmap.SupplyLimited},
		{"less than was ready was taken", 8.5, 0, heatmap.DemandLimited},
		{"what was asked for decides", 8.05, 8, heatmap.DemandLimited},
	} {
		if got := build(tt.ready, tt.asked); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.sentence, got, tt.want)
		}
	}
}

func TestTemperaturesAreThoseOfTheHeatThatFlowed(t *testing.T) {
	t.Parallel()
	p := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).
		meter(energy.HeatDelivered, map[string]float64{"heat": 3, "flow": 60, "return": 40},
			map[string]energy.Quantity{"heat": energy.HeatEnergy, "flow": energy.FlowTemperature, "return": energy.ReturnTemperature}).
		meter(energy.HeatDelivered, map[string]float64{"heat2": 1, "flow2": 80},
			map[string]energy.Quantity{"heat2": energy.HeatEnergy, "flow2": energy.FlowTemperature})
	p.is("heat", 1, 0, energy.Measured, 900)
	p.is("heat", 2, 0, energy.Measured, 900)
	p.is("heat2", 2, 0, energy.Measured, 900)
	s, _ := p.Series(heatmap.Delivered)
	for i, want := range []heatmap.Temperature{heatmap.At(65), heatmap.At(80), {}} { // (3·60 + 1·80)/4
		if got, ok := s.Flow(i); ok != want.OK || ok && !near(float64(got), float64(want.Celsius)) {
			t.Errorf("flow of step %d: %v (known: %v), want %v", i, got, ok, want)
		}
	}
	if got, ok := s.Return(0); !ok || got != 40 || !s.HasTemperatures() {
		t.Errorf("return %v (known: %v), want that of the one meter that measures it", got, ok)
	}
	if _, ok := s.Return(1); ok {
		t.Error("a pipe in which nothing flows has a return temperature")
	}
	r := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).
		meter(energy.HeatDelivered, map[string]float64{"heat": 3, "volume": 0.1, "vt": 6.5},
			map[string]energy.Quantity{"heat": energy.HeatEnergy, "volume": energy.Volume, "vt": energy.VolumeTemperatureFlow})
	r.is("volume", 1, 0, energy.Missing, 0)
	s, _ = r.Series(heatmap.Delivered)
	if got, ok := s.Flow(0); !ok || !near(float64(got), 65) {
		t.Errorf("by registers %v °C (known: %v), want 6.5 m³·°C / 0.1 m³", got, ok)
	}
	if _, ok := s.Flow(1); ok {
		t.Error("a product without its volume became a temperature")
	}
}

func TestTemperaturesTakeWhatThereIs(t *testing.T) {
	t.Parallel()
	first, second, to := date(t, "2025-06-03"), date(t, "2025-06-04"), date(t, "2025-06-06")
	p := newPlant(first, to).meter(energy.HeatDelivered, map[string]float64{"heat": 3, "flow": 60, "volume": 0.1, "vt": 6.5},
		map[string]energy.Quantity{"heat": energy.HeatEnergy, "flow": energy.FlowTemperature, "volume": energy.Volume, "vt": energy.VolumeTemperatureFlow})
	p.is("flow", 5, 0, energy.Missing, 0)
	p.is("flow", 6, 60_000, energy.Substitute, 0)
	p.is("vt", 6, 0, energy.Missing, 0)
	p.Days["hafen/flow"] = slices.DeleteFunc(p.Days["hafen/flow"], func(d series.Day) bool { return d.Date == second })
	p.Days["hafen/heat"][2].Quality[0], p.Days["hafen/heat"][2].Covered[0] = energy.Distributed, 0
	s, _ := p.Series(heatmap.Delivered)
	for i, want := range map[int]heatmap.Temperature{0: heatmap.At(60), 5: heatmap.At(65), 6: {}, 96: heatmap.At(65), 192: heatmap.At(65), 193: heatmap.At(60)} {
		if got, ok := s.Flow(i); ok != want.OK || ok && !near(float64(got), float64(want.Celsius)) {
			t.Errorf("step %d: %v °C (known: %v), want %+v: the sensor where it measured beside heat, else the registers", i, got, ok, want)
		}
	}
	// A meter that came a day later is not looked for before.
	late := newPlant(first, to).meter(energy.HeatDelivered, map[string]float64{"heat": 3, "flow": 60}, map[string]energy.Quantity{"heat": energy.HeatEnergy, "flow": energy.FlowTemperature})
	for i := range late.Site.Meters[0].Points {
		late.Site.Meters[0].Points[i].From = second
	}
	s, _ = late.Series(heatmap.Delivered)
	if _, ok := s.Flow(0); ok {
		t.Error("a meter measured before it was there")
	}
	if flow, ok := s.Flow(96); !ok || flow != 60 {
		t.Errorf("on its first day: %v °C (known: %v)", flow, ok)
	}
	// What a site comprises begins with it.
	opens := newPlant(first, to).one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2)
	opens.Site.From = second
	s, _ = opens.Series(heatmap.Delivered)
	if _, before := s.Power(95); before {
		t.Error("a site gave heat before it opened")
	}
	if power, after := s.Power(96); !after || power != 8 {
		t.Errorf("on the first day %v kW (known: %v)", power, after)
	}
}

func TestWhatIsAskedForAndWhatIsReadyMayBeUnknown(t *testing.T) {
	t.Parallel()
	p := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2).
		one(energy.HeatAvailable, "ready", energy.HeatPower, 8).one(energy.HeatRequested, "asked", energy.HeatPower, 5)
	p.is("ready", 0, 0, energy.Missing, 0)
	p.is("asked", 1, 0, energy.Missing, 0)
	p.is("asked", 2, 8_000_000, energy.Measured, 900)
	s, _ := p.Series(heatmap.Delivered)
	for i, want := range []heatmap.Limit{heatmap.DemandLimited, heatmap.SupplyLimited, heatmap.SupplyLimited, heatmap.DemandLimited} {
		if got := s.Limit(i); got != want {
			t.Errorf("step %d is %s, want %s", i, got, want)
		}
	}
	asked, ok := p.Series(heatmap.Requested)
	if power, known := asked.Power(3); !ok || !known || power != 5 || asked.Limit(3) != heatmap.DemandLimited || asked.Method.Code != heatmap.Metered {
		t.Errorf("asked for: %v kW, %s", power, asked.Limit(3))
	}
	for figure, kind := range map[string]heatmap.Kind{"heat_available": heatmap.Available, "heat_requested": heatmap.Requested} {
		pair, _ := kpi.NewBooks(p.Site).Of(figure, 0, p.From)
		days := map[energy.PointID]series.Day{}
		for id, list := range p.Days {
			days[id] = list[0]
		}
		want := pair.Day(berlin.Day(p.From), days, nil)
		if s, _ := p.Series(kind); !near(float64(s.Account().Energy), float64(want.Numerator)/1e6) || s.Account().Known != time.Duration(want.IntervalS)*time.Second {
			t.Errorf("%s: %+v, the figure has %v", kind, s.Account(), want)
		}
	}
	if _, ok := p.Series(heatmap.Recoverable); ok {
		t.Error("delivered heat alone is all there was to take")
	}
	both := p.one(energy.HeatRejected, "air", energy.HeatEnergy, 4)
	both.is("air", 0, 4*kwh, energy.Distributed, 0)
	both.is("air", 1, -9*kwh, energy.Measured, 900)
	r, ok := both.Series(heatmap.Recoverable)
	if power, _ := r.Power(2); !ok || power != 24 || r.Method.Code != heatmap.DeliveredAndRejected || r.Negative != 1 || !near(float64(r.Account().Unshaped), 6) {
		t.Errorf("delivered and rejected: %v kW by %s, %+v", power, r.Method.Code, r.Account())
	}
}

func TestSupplyTakesTheBestThatIsKnown(t *testing.T) {
	t.Parallel()
	statement := heatmap.Derivation{Factor: 0.8, Source: "plan of the operator, 2024", Flow: heatmap.At(32)}
	load := func() *plant {
		return newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).one(energy.ITLoad, "it", energy.ActiveEnergyImport, 25)
	}
	s, ok, err := load().Supply(statement)
	power, _ := s.Power(0)
	flow, _ := s.Flow(0)
	want := heatmap.Method{Code: heatmap.FactorOfITLoad, Category: 2, Factor: 0.8, Source: "plan of the operator, 2024"}
	if err != nil || !ok || !near(float64(power), 80) || flow != 32 || s.Kind != heatmap.Derived || s.Limit(0) != heatmap.LimitDerived || s.Grade(0) != heatmap.Measured || s.Method != want {
		t.Errorf("from 100 kW of IT: %v kW at %v °C, %s, %s by %+v (%v)", power, flow, s.Limit(0), s.Grade(0), s.Method, err)
	}
	gap := load()
	gap.is("it", 0, 25*kwh, energy.Distributed, 0)
	statement.Return = heatmap.At(20)
	s, _, _ = gap.Derive(statement)
	back, _ := s.Return(1)
	if _, ok := s.Return(0); ok || back != 20 || !near(float64(s.Account().Unshaped), 20) {
		t.Errorf("of a gap: %+v, back at %v °C", s.Account(), back)
	}
	if _, ok, err := load().Derive(heatmap.Derivation{Category: 3, Factor: 1, Source: "x"}); ok || err != nil {
		t.Errorf("an IT load of another category is there: %v (%v)", ok, err)
	}
	both := load().one(energy.HeatDelivered, "heat", energy.HeatEnergy, 2).one(energy.HeatRejected, "air", energy.HeatEnergy, 20)
	both.is("air", 1, 0, energy.Missing, 0)
	s, _, _ = both.Supply(statement)
	power, _ = s.Power(0)
	if _, known := s.Power(1); known || !near(float64(power), 88) || s.Kind != heatmap.Recoverable || s.Limit(0) != heatmap.SupplyLimited || s.Account().Unshaped != 0 {
		t.Errorf("delivered and rejected: %v kW %s, %v kWh apart", power, s.Kind, s.Account().Unshaped)
	}
	s, ok, _ = both.one(energy.HeatAvailable, "ready", energy.HeatPower, 85).Supply(statement)
	if power, _ = s.Power(0); !ok || power != 85 || s.Kind != heatmap.Available {
		t.Errorf("held ready: %v kW %s", power, s.Kind)
	}
	if _, ok, err := newPlant(date(t, "2025-06-03"), date(t, "2025-06-04")).Supply(statement); ok || err != nil {
		t.Errorf("a site without meters has a supply (%v)", err)
	}
	for sentence, d := range map[string]heatmap.Derivation{
		"more heat than electricity":   {Factor: 1.1, Source: "x"},
		"no heat at all":               {Source: "x"},
		"nobody said so":               {Factor: 0.5},
		"a return above the flow":      {Factor: 0.5, Source: "x", Flow: heatmap.At(30), Return: heatmap.At(31)},
		"a factor that is no number":   {Factor: nan(), Source: "x"},
		"a return as warm as the flow": {Factor: 0.5, Source: "x", Flow: heatmap.At(30), Return: heatmap.At(30)},
	} {
		if _, _, err := load().Derive(d); err == nil {
			t.Errorf("%s: accepted", sentence)
		}
	}
}

func TestTheEnergyOfASeriesIsTheFigure(t *testing.T) {
	t.Parallel()
	from, to := date(t, "2025-10-25"), date(t, "2025-10-28") // with the day of 25 hours
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlant(from, to).one(energy.HeatDelivered, "a", energy.HeatEnergy, 1).one(energy.HeatDelivered, "b", energy.HeatEnergy, 2)
		spans := map[energy.PointID][]series.Span{}
		for _, id := range []energy.PointID{"hafen/a", "hafen/b"} {
			for i := range p.Days[id] {
				d := &p.Days[id][i]
				for q := range d.Values {
					d.Values[q] = energy.Amount(rapid.Int64Range(0, 5_000_000).Draw(rt, "amount"))
					switch rapid.IntRange(0, 12).Draw(rt, "quality") {
					case 0:
						d.Values[q], d.Quality[q], d.Covered[q] = 0, energy.Missing, 0
					case 1:
						d.Quality[q], d.Covered[q] = energy.Substitute, 0
					case 2:
						d.Quality[q], d.Covered[q] = energy.Distributed, 0
						at := d.Period.From.Add(time.Duration(q) * energy.QuarterHour)
						spans[id] = append(spans[id], series.Span{Period: energy.Period{From: at, To: at.Add(energy.QuarterHour)}, Amount: d.Values[q], Cause: series.CauseGap, Quality: energy.Measured})
					}
				}
			}
		}
		s, _ := p.Series(heatmap.Delivered)
		var sum kpi.Sum
		for i := range p.Days["hafen/a"] {
			days := map[energy.PointID]series.Day{"hafen/a": p.Days["hafen/a"][i], "hafen/b": p.Days["hafen/b"][i]}
			pair := kpi.Pair{Numerator: kpi.RoleTerms(p.Site, energy.HeatDelivered, energy.KilowattHour, kpi.On(from))}
			sum.Add(pair.Day(p.Days["hafen/a"][i].Period, days, spans))
		}
		a := s.Account()
		if want := float64(sum.Numerator) / 1e6; !near(float64(a.Energy+a.Unshaped), want) {
			rt.Fatalf("series: %v kWh and %v without hours; figure: %v", a.Energy, a.Unshaped, want)
		}
		known := time.Duration(0)
		for i, a := range p.Days["hafen/a"] {
			for q := range a.Values {
				if a.Quality[q] != energy.Missing && p.Days["hafen/b"][i].Quality[q] != energy.Missing {
					known += energy.QuarterHour
				}
			}
		}
		if a.EnergyKnown != known || known < time.Duration(sum.EnergyS)*time.Second {
			rt.Fatalf("energy known for %s, want %s; without substitutes the figure says %d s", a.EnergyKnown, known, sum.EnergyS)
		}
		if want := time.Duration(sum.IntervalS) * time.Second; a.ByGrade[heatmap.Measured] != want {
			rt.Fatalf("measured for %s, the figure says %s", a.ByGrade[heatmap.Measured], want)
		}
	})
}

func TestMakersOfSeriesAreToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	header := heatmap.Header{Source: "hafen", From: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Step: time.Hour}
	good := func() heatmap.Columns {
		return heatmap.Columns{Power: []heatmap.Kilowatts{1, heatmap.Kilowatts(nan())}, Grade: []heatmap.Grade{heatmap.Measured, heatmap.NoGrade},
			Limit: []heatmap.Limit{heatmap.SupplyLimited, heatmap.NoLimit}, Flow: []energy.Celsius{60, energy.Celsius(nan())}}
	}
	if _, err := heatmap.New(header, good()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		sentence, says string
		change         func(h *heatmap.Header, c *heatmap.Columns)
	}{
		{"a step of a day", "15m or 1h", func(h *heatmap.Header, _ *heatmap.Columns) { h.Step = 24 * time.Hour }},
		{"a beginning within an hour", "within a step", func(h *heatmap.Header, _ *heatmap.Columns) { h.From = h.From.Add(15 * time.Minute) }},
		{"too few temperatures", "1 flow temperatures for 2 powers", func(_ *heatmap.Header, c *heatmap.Columns) { c.Flow = c.Flow[:1] }},
		{"too few grades", "1 grades", func(_ *heatmap.Header, c *heatmap.Columns) { c.Grade = c.Grade[:1] }},
		{"less than nothing", "a power of -1 kW", func(_ *heatmap.Header, c *heatmap.Columns) { c.Power[0] = -1 }},
		{"a grade of nothing", "grade measured", func(_ *heatmap.Header, c *heatmap.Columns) { c.Grade[1] = heatmap.Measured }},
		{"a power without a limit", "limit none", func(_ *heatmap.Header, c *heatmap.Columns) { c.Limit[0] = heatmap.NoLimit }},
		{"an endless flow", "endless temperature", func(_ *heatmap.Header, c *heatmap.Columns) { c.Flow[0] = energy.Celsius(math.Inf(1)) }},
		{"an endless return", "endless temperature", func(_ *heatmap.Header, c *heatmap.Columns) {
			c.Return = []energy.Celsius{40, energy.Celsius(math.Inf(-1))}
		}},
		{"an endless power", "a power of +Inf kW", func(_ *heatmap.Header, c *heatmap.Columns) { c.Power[0] = heatmap.Kilowatts(math.Inf(1)) }},
		{"energy counted twice", "3 kWh without hours beside a power of 1 kW", func(_ *heatmap.Header, c *heatmap.Columns) {
			c.Unshaped = []heatmap.KilowattHours{3, heatmap.KilowattHours(nan())}
		}},
		{"less energy than none", "-3 kWh without hours", func(_ *heatmap.Header, c *heatmap.Columns) {
			c.Unshaped = []heatmap.KilowattHours{heatmap.KilowattHours(nan()), -3}
		}},
		{"too few energies without hours", "1 energies without hours for 2 powers", func(_ *heatmap.Header, c *heatmap.Columns) { c.Unshaped = []heatmap.KilowattHours{0} }},
	} {
		h, c := header, good()
		tt.change(&h, &c)
		if _, err := heatmap.New(h, c); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want it to say %q", tt.sentence, err, tt.says)
		}
	}
}

func TestAProfileIsStatedMonthByMonth(t *testing.T) {
	t.Parallel()
	profile := heatmap.Profile{Source: "hafen", Year: 2024, Document: "platform, entry 4711", Flow: heatmap.At(30)}
	for m := range profile.Months {
		profile.Months[m] = heatmap.Kilowatts(100 * (m + 1))
	}
	s, err := profile.Hours(berlin)
	if err != nil {
		t.Fatal(err)
	}
	if flow, ok := s.Flow(5000); !ok || flow != 30 {
		t.Errorf("stated at %v °C (known: %v)", flow, ok)
	}
	march := berlin.Month(2024, time.March)
	first, _ := s.Index(march.From)
	power, _ := s.Power(first)
	before, _ := s.Power(first - 1)
	if s.Len() != 8784 || power != 300 || before != 200 || s.Grade(0) != heatmap.Declared || s.Method.Source != "platform, entry 4711" {
		t.Errorf("%d hours, %v then %v kW, %s of %+v", s.Len(), before, power, s.Grade(0), s.Method)
	}
	part := s.Within(march)
	if energy := part.Account().Energy; part.Len() != 31*24-1 || !near(float64(energy), 300*743) {
		t.Errorf("March has %d hours and %v kWh", part.Len(), energy)
	}
	profile.Months[4] = -1
	if _, err := profile.Hours(berlin); err == nil {
		t.Error("less than nothing is stated")
	}
	profile.Document, profile.Months[4] = "", 1
	if _, err := profile.Hours(berlin); err == nil {
		t.Error("a profile that nobody stated is accepted")
	}
}

// BenchmarkStoredYear is a year of one heat meter with its temperatures.
func BenchmarkStoredYear(b *testing.B) {
	p := newPlant(date(b, "2025-01-01"), date(b, "2026-01-01")).meter(energy.HeatDelivered, map[string]float64{"heat": 3, "flow": 60, "return": 40},
		map[string]energy.Quantity{"heat": energy.HeatEnergy, "flow": energy.FlowTemperature, "return": energy.ReturnTemperature})
	p.Site.Events = []registry.Event{}
	b.ReportAllocs()
	for b.Loop() {
		if s, _ := p.Series(heatmap.Delivered); s.Len() != 35_040 {
			b.Fatal("not a year")
		}
	}
}
