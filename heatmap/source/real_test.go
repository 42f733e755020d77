package source_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// danish is the year 2019 of a real heat meter, from its readings by way of the days
// of energy/series. Its zone has the clock of Berlin.
func danish(t testing.TB) heatmap.Series {
	t.Helper()
	file, err := os.Open("../testdata/danish_smart_heat_meter_2018_2019.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	quantities := []energy.Quantity{energy.HeatEnergy, energy.Volume, energy.VolumeTemperatureFlow, energy.VolumeTemperatureReturn}
	stored := heatmap.Stored{Site: registry.Site{ID: "house", Meters: []registry.Meter{{ID: "meter"}}}, Calendar: berlin,
		From: day(2019, 1, 1), To: day(2020, 1, 1), Days: map[energy.PointID][]series.Day{}}
	for k, q := range quantities {
		point := registry.Point{ID: energy.PointID("house/" + string(q)), Quantity: q, Role: energy.HeatDelivered, Use: energy.Primary}
		stored.Site.Meters[0].Points = append(stored.Site.Meters[0].Points, point)
		var readings []energy.Reading
		for _, row := range rows[1:] {
			at, err := time.Parse(time.RFC3339, row[0])
			if err != nil {
				t.Fatal(err)
			}
			value, err := energy.ParseValue(row[k+1])
			if err != nil {
				t.Fatal(err)
			}
			readings = append(readings, energy.Reading{At: at, Value: value, Quality: energy.Measured})
		}
		track := series.NewTrack(readings, series.Rules{Quantity: q, Kind: energy.Counter})
		for d := stored.From; d.Before(stored.To); d = d.AddDays(1) {
			stored.Days[point.ID] = append(stored.Days[point.ID], track.Day(d, berlin.Day(d)))
		}
	}
	s, ok := stored.Series(heatmap.Delivered)
	if !ok {
		t.Fatal("no heat")
	}
	return s
}

// The wanted numbers were counted from the same file by a few lines of Python, from
// the differences of its hours.
func TestAYearOfARealHeatMeter(t *testing.T) {
	t.Parallel()
	s := danish(t)
	got := source.Describe(s, source.Options{Local: heatmap.Local{Calendar: berlin}, Wanted: 2, WantedTemperature: heatmap.At(70), Availability: 0.98})
	for name, pair := range map[string][2]float64{
		"kWh":            {float64(got.Account.Energy), 17516.501},
		"P10":            {float64(got.Bands.Whole.P10), 4.098},
		"P50":            {float64(got.Bands.Whole.P50), 1.923},
		"full load":      {got.Curve.FullLoad, 1934.8836},
		"January, 7 P10": {float64(got.Bands.Months[0].Hours[7].P10), 5.614},
		"January, 7 P50": {float64(got.Bands.Months[0].Hours[7].P50), 4.158},
		"January, 7 P90": {float64(got.Bands.Months[0].Hours[7].P90), 2.436},
		"January":        {got.Season.Months[0], 1.8716},
		"June":           {got.Season.Months[5], 0.1811},
		"December":       {got.Season.Months[11], 1.5997},
		"hours below":    {got.Below.Time.Hours(), 4643},
		"hours flowing":  {got.Held.Known.Hours(), 7785},
	} {
		if !about(pair[0], pair[1], 5e-4) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
	if got.Bands.Whole.P90 != 0 || got.Secured.Power != 0 || got.Account.Coverage() != 1 || got.Account.Grade() != heatmap.Measured || got.Account.Limit() != heatmap.DemandLimited {
		t.Errorf("P90 %v, secured %+v, account %+v", got.Bands.Whole.P90, got.Secured, got.Account)
	}
	if share, _ := got.Held.HeatShare(); !about(share, 0.5050, 0.01) || !about(got.Held.Time.Hours(), 3352, 0.01) { // ties of rounded registers
		t.Errorf("at 70 °C and more: %+v", got.Held)
	}
	longest := time.Duration(0)
	for _, o := range source.FindOutages(s.Hourly(), source.OutageQuestion{}).List {
		longest = max(longest, o.Period.Length())
		if o.Cause != source.NotTaken {
			t.Errorf("a house that wants no heat is a failure of its source: %+v", o)
		}
	}
	if longest != 8*time.Hour || len(got.AtPower) != 10 || got.Season.Strength < 0.6 || got.Trend.Why != source.UnderTwoYears {
		t.Errorf("longest %s, %d classes of power, months explain %v, trend %+v", longest, len(got.AtPower), got.Season.Strength, got.Trend)
	}
}

// centres are 41 months of a voltage level of real data centres, in hours, of 1,000
// kW contracted: levels by month and course of the day are measured, their
// combination is assembled.
func centres(t testing.TB, voltage int) (heatmap.Series, heatmap.Local) {
	t.Helper()
	local := heatmap.Local{Calendar: calendar("Europe/London")}
	var shapes struct {
		Profiles map[string]map[string]struct{ Median []float64 }
	}
	body, err := os.ReadFile("../testdata/ukpn-derived-load-shapes.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &shapes); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("../testdata/ukpn_monthly_utilisation_by_voltage.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var power []float64
	from := local.Month(2023, time.January).From
	for i, row := range rows[1:] {
		use, err := strconv.ParseFloat(row[voltage], 64)
		if err != nil {
			t.Fatal(err)
		}
		for at, month := from.Add(time.Duration(len(power))*time.Hour), local.Month(2023, time.Month(1+i)); at.Before(month.To); at = at.Add(time.Hour) {
			clock := local.Local(at)
			kind := [...]string{"weekday", "saturday", "sunday"}[local.KindOf(local.Date(at))]
			shape := shapes.Profiles["all_sites"][kind].Median
			power = append(power, 1000*use*(shape[2*clock.Hour()]+shape[2*clock.Hour()+1])/2)
		}
	}
	return made(t, "centres", from, time.Hour, heatmap.SupplyLimited, power), local
}

func TestRealDataCentresGrowShrinkAndStay(t *testing.T) {
	t.Parallel()
	extraHigh, high, low := 1, 2, 3
	level := func(voltage int) []source.Level {
		s, local := centres(t, voltage)
		return source.LevelsOf(s, local.Calendar).List
	}
	// Low voltage: 0.21 to March 2024, then 0.16 and less.
	if l := level(low); len(l) < 2 || l[1].Change != source.Shrank || l[1].From.Before(day(2024, 3, 1)) || day(2024, 6, 5).Before(l[1].From) {
		t.Errorf("low voltage: %+v", l)
	}
	// Extra-high voltage: 0.11, from March to August 2023 up to 0.16, 0.11 again.
	if l := level(extraHigh); len(l) < 3 || l[1].Change != source.Grew || l[1].From.Month != time.March || l[2].Change != source.Shrank || l[2].From != day(2023, 9, 1) {
		t.Errorf("extra-high voltage: %+v", l)
	}
	// High voltage: 0.26 falls to 0.24, less than a tenth at once.
	if l := level(high); len(l) != 1 {
		t.Errorf("high voltage: %+v", l)
	}
	s, local := centres(t, high)
	trend := source.TrendOf(s, local.Calendar)
	if trend.PerYear > -2 || trend.PerYear < -12 || trend.P > 0.01 {
		t.Errorf("high voltage loses a few kW a year of each 250: %+v", trend)
	}
	season := source.SeasonOf(s, local)
	if spread := maximum(season.Hours[:]) / minimum(season.Hours[:]); spread < 1.03 || spread > 1.09 {
		t.Errorf("the day's peak is %v of its trough, want about 1.06", spread)
	}
}

func TestRealDataCentresAreForeseen(t *testing.T) {
	t.Parallel()
	s, local := centres(t, 2)
	o := source.Foresee(s, local.Calendar, 12, nil)
	if o.Why != "" || o.Error > 0.06 || o.Trials < 100 || len(o.All) != 4 {
		t.Errorf("high voltage: %s errs by %v in %d trials of %+v", o.Method, o.Error, o.Trials, o.All)
	}
	// What came is in the band as often as the band says: nine months in ten above P90,
	// on origins of which the method knew nothing.
	above, all := 0, 0
	for origin := 24; origin < 40; origin++ {
		cut := s.Within(energy.Period{From: s.From, To: local.Month(2023, time.Month(1+origin)).From})
		early := source.Foresee(cut, local.Calendar, 3, nil)
		for i, m := range source.Monthly(s, local.Calendar)[origin:min(41, origin+3)] {
			if all++; m.Mean >= early.Months[i].P90 {
				above++
			}
		}
	}
	if share := float64(above) / float64(all); share < 0.75 {
		t.Errorf("%d of %d months came above P90", above, all)
	}
}

// shutdown is the day of a real yearly shutdown, in quarter-hours relative to 100; a
// minute at which under fifty of 1,700 nodes answered is a reading or none.
func shutdown(t testing.TB, readings bool) heatmap.Series {
	t.Helper()
	file, err := os.Open("../testdata/mghpcc_it_power_2025-06-03_minute.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	power := make([]float64, 96)
	for i, row := range rows[1:] {
		nodes, err1 := strconv.Atoi(row[1])
		watts, err2 := strconv.ParseFloat(row[2], 64)
		if err1 != nil || err2 != nil {
			watts = 0
		}
		if nodes < 50 && !readings {
			watts = math.NaN()
		}
		power[i/15] += watts / 23_300 * 100 / 15
	}
	return made(t, "mghpcc", time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), energy.QuarterHour, heatmap.SupplyLimited, power)
}

func TestARealShutdownIsAnOutageOnlyWhereItWasSeen(t *testing.T) {
	t.Parallel()
	seen := source.FindOutages(shutdown(t, true), source.OutageQuestion{Least: 5})
	longest, ok := seen.Longest()
	if !ok || len(seen.Gaps) != 0 || longest.Period.Length() < 18*time.Hour || longest.Period.Length() > 20*time.Hour || longest.OpenFrom || longest.OpenTo {
		t.Errorf("read as power: %+v", seen)
	}
	unseen := source.FindOutages(shutdown(t, false), source.OutageQuestion{Least: 5})
	if unseen.Total > time.Hour || len(unseen.Gaps) == 0 || unseen.Known > 8*time.Hour {
		t.Errorf("read as nodes that do not answer: %+v", unseen)
	}
}

func maximum(list []float64) float64 {
	m := list[0]
	for _, x := range list {
		m = max(m, x)
	}
	return m
}

func minimum(list []float64) float64 {
	m := list[0]
	for _, x := range list {
		m = min(m, x)
	}
	return m
}

// BenchmarkDescribe is all that is said of a source, of a year of quarter-hours with
// temperatures, what was asked for and the IT load. Wanted: 20 ms.
func BenchmarkDescribe(b *testing.B) {
	s := danish(b)
	o := source.Options{Local: hesse, Capacity: 10, Wanted: 2, WantedTemperature: heatmap.At(70), Requested: s, Load: s}
	b.ReportAllocs()
	for b.Loop() {
		if got := source.Describe(s, o); got.Bands.Whole.Hours != 8760 {
			b.Fatal("not a year")
		}
	}
}

// BenchmarkForesee looks twelve months ahead from 41.
func BenchmarkForesee(b *testing.B) {
	s, local := centres(b, 2)
	for b.Loop() {
		source.Foresee(s, local.Calendar, 12, nil)
	}
}

// BenchmarkSecuredTogether is a year of fifty sources.
func BenchmarkSecuredTogether(b *testing.B) {
	s := danish(b).Hourly()
	list := make([]heatmap.Series, 50)
	for i := range list {
		list[i] = s
	}
	for b.Loop() {
		if _, err := source.SecuredTogether(list, 0.98); err != nil {
			b.Fatal(err)
		}
	}
}
