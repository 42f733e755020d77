package correspondence_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/hearing"
	"heatledger/energy/intake"
	"heatledger/energy/registry"
	"heatledger/energy/submission"
	"heatledger/reporting/correspondence"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

const town = `
municipality: {ags: "06413000", name: Musterstadt, office: {name: Umweltamt, address: {street: Weg 1, postcode: "63065", town: Musterstadt}, mail: amt@m.example, signs: E. Muster}}
operators: [{id: a, name: Hafen AG, contact: Frau B, address: {street: Kai 3, postcode: "63067", town: Offenbach}}, {id: b, name: West GmbH}, {id: c, name: Ohne Standort}]
sites:
  - {id: hafen, name: RZ Hafen, operator: a}
  - {id: west, name: RZ West, operator: b, to: 2026-07-01}
`

func office(t *testing.T, lang words.Lang) correspondence.Office {
	t.Helper()
	r, faults := registry.Load("registry.yaml", []byte(town))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return correspondence.Office{Registry: r, Lang: lang, On: energy.Date{Year: 2026, Month: 1, Day: 5}, URL: "https://heat.example.city"}
}

func due(site energy.SiteID, year int) desk.Item {
	return desk.Item{Code: desk.ReportDue, Args: commitment.Args{"duty": commitment.Text("energy_report"), "period": commitment.Text("2025")}, Site: site,
		Due: energy.Date{Year: year, Month: 3, Day: 31}, State: desk.Upcoming, Cites: "EnEfG § 13 Abs. 1"}
}

func TestTheRequestSaysWhatIsDueAndWhatLacks(t *testing.T) {
	t.Parallel()
	o := office(t, words.German)
	operator, _ := o.Registry.Operator("a")
	done := due("hafen", 2026)
	done.State = desk.Done
	told, running := due("hafen", 0), due("hafen", 0) // for which the law names no day
	for i, year := range map[*desk.Item]int{&told: 2025, &running: 2026} {
		i.Code, i.Due, i.Since = desk.ReportUndated, energy.Date{}, energy.Date{Year: year + 1, Month: 1, Day: 1}
		i.Args = commitment.Args{"duty": commitment.Text("customer_information"), "period": commitment.Text(fmt.Sprint(year))}
	}
	l := o.Request(operator, 2025, []desk.Item{due("hafen", 2026), due("west", 2026), due("hafen", 2027), done, told, running},
		[]correspondence.Meter{{Point: "hafen/grid", Meter: "main", Known: 1}, {Point: "hafen/heat", Meter: "wmz", Until: energy.Date{Year: 2025, Month: 10, Day: 2}, Known: 0.75}})
	if got := strings.Join(l.To, "|"); got != "Hafen AG|Frau B|Kai 3|63067 Offenbach" || l.Unaddressed || l.Operator != "a" {
		t.Errorf("it goes to %q, %v", got, l.Unaddressed)
	}
	text := l.Text()
	if n := strings.Count(text, "31. März 2026"); n != 1 || strings.Contains(text, "2027") || strings.Contains(text, "RZ West") {
		t.Errorf("the report of hafen is named %d times, or another's, a later or a done one: %s", n, text)
	}
	if n := strings.Count(text, "ohne festen Tag"); n != 1 || strings.Contains(text, "für 2026") {
		t.Errorf("%d duties without a day are named, want that of the year that is over: %s", n, text)
	}
	for _, want := range []string{"Guten Tag Frau B,", "EnEfG § 13 Abs. 1", "wmz, heat", "2. Oktober 2025", "75\u00a0%", "https://heat.example.city/api/v1/sites/hafen/template.xlsx", "Eine Lücke ist keine Null", "E. Muster"} {
		if !strings.Contains(text, want) {
			t.Errorf("the request does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "main, grid") {
		t.Error("a point of which everything is known is asked for")
	}
	if nothing := o.Request(operator, 2025, nil, nil).Text(); !strings.Contains(nothing, "ist für 2025 alles bekannt") || !strings.Contains(nothing, "sind uns nicht bekannt") {
		t.Errorf("where nothing lacks it says: %s", nothing)
	}
}

func TestOnlyWhoRunsASiteIsWrittenTo(t *testing.T) {
	t.Parallel()
	o := office(t, words.German)
	ids := func() (list []string) {
		for _, op := range o.Operators() {
			list = append(list, op.ID)
		}
		return list
	}
	if got := ids(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("in January %v", got)
	}
	o.On = energy.Date{Year: 2026, Month: 7, Day: 1}
	if got := ids(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("after the end of west %v", got)
	}
	if l := o.Reminder(due("west", 2026)); !l.Unaddressed || strings.Join(l.To, "|") != "West GmbH" {
		t.Errorf("without an address it goes to %v, %v", l.To, l.Unaddressed)
	}
}

func TestAReminderSaysHowManyDaysAreLeft(t *testing.T) {
	t.Parallel()
	o := office(t, words.English)
	for _, tt := range []struct {
		says string
		on   energy.Date
		due  energy.Date
		want string
	}{
		{"days ahead", energy.Date{Year: 2026, Month: 3, Day: 1}, energy.Date{Year: 2026, Month: 3, Day: 31}, "in 30 days"},
		{"the day itself", energy.Date{Year: 2026, Month: 3, Day: 31}, energy.Date{Year: 2026, Month: 3, Day: 31}, "ends today"},
		{"a day past", energy.Date{Year: 2026, Month: 4, Day: 1}, energy.Date{Year: 2026, Month: 3, Day: 31}, "Nothing here says that it was done"},
		{"no day", energy.Date{Year: 2026, Month: 4, Day: 1}, energy.Date{}, "no day is set"},
	} {
		i := due("hafen", 2026)
		o.On, i.Due = tt.on, tt.due
		if text := o.Reminder(i).Text(); !strings.Contains(text, tt.want) || !strings.Contains(text, "RZ Hafen") {
			t.Errorf("%s: it says %s", tt.says, text)
		}
	}
}

func TestAHearingQuotesTheJudgementAndCallsNothingAnOffence(t *testing.T) {
	t.Parallel()
	a := commitment.Assessment{Site: "hafen", Commitment: "law", Rule: "pue", Metric: "pue_enefg", Comparator: "at_most", Period: commitment.Span{Label: "2025", Closed: true}, Verdict: commitment.Missed,
		Value: commitment.Some(1.62), Threshold: commitment.Some(1.5), Margin: commitment.Some(-0.12), Unit: energy.One, Basis: commitment.Measured, Status: commitment.Final,
		Reason: commitment.AboveThreshold, Args: commitment.Args{"value": commitment.Arg{Number: commitment.Some(1.62), Unit: energy.One}, "threshold": commitment.Arg{Number: commitment.Some(1.5), Unit: energy.One}}, Citation: "EnEfG § 11 Abs. 1", Digest: strings.Repeat("ab", 32)}
	for lang, want := range map[words.Lang][]string{
		words.German:  {"Messwert über dem Grenzwert des §\u00a011", "1,62", "1,50", "gemessen", "19. Januar 2026", "18.0, abab", "endgültig", "zuständige Behörde"},
		words.English: {"1.62", "measured", "19 January 2026", "final", "competent authority"},
	} {
		o := office(t, lang)
		text := o.Hearing("18.0", a, "EnEfG", hearing.Case{State: hearing.Hearing, Deadline: energy.Date{Year: 2026, Month: 1, Day: 19}}).Text()
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: it does not say %q: %s", lang, part, text)
			}
		}
		for _, never := range []string{"Verstoß", "violation", "{"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: it says %q: %s", lang, never, text)
			}
		}
	}
}

func TestAQuestionNamesTheRows(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)
	s := submission.Submission{ID: "abc", Number: 7, HandedAt: at, Name: "lastgang.csv", Sites: []energy.SiteID{"hafen"}, State: submission.AskedBack,
		Steps: []submission.Step{{Kind: submission.StepComment, Text: "nur intern?"}, {Kind: submission.StepAsk, Text: "Warum steht der Zähler still?", Row: 12, ToRow: 40}}}
	s.Report.Questions = []intake.Question{{Code: "above_connection", Row: 3, Point: "hafen/grid", From: at, To: at.Add(time.Hour)}}
	text := office(t, words.German).Question(s, energy.Calendar{Location: time.UTC}).Text()
	for _, want := range []string{"Nummer 7", "lastgang.csv", "Warum steht der Zähler still?", "Zeile: 12–40", "Zeile: 3; Messpunkt: hafen/grid", "https://heat.example.city/submissions/abc"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "nur intern?") {
		t.Error("a comment among colleagues is quoted")
	}
}

func TestBothLanguagesHaveEveryText(t *testing.T) {
	t.Parallel()
	german, english := words.OfficeTexts(words.German), words.OfficeTexts(words.English)
	if len(german) < 40 || !slices.Equal(german, english) {
		t.Errorf("German has %d texts, English %d: %v, %v", len(german), len(english), german, english)
	}
}

func TestTheSameLetterIsTheSameFile(t *testing.T) {
	t.Parallel()
	var files [2]bytes.Buffer
	for i := range files {
		if err := document.WriteLetters(&files[i], "", []document.Letter{office(t, words.German).Reminder(due("hafen", 2026)).Letter}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) || files[0].Len() < 5000 {
		t.Errorf("two files of %d and %d bytes differ", files[0].Len(), files[1].Len())
	}
}
