package planning

import (
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/source"
	"heatledger/reporting/words"
)

// ahead are the six months from August 2026 on, of which the last four resort to other
// distances and October to the last month.
func ahead(method source.ForecastMethod) source.Outlook {
	o := source.Outlook{Method: method, Error: 0.07, Trials: 45}
	for i := range 6 {
		m := source.Expected{Year: 2026, Month: time.August + time.Month(i), P10: 120, P50: 100, P90: 80, HasBand: true, Least: 1, Farthest: 2}
		if m.Month > 12 {
			m.Year, m.Month = 2027, m.Month-12
		}
		if i >= 2 {
			m.Fallbacks, m.Least, m.Farthest = append(m.Fallbacks, source.OtherDistances), 6, 9
		}
		if i == 2 {
			m.Fallbacks = append(m.Fallbacks, source.NoSuchMonth)
		}
		o.Months = append(o.Months, m)
	}
	return o
}

func TestAnOutlookSaysWhatItRestsOn(t *testing.T) {
	t.Parallel()
	flat := ahead(source.LastMonth)
	flat.NoSeason = source.UnderTwoYears
	seasonal := ahead(source.SameMonth)
	grown := ahead(source.SameMonth)
	grown.Growth = []source.Growth{{From: energy.Date{Year: 2026, Month: 9, Day: 15}, Power: 400, Contract: "V-17"}, {From: energy.Date{Year: 2026, Month: 12, Day: 1}, Power: -50.5}}
	untried := source.Outlook{Method: source.LastQuarter, Why: source.NotTried, NoSeason: source.UnderTwoYears, Months: []source.Expected{{Year: 2026, Month: 1, P50: 7}}}
	for _, tt := range []struct {
		sentence        string
		lang            words.Lang
		of              source.Outlook
		says, saysNever []string
	}{
		{"the last month goes on", words.German, flat, []string{"es gilt der letzte bekannte Monat weiter", "keinen Jahresgang, denn es sind weniger als zwei Jahre bekannt", "An 45 früheren Monaten", "7\u00a0% daneben",
			"(Oktober 2026 bis Januar 2027)", "über 6 bis 9 Monate", "Für Oktober 2026 ist"}, nil},
		{"in English", words.English, flat, []string{"the last known month goes on", "no course of the year, for less than two years", "(October 2026 to January 2027)", "over 6 to 9 months", "Of October 2026"}, nil},
		{"a season", words.German, seasonal, []string{"derselbe Monat des Vorjahres"}, []string{"keinen Jahresgang"}},
		{"growth", words.German, grown, []string{"ab 15. September 2026 400,0 kW mehr (V-17)", "50,5 kW weniger", "nicht gemessen"}, nil},
		{"growth in English", words.English, grown, []string{"400.0 kW more (V-17)", "50.5 kW less", "not measured"}, nil},
		{"no growth", words.English, seasonal, nil, []string{"contract"}},
		{"without a range", words.English, untried, []string{"Without a range", "the mean of the last three months"}, []string{"Tried on", "too few trials"}},
	} {
		text := OutlookSays(tt.lang, tt.of)
		for _, want := range tt.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said: %s", tt.sentence, want, text)
			}
		}
		for _, never := range tt.saysNever {
			if strings.Contains(text, never) {
				t.Errorf("%s: %q is said: %s", tt.sentence, never, text)
			}
		}
	}
	f := harbour(t)
	f.Sheet.Outlook = &flat
	if text := printed(t, f, words.German); !strings.Contains(text, "eher zu schmal") || !strings.Contains(text, "Januar 2027") || strings.Contains(text, "mit Zuwachs") {
		t.Errorf("the outlook on paper: %s", text)
	}
}

// A year that runs shows what came so far, and says why the whole is not there.
func TestTheFactSheetOfARunningYearSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	f := harbour(t)
	a := &f.Sheet.Heat[0]
	a.Why, a.Due = atlas.StillRunning, energy.Date{Year: 2026, Month: 1, Day: 31}
	a.Part = &atlas.Amount{Stretch: atlas.Stretch{From: f.Sheet.From, To: energy.Date{Year: 2025, Month: 8, Day: 1}}, Energy: 700_000, Coverage: 1}
	a.Whole = nil
	f.Sheet.Hidden = []atlas.Hidden{{Part: atlas.PartContracts, Why: atlas.NotDue, Due: energy.Date{Year: 2026, Month: 2, Day: 1}}, {Part: atlas.PartSeries, Why: atlas.OutsideAgreed}}
	for lang, wanted := range map[words.Lang][]string{
		words.German:  {"31. Juli 2025: abgegebene", "700,0 MWh", "der Zeitraum läuft noch; vollständig ab 31. Januar 2026", "die vereinbarte Frist läuft noch; zu sehen ab 1. Februar 2026", "für diesen Zeitraum ist nichts vereinbart"},
		words.English: {"31 July 2025", "700.0 MWh", "the period is still running; complete from 31 January 2026", "the agreed delay has not passed; to be seen from 1 February 2026 on", "nothing is agreed for this period"},
	} {
		before, after := f.Around(lang)
		text := ""
		for _, b := range append(before, after...) {
			for _, row := range b.Rows {
				text += strings.Join(row, " | ") + "\n"
			}
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said: %s", lang, want, text)
			}
		}
	}
}
