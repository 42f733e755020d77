package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/hearing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// issuedAnswer is an issued judgement as programs read it.
type issuedAnswer struct {
	ID, By, Why, Method, Digest, Canonical string
	Assessment                             struct{ Commitment, Rule, Period, Verdict, Because, Digest string }
	Hearing                                struct {
		State, Deadline string
		Replies         []struct{ Why string }
	}
}

func TestIssuedJudgementsAreAnsweredAsTheyWere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	l := ledger.New(s.store, "Europe/Berlin")
	apply := func(yaml string) {
		t.Helper()
		r, faults := registry.Load("registry.yaml", []byte(yaml))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if _, err := intake.New(l, intake.Options{}).Apply(t.Context(), r, "test", false, false); err != nil {
			t.Fatal(err)
		}
	}
	apply(promisesYAML)
	on := energy.Date{Year: 2026, Month: time.November, Day: 22}
	if _, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: on, Actor: "office", Reason: "yearly"}); err != nil {
		t.Fatal(err)
	}
	const path = "/api/v1/sites/hafen/assessments"
	office, operator, stranger := s.token(t, "office"), s.token(t, "operator", "hafen"), s.token(t, "operator", "kaiserlei")
	ask := func(path, token string, want int) (list []issuedAnswer) {
		t.Helper()
		if answer := s.call(t, "GET", path, token, nil, nil, &list); answer.StatusCode != http.StatusOK || len(list) != want {
			t.Fatalf("%s: %d with %d, want %d", path, answer.StatusCode, len(list), want)
		}
		return list
	}
	heat := ask(path+"/issued?commitment=heat", office, 2)
	first := heat[0]
	if first.Assessment.Period != "2025" || first.By != "office" || first.Why != "yearly" || first.Hearing.State != "draft" || first.Canonical != "" ||
		first.Assessment.Digest != first.Digest || !strings.Contains(first.Method, "judgement") || first.Assessment.Because == "" {
		t.Errorf("the contract of 2025 is %+v", first)
	}
	var one issuedAnswer
	s.call(t, "GET", path+"/issued/"+first.ID, office, nil, nil, &one)
	if sum := sha256.Sum256([]byte(one.Canonical)); hex.EncodeToString(sum[:]) != first.Digest {
		t.Errorf("the digest of %q is %x, want %s", one.Canonical, sum, first.Digest)
	}

	// Nobody outside sees a draft; the operator sees it from the hearing on.
	ask(path+"/issued", operator, 0)
	for _, test := range []struct{ path, token string }{{path + "/issued/" + first.ID, operator}, {path + "/issued", stranger}, {path + "/issued/" + first.ID, stranger}, {path + "/issued/99.0", office}, {path + "/issued/first", office}} {
		if answer := s.call(t, "GET", test.path, test.token, nil, nil, nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", test.path, answer.StatusCode)
		}
	}
	for _, step := range []hearing.Step{{Action: hearing.Hear, Who: "office"}, {Action: hearing.Reply, Who: "op", Why: "The meter stood still."}} {
		if _, err := l.Advance(context.WithoutCancel(t.Context()), "hafen", first.ID, step); err != nil {
			t.Fatal(err)
		}
	}
	heard := ask(path+"/issued", operator, 1)[0]
	if heard.ID != first.ID || heard.Hearing.State != "answered" || heard.Hearing.Deadline == "" || len(heard.Hearing.Replies) != 1 || heard.Hearing.Replies[0].Why != "The meter stood still." {
		t.Errorf("the operator sees %+v", heard)
	}

	// The contract is changed later; of that time the answer is the one issued.
	moment := time.Now().UTC().Format(time.RFC3339Nano)
	time.Sleep(5 * time.Millisecond)
	apply(strings.Replace(promisesYAML, "4.5 GWh", "5 GWh", 1))
	var then, now []struct{ Commitment, Period, Digest string }
	s.call(t, "GET", path+"?on=2026-11-22&as_known_at="+moment, office, nil, nil, &then)
	s.call(t, "GET", path+"?on=2026-11-22", office, nil, nil, &now)
	if then[0].Commitment != "heat" || then[0].Digest != first.Digest || now[0].Digest == first.Digest {
		t.Errorf("then %+v, now %+v; want %s then and another now", then[0], now[0], first.Digest)
	}
	if _, err := l.Issue(t.Context(), "hafen", ledger.Issuing{On: on, Actor: "office", Reason: "the contract was changed"}); err != nil {
		t.Fatal(err)
	}
	history := ask(path+"/issued?commitment=heat&period=2025", office, 2)
	if history[0].ID != first.ID || history[1].Why != "the contract was changed" || history[0].Digest != first.Digest {
		t.Errorf("the history is %+v", history)
	}
	if latest := ask(path+"/issued?commitment=heat&period=2025&latest=true", office, 1); latest[0].ID != history[1].ID {
		t.Errorf("the latest is %+v, want %s", latest, history[1].ID)
	}
	if before := ask(path+"/issued?commitment=heat&period=2025&as_known_at="+moment, office, 1); before[0].ID != first.ID {
		t.Errorf("before it was %+v, want %s", before, first.ID)
	}
	for _, query := range []string{"latest=maybe", "as_known_at=someday", "verdict=met"} {
		if answer := s.call(t, "GET", path+"/issued?"+query, office, nil, nil, nil); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", query, answer.StatusCode)
		}
	}
}
