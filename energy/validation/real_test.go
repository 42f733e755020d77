package validation_test

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// rows are the lines of a measured series of testdata (see SOURCES.md there).
func rows(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

const heatMeterYAML = `
municipality: {ags: "06413000", name: Town, timezone: Europe/Copenhagen}
sites:
  - id: house
    name: House
    meters:
      - id: heat
        points:
          - {id: house/heat, quantity: heat_energy, role: heat_delivered}
          - {id: house/volume, quantity: volume, role: heat_delivered}
          - {id: house/flow, quantity: volume_temperature_flow, role: heat_delivered}
          - {id: house/return, quantity: volume_temperature_return, role: heat_delivered}
`

// heatMeter is a real heat meter: two years, hourly, with its own registers of m³·°C.
func heatMeter(t testing.TB) (plant, energy.Period) {
	t.Helper()
	rs := readings{}
	points := []energy.PointID{"house/heat", "house/volume", "house/flow", "house/return"}
	for _, row := range rows(t, "danish_smart_heat_meter_2018_2019.csv.gz") {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		for i, point := range points {
			v, err := energy.ParseValue(row[i+1])
			if err != nil {
				t.Fatal(err)
			}
			rs[point] = append(rs[point], energy.Reading{At: at, Value: v, Quality: energy.Measured})
		}
	}
	copenhagen, err := energy.LoadCalendar("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return newPlant(t, heatMeterYAML, rs), energy.Period{From: copenhagen.Month(2018, time.February).From, To: copenhagen.Month(2019, time.November).To}
}

func TestTheRealHeatMeterAgreesWithItsOwnFlow(t *testing.T) {
	t.Parallel()
	p, period := heatMeter(t)
	var other []validation.Finding
	for _, f := range p.findings(t, period, period.To.AddDate(0, 1, 0)) {
		if f.Code != validation.GapBridged { // its publisher left some hours out
			other = append(other, f)
		}
	}
	if len(other) > 0 {
		t.Errorf("a meter that is in order gives %q, the first with %v", said(other), other[0].Args)
	}
}

// TestTheRealHeatMeterMistaken turns the real meter into the mistakes that are
// made with such meters.
func TestTheRealHeatMeterMistaken(t *testing.T) {
	t.Parallel()
	p, period := heatMeter(t)
	for _, test := range []struct {
		sentence string
		point    energy.PointID
		factor   float64
		code     validation.Code
	}{
		{"its MWh are taken for kWh", "house/heat", 0.001, validation.HeatFarOffFlow},
		{"its GJ are taken for kWh", "house/heat", 0.0036, validation.HeatFarOffFlow},
		{"the return sensor shows a tenth too much", "house/return", 1.1, validation.HeatOffFlow},
	} {
		rs := readings{}
		for point, list := range p.readings {
			rs[point] = slices.Clone(list)
		}
		times(rs, test.point, period.From.AddDate(-1, 0, 0), test.factor)
		months := 0
		for _, f := range newPlant(t, heatMeterYAML, rs).findings(t, period, period.To.AddDate(0, 1, 0)) {
			if f.Rule == validation.HeatAgainstFlow && f.Code == test.code {
				months++
			}
		}
		if months < 15 { // in summer the flow is slow and the difference small
			t.Errorf("%s: %s in %d of 22 months", test.sentence, test.code, months)
		}
	}
}

// TestTheOutageDay: on the day of its yearly shutdown a real data centre's nodes
// fall silent for 19 hours. No reading is not zero: it is a gap, and in order
// where the registry knows of the standstill.
func TestTheOutageDay(t *testing.T) {
	t.Parallel()
	rs := readings{}
	for _, row := range rows(t, "mghpcc_it_power_2025-06-03_minute.csv") {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		nodes, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		v, err := energy.ParseValue(row[2])
		if err != nil {
			t.Fatal(err)
		}
		if nodes >= 100 {
			rs["centre/power"] = append(rs["centre/power"], energy.Reading{At: at, Value: v.Shift(-3), Quality: energy.Measured})
		}
	}
	const yaml = `
municipality: {ags: "06413000", name: Town, timezone: Europe/Berlin}
sites:
  - id: centre
    name: Centre
    connected_load_kw: 100
    meters: [{id: nodes, points: [{id: centre/power, quantity: active_power, role: it_load, category: 3}]}]
`
	day := energy.Period{From: time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC), To: time.Date(2025, 6, 3, 22, 0, 0, 0, time.UTC)}
	gap := "centre/power 06-03T02:45 06-03T21:45"
	if got := said(newPlant(t, yaml, rs).findings(t, day, day.To.AddDate(0, 0, 2))); !slices.Equal(got, []string{"gap_unknown " + gap}) {
		t.Errorf("nobody knows why: %q", got)
	}
	known := yaml + "    events: [{kind: outage, from: 2025-06-03T02:37:00Z, to: 2025-06-03T21:54:00Z, reason: yearly shutdown}]\n"
	if got := said(newPlant(t, known, rs).findings(t, day, day.To.AddDate(0, 0, 2))); !slices.Equal(got, []string{"gap_in_outage " + gap}) {
		t.Errorf("the registry knows why: %q", got)
	}
}

func TestTheHeatOfWater(t *testing.T) {
	t.Parallel()
	for celsius, want := range map[float64]float64{-5: 1.1720, 0: 1.1720, 10: 1.1662, 20: 1.1603, 60: 1.1430, 70: 1.1380, 120: 1.1117, 200: 1.1117} {
		if got := validation.HeatCoefficient(celsius); got < want-0.0006 || got > want+0.0006 {
			t.Errorf("at %v °C a cubic metre gives off %v kWh per kelvin, want %v", celsius, got, want)
		}
	}
}
