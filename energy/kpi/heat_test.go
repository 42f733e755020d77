package kpi_test

import (
	"math"
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// near tells whether a float is another, up to its rounding; NaN is none.
func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9 }

// heatMeter is a meter of delivered heat, 1 kWh a quarter-hour, with further
// quantities beside it, in kWh, m³ or °C.
func (p *plant) heatMeter(name string, beside map[energy.Quantity]float64) *plant {
	p.with(name, energy.HeatDelivered, 1)
	meter := &p.site.Meters[len(p.site.Meters)-1]
	for _, q := range energy.Quantities() {
		value, ok := beside[q]
		if !ok {
			continue
		}
		id := energy.PointID("hafen/" + name + "-" + string(q))
		meter.Points = append(meter.Points, registry.Point{ID: id, Quantity: q, Role: energy.HeatDelivered, Use: energy.Primary})
		p.days[id] = flat(june, energy.Amount(value*math.Pow10(q.Digits())))
	}
	return p
}

func fact(t *testing.T, name, value string, from, to energy.Date) registry.Fact {
	t.Helper()
	f := registry.Fact{Name: name, From: from, To: to}
	if err := f.Value.UnmarshalText([]byte(value)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheMetersOwnRegistersGiveTheMeanTemperatureWhereAllHaveThem(t *testing.T) {
	t.Parallel()
	registers := map[energy.Quantity]float64{energy.Volume: 2, energy.VolumeTemperatureFlow: 140, energy.FlowTemperature: 60}
	sensors := map[energy.Quantity]float64{energy.FlowTemperature: 60}
	without := map[energy.Quantity]float64{energy.VolumeTemperatureFlow: 140, energy.FlowTemperature: 60}
	for _, tt := range []struct {
		sentence string
		plant    *plant
		note     string
		points   int // of the numerator
	}{
		{"one meter with registers", centre().heatMeter("a", registers), "temperature_by_meter_registers", 1},
		{"two meters with registers", centre().heatMeter("a", registers).heatMeter("b", registers), "temperature_by_meter_registers", 2},
		{"one of two lacks the registers: sensors, of both", centre().heatMeter("a", registers).heatMeter("b", sensors), "temperature_by_sensors", 2},
		{"a register without its volume says nothing", centre().heatMeter("a", without), "temperature_by_sensors", 1},
	} {
		var given []kpi.Definition
		for _, d := range kpi.Definitions() {
			if _, ok := d.Of(tt.plant.site, 0, kpi.On(june)); ok && d.Name == "heat_delivered_flow_temperature" {
				given = append(given, d)
			}
		}
		if len(given) == 0 {
			t.Errorf("%s: no flow temperature", tt.sentence)
			continue
		}
		pair, _ := given[0].Of(tt.plant.site, 0, kpi.On(june))
		notes := given[0].Notes(tt.plant.site, 0, kpi.On(june))
		if !slices.Equal(notes, []string{tt.note}) || len(pair.Numerator) != tt.points || len(pair.Denominator) != tt.points {
			t.Errorf("%s: %v from %v over %v, want %s", tt.sentence, notes, pair.Numerator, pair.Denominator, tt.note)
		}
	}
	if f, ok := centre().heatMeter("a", registers).figure(t, "heat_delivered_flow_temperature"); !ok || !near(f.Value, 70) || f.Denominator.Float64() != 2*96 {
		t.Errorf("140 m³·°C in 2 m³ are %v °C over %v m³ (given: %v), want 70 °C", f.Value, f.Denominator, ok)
	}
}

func TestHeatCountsAsHotEnoughInQuarterHoursAtOrAboveTheTemperature(t *testing.T) {
	t.Parallel()
	p := centre().heatMeter("district", map[energy.Quantity]float64{energy.FlowTemperature: 40})
	heat, flow := p.days["hafen/district"], p.days["hafen/district-flow_temperature"]
	for q := range 32 { // a third of the day at 70 °C with three times the heat, half of it a little more
		heat.Values[q], flow.Values[q] = 3*unit, 70_000+energy.Amount(q%2)
	}
	for q := 92; q < 96; q++ { // in the last hour none is taken, though the pipe is hot
		heat.Values[q], flow.Values[q] = 0, 90_000
	}
	none := energy.Date{}
	site := p.site
	for _, tt := range []struct {
		sentence     string
		facts        []registry.Fact
		given        bool
		energy, time float64
		note         string
	}{
		{"no temperature is wanted: no figure", nil, false, 0, 0, ""},
		{"70 °C, behind facts of other names, kinds and times",
			[]registry.Fact{fact(t, "floor_area_m2", "30", none, none), fact(t, kpi.HeatTemperature, "hot", none, none), fact(t, kpi.HeatTemperature, "20", none, june), fact(t, kpi.HeatTemperature, "70", june, none)},
			true, 96.0 / 156, 8.0 / 23, "above_celsius=70.000"},
		{"70.001 °C: every second quarter-hour of that third", []registry.Fact{fact(t, kpi.HeatTemperature, "70.001", none, none)}, true, 48.0 / 156, 4.0 / 23, "above_celsius=70.001"},
		{"95 °C: never", []registry.Fact{fact(t, kpi.HeatTemperature, "95", none, none)}, true, 0, 0, "above_celsius=95.000"},
		{"what no temperature can be is none", []registry.Fact{fact(t, kpi.HeatTemperature, "9999999999999999", none, none)}, false, 0, 0, ""},
	} {
		p.site = site
		p.site.Facts = tt.facts
		for name, want := range map[string]float64{"heat_delivered_above_share": tt.energy, "heat_delivered_above_time_share": tt.time} {
			f, ok := p.figure(t, name)
			if ok != tt.given || ok && (!f.OK || !near(f.Value, want)) {
				t.Errorf("%s: %s = %v (given: %v), want %v", tt.sentence, name, f.Value, ok, want)
			}
			if !tt.given {
				continue
			}
			if notes := named(t, name).Notes(p.site, 0, kpi.On(june)); !slices.Equal(notes, []string{tt.note}) {
				t.Errorf("%s: %s says %v, want %s", tt.sentence, name, notes, tt.note)
			}
		}
	}
	p.site.Facts = []registry.Fact{fact(t, kpi.HeatTemperature, "70", none, none)}
	if f, _ := p.figure(t, "heat_delivered_above_time_share"); f.Numerator.Float64() != 8 || f.Denominator.Float64() != 23 {
		t.Errorf("hot for %v of %v h, want 8 of 23: the hour without heat is none of heat", f.Numerator, f.Denominator)
	}
	if f, _ := p.figure(t, "heat_delivered_above_share"); f.Numerator.Float64() != 96 || f.Denominator.Float64() != 156 {
		t.Errorf("hot were %v of %v kWh, want 96 of 156", f.Numerator, f.Denominator)
	}
}

func TestAQuarterHourWithoutHeatIsNeitherHotNorCold(t *testing.T) {
	t.Parallel()
	const above = 70_000
	for _, tt := range []struct {
		sentence                 string
		sum                      kpi.Sum
		energy, all, time, hours energy.Amount
	}{
		{"one unit of heat at the temperature", kpi.Sum{Numerator: 70, Denominator: 1, IntervalS: 900}, 1, 1, 250_000, 250_000},
		{"one unit of heat below it", kpi.Sum{Numerator: 69, Denominator: 1, IntervalS: 900}, 0, 1, 0, 250_000},
		{"no heat", kpi.Sum{IntervalS: 900}, 0, 0, 0, 0},
		{"heat that flows back", kpi.Sum{Numerator: 5, Denominator: -7, IntervalS: 900}, 0, 0, 0, 0},
	} {
		h, p := kpi.Hour{Sum: tt.sum}, kpi.Pair{Above: above}
		hot, all := named(t, "heat_delivered_above_share").Hour(p, h)
		hours, allHours := named(t, "heat_delivered_above_time_share").Hour(p, h)
		if hot != tt.energy || all != tt.all || hours != tt.time || allHours != tt.hours {
			t.Errorf("%s: %d of %d mWh in %d of %d µh, want %d of %d in %d of %d", tt.sentence, hot, all, hours, allHours, tt.energy, tt.all, tt.time, tt.hours)
		}
	}
}

func TestTheMeanFlowCarriesTheHeat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		heat     float64 // kWh
		seconds  int64
		kelvin   float64
		flow     float64 // m³/h
	}{
		{"116 kWh in an hour at 10 K", 116, 3600, 10, 10},
		{"the same heat in half an hour", 116, 1800, 10, 20},
		{"at half the difference", 116, 3600, 5, 20},
		{"at one kelvin", 116, 3600, 1, 100},
		{"within a second", 1.16, 1, 10, 360},
		{"a millionth of a kWh", 0.000001, 3600, 1, 0.000001 / 1.16},
		{"no time", 116, 0, 10, 0},
		{"no difference", 116, 3600, 0, 0},
		{"colder water comes back warmer", 116, 3600, -0.5, 0},
		{"no heat", 0, 3600, 10, 0},
		{"heat that flows back", -116, 3600, 10, 0},
	} {
		got := kpi.MeanFlow(energy.Amount(math.Round(tt.heat*unit)), tt.seconds, tt.kelvin)
		if !(math.Abs(got-tt.flow) <= 1e-12*max(1, tt.flow)) {
			t.Errorf("%s: %v m³/h, want %v", tt.sentence, got, tt.flow)
		}
	}
}

func TestADifferenceIsMeasuredBySensorsOrByRegisters(t *testing.T) {
	t.Parallel()
	const f, r, vf, vr, v = energy.FlowTemperature, energy.ReturnTemperature, energy.VolumeTemperatureFlow, energy.VolumeTemperatureReturn, energy.Volume
	for _, tt := range []struct {
		beside []energy.Quantity
		want   bool
	}{
		{nil, false}, {[]energy.Quantity{f}, false}, {[]energy.Quantity{r}, false}, {[]energy.Quantity{f, r}, true},
		{[]energy.Quantity{vf, vr}, false}, {[]energy.Quantity{vf, v}, false}, {[]energy.Quantity{vr, v}, false}, {[]energy.Quantity{vf, vr, v}, true},
		{[]energy.Quantity{f, vr, v}, false},
	} {
		beside := map[energy.Quantity]float64{}
		for _, q := range tt.beside {
			beside[q] = 1
		}
		p := centre().heatMeter("a", beside)
		if got := kpi.MeasuresDifference(p.site, "hafen/a", kpi.On(june)); got != tt.want {
			t.Errorf("a meter with %v measures the difference: %v, want %v", tt.beside, got, tt.want)
		}
		if kpi.MeasuresDifference(p.site, "hafen/elsewhere", kpi.On(june)) {
			t.Errorf("a meter that is not there measures the difference, beside one with %v", tt.beside)
		}
	}
}

func TestTheDifferenceIsThatOfTheRegistersElseOfTheSensors(t *testing.T) {
	t.Parallel()
	line := func(role int16, amount energy.Amount) kpi.Line { return kpi.Line{Role: role, Amount: amount} }
	flowRegister := []kpi.Line{line(kpi.FlowRegister, 7000), line(kpi.FlowRegisterVolume, 100)}
	returnRegister := []kpi.Line{line(kpi.ReturnRegister, 4000), line(kpi.ReturnRegisterVolume, 100)}
	flow := []kpi.Line{line(kpi.HeatFlowNumerator, 650), line(kpi.HeatFlowDenominator, 10)}
	back := []kpi.Line{line(kpi.HeatReturnNumerator, 45), line(kpi.HeatReturnDenominator, 1)}
	other := []kpi.Line{{Role: kpi.HeatFlowNumerator, Category: 1, Amount: 900}, {Role: kpi.HeatFlowDenominator, Category: 1, Amount: 10}}
	for _, tt := range []struct {
		sentence string
		lines    []kpi.Line
		kelvin   float64
		ok       bool
	}{
		{"registers come before sensors", slices.Concat(flowRegister, returnRegister, flow, back), 30, true},
		{"sensors alone", slices.Concat(flow, back, other), 20, true},
		{"a register of one of the two is not mixed with a sensor of the other", slices.Concat(flowRegister, flow, back), 20, true},
		{"nor the other way round", slices.Concat(returnRegister, flow, back), 20, true},
		{"of one temperature there is no difference", flow, 0, false},
		{"nor of the other", back, 0, false},
		{"nor of a flow by register and a return by sensor", slices.Concat(flowRegister, back), 0, false},
		{"nor of a flow by sensor and a return by register", slices.Concat(flow, returnRegister), 0, false},
		{"of nothing either", nil, 0, false},
		{"temperatures without heat have no mean", []kpi.Line{line(kpi.HeatFlowNumerator, 5), line(kpi.HeatReturnNumerator, 4)}, 0, false},
	} {
		if kelvin, ok := kpi.DeltaTheta(tt.lines); ok != tt.ok || ok && !near(kelvin, tt.kelvin) {
			t.Errorf("%s: %v K, %v, want %v, %v", tt.sentence, kelvin, ok, tt.kelvin, tt.ok)
		}
	}
}

func TestADeclaredPowerIsANumberAboveZeroThatHolds(t *testing.T) {
	t.Parallel()
	none := energy.Date{}
	capacity := func(value string) registry.Fact { return fact(t, kpi.HeatCapacity, value, none, none) }
	for _, tt := range []struct {
		sentence string
		facts    []registry.Fact
		power    energy.Amount
		ok       bool
	}{
		{"none is declared", []registry.Fact{fact(t, "floor_area_m2", "500", none, none)}, 0, false},
		{"behind others", []registry.Fact{fact(t, "floor_area_m2", "500", none, none), capacity("much"), capacity("0"), fact(t, kpi.HeatCapacity, "90", none, june), capacity("120.5")}, 120_500_000, true},
		{"the least that can be written", []registry.Fact{capacity("0.000001")}, 1, true},
		{"nothing is no power", []registry.Fact{capacity("0")}, 0, false},
		{"nor is less", []registry.Fact{capacity("-5")}, 0, false},
	} {
		if power, ok := kpi.Capacity(registry.Site{Facts: tt.facts}, kpi.On(june)); power != tt.power || ok != tt.ok {
			t.Errorf("%s: %d, %v, want %d, %v", tt.sentence, power, ok, tt.power, tt.ok)
		}
	}
}
