package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/store"
	"heatledger/fieldbus/push"
)

// wantTwo asks for two people of the operator of the sites.
func wantTwo(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.Append(t.Context(), store.Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.SetFourEyes(ctx, "op", true, "test", "")
	}); err != nil {
		t.Fatalf("ask for two people: %v", err)
	}
}

func TestNobodyHandsInAloneWhereTwoPeopleAreAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	operator, office, collector := s.token(t, access.Operator, "hafen"), s.token(t, access.Office), s.token(t, access.Collector, "hafen")
	wantTwo(t, s.store)
	const row = "point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1\n"
	var refused struct{ Code, Detail string }
	for _, path := range []string{"/api/v1/readings", "/api/v1/readings?correction=typing+error"} {
		if answer := s.call(t, "POST", path, operator, strings.NewReader(row), csvHeader(), &refused); answer.StatusCode != 403 || refused.Code != "second_person" || !strings.Contains(refused.Detail, "/api/v1/submissions") {
			t.Errorf("%s by an operator alone: %d %+v", path, answer.StatusCode, refused)
		}
	}
	var receipt intake.Receipt
	if s.call(t, "POST", "/api/v1/readings", operator, strings.NewReader("point,at,value\nkaiserlei/grid,2025-06-03T00:00:00Z,1\n"), csvHeader(), &receipt); len(receipt.Rejected) != 1 {
		t.Errorf("a row of another's site: %+v, want it rejected as ever", receipt)
	}
	batch := energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: []energy.PointReading{
		{Point: "hafen/it", Reading: energy.Reading{At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(5, 0), Quality: energy.Measured}}}}
	if delivery, err := push.New(s.URL, func() (string, error) { return collector, nil }, push.Options{}).Deliver(t.Context(), batch); err != nil || delivery.Fact == 0 {
		t.Errorf("a collector delivers: %+v, %v", delivery, err)
	}
	if s.call(t, "POST", "/api/v1/readings", office, strings.NewReader(row), csvHeader(), &receipt); receipt.Accepted != 1 {
		t.Errorf("the office hands in: %+v, want 1 accepted", receipt)
	}
}

func TestTwoPeopleWithdrawByForms(t *testing.T) {
	t.Parallel()
	o := newOffice(t, false)
	o.account(t, "olga", operatorOf("hafen"))
	o.account(t, "otto", operatorOf("hafen"))
	wantTwo(t, o.store)
	olga, otto := o.person(t).in("olga"), o.person(t).in("otto")
	sent := olga.send("/hand-in", "a.csv", []byte("point;at;value\nhafen/it;2025-06-03T00:00:00Z;5\n"))
	olga.post(sent.to + "/submit")
	otto.post(sent.to + "/approve")
	asked := olga.follow(olga.post(sent.to+"/withdraw", "reason", "the wrong meter"))
	if text := plain(asked.text); !strings.Contains(text, "asked to withdraw it") || !strings.Contains(text, "the wrong meter") {
		t.Errorf("olga withdraws: %s", text)
	}
	if again := olga.post(sent.to+"/withdraw", "reason", "really"); again.code != http.StatusForbidden {
		t.Errorf("olga once more: %d %s", again.code, plain(again.text))
	}
	if done := plain(otto.follow(otto.post(sent.to+"/withdraw", "reason", "so it is")).text); !strings.Contains(done, "so it is") || !strings.Contains(done, "withdrawn") {
		t.Errorf("otto withdraws: %s", done)
	}
}
