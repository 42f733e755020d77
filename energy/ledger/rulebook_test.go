package ledger_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// bound is a site that is bound by the law, and by nothing else.
const bound = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    in_operation_since: 2019-03-01
    connected_load_kw: 4800
    commitments: [{id: law, rulebook: enefg-2023}]
`

func boundByTheLaw(t *testing.T) (*ledger.Ledger, *store.Store) {
	t.Helper()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	r, faults := registry.Load("registry.yaml", []byte(bound))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := intake.New(l, intake.Options{}).Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	return l, s
}

// earlierLaw is the law as an earlier program read it: version "0".
func earlierLaw(t *testing.T) string {
	t.Helper()
	text, err := commitment.Written("enefg-2023")
	if err != nil {
		t.Fatal(err)
	}
	book, _, err := commitment.Find("enefg-2023")
	if err != nil {
		t.Fatal(err)
	}
	earlier := strings.Replace(string(text), `"`+book.Version+`"`, `"0"`, 1)
	if earlier == string(text) {
		t.Fatalf("version %q does not stand in the text", book.Version)
	}
	return earlier
}

// recorded puts a rulebook on record as the program of that time did, and gives
// the instant.
func recorded(t *testing.T, s *store.Store, id, version, text string) time.Time {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	body, err := json.Marshal(map[string]string{"id": id, "version": version, "digest": "sha256:" + hex.EncodeToString(sum[:]), "text": text})
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.Append(t.Context(), ledger.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, ledger.KindRulebook, id, f.RecordedAt, "heatledger serve", body)
	})
	if err != nil {
		t.Fatal(err)
	}
	return head.RecordedAt
}

// versions are those of the rulebook by which hafen is judged, as known at at.
func versions(t *testing.T, l *ledger.Ledger, rulebook string, at time.Time) (found []string) {
	t.Helper()
	list, _, err := l.AssessAt(t.Context(), "hafen", energy.Date{Year: 2026, Month: 2, Day: 1}, rulebook, at)
	if err != nil || len(list) == 0 {
		t.Fatalf("%d judgements, %v", len(list), err)
	}
	for _, a := range list {
		if !slices.Contains(found, a.RulebookVersion) {
			found = append(found, a.RulebookVersion)
		}
	}
	return found
}

func TestAProgramRecordsItsRulebooksOnce(t *testing.T) {
	t.Parallel()
	l, s := boundByTheLaw(t)
	ids, err := l.Adopt(t.Context(), "test")
	if err != nil || !slices.Equal(ids, commitment.Rulebooks()) {
		t.Fatalf("recorded %v, %v, want all that came along", ids, err)
	}
	for name, again := range map[string]*ledger.Ledger{"the same program": l, "the next start": ledger.New(s, "Europe/Berlin")} {
		if ids, err := again.Adopt(t.Context(), "test"); err != nil || len(ids) > 0 {
			t.Errorf("%s records %v again, %v", name, ids, err)
		}
	}
	entries, err := s.EntriesOf(t.Context(), ledger.Municipality, ledger.KindRulebook, 1<<40)
	if err != nil || len(entries) != len(commitment.Rulebooks()) {
		t.Fatalf("%d rulebooks on record, %v", len(entries), err)
	}
	for _, e := range entries {
		var body struct{ ID, Version, Digest, Text string }
		text, _ := commitment.Written(e.ID)
		book, _, _ := commitment.Find(e.ID)
		sum := sha256.Sum256(text)
		if err := json.Unmarshal(e.Body, &body); err != nil || body.ID != e.ID || body.Version != book.Version || body.Text != string(text) || body.Digest != "sha256:"+hex.EncodeToString(sum[:]) || e.Actor != "test" {
			t.Errorf("%s is on record as %+v, %v", e.ID, body, err)
		}
	}
}

func TestARulebookThatChangedIsAnsweredAsThen(t *testing.T) {
	t.Parallel()
	l, s := boundByTheLaw(t)
	before, err := s.Head(t.Context(), ledger.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	then := recorded(t, s, "enefg-2023", "0", earlierLaw(t))
	if ids, err := l.Adopt(t.Context(), "test"); err != nil || !slices.Contains(ids, "enefg-2023") {
		t.Fatalf("recorded %v, %v, want the law as it is read now", ids, err)
	}
	head, err := s.Head(t.Context(), ledger.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	law, _, _ := commitment.Find("enefg-2023")
	bill, _, _ := commitment.Find("enefg-2026-bill")
	billThen := strings.TrimSuffix(bill.Version, law.Version) + "0" // a bill reads as the law it amends does
	for _, tt := range []struct {
		sentence, rulebook string
		at                 time.Time
		want               string
	}{
		{"now by what came along", "", time.Time{}, law.Version},
		{"as known since it is on record too", "", head.RecordedAt, law.Version},
		{"as known then by what was used then", "", then, "0"},
		{"before anything was on record by what was first", "", before.RecordedAt, "0"},
		{"a bill on the law of now", "enefg-2026-bill", head.RecordedAt, bill.Version},
		{"a bill, not on record then, on the law of then", "enefg-2026-bill", then, billThen},
	} {
		if got := versions(t, l, tt.rulebook, tt.at); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: judged by %q, want %q", tt.sentence, got, tt.want)
		}
	}
}

func TestARecordedRulebookThatCannotBeReadIsNoAnswer(t *testing.T) {
	t.Parallel()
	l, s := boundByTheLaw(t)
	then := recorded(t, s, "enefg-2023", "0", "id: enefg-2023\n")
	if list, _, err := l.AssessAt(t.Context(), "hafen", energy.Date{Year: 2026, Month: 2, Day: 1}, "", then); err == nil {
		t.Errorf("judged %+v by a rulebook that cannot be read", list)
	}
}
