package plantsim

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// builtOnce is the city of seed 1: its days are summed once for all tests.
var builtOnce = sync.OnceValues(func() (*Plant, error) { return NewPlant(1, City()) })

func city(t testing.TB) *Plant {
	t.Helper()
	p, err := builtOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPhysicsOfEveryDayOfTheCity checks every site on every day of its first
// full calendar year, the new ones of what is left of 2026.
func TestPhysicsOfEveryDayOfTheCity(t *testing.T) {
	t.Parallel()
	p := city(t)
	for _, site := range p.Sites() {
		year := p.calendar.Year(2025)
		if since := site.Spec.Since.UTC().Add(24 * time.Hour); since.After(year.From) {
			year = energy.Period{From: since, To: p.calendar.Year(max(2025, since.Year())).To}
		}
		for _, date := range p.calendar.Days(year) {
			day := p.calendar.Day(date)
			a, b := site.At(day.From), site.At(day.To)
			over := func(x Stream) float64 { return float64(b.Energy(x)-a.Energy(x)) / 1e6 } // kWh
			used, outside := over(GridImport)+over(Solar), 0.0
			if site.Spec.HeatPump.Boundary == "outside" {
				outside = over(HeatPumpPower)
			}
			if heat := over(HeatDelivered); heat > used+outside {
				t.Errorf("%s on %s: %.0f kWh of heat from %.0f kWh of electricity and %.0f kWh of a heat pump outside", site.Spec.ID, date, heat, used, outside)
			}
			if site.Spec.HeatPump.Efficiency > 0 {
				if off := over(HeatSource) + over(HeatPumpPower) - over(HeatDelivered); off < -0.01 || off > 0.01 || over(HeatSource) > over(IT) {
					t.Errorf("%s on %s: source and electricity miss the heat by %.3f kWh", site.Spec.ID, date, off)
				}
			}
			inside := 0.0
			if site.Spec.HeatPump.Boundary == "inside" {
				inside = over(HeatPumpPower)
			}
			parts := over(IT) + over(Losses) + over(CoolingPower) + over(OtherPower) + inside
			if off := used - parts; off < -0.01 || off > 0.01 {
				t.Errorf("%s on %s: %.0f kWh used, the parts make %.0f kWh", site.Spec.ID, date, used, parts)
			}
			if over(IT) <= 0 || over(GridImport) <= 0 || over(HeatDelivered) < 0 || over(WaterIn) < 0 {
				t.Errorf("%s on %s: %.0f kWh of IT, %.0f kWh imported", site.Spec.ID, date, over(IT), over(GridImport))
			}
		}
	}
}

// TestSitesUseTheirCapacityAsMeasuredOnesDo compares the city with the sites
// that UKPN measured: mean utilisation of the year within their range, the
// city's median near the 18 % of all 96.
func TestSitesUseTheirCapacityAsMeasuredOnesDo(t *testing.T) {
	t.Parallel()
	p := city(t)
	lowest, highest := measuredRange(t)
	var uses []float64
	for _, site := range p.Sites() {
		year := p.calendar.Year(2026)
		if since := site.Spec.Since.UTC(); since.After(year.From) {
			year.From = since
		}
		imported := float64(site.At(year.To).Energy(GridImport)-site.At(year.From).Energy(GridImport)) / 1000 // Wh
		use := imported / year.Length().Hours() / float64(site.Spec.ConnectedLoad)
		if use < lowest || use > highest {
			t.Errorf("%s uses %.3f of its capacity, measured sites %.3f to %.3f", site.Spec.ID, use, lowest, highest)
		}
		uses = append(uses, use)
	}
	slices.Sort(uses)
	if median := uses[len(uses)/2]; median < 0.14 || median > 0.22 {
		t.Errorf("the median site uses %.3f of its capacity, measured is 0.18", median)
	}
}

// measuredRange are the mean utilisations of the measured sites that ran all the time.
func measuredRange(t *testing.T) (lowest, highest float64) {
	t.Helper()
	text, err := os.ReadFile("data/ukpn-site-summary.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, rows, err := rowsOf(string(text))
	if err != nil {
		t.Fatal(err)
	}
	lowest = 1
	for _, row := range rows {
		mean, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		if mean > 0.04 && mean < 1 {
			lowest, highest = min(lowest, mean), max(highest, mean)
		}
	}
	return lowest, highest
}

func TestShutdownFollowsTheMeasuredDay(t *testing.T) {
	t.Parallel()
	p := city(t)
	site, _ := p.Site("bieber")
	outage := site.Spec.Outages[0].in(2025)
	if outage.From != instant(t, "2025-06-03T02:38:00Z") || outage.To != instant(t, "2025-06-03T21:54:00Z") {
		t.Fatalf("the shutdown of 2025 is %s", outage)
	}
	before := site.At(instant(t, "2025-06-03T02:00:00Z")).Power(IT)
	for _, row := range []struct {
		sentence  string
		at        string
		low, high float64 // of the power before
	}{
		{"an hour before, all is as ever", "2025-06-03T01:30:00Z", 0.95, 1.05},
		{"at noon two nodes answer", "2025-06-03T12:00:00Z", 0.02, 0.04},
		{"in the evening less than half is back", "2025-06-03T23:00:00Z", 0.40, 0.55},
		{"the next noon everything", "2025-06-04T12:00:00Z", 0.93, 1.15},
	} {
		if share := float64(site.At(instant(t, row.at)).Power(IT) / before); share < row.low || share > row.high {
			t.Errorf("%s: %.3f of the power before, want %.2f to %.2f", row.sentence, share, row.low, row.high)
		}
	}
}

func TestNoReadingIsNotZero(t *testing.T) {
	t.Parallel()
	p := city(t)
	day := energy.Period{From: instant(t, "2025-06-03T00:00:00Z"), To: instant(t, "2025-06-04T00:00:00Z")}
	for _, point := range p.Points() {
		readings := history(t, p, point.ID, day, energy.QuarterHour)
		switch {
		case point.ID.Site() == "bieber" && len(readings) != 19: // 00:00 to 02:30 and 22:00 to 23:45
			t.Errorf("%s has %d readings on the day of the shutdown, want 19", point.ID, len(readings))
		case point.ID.Site() != "bieber" && point.ID.Site() != "ost" && point.ID.Site() != "senefelder" && len(readings) != 96:
			t.Errorf("%s has %d readings on the day of another's shutdown, want 96", point.ID, len(readings))
		}
	}
	august := energy.Period{From: instant(t, "2025-08-01T00:00:00Z"), To: instant(t, "2025-09-01T00:00:00Z")}
	readings := history(t, p, "bieber/it-energy", august, energy.QuarterHour)
	var longest time.Duration
	var kwh float64
	for i := 1; i < len(readings); i++ {
		if d := readings[i].At.Sub(readings[i-1].At); d > longest {
			longest, kwh = d, readings[i].Value.Float64()-readings[i-1].Value.Float64()
		}
	}
	if days := longest.Hours() / 24; days < 9 || days > 10 || kwh < 150_000 {
		t.Errorf("the longest gap of August lasts %.1f days over %.0f kWh, want nine days of a running site", days, kwh)
	}
}

func TestMetersAreSilentInAnOutageAndCountOn(t *testing.T) {
	t.Parallel()
	clock := new(standing)
	clock.set(instant(t, "2025-06-03T02:30:00Z"))
	s := serve(t, Options{Seed: 1, Now: clock.now, Sites: []SiteSpec{bieber()}})
	m := s.meters["bieber-it"]
	for _, row := range []struct {
		at     string
		silent bool
	}{{"2025-06-03T02:37:59Z", false}, {"2025-06-03T02:38:00Z", true}, {"2025-06-03T12:00:00Z", true}, {"2025-06-03T21:54:00Z", false}} {
		clock.set(instant(t, row.at))
		if got := m.fault(s.Now()).Silent; got != row.silent {
			t.Errorf("at %s the meter is silent: %v, want %v", row.at, got, row.silent)
		}
	}
}

func TestPastIsTheHistoryOfEveryPoint(t *testing.T) {
	t.Parallel()
	p := city(t)
	period := energy.Period{From: instant(t, "2026-08-10T11:07:00Z"), To: instant(t, "2026-08-15T00:00:01Z")}
	seen := 0
	for _, site := range p.Sites() {
		points, err := p.Past(site.Spec.ID, period, 20*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for point, readings := range points {
			seen++
			want := history(t, p, point, period, 20*time.Minute)
			got := slices.Collect(readings)
			if !slices.EqualFunc(got, want, energy.Reading.Same) {
				t.Errorf("%s: %d readings of the past, history has %d or others", point, len(got), len(want))
			}
		}
	}
	if want := len(p.Points()); seen != want {
		t.Errorf("the past has %d points, the city %d", seen, want)
	}
	if _, err := p.Past("nowhere", period, time.Hour); err == nil {
		t.Error("past of a site that is not there")
	}
}

// cityRegistry is the registry that the city writes at an instant.
func cityRegistry(t *testing.T, at string) *registry.Registry {
	t.Helper()
	now := instant(t, at)
	s := &Server{plant: city(t), clock: clock{wall: func() time.Time { return now }, speed: 1}}
	return writtenRegistry(t, s)
}

func TestGuaranteesCoverWhatTheyShould(t *testing.T) {
	t.Parallel()
	p := city(t)
	r := cityRegistry(t, "2026-11-22T10:00:00Z")
	given := map[energy.SiteID]int64{}
	for _, e := range r.Evidence {
		if e.Kind != registry.GuaranteeOfOrigin {
			continue
		}
		if e.SupplyYear != 2025 || e.IDs.Count() != e.VolumeMWh || !strings.HasPrefix(e.Produced.String(), "2025") {
			t.Errorf("guarantee %s: supply year %d, %d ids for %d MWh, produced %s", e.ID, e.SupplyYear, e.IDs.Count(), e.VolumeMWh, e.Produced)
		}
		for _, a := range e.Allocations {
			given[a.Site] += a.MWh
		}
	}
	for site, share := range map[energy.SiteID]float64{"hafen": 1, "lederwerk": 0.6, "buergel": 1, "mainbogen": 1.01} {
		year := p.calendar.Year(2025)
		s, _ := p.Site(site)
		imported := float64(s.At(year.To).Energy(GridImport)-s.At(year.From).Energy(GridImport)) / 1e9
		if mwh := float64(given[site]); mwh < share*imported || mwh > share*imported+2 {
			t.Errorf("%s imports %.1f MWh and has %v of guarantees, want %.2f of it", site, imported, mwh, share)
		}
	}
	if len(given) != 4 {
		t.Errorf("guarantees for %d sites, want 4", len(given))
	}
	if early := cityRegistry(t, "2026-01-20T10:00:00Z"); slices.ContainsFunc(early.Evidence, func(e registry.Evidence) bool { return e.Kind == registry.GuaranteeOfOrigin }) {
		t.Error("in January guarantees of last year are cancelled already")
	}
}

func TestRegistryTellsOldSitesFromNewAndSmallFromLarge(t *testing.T) {
	t.Parallel()
	r := cityRegistry(t, "2026-11-22T10:00:00Z")
	limit := energy.Date{Year: 2026, Month: time.July, Day: 1}
	var before, after, small, rooms, pumps, outages, water, sun, info int
	for _, s := range r.Sites {
		switch {
		case s.Kind == energy.ServerRoom && s.PublicBody:
			rooms++
		case s.ConnectedLoadKW.Float64() < 300:
			small++
		case s.InOperationSince.Before(limit):
			before++
		default:
			after++
		}
		pumps += len(s.HeatPumps)
		outages += len(s.Events)
		for _, m := range s.Meters {
			for _, p := range m.Points {
				switch {
				case p.Role == energy.WaterIn:
					water++
				case p.Role == energy.OnsiteRenewable:
					sun++
				case p.Use == energy.Info:
					info++
				}
			}
		}
	}
	got := []int{before, after, small, rooms, pumps, outages, water, sun, info}
	if want := []int{6, 2, 1, 2, 2, 4, 4, 7, 2}; !slices.Equal(got, want) {
		t.Errorf("before, after, small, rooms, heat pumps, outages, water, sun, info: %v, want %v", got, want)
	}
	hp, _ := r.Site("mainbogen")
	if p := hp.HeatPumps[0]; p.Boundary != registry.Inside || p.Electricity != "mainbogen/heat-pump-energy" || p.Source != "mainbogen/source-energy" || p.Sink != "mainbogen/heat-energy" || !p.ExclusiveUpgrade {
		t.Errorf("the heat pump of mainbogen: %+v", p)
	}
}

// BenchmarkPastOfTheCity makes a year of every point of every site, as the demo
// brings it in.
func BenchmarkPastOfTheCity(b *testing.B) {
	for b.Loop() {
		p, err := NewPlant(1, City())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, site := range p.Sites() {
			step := cmp.Or(site.Spec.Past, energy.QuarterHour)
			points, err := p.Past(site.Spec.ID, year2025(b), step)
			if err != nil {
				b.Fatal(err)
			}
			for _, readings := range points {
				for range readings {
					n++
				}
			}
		}
		b.ReportMetric(float64(n), "readings")
	}
}
