package match_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

var berlin = func() energy.Calendar {
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return c
}()

var gone = math.NaN()

// kw is a column of powers.
func kw(powers ...float64) []heatmap.Kilowatts {
	out := make([]heatmap.Kilowatts, len(powers))
	for i, p := range powers {
		out[i] = heatmap.Kilowatts(p)
	}
	return out
}

var newYear = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// matched is the answer to an input, whose hours are those of its first source.
func matched(t testing.TB, in match.Input) match.Result {
	t.Helper()
	if in.From.IsZero() {
		in.From = newYear
	}
	if in.Hours == 0 {
		in.Hours = len(in.Sources[0].Heat)
	}
	r, err := match.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// measured are the shapes a town is made of.
type measured struct {
	centre [4][]float64 // of a data centre by kind of day, in half-hours, mean about 1
	house  []float64    // kWh in the hours of 2019 of a real heat meter
}

func shapes(t testing.TB) measured {
	t.Helper()
	var m measured
	body, err := os.ReadFile("../testdata/ukpn-derived-load-shapes.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Profiles map[string]map[string]struct{ Median []float64 }
	}
	if err := json.Unmarshal(body, &file); err != nil {
		t.Fatal(err)
	}
	for i, kind := range []string{"weekday", "saturday", "sunday", "bank_holiday"} {
		m.centre[i] = file.Profiles["all_sites"][kind].Median
	}
	meter, err := os.Open("../testdata/danish_smart_heat_meter_2018_2019.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer meter.Close()
	plain, err := gzip.NewReader(meter)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	before := 0.0
	for i, row := range rows[1:] {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && at.After(time.Date(2018, 12, 31, 23, 30, 0, 0, time.UTC)) {
			m.house = append(m.house, math.Max(0, value-before))
		}
		before = value
	}
	return m
}

// town is made up: positions, sizes and streets are invented, the ways run along a
// grid; the courses of its sources and areas through the year are measured ones (see
// testdata/SOURCES.md), each area's put together of five houses by shifting one by
// whole days and hours.
func town(t testing.TB, sources, areas int, side, reach float64) match.Input {
	t.Helper()
	m, dice := shapes(t), rand.New(rand.NewPCG(uint64(sources), uint64(areas)))
	in := match.Input{Reach: reach}
	in.From, in.Hours = match.Year(berlin, 2023)
	type place struct{ x, y float64 }
	at := func() place { return place{dice.Float64() * side, dice.Float64() * side} }
	var from []place
	for i := range sources {
		from = append(from, at())
		s := match.Source{ID: fmt.Sprintf("source-%02d", i), Heat: make([]heatmap.Kilowatts, in.Hours), Cost: match.Price{Euros: 0.01 + 0.03*dice.Float64(), Source: "made up"}}
		level := 500 + 4000*dice.Float64()
		for h := range s.Heat {
			local := berlin.Local(in.From.Add(time.Duration(h) * time.Hour))
			kind := map[time.Weekday]int{time.Saturday: 1, time.Sunday: 2}[local.Weekday()]
			s.Heat[h] = heatmap.Kilowatts(level * m.centre[kind][2*local.Hour()])
		}
		for range 3 { // gaps
			begin := dice.IntN(in.Hours - 48)
			for h := begin; h < begin+1+dice.IntN(47); h++ {
				s.Heat[h] = heatmap.Kilowatts(gone)
			}
		}
		in.Sources = append(in.Sources, s)
	}
	for i := range areas {
		to := at()
		a := match.Area{ID: fmt.Sprintf("area-%03d", i), Load: make([]heatmap.Kilowatts, in.Hours), StreetMetres: 200 + 800*dice.Float64()}
		houses := 20 + 80*dice.Float64()
		var shift [5]int
		for k := range shift {
			shift[k] = 24*(dice.IntN(7)-3) + dice.IntN(3) - 1 + len(m.house)
		}
		for h := range a.Load {
			for _, by := range shift {
				a.Load[h] += heatmap.Kilowatts(houses / 5 * m.house[(h+by)%len(m.house)])
			}
		}
		in.Areas = append(in.Areas, a)
		for j, p := range from {
			if metres := math.Abs(p.x-to.x) + math.Abs(p.y-to.y); reach == 0 || metres <= reach {
				in.Links = append(in.Links, match.Link{Source: in.Sources[j].ID, Area: a.ID, Metres: metres})
			}
		}
	}
	return in
}
