package planning

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/source"
	"heatledger/reporting/words"
)

// harbour is the sheet of a source with a year of hours: 200 kW in winter, 100 kW in
// summer, three days without heat.
func harbour(t *testing.T) FactSheet {
	t.Helper()
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	year := calendar.Year(2025)
	n := int(year.Length() / time.Hour)
	c := heatmap.Columns{Power: make([]heatmap.Kilowatts, n), Flow: make([]energy.Celsius, n), Grade: slices.Repeat([]heatmap.Grade{heatmap.Measured}, n), Limit: slices.Repeat([]heatmap.Limit{heatmap.DemandLimited}, n)}
	for i := range c.Power {
		c.Power[i] = heatmap.Kilowatts(150 + 50*math.Cos(2*math.Pi*float64(i)/float64(n)))
		c.Flow[i] = 62
		if i >= 4000 && i < 4072 {
			c.Power[i], c.Flow[i] = 0, energy.Celsius(math.NaN())
		}
	}
	s, err := heatmap.New(heatmap.Header{Source: "hafen", Kind: heatmap.Delivered, Method: heatmap.Method{Code: heatmap.Metered}, From: year.From, Step: time.Hour, Fact: 4711}, c)
	if err != nil {
		t.Fatal(err)
	}
	stats := source.Describe(s, source.Options{Local: heatmap.Local{Calendar: calendar}, Capacity: 400})
	longest, _ := stats.Outages.Longest()
	sheet := atlas.Sheet{Site: "hafen", Name: "Hafen", Place: atlas.Place{Address: registry.Address{Street: "Nordring 1", Postcode: "63067", Town: "Offenbach"}, Point: geo.Point{X: 8.75, Y: 50.11}, Located: true},
		View: atlas.View{Extent: atlas.Agreed}, From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}, Fact: 4711,
		Supply: heatmap.Delivered, Method: s.Method, Grade: heatmap.Measured, Limit: heatmap.DemandLimited,
		PowerClass: atlas.PowerClass(stats.Secured.Power), TemperatureClass: atlas.TemperatureClass(62),
		Secured: &stats.Secured, Temperatures: &atlas.Temperatures{Flow: heatmap.At(62), Grade: heatmap.Measured}, LongestOutage: &longest, Statistics: &stats,
		FullLoad: &atlas.FullLoad{Hours: stats.Curve.FullLoad, Reference: stats.Curve.Reference, ReferenceIs: stats.Curve.ReferenceIs},
		Hidden:   []atlas.Hidden{{Part: atlas.PartContracts, Why: atlas.NotNamed}, {Part: atlas.PartUpgrade, Why: atlas.NotAsked}}}
	amounts := atlas.Amounts{Kind: heatmap.Delivered}
	for m := time.January; m <= time.December; m++ {
		month := calendar.Month(2025, m)
		account := s.Within(month).Account()
		amounts.Months = append(amounts.Months, atlas.Amount{Stretch: atlas.Stretch{From: calendar.Date(month.From), To: calendar.Date(month.To)}, Energy: account.Energy, Coverage: account.EnergyCoverage(), Grade: heatmap.Measured, Limit: heatmap.DemandLimited})
	}
	account := s.Account()
	amounts.Whole = &atlas.Amount{Stretch: atlas.Stretch{From: sheet.From, To: sheet.To}, Energy: account.Energy, Coverage: 1, Grade: heatmap.Measured, Limit: heatmap.DemandLimited}
	sheet.Heat = []atlas.Amounts{amounts}
	return FactSheet{Sheet: sheet, Calendar: calendar, At: time.Date(2026, 1, 2, 8, 0, 0, 0, time.UTC)}
}

// printed is what stands on the paper, spaces made one.
func printed(t *testing.T, f FactSheet, lang words.Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePDF(&b, lang); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("read the paper with pdftotext: %v\n%s", err, text)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

func TestTheFactSheetSaysWhatTheSheetHolds(t *testing.T) {
	t.Parallel()
	f := harbour(t)
	for lang, wanted := range map[words.Lang][]string{
		words.German: {"Wärmequelle Hafen", "Nordring 1, 63067 Offenbach", "50,11000 / 8,75000", "untere Grenzen", "abgegebene Wärme", "1.306,7 MWh", "100 kW bis unter 500 kW",
			"62,0 °C", "3.267 h", "400 kW", "Verträge", "von keiner Entscheidung umfasst", "Fakt 4711", "Vereinbarung mit dem Betreiber", "Juli 2025"},
		words.English: {"Heat source Hafen", "lower bounds", "1,306.7 MWh", "100 kW to less than 500 kW", "no decision names it", "as of fact 4711"},
	} {
		text := printed(t, f, lang)
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not on the paper", lang, want)
			}
		}
		if code := regexp.MustCompile(`\b(sheet|kind|grade|limits?|method|why|part|cause|kept|view|reference|forecast)_[a-z_]+|\{[a-z]+\}`).FindString(text); code != "" {
			t.Errorf("%s: %q stands on the paper", lang, code)
		}
		if strings.Contains(text, words.Heat(lang, "part_upgrade", nil)) {
			t.Errorf("%s: what nobody asked for is named as hidden", lang)
		}
	}
}

// Who holds the paper of a model in hand knows that it is one.
func TestTheFactSheetOfAModelSaysSo(t *testing.T) {
	t.Parallel()
	f := harbour(t)
	for lang, note := range map[words.Lang]string{words.German: "Simulierte Anlage", words.English: "Simulated plant"} {
		f.Simulated = false
		if text := printed(t, f, lang); strings.Contains(text, note) {
			t.Errorf("%s: a metered source is called a model", lang)
		}
		f.Simulated = true
		if text := printed(t, f, lang); !strings.Contains(text, note) {
			t.Errorf("%s: %q is not on the paper", lang, note)
		}
	}
}

// The public sees classes: no number that a class stands for is on its paper.
func TestTheFactSheetOfEverybodyHasClassesOnly(t *testing.T) {
	t.Parallel()
	f := harbour(t)
	whole := f.Sheet
	f.Sheet = atlas.Sheet{Site: whole.Site, Name: whole.Name, View: atlas.View{Extent: atlas.Published}, From: whole.From, To: whole.To, Supply: whole.Supply, Method: whole.Method,
		Grade: whole.Grade, Limit: whole.Limit, PowerClass: whole.PowerClass, TemperatureClass: whole.TemperatureClass,
		Hidden: []atlas.Hidden{{Part: atlas.PartSecured, Why: atlas.ForPlanners}, {Part: atlas.PartStatistics, Why: atlas.ForPlanners}}}
	text := printed(t, f, words.German)
	for _, want := range []string{"100 kW bis unter 500 kW", "55 °C bis unter 70 °C", "nur für Planende"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper: %s", want, text)
		}
	}
	for _, hidden := range []string{words.Amount(words.German, float64(whole.Secured.Power), energy.Kilowatt), "1.306,7", "Dauerlinie"} {
		if strings.Contains(text, hidden) {
			t.Errorf("%q is on the paper of everybody", hidden)
		}
	}
}

// Every code that the paper may meet has words in both languages.
func TestEveryCodeOfASheetHasWords(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range append(atlas.Kinds(), heatmap.Stated, heatmap.Upgraded) {
		names = append(names, "kind_"+string(k))
	}
	for _, m := range []heatmap.MethodCode{heatmap.Metered, heatmap.DeliveredAndRejected, heatmap.FactorOfITLoad, heatmap.DeclaredMonths, heatmap.ByHeatPump} {
		names = append(names, "method_"+string(m))
	}
	for g := heatmap.NoGrade; g <= heatmap.Declared; g++ {
		names = append(names, "grade_"+g.String())
	}
	for l := heatmap.NoLimit; l <= heatmap.LimitDerived; l++ {
		names = append(names, "limit_"+l.String(), "limits_"+l.String())
	}
	for _, c := range []source.Cause{source.StatedCause, source.NoLoad, source.NobodyAsked, source.NotTaken, source.Unknown} {
		names = append(names, "cause_"+string(c))
	}
	for _, c := range []source.Change{source.Grew, source.Shrank, source.Dark, source.Began} {
		names = append(names, "change_"+string(c))
	}
	for _, k := range []source.Kept{source.InFull, source.NotAsked, source.HeldReady, source.FellShort, source.KeptUnknown} {
		names = append(names, "kept_"+string(k))
	}
	for _, r := range []source.Reference{source.Capacity, source.Peak} {
		names = append(names, "reference_"+string(r))
	}
	for _, w := range []source.Why{source.NothingKnown, source.UnderTwelveMonths, source.UnderTwoYears, source.MonthTooThin, source.TooFewDays, source.TooFewMonths, source.NotTried} {
		names = append(names, "why_"+string(w))
	}
	for _, w := range []atlas.Why{atlas.ForPlanners, atlas.Coarser, atlas.NotNamed, atlas.NothingKnown, atlas.NotAsked, atlas.NotDue, atlas.OutsideAgreed, atlas.StillRunning, atlas.NoTemperature} {
		names = append(names, "why_"+string(w))
	}
	for _, p := range []atlas.Part{atlas.PartSecured, atlas.PartTemperatures, atlas.PartStatistics, atlas.PartSeries, atlas.PartHeat, atlas.PartCapacity, atlas.PartContracts, atlas.PartOutlook, atlas.PartUpgrade} {
		names = append(names, "part_"+string(p))
	}
	for _, m := range []source.ForecastMethod{source.LastMonth, source.LastQuarter, source.SameMonth, source.SeasonAtLevel} {
		names = append(names, "forecast_"+string(m))
	}
	for _, f := range []source.Fallback{source.NoSuchMonth, source.OtherDistances} {
		names = append(names, "sheet_outlook_"+string(f))
	}
	for e := atlas.Nothing; e <= atlas.Everything; e++ {
		names = append(names, "view_"+e.String())
	}
	for _, lang := range words.Langs() {
		for _, name := range names {
			if !words.KnownHeat(lang, name) {
				t.Errorf("%s: there are no words for %s", lang, name)
			}
		}
	}
}
