package questionnaire_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/questionnaire"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    facts:
      - {name: floor_area_total, value: 5000, unit: m², to: 2024-07-01}
      - {name: floor_area_total, value: 5300, unit: m², from: 2024-07-01}
      - {name: refrigerant, value: R-134a, year: 2024}
      - {name: storage_capacity_pb, value: 2.50, unit: PB, year: 2024}
      - {name: installed_it_power_kw, value: 800, unit: kW}
      - {name: owner_name, value: Werft AG}
`

type desk struct {
	*questionnaire.Desk
	store  *store.Store
	ledger *ledger.Ledger
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	return &desk{questionnaire.New(in, l, nil), s, l}
}

// facts are the facts of that name, in short.
func (d *desk) facts(t testing.TB, name string) string {
	t.Helper()
	r, err := d.ledger.Registry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, _ := r.Site("hafen")
	var list []string
	for _, f := range site.Facts {
		if f.Name == name {
			text := f.ID() + "=" + f.Value.String()
			if f.To != (energy.Date{}) {
				text += "<" + f.To.String()
			}
			list = append(list, text)
		}
	}
	return strings.Join(list, " ")
}

func (d *desk) question(t testing.TB, year int, name string) questionnaire.Question {
	t.Helper()
	form, err := d.Show(t.Context(), "hafen", year)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(form.Questions, func(q questionnaire.Question) bool { return q.Name == name })
	return form.Questions[i]
}

func (d *desk) handIn(t testing.TB, year int, said questionnaire.Answers) *questionnaire.Handed {
	t.Helper()
	h, err := d.HandIn(t.Context(), "hafen", year, 0, said, "account:1", "")
	if err != nil {
		t.Fatalf("hand in %v for %d: %v", said, year, err)
	}
	return h
}

// faultOf is the code of the fault of a question; "" for none.
func faultOf(err error, name string) string {
	var faults questionnaire.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			if f.Question == name {
				return f.Code
			}
		}
	}
	return ""
}

func TestAnAnswerBecomesAFactOfItsYear(t *testing.T) {
	t.Parallel()
	type answer = questionnaire.Answer
	for _, tt := range []struct {
		sentence, name string
		answer         answer
		want           string // facts afterwards
		fault          string
	}{
		{"a new answer", "water_in_m3", answer{Value: "1 204,5"}, "water_in_m3@2025=1204.5", ""},
		{"as last year, confirmed", "storage_capacity_pb", answer{Value: "2,5", Confirmed: true}, "storage_capacity_pb@2024=2.50 storage_capacity_pb@2025=2.5", ""},
		{"as last year, and nobody looked", "storage_capacity_pb", answer{Value: "2.50"}, "storage_capacity_pb@2024=2.50", questionnaire.FaultUnconfirmed},
		{"other than last year", "refrigerant", answer{Value: "R-1234ze(E)"}, "refrigerant@2024=R-134a refrigerant@2025=R-1234ze(E)", ""},
		{"emptied", "refrigerant", answer{}, "refrigerant@2024=R-134a", questionnaire.FaultNothing},
		{"what holds on is confirmed", "floor_area_total", answer{Value: "5300", Confirmed: true}, "floor_area_total=5000<2024-07-01 floor_area_total@2024-07-01=5300", ""},
		{"what held on changes with the year", "floor_area_total", answer{Value: "5400"}, "floor_area_total=5000<2024-07-01 floor_area_total@2024-07-01=5300<2025-01-01 floor_area_total@2025-01-01=5400", ""},
		{"a yearly one that held on is ended", "installed_it_power_kw", answer{Value: "900"}, "installed_it_power_kw=800<2025-01-01 installed_it_power_kw@2025=900", ""},
		{"a slip of the pen", "storage_capacity_pb", answer{Value: "2500000"}, "storage_capacity_pb@2024=2.50", questionnaire.FaultRange},
		{"grouped as the page shows it", "water_in_m3", answer{Value: "1.204,5"}, "water_in_m3@2025=1204.5", ""},
		{"grouped by narrow spaces", "water_in_m3", answer{Value: "1\u202f204"}, "water_in_m3@2025=1204", ""},
		{"a thousand or one and a bit", "water_in_m3", answer{Value: "1.204"}, "", questionnaire.FaultAmbiguous},
		{"no number", "water_in_m3", answer{Value: "1204 m³"}, "", questionnaire.FaultNumber},
		{"no choice", "has_feed_in", answer{Value: "nein"}, "", questionnaire.FaultChoice},
		{"a document that nobody has", "water_in_m3", answer{Value: "7", Document: "sha256:" + strings.Repeat("ab", 32)}, "", questionnaire.FaultDocument},
		{"a paper somewhere", "water_in_m3", answer{Value: "7", Document: "bill 4711"}, "water_in_m3@2025=7", ""},
		{"a part larger than the whole", "floor_area_computer_rooms", answer{Value: "9000"}, "", questionnaire.FaultValue},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			_, err := d.HandIn(t.Context(), "hafen", 2025, 0, questionnaire.Answers{tt.name: tt.answer}, "account:1", "")
			of := tt.name
			if tt.fault == questionnaire.FaultNothing {
				of = ""
			}
			if got := faultOf(err, of); got != tt.fault || tt.fault == "" && err != nil {
				t.Errorf("fault %q (%v), want %q", got, err, tt.fault)
			}
			if got := d.facts(t, tt.name); got != tt.want {
				t.Errorf("facts %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNothingOfLastYearIsTakenOverByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if q := d.question(t, 2025, "storage_capacity_pb"); q.State != questionnaire.Carried || q.Given.Value != "2.50" || q.Given.Confirmed {
		t.Errorf("of last year there is %+v", q)
	}
	h := d.handIn(t, 2025, questionnaire.Answers{"refrigerant": {Value: "R-134a", Confirmed: true}})
	if len(h.Changed) != 1 || h.Changed[0] != "refrigerant@2025" || h.Fact == 0 || len(h.Digest) != 64 {
		t.Errorf("handed in as %+v", h)
	}
	if got := d.facts(t, "storage_capacity_pb"); got != "storage_capacity_pb@2024=2.50" {
		t.Errorf("what nobody confirmed is a fact: %s", got)
	}
	if q := d.question(t, 2025, "refrigerant"); q.State != questionnaire.Answered {
		t.Errorf("what was handed in is %s", q.State)
	}
	d.handIn(t, 2025, questionnaire.Answers{"owner_name": {Value: "Werft AG", Confirmed: true}})
	if q := d.question(t, 2025, "owner_name"); q.State != questionnaire.Answered {
		t.Errorf("what holds on and was confirmed is %s", q.State)
	}
	if q := d.question(t, 2026, "owner_name"); q.State != questionnaire.Carried {
		t.Errorf("in the next year it is %s", q.State)
	}
}

func TestWhatWasHandedInIsChangedWithAReasonAndTheOldStaysKnown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.handIn(t, 2025, questionnaire.Answers{"water_in_m3": {Value: "1204"}, "floor_area_total": {Value: "5400"}})
	_, err := d.HandIn(t.Context(), "hafen", 2025, 0, questionnaire.Answers{"water_in_m3": {Value: "1304"}}, "account:1", "")
	if faultOf(err, "water_in_m3") != questionnaire.FaultReason {
		t.Errorf("without a reason: %v", err)
	}
	d.handIn(t, 2025, questionnaire.Answers{"water_in_m3": {Value: "1304", Reason: "misread"}, "floor_area_total": {Value: "5500", Reason: "misread"}})
	if got := d.facts(t, "water_in_m3") + " " + d.facts(t, "floor_area_total"); !strings.HasPrefix(got, "water_in_m3@2025=1304 ") || !strings.HasSuffix(got, "floor_area_total@2025-01-01=5500") {
		t.Errorf("facts %q", got)
	}
	then, err := d.ledger.RegistryAt(t.Context(), first.At)
	if err != nil {
		t.Fatal(err)
	}
	site, _ := then.Site("hafen")
	if f, ok := site.FactAt("water_in_m3", 2025); !ok || f.Value.String() != "1204" {
		t.Errorf("as known then: %v %v", f, ok)
	}
	d.handIn(t, 2025, questionnaire.Answers{"water_in_m3": {Reason: "it was another site's bill"}})
	if got := d.facts(t, "water_in_m3"); got != "" {
		t.Errorf("what was taken back is %q", got)
	}
	history, err := d.History(t.Context(), "hafen")
	if err != nil || len(history) != 3 || history[1].Answers["water_in_m3"].Reason != "misread" || history[0].Actor != "account:1" {
		t.Errorf("the history is %+v, %v", history, err)
	}
}

func TestADraftIsKeptBetweenVisitsAndNotSavedOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	said := questionnaire.Answers{"water_in_m3": {Value: "not yet"}}
	if err := d.Save(t.Context(), "hafen", 2025, 0, said, "account:1"); err != nil {
		t.Fatal(err)
	}
	if q := d.question(t, 2025, "water_in_m3"); q.State != questionnaire.Drafted || q.Given.Value != "not yet" {
		t.Errorf("the draft is %+v", q)
	}
	for _, version := range []int{0, 7} {
		if err := d.Save(t.Context(), "hafen", 2025, version, said, "account:2"); !errors.Is(err, store.ErrSavedOver) {
			t.Errorf("over version %d: %v", version, err)
		}
	}
	_, err := d.HandIn(t.Context(), "hafen", 2025, 1, questionnaire.Answers{"water_in_m3": {Value: "x"}, "water_potable_m3": {Value: "-1"}, "nonsense": {Value: "1"}}, "account:1", "")
	var faults questionnaire.Faults
	if !errors.As(err, &faults) || len(faults) != 3 {
		t.Fatalf("three faults are named as %v", err)
	}
	if _, err := d.HandIn(t.Context(), "hafen", 2025, 1, questionnaire.Answers{"water_in_m3": {Value: "12"}}, "account:1", ""); err != nil {
		t.Fatal(err)
	}
	form, err := d.Show(t.Context(), "hafen", 2025)
	if err != nil || form.Version != 0 || form.Count(questionnaire.Drafted) != 0 || form.Last == nil {
		t.Errorf("after it was handed in: %+v, %v", form, err)
	}
}

func TestTwoPeopleHandItInWhereTheOperatorWantsIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.store.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.SetFourEyes(ctx, "op", true, "account:9", "")
	}); err != nil {
		t.Fatal(err)
	}
	h, err := d.HandIn(t.Context(), "hafen", 2025, 0, questionnaire.Answers{"water_in_m3": {Value: "12"}}, "account:1", "")
	if err != nil || h != nil || d.facts(t, "water_in_m3") != "" {
		t.Fatalf("one person alone: %+v, %v, facts %q", h, err, d.facts(t, "water_in_m3"))
	}
	if _, err := d.Release(t.Context(), "hafen", 2025, 1, "account:1"); !errors.Is(err, questionnaire.ErrSamePair) {
		t.Errorf("the same person: %v", err)
	}
	if err := d.GiveBack(t.Context(), "hafen", 2025, 1, "account:2"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Release(t.Context(), "hafen", 2025, 2, "account:2"); !errors.Is(err, questionnaire.ErrNotHanded) {
		t.Errorf("what was given back: %v", err)
	}
	if _, err := d.HandIn(t.Context(), "hafen", 2025, 2, questionnaire.Answers{"water_in_m3": {Value: "13"}}, "account:1", ""); err != nil {
		t.Fatal(err)
	}
	h, err = d.Release(t.Context(), "hafen", 2025, 3, "account:2")
	if err != nil || h.Actor != "account:1" || h.ReleasedBy != "account:2" || d.facts(t, "water_in_m3") != "water_in_m3@2025=13" {
		t.Errorf("two people: %+v, %v", h, err)
	}
}

func TestADocumentOfTheSiteStandsWithTheFact(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := []byte("%PDF-1.7\n%%EOF\n")
	paper, err := exhibit.New(d.store).Take(t.Context(), exhibit.Upload{Site: "hafen", Name: "a.pdf", About: "fact:water_in_m3@2025",
		File: bytes.NewReader(body), Size: int64(len(body)), Digest: sha256.Sum256(body)}, "account:1")
	if err != nil {
		t.Fatal(err)
	}
	d.handIn(t, 2025, questionnaire.Answers{"water_in_m3": {Value: "12", Document: paper.Document()}})
	if q := d.question(t, 2025, "water_in_m3"); q.Before.Document != paper.Document() {
		t.Errorf("the fact's document is %q, want %q", q.Before.Document, paper.Document())
	}
}

func TestWhateverIsSaidTheRegistryStaysWithoutFault(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	names := []string{"floor_area_total", "refrigerant", "storage_capacity_pb", "installed_it_power_kw", "floor_area_computer_rooms", "has_feed_in"}
	rapid.Check(t, func(rt *rapid.T) {
		said := questionnaire.Answers{}
		for range rapid.IntRange(1, 4).Draw(rt, "answers") {
			said[rapid.SampledFrom(names).Draw(rt, "name")] = questionnaire.Answer{Confirmed: rapid.Bool().Draw(rt, "confirmed"), Reason: "draw",
				Value: rapid.SampledFrom([]string{"", "1", "800", "5300", "5 400,25", "yes", "R-134a", "1e9", "{}: '"}).Draw(rt, "value")}
		}
		year := rapid.IntRange(2022, 2027).Draw(rt, "year")
		h, err := d.HandIn(t.Context(), "hafen", year, 0, said, "account:1", "")
		var faults questionnaire.Faults
		if err != nil && !errors.As(err, &faults) {
			rt.Fatalf("%v for %d: %v", said, year, err)
		}
		r, err := d.ledger.Registry(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		site, _ := r.Site("hafen")
		if wrong, _, err := r.CheckFacts(site); err != nil || len(wrong) > 0 {
			rt.Fatalf("after %v for %d: %v, %v", said, year, wrong, err)
		}
		if h == nil {
			return
		}
		for name, a := range h.Answers {
			f, ok := site.FactAt(name, year)
			if ok != (a.Value != "") || ok && f.Value.String() != a.Value && fmt.Sprint(f.Value.Float64()) != fmt.Sprint(number(a.Value)) {
				rt.Fatalf("%s of %d was answered %q and is %v %v", name, year, a.Value, f, ok)
			}
		}
	})
}

func number(text string) float64 {
	v, err := energy.ParseValue(text)
	if err != nil {
		return -1
	}
	return v.Float64()
}
