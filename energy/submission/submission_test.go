package submission_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/energy/submission"
)

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    connected_load_kw: 100
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
          - {id: hafen/profile, quantity: active_energy_import, series: interval, use: check}
  - id: fremd
    name: Fremd
    operator: op
    meters: [{id: fremd-main, points: [{id: fremd/grid, quantity: active_energy_import, role: grid_import}]}]
`

// desk is a desk on a database of its own.
type desk struct {
	*submission.Desk
	store  *store.Store
	ledger *ledger.Ledger
	intake *intake.Intake
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	return &desk{Desk: submission.New(in, l, nil), store: s, ledger: l, intake: in}
}

// operator hands in for hafen; office accepts.
func operator(name string) submission.Caller {
	return submission.Caller{Name: name, Actor: "account:" + name, May: func(p energy.PointID) bool { return p.Site() == "hafen" },
		Sees: func(s energy.SiteID) bool { return s == "hafen" }, Reviews: func(energy.SiteID) bool { return false }}
}

func office() submission.Caller {
	all := func(energy.SiteID) bool { return true }
	return submission.Caller{Name: "office", Actor: "account:office", May: func(energy.PointID) bool { return true }, Sees: all, Reviews: all}
}

func counters() intake.Mapping {
	return intake.Mapping{Header: 1, Decimal: ",", Zone: "Europe/Berlin", Columns: []intake.MappedColumn{{Column: "A", Is: intake.MeansTime}, {Column: "B", Is: intake.MeansValue, Point: "hafen/grid"}}}
}

func upload(text string, r submission.Request) submission.Upload {
	return submission.Upload{Name: `C:\Daten\zähler.csv`, File: bytes.NewReader([]byte(text)), Size: int64(len(text)), Digest: sha256.Sum256([]byte(text)), Request: r}
}

// table is a table of counter readings, one an hour from 3 June 2025.
func table(values ...string) string {
	text := "Zeit;Stand\n"
	at := time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC)
	for i, v := range values {
		text += at.Add(time.Duration(i)*time.Hour).Format("02.01.2006 15:04") + ";" + v + "\n"
	}
	return text
}

func (d *desk) look(t testing.TB, who submission.Caller, text string, r submission.Request) submission.Submission {
	t.Helper()
	sub, err := d.Look(t.Context(), who, upload(text, r))
	if err != nil {
		t.Fatalf("look at a file: %v", err)
	}
	return sub
}

func (d *desk) handIn(t testing.TB, who submission.Caller, sub submission.Submission, explain ...intake.Explanation) submission.Submission {
	t.Helper()
	handed, err := d.HandIn(t.Context(), who, sub.ID, explain, false)
	if err != nil {
		t.Fatalf("hand in: %v", err)
	}
	return handed
}

// known are the values of hafen/grid.
func (d *desk) known(t testing.TB) string {
	t.Helper()
	from := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	answer, err := d.ledger.Values(t.Context(), ledger.Question{Point: "hafen/grid", Step: ledger.Raw, Period: energy.Period{From: from, To: from.AddDate(0, 1, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range answer.Readings {
		list = append(list, r.Value.String())
	}
	return strings.Join(list, " ")
}

func TestAFileIsLookedAtHandedInAskedAboutAndAccepted(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	draft := d.look(t, who, table("10,5", "20,5", "30,5"), submission.Request{Mapping: counters()})
	if draft.State != submission.Draft || draft.Report.Accepted != 3 || draft.Report.Rows != 3 || draft.Name != "zähler.csv" || d.known(t) != "" {
		t.Fatalf("looked at: %+v; known %q", draft, d.known(t))
	}
	if m := draft.Report.Months; len(m) != 1 || m[0].Before != nil || m[0].After == nil || m[0].After.String() != "20.000000" {
		t.Errorf("months side by side %+v, want nothing before and 20 kWh after", m)
	}
	handed := d.handIn(t, who, draft)
	if handed.State != submission.Checked || handed.Number == 0 || handed.Receipt == nil || handed.Receipt.Facts["hafen"] == 0 || d.known(t) != "10.5 20.5 30.5" {
		t.Fatalf("handed in: %+v; known %q", handed, d.known(t))
	}
	if handed.Receipt.Digest != fmt.Sprintf("%x", sha256.Sum256([]byte(table("10,5", "20,5", "30,5")))) {
		t.Errorf("the receipt's digest %s is not that of the file", handed.Receipt.Digest)
	}
	if _, err := d.Note(t.Context(), who, draft.ID, submission.Step{Kind: submission.StepAccept}); !errors.Is(err, submission.ErrNotAllowed) {
		t.Errorf("an operator accepts: %v, want a refusal", err)
	}
	asked, err := d.Note(t.Context(), office(), draft.ID, submission.Step{Kind: submission.StepAsk, Text: "Woher die 20,5?", Row: 3})
	if err != nil || asked.State != submission.AskedBack {
		t.Fatalf("asked back: %s, %v", asked.State, err)
	}
	if answered, err := d.Note(t.Context(), who, draft.ID, submission.Step{Kind: submission.StepAnswer, Text: "Foto liegt bei"}); err != nil || answered.State != submission.Received {
		t.Errorf("answered: %s, %v", answered.State, err)
	}
	accepted, err := d.Note(t.Context(), office(), draft.ID, submission.Step{Kind: submission.StepAccept})
	if err != nil || accepted.State != submission.Accepted || len(accepted.Steps) != 4 || accepted.Steps[1].Row != 3 || accepted.Steps[1].Actor != "account:office" {
		t.Errorf("accepted: %+v, %v", accepted.Steps, err)
	}
	if _, err := d.Show(t.Context(), submission.Caller{Name: "bob", May: func(energy.PointID) bool { return false }, Sees: func(energy.SiteID) bool { return false }}, draft.ID); !errors.Is(err, submission.ErrUnknown) {
		t.Errorf("a stranger sees it: %v", err)
	}
}

func TestWhatIsStrangeIsExplainedOrNotHandedIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, file, code string
		row                      int
	}{
		{"a counter that falls for good", table("1000", "1010", "1020"), "Zeit;Stand\n04.06.2025 00:00;900\n04.06.2025 01:00;910\n04.06.2025 02:00;920\n04.06.2025 03:00;930\n04.06.2025 04:00;940\n", "counter_fell", 2},
		{"more than the connection carries", table("1000", "1010"), "Zeit;Stand\n03.06.2025 02:00;1020\n03.06.2025 03:00;1300\n03.06.2025 04:00;1310\n", "above_connection", 2},
		{"a counter below zero", "", table("-5", "-4"), "negative_value", 2},
		{"amounts in place of standings", "", table("12", "10", "13", "11", "12", "9"), "load_profile", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, who := newDesk(t), operator("anna")
			if c.before != "" {
				d.handIn(t, who, d.look(t, who, c.before, submission.Request{Mapping: counters()}))
			}
			before := d.known(t)
			draft := d.look(t, who, c.file, submission.Request{Mapping: counters()})
			var codes []string
			for _, q := range draft.Report.Questions {
				codes = append(codes, fmt.Sprintf("%s %d", q.Code, q.Row))
			}
			if strings.Join(codes, ",") != fmt.Sprintf("%s %d", c.code, c.row) {
				t.Fatalf("asked %v, want %s about row %d", codes, c.code, c.row)
			}
			if refused := d.handIn(t, who, draft); refused.Number != 0 || len(refused.Report.Open()) != 1 || d.known(t) != before {
				t.Fatalf("without a word: %+v; want it to stay a draft", refused)
			}
			handed := d.handIn(t, who, draft, intake.Explanation{Code: c.code, Text: "so war es"})
			if handed.Number == 0 || handed.State != submission.Received || handed.Report.Questions[0].Explanation != "so war es" || d.known(t) == before {
				t.Errorf("explained: %+v", handed)
			}
		})
	}
}

func TestErrorsAreNotExplainedAway(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	draft := d.look(t, who, "Zeit;Stand\n01.01.1970 00:00;5\n03.06.2099 00:00;5\n03.06.2025 00:00;NaN\n03.06.2025 01:00;7\n", submission.Request{Mapping: counters()})
	var got []string
	for _, r := range draft.Report.Rejected {
		got = append(got, fmt.Sprintf("%d %s", r.Row, r.Code))
	}
	if strings.Join(got, ",") != "2 past,3 future,4 bad_value" || draft.Report.Rows != 4 {
		t.Errorf("rejected %v of %d", got, draft.Report.Rows)
	}
	refused := d.handIn(t, who, draft, intake.Explanation{Code: "past", Text: "so war es"})
	if refused.Number != 0 || d.known(t) != "" {
		t.Errorf("handed in %+v, want all or nothing", refused)
	}
	some, err := d.HandIn(t.Context(), who, draft.ID, nil, true)
	if err != nil || some.Number == 0 || d.known(t) != "7" {
		t.Errorf("the good rows alone: %+v, %v; known %q", some, err, d.known(t))
	}
}

func TestOtherPeoplesPointsAreRefusedAlikeWhetherTheyExistOrNot(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	draft := d.look(t, who, "point;at;value\nfremd/grid;2025-06-03T00:00:00Z;5\nfremd/nothing;2025-06-03T00:00:00Z;5\n", submission.Request{})
	if len(draft.Report.Rejected) != 2 || draft.Report.Rejected[0].Code != intake.CodeScope || draft.Report.Rejected[0].Reason != draft.Report.Rejected[1].Reason || len(draft.Sites) != 0 {
		t.Errorf("rejected %+v of sites %v", draft.Report.Rejected, draft.Sites)
	}
}

func TestTheSameFileTwiceIsOneSubmission(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	first := d.handIn(t, who, d.look(t, who, table("1", "2"), submission.Request{Mapping: counters()}))
	again := d.handIn(t, who, d.look(t, who, table("1", "2"), submission.Request{Mapping: counters()}))
	if !again.Again || again.Number != first.Number || again.Receipt.Receipt.Receipt != first.Receipt.Receipt.Receipt {
		t.Errorf("again %+v, want the first: %+v", again, first)
	}
}

func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var drafts []submission.Submission
	for i := range 8 {
		who := operator([]string{"anna", "bert"}[i%2])
		drafts = append(drafts, d.look(t, who, table("1", "2", "3"), submission.Request{Mapping: counters()}))
	}
	var wg sync.WaitGroup
	handed := make([]submission.Submission, len(drafts))
	for i, draft := range drafts {
		wg.Go(func() {
			var err error
			if handed[i], err = d.HandIn(t.Context(), operator(strings.TrimPrefix(draft.Source, "account:")), draft.ID, nil, false); err != nil {
				t.Errorf("hand in %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	numbers := map[int64]bool{}
	for _, h := range handed {
		if h.Number > 0 {
			numbers[h.Number] = true
		} else if h.Report.Duplicate != 3 || h.Report.Refused() {
			t.Errorf("neither handed in nor known: %+v", h.Report)
		}
	}
	if len(numbers) != 1 || d.known(t) != "1 2 3" {
		t.Errorf("%d receipts, known %q; want one that made the readings known", len(numbers), d.known(t))
	}
}

func TestACorrectionAndAWithdrawalKeepTheOldVersion(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	first := d.handIn(t, who, d.look(t, who, table("1", "2", "3"), submission.Request{Mapping: counters()}))
	conflict := d.look(t, who, table("1", "5", "3"), submission.Request{Mapping: counters()})
	if c := conflict.Report.Changes; len(conflict.Report.Rejected) != 1 || conflict.Report.Rejected[0].Cell != "B3" || len(c) != 1 || c[0].Old.String() != "2" || c[0].New.String() != "5" || c[0].Delta != 3 {
		t.Fatalf("a second word: %+v, changes %+v", conflict.Report.Rejected, c)
	}
	d.handIn(t, who, d.look(t, who, table("1", "2,5", "3"), submission.Request{Mapping: counters(), Correction: "abgelesen statt geschätzt"}))
	if d.known(t) != "1 2.5 3" {
		t.Fatalf("corrected: %q", d.known(t))
	}
	gone, err := d.Withdraw(t.Context(), who, first.ID, "falscher Zähler")
	if err != nil || gone.State != submission.Withdrawn || gone.Steps[1].Withdrawn != 2 || d.known(t) != "2.5" {
		t.Fatalf("withdrawn: %+v, %v; known %q, want what was corrected since to stay", gone.Steps, err, d.known(t))
	}
	old, err := d.ledger.Values(t.Context(), ledger.Question{Point: "hafen/grid", Step: ledger.Raw, At: first.HandedAt,
		Period: energy.Period{From: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}})
	if err != nil || len(old.Readings) != 3 || old.Readings[1].Value.String() != "2" {
		t.Errorf("as it was known then: %+v, %v", old.Readings, err)
	}
}

func TestWhatIsOnlyLookedAtIsForgotten(t *testing.T) {
	t.Parallel()
	d, who := newDesk(t), operator("anna")
	old := time.Now().Add(-submission.DraftsKept - time.Hour)
	past := submission.New(d.intake, d.ledger, func() time.Time { return old })
	forgotten, err := past.Look(t.Context(), who, upload(table("1"), submission.Request{Mapping: counters()}))
	if err != nil {
		t.Fatal(err)
	}
	kept := d.look(t, who, table("2"), submission.Request{Mapping: counters()})
	if _, err := d.Show(t.Context(), who, forgotten.ID); !errors.Is(err, submission.ErrUnknown) {
		t.Errorf("after a fortnight: %v, want it to be forgotten", err)
	}
	var file bytes.Buffer
	if err := d.WriteFile(t.Context(), who, kept.ID, func(submission.Submission) io.Writer { return &file }); err != nil || file.String() != table("2") {
		t.Errorf("the file of the other: %q, %v", file.String(), err)
	}
}

func TestADraftIsThrownAwayByWhoeverMadeItUntilItIsHandedIn(t *testing.T) {
	t.Parallel()
	d, anna, bert := newDesk(t), operator("anna"), operator("bert")
	draft := d.look(t, anna, table("1", "2"), submission.Request{Mapping: counters()})
	for name, who := range map[string]submission.Caller{"a colleague": bert, "the office": office()} {
		if _, err := d.Discard(t.Context(), who, draft.ID); !errors.Is(err, submission.ErrUnknown) {
			t.Errorf("%s throws it away: %v", name, err)
		}
	}
	if gone, err := d.Discard(t.Context(), anna, draft.ID); err != nil || gone.Name != draft.Name {
		t.Fatalf("thrown away: %+v, %v", gone, err)
	}
	if _, err := d.Show(t.Context(), anna, draft.ID); !errors.Is(err, submission.ErrUnknown) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := d.HandIn(t.Context(), anna, draft.ID, nil, false); !errors.Is(err, submission.ErrUnknown) || d.known(t) != "" {
		t.Errorf("what was thrown away is handed in: %v, known %q", err, d.known(t))
	}
	again := d.look(t, anna, table("1", "2"), submission.Request{Mapping: counters()})
	if handed := d.handIn(t, anna, again); handed.Number == 0 || d.known(t) != "1 2" {
		t.Fatalf("the same file once more: %+v, known %q", handed, d.known(t))
	}
	if _, err := d.Discard(t.Context(), anna, again.ID); !errors.Is(err, submission.ErrNotDraft) || d.known(t) != "1 2" {
		t.Errorf("what was handed in is thrown away: %v, known %q", err, d.known(t))
	}
}
