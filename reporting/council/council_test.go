package council_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/council"
	"heatledger/reporting/words"
)

// town has three sites that deliver heat, each of an operator of its own, and one
// that reported nothing. %d are their amounts of heat.
const town = `
municipality: {ags: "06413000", name: Musterstadt}
operators: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}, {id: d, name: D}]
sites:
`

func site(id, operator string) string {
	return fmt.Sprintf("  - {id: %s, name: RZ %s, operator: %s, meters: [{id: %s-heat, points: [{id: %s/heat, quantity: heat_energy, role: heat_delivered}]}], commitments: [{id: %s-heat, title: Liefervertrag %s, metric: heat_delivered, at_least: 100 MWh, per: calendar_year, source: Vertrag § 4}]}\n", id, id, operator, id, id, id, id)
}

// open is a town with readings of heat over the whole of 2025, in kWh of the year
// by site.
func open(t *testing.T, heat map[string]int) *ledger.Ledger {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	src := town
	for i, id := range []string{"eins", "zwei", "drei", "stumm"} {
		src += site(id, string(rune('a'+i)))
	}
	r, faults := registry.Load("registry.yaml", []byte(src))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	from := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	days := 365
	for id, whole := range heat {
		submission := intake.Submission{Source: "test", Key: id}
		for day := range days + 1 {
			value, err := energy.ParseValue(fmt.Sprint(whole * day / days))
			if err != nil {
				t.Fatal(err)
			}
			at := from.Add(time.Duration(day) * 24 * time.Hour)
			submission.Rows = append(submission.Rows, intake.Row{Number: day + 1, Point: energy.PointID(id + "/heat"), At: at, Value: value, Quality: energy.Measured})
		}
		if receipt, err := in.Submit(t.Context(), submission); err != nil || len(receipt.Rejected) > 0 {
			t.Fatalf("hand in %s: %v, %+v", id, err, receipt.Rejected)
		}
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// today is a day in spring of the year after.
var today = energy.Date{Year: 2026, Month: 4, Day: 10}

func gather(t *testing.T, l *ledger.Ledger, edition council.Edition) council.Year {
	t.Helper()
	y, err := council.Gather(t.Context(), l, 2025, edition, today, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// read is a report as text; its form is checked.
func read(t *testing.T, y council.Year, lang words.Lang) string {
	t.Helper()
	var b bytes.Buffer
	if err := y.Write(&b, lang); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), y.Name())
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v %s", name, err, out)
		}
		return string(out)
	}
	if out := run("qpdf", "--check", file); strings.Contains(out, "WARNING") {
		t.Errorf("qpdf says %s", out)
	}
	if out := run("pdfinfo", file); !strings.Contains(out, "Tagged:          yes") || !strings.Contains(out, "Musterstadt") {
		t.Errorf("pdfinfo says %s", out)
	}
	return strings.Join(strings.Fields(run("pdftotext", "-layout", file, "-")), " ")
}

func TestTheInternalEditionHasEveryJudgementAndHearing(t *testing.T) {
	t.Parallel()
	l := open(t, map[string]int{"eins": 150_000, "zwei": 50_000, "drei": 110_000})
	issued, err := l.Issue(t.Context(), "zwei", ledger.Issuing{On: today, Actor: "account:1", Reason: "test"})
	if err != nil || len(issued) == 0 {
		t.Fatalf("issue: %v, %d", err, len(issued))
	}
	for _, i := range issued {
		if i.Assessment.Verdict == commitment.Missed {
			if _, err := l.Advance(t.Context(), "zwei", i.ID(), hearing.Step{Action: hearing.Hear, Who: "account:1"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	y := gather(t, l, council.Internal)
	verdicts := map[energy.SiteID]commitment.Verdict{}
	for _, p := range y.Promises {
		verdicts[p.Site] = p.Verdict
	}
	if verdicts["eins"] != commitment.Met || verdicts["zwei"] != commitment.Missed || verdicts["drei"] != commitment.Met || verdicts["stumm"] != commitment.Undetermined {
		t.Errorf("the judgements are %v", verdicts)
	}
	if !y.Heat.OK || y.Heat.Value != 310_000 || y.Heat.Sites != 3 || len(y.Hearings) != 1 || !slices.Equal(y.Silent, []string{"RZ stumm"}) {
		t.Errorf("heat %+v, hearings %d, silent %v", y.Heat, len(y.Hearings), y.Silent)
	}
	text := read(t, y, words.German)
	for _, want := range []string{"nicht zur Veröffentlichung", "RZ zwei", "Wert unter dem", "Vertrag § 4", "310 MWh", "Laufende Anhörungen", "kein Messwert vor: RZ stumm", "nicht feststellbar", "Das öffentliche Protokoll"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Verstoß") || strings.Contains(text, "{") {
		t.Errorf("it calls something an offence or leaves a place open: %s", text)
	}
}

func TestThePublicEditionHasOnlyWhatWasPublished(t *testing.T) {
	t.Parallel()
	l := open(t, map[string]int{"eins": 150_000, "zwei": 50_000, "drei": 110_000})
	issued, err := l.Issue(t.Context(), "zwei", ledger.Issuing{On: today, Actor: "account:1", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range issued {
		if _, err := l.Advance(t.Context(), "zwei", i.ID(), hearing.Step{Action: hearing.Hear, Who: "account:1"}); err != nil {
			t.Fatal(err)
		}
	}
	y := gather(t, l, council.Public)
	if len(y.Promises) != 0 || len(y.Hearings) != 0 || len(y.Running) != 0 {
		t.Fatalf("before anything is published it has %d judgements, %d hearings, %d of running periods", len(y.Promises), len(y.Hearings), len(y.Running))
	}
	text := read(t, y, words.English)
	if strings.Contains(text, "RZ zwei") || strings.Contains(text, "Hearings under way") {
		t.Errorf("it tells of a hearing: %s", text)
	}
	// Three operators, none of them nearly all: the sum gives nobody away.
	if !y.Heat.OK || y.Heat.Value != 310_000 || !strings.Contains(text, "3 sites together delivered 310") {
		t.Errorf("the sum of three operators is %+v: %s", y.Heat, text)
	}
}

func TestASumBesideWhatIsPublishedTellsNoSingleSite(t *testing.T) {
	t.Parallel()
	l := open(t, map[string]int{"eins": 150_000, "zwei": 120_000, "drei": 110_000})
	if y := gather(t, l, council.Public); !y.Heat.OK || !y.Months[5].OK || y.MonthsHidden {
		t.Fatalf("before anything is published the public sees %+v", y.Heat)
	}
	// The judgement of one of the three tells its heat: two are left.
	issued, err := l.Issue(t.Context(), "zwei", ledger.Issuing{On: today, Actor: "account:1", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range issued {
		if i.Assessment.Period.Label != "2025" {
			continue
		}
		for _, step := range []hearing.Step{{Action: hearing.Hear, Who: "account:1"}, {Action: hearing.Reply, Who: "account:3", Why: "fine", Last: true}, {Action: hearing.Publish, Who: "account:2"}} {
			if _, err := l.Advance(t.Context(), "zwei", i.ID(), step); err != nil {
				t.Fatal(err)
			}
		}
	}
	y := gather(t, l, council.Public)
	if !y.Heat.Hidden || y.Heat.Value != 0 || len(y.Promises) != 1 {
		t.Errorf("beside the published judgement the public sees %+v and %d judgements", y.Heat, len(y.Promises))
	}
	if text := read(t, y, words.German); !strings.Contains(text, "ein einzelner Standort ließe sich") || strings.Contains(text, "380 MWh") {
		t.Errorf("it does not say why there is no sum: %s", text)
	}
	if inside := gather(t, l, council.Internal); !inside.Heat.OK {
		t.Error("the house does not see the sum")
	}
}

func TestASumThatGivesAnOperatorAwayIsHidden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		says string
		heat map[string]int
	}{
		{"two operators", map[string]int{"eins": 100_000, "zwei": 100_000}},
		{"one is nearly all", map[string]int{"eins": 900_000, "zwei": 40_000, "drei": 60_000}},
		{"one is nearly all of what the greatest does not deliver", map[string]int{"eins": 500_000, "zwei": 400_000, "drei": 10_000}},
	} {
		l := open(t, tt.heat)
		y := gather(t, l, council.Public)
		if y.Heat.OK || !y.Heat.Hidden || y.Months[5].OK {
			t.Errorf("%s: the public sees %+v", tt.says, y.Heat)
		}
		if inside := gather(t, l, council.Internal); !inside.Heat.OK {
			t.Errorf("%s: the house does not see the sum", tt.says)
		}
	}
}
