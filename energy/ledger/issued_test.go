package ledger_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// otherProcess asks a process of its own for the same.
const otherProcess = "HEATLEDGER_TEST_JUDGE"

func TestMain(m *testing.M) {
	address := os.Getenv(otherProcess)
	if address == "" {
		os.Exit(m.Run())
	}
	s, err := store.Open(context.Background(), address, store.Options{})
	if err == nil {
		var list []commitment.Assessment
		if list, _, err = ledger.New(s, "Europe/Berlin").Assess(context.Background(), "hafen", issuedOn, ""); err == nil {
			var digests []string
			for _, a := range list {
				digests = append(digests, a.Digest)
			}
			err = json.NewEncoder(os.Stdout).Encode(digests)
		}
		s.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestVerdictsAreTheSameToTheByte lets the same readings come in any order and
// any batches, closed now and then, and asks a ledger that saw it all, one that
// was started afterwards, one in another process, and what was known from the
// facts alone.
func TestVerdictsAreTheSameToTheByte(t *testing.T) {
	t.Parallel()
	want := ""
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 5))
		address := storetest.URL(t)
		i := newIssuing(t, storetest.Open(t, address, store.Options{}))
		readings := fourYears(t)
		if seed > 0 {
			random.Shuffle(len(readings), func(a, b int) { readings[a], readings[b] = readings[b], readings[a] })
		}
		for len(readings) > 0 {
			n := min(len(readings), 1+random.IntN(2500))
			i.deliver(readings[:n])
			readings = readings[n:]
			if random.IntN(6) == 0 {
				i.close()
			}
		}
		i.close()
		got := judged(t, i.ledger, time.Time{})
		if want == "" {
			want = got
		}
		for who, other := range map[string]string{
			"in another order":     got,
			"once more":            judged(t, i.ledger, time.Time{}),
			"after a restart":      judged(t, ledger.New(i.store, "Europe/Berlin"), time.Time{}),
			"from the facts alone": judged(t, i.ledger, time.Now()),
		} {
			if other != want {
				t.Errorf("seed %d, %s:\n%s\nwant\n%s", seed, who, other, want)
			}
		}
		command := exec.CommandContext(t.Context(), os.Args[0])
		command.Env = append(os.Environ(), otherProcess+"="+address)
		answer, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("another process: %v: %s", err, answer)
		}
		var digests []string
		if err := json.Unmarshal(answer, &digests); err != nil {
			t.Fatalf("another process says %s: %v", answer, err)
		}
		for n, line := range strings.Split(want, "\n") {
			if n >= len(digests) || !strings.HasPrefix(line, digests[n]) {
				t.Errorf("another process judges %v, want %s", digests, line)
			}
		}
	}
	for _, part := range []string{`"forecast_method":"forecast_by_last_year"`, `"forecast_years":2`, `"uncertainty":0.`, `"verdict":"on_track"`, `"verdict":"undetermined"`} {
		if !strings.Contains(want, part) {
			t.Errorf("the judgements lack %s:\n%s", part, want)
		}
	}
}

func TestAJudgementIsAnsweredAsIssued(t *testing.T) {
	t.Parallel()
	i := newIssuing(t, storetest.New(t))
	i.deliver(fourYears(t))
	i.close()
	issued := i.issue()
	if len(issued) < 8 {
		t.Fatalf("%d issued", len(issued))
	}
	if again := i.issue(); len(again) != 0 {
		t.Errorf("the same is issued again: %v", again)
	}
	outcomes := func() map[ledger.Outcome]int {
		t.Helper()
		list, err := i.ledger.Recount(t.Context(), "hafen")
		if err != nil {
			t.Fatal(err)
		}
		found := map[ledger.Outcome]int{}
		for _, r := range list {
			found[r.Outcome]++
		}
		return found
	}
	if got := outcomes(); !maps.Equal(got, map[ledger.Outcome]int{ledger.Stands: len(issued)}) {
		t.Fatalf("computed again: %v, want that all %d stand", got, len(issued))
	}
	between := time.Now()
	time.Sleep(5 * time.Millisecond)

	// A year of the heat meter is corrected to a tenth: the judgements of it change.
	berlin, _ := energy.LoadCalendar("Europe/Berlin")
	year := berlin.Year(2025)
	if _, err := i.store.Append(t.Context(), "hafen", func(ctx context.Context, f *store.Fact) error {
		return f.Correction(ctx, "office", 20, "hafen/heat", year, "wrong factor", nil)
	}); err != nil {
		t.Fatal(err)
	}
	i.close()
	list, err := i.ledger.Recount(t.Context(), "hafen")
	if err != nil {
		t.Fatal(err)
	}
	superseded := 0
	for _, r := range list {
		switch r.Outcome {
		case ledger.Stands:
		case ledger.Superseded:
			superseded++
			if len(r.Changes) != 1 || r.Changes[0].Code != commitment.ChangedReadings || r.Changes[0].Args["point"].Text != "hafen/heat" {
				t.Errorf("%s %s %s changed by %+v, want the readings of hafen/heat", r.Commitment, r.Rule, r.Period, r.Changes)
			}
		default:
			t.Errorf("%s %s %s is %s", r.Commitment, r.Rule, r.Period, r.Outcome)
		}
	}
	if superseded == 0 || superseded == len(list) {
		t.Errorf("%d of %d are superseded, want those that rest on the heat of 2025", superseded, len(list))
	}

	now, _, err := i.ledger.Assess(t.Context(), "hafen", issuedOn, "")
	if err != nil {
		t.Fatal(err)
	}
	then, err := i.ledger.AsIssued(t.Context(), "hafen", now, between)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for n := range then {
		one := slices.IndexFunc(issued, func(i ledger.Issued) bool {
			return i.Assessment.Commitment == then[n].Commitment && i.Assessment.Rule == then[n].Rule && i.Period == then[n].Period.Label
		})
		if one < 0 {
			continue
		}
		if !bytes.Equal(then[n].Canonical(), issued[one].Body) || then[n].Citation != issued[one].Assessment.Citation {
			t.Errorf("%s %s is answered as\n%s\nwant as issued\n%s", then[n].Commitment, then[n].Period.Label, then[n].Canonical(), issued[one].Body)
		}
		if then[n].Digest != now[n].Digest {
			changed++
		}
	}
	if changed != superseded {
		t.Errorf("%d answers differ from today's, want the %d that are superseded", changed, superseded)
	}
	if second := i.issue(); len(second) != superseded {
		t.Errorf("%d issued anew, want the %d that changed", len(second), superseded)
	}
	all, err := i.ledger.Issued(t.Context(), "hafen", time.Time{})
	if latest := ledger.Latest(all); err != nil || len(all) != len(issued)+superseded || len(latest) != len(issued) {
		t.Errorf("%d issued, %d the latest (%v), want %d and %d", len(all), len(latest), err, len(issued)+superseded, len(issued))
	}
}

func TestWhatDoesNotComeOutAgainIsNamed(t *testing.T) {
	t.Parallel()
	i := newIssuing(t, storetest.New(t))
	i.deliver(fourYears(t))
	i.close()
	genuine := i.issue()
	at := slices.IndexFunc(genuine, func(i ledger.Issued) bool { return i.Commitment == "law" && i.Rule == "green" })
	original := genuine[at]
	forge := func(change func(*store.Issued)) {
		t.Helper()
		one := original.Issued
		one.Body, one.Prose = bytes.Clone(one.Body), bytes.Clone(one.Prose)
		change(&one)
		if _, err := i.store.Append(t.Context(), "hafen", func(ctx context.Context, f *store.Fact) error {
			return f.Issue(ctx, []store.Issued{one})
		}); err != nil {
			t.Fatal(err)
		}
	}
	replace := func(old, with string) func(*store.Issued) {
		return func(one *store.Issued) {
			changed := bytes.Replace(one.Body, []byte(old), []byte(with), 1)
			if bytes.Equal(changed, one.Body) {
				t.Fatalf("%s is not in %s", old, one.Body)
			}
			one.Body = changed
		}
	}
	version := original.Assessment.RulebookVersion
	forge(replace(`"status":"`, `"status":"x`))
	forge(func(one *store.Issued) {
		replace(`"status":"`, `"status":"x`)(one)
		one.Method = "judgement 0, figures 0, days 0"
	})
	forge(replace(`"rulebook_version":"`+version, `"rulebook_version":"0`))
	forge(func(one *store.Issued) { one.Body = []byte("a page of the council's minutes") })
	forge(replace(`"status":"`, `"status": "`)) // says the same, in other bytes
	list, err := i.ledger.Recount(t.Context(), "hafen")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		if r.Seq <= original.Seq {
			if r.Outcome != ledger.Stands {
				t.Errorf("%s is %s, want that it stands", r.ID(), r.Outcome)
			}
			continue
		}
		text := string(r.Outcome)
		for _, change := range r.Changes {
			text += fmt.Sprintf(" %s %s to %s", change.Code, change.Args["was"].Text, change.Args["is"].Text)
		}
		got = append(got, text)
	}
	want := []string{
		"unexplained",
		"other_method changed_method judgement 0, figures 0, days 0 to " + ledger.Methods(),
		"other_rulebook changed_rulebook 0 to " + version,
		"damaged",
		"damaged",
	}
	if !slices.Equal(got, want) {
		t.Errorf("computed again:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheOperatorIsHeardBeforeAnythingIsPublished(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, time.November, 23, 22, 30, 0, 0, time.UTC) // 23:30 in Berlin
	i := newIssuing(t, storetest.Open(t, storetest.URL(t), store.Options{Now: func() time.Time { return clock }}))
	i.deliver(fourYears(t))
	i.close()
	id := i.issue()[0].ID()
	step := func(action hearing.Action, why string) (hearing.Case, error) {
		return i.ledger.Advance(t.Context(), "hafen", id, hearing.Step{Action: action, Who: "office", Why: why})
	}
	if _, err := step(hearing.Publish, ""); !errors.Is(err, hearing.ErrOrder) {
		t.Errorf("a draft is published: %v", err)
	}
	c, err := step(hearing.Hear, "")
	if want := (energy.Date{Year: 2026, Month: time.December, Day: 7}); err != nil || c.Deadline != want {
		t.Fatalf("asked on 23 November in Berlin, the term ends on %s (%v), want %s", c.Deadline, err, want)
	}
	clock = clock.AddDate(0, 0, 14)
	if _, err := step(hearing.Publish, ""); !errors.Is(err, hearing.ErrTerm) {
		t.Errorf("published on the last day: %v", err)
	}
	if c, err = step(hearing.Reply, "The meter was read wrongly."); err != nil || len(c.Replies) != 1 || c.Replies[0].Why != "The meter was read wrongly." {
		t.Fatalf("the reply is kept as %+v, %v", c.Replies, err)
	}
	clock = clock.Add(time.Hour) // past midnight in Berlin
	if c, err = step(hearing.Publish, ""); err != nil || c.State != hearing.Published || len(c.Replies) != 1 {
		t.Fatalf("published after the term: %s with %d replies, %v", c.State, len(c.Replies), err)
	}
	if _, err := i.ledger.Advance(t.Context(), "hafen", "999.0", hearing.Step{Action: hearing.Hear, Who: "office"}); !errors.Is(err, ledger.ErrNotIssued) {
		t.Errorf("one that was never issued is heard: %v", err)
	}
	if _, err := i.ledger.Advance(t.Context(), "hafen", id, hearing.Step{Action: hearing.Correct, Who: "office", Why: "wrong factor", Successor: "999.0"}); !errors.Is(err, hearing.ErrSuccessor) {
		t.Errorf("corrected by one that was never issued: %v", err)
	}
	// A ledger that was not there tells the same from the facts.
	all, err := ledger.New(i.store, "Europe/Berlin").Hearings(t.Context(), "hafen", time.Time{})
	want, _ := json.Marshal(c)
	if got, _ := json.Marshal(all[id]); err != nil || len(all) != 1 || !bytes.Equal(got, want) {
		t.Errorf("the case is kept as %s (%v), want %s", got, err, want)
	}
	if _, err := i.ledger.Registry(t.Context()); err != nil {
		t.Errorf("the steps of a hearing are taken for the registry: %v", err)
	}
	issued, err := i.ledger.IssuedAs(t.Context(), "hafen", id)
	if err != nil {
		t.Fatal(err)
	}
	form, err := ledger.PublishedForm(issued, all[id])
	if err != nil || sha256.Sum256(form) == sha256.Sum256(issued.Body) {
		t.Errorf("the published form is %q, %v", form, err)
	}
}
