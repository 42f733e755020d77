package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// judgement is one that might be issued.
func judgement(rule, body string) store.Issued {
	return store.Issued{KnownAt: noon, RestsOn: 1, On: energy.Date{Year: 2025, Month: time.January, Day: 15}, Commitment: "law", Rule: rule, Period: "2024",
		Method: "judgement 1", Actor: "office", Reason: "yearly", Prose: []byte(`{"citation": "§ 11"}`), Body: []byte(body)}
}

func TestWhatWasIssuedComesBackByteForByte(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	issue := func(list ...store.Issued) store.Head {
		return appended(t, s, func(ctx context.Context, f *store.Fact) error { return f.Issue(ctx, list) })
	}
	first := issue(judgement("pue", "form\n{\"value\": 1.50, \"a\":  2}"), judgement("erf", "form\n\x00\xff"))
	second := issue(judgement("pue", "another"))
	for _, test := range []struct {
		upto int64
		want []string
	}{
		{first.Seq - 1, nil},
		{first.Seq, []string{"erf 1.1 form\n\x00\xff", "pue 1.0 form\n{\"value\": 1.50, \"a\":  2}"}},
		{second.Seq, []string{"erf 1.1 form\n\x00\xff", "pue 1.0 form\n{\"value\": 1.50, \"a\":  2}", "pue 2.0 another"}},
	} {
		list, err := s.Issued(t.Context(), hafen, test.upto)
		if err != nil || len(list) != len(test.want) {
			t.Fatalf("up to fact %d: %d issued, %v; want %d", test.upto, len(list), err, len(test.want))
		}
		for i, one := range list {
			if got := fmt.Sprintf("%s %d.%d %s", one.Rule, one.Seq, one.Part, one.Body); got != test.want[i] || !one.Intact() {
				t.Errorf("up to fact %d: %q (intact %v), want %q", test.upto, got, one.Intact(), test.want[i])
			}
		}
	}
	one, ok, err := s.IssuedAt(t.Context(), hafen, first.Seq, 1)
	sum := sha256.Sum256([]byte("form\n\x00\xff"))
	if err != nil || !ok || !one.RecordedAt.Equal(first.RecordedAt) || !one.KnownAt.Equal(noon) || one.On != (energy.Date{Year: 2025, Month: 1, Day: 15}) ||
		one.Actor != "office" || one.Reason != "yearly" || one.Method != "judgement 1" || string(one.Digest) != string(sum[:]) || string(one.Prose) != `{"citation": "§ 11"}` {
		t.Errorf("the second is %+v, %v, %v", one, ok, err)
	}
	if _, ok, err := s.IssuedAt(t.Context(), hafen, first.Seq, 2); ok || err != nil {
		t.Errorf("a third of the fact: %v, %v", ok, err)
	}
}

func TestAForgedJudgementIsFoundByTheLog(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ sql, want string }{
		"the form and its digest": {`update assessment set body = 'other', digest = sha256('other') where part = 1`, "tampered assessment fact 1 assessment 1"},
		"who issued it":           {`update assessment set actor = 'nobody' where part = 0`, "tampered assessment fact 1 assessment 0"},
		"the day":                 {`update assessment set on_date = on_date + 1 where part = 0`, "tampered assessment fact 1 assessment 0"},
		"the prose":               {`update assessment set prose = '{}' where part = 0`, "tampered assessment fact 1 assessment 0"},
		"one is gone":             {`delete from assessment where part = 1`, "missing assessment fact 1 assessment 1"},
		"one more": {`insert into assessment select site_id, seq, 7::int2, recorded_at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body
			from assessment where part = 0`, "added assessment fact 1 assessment 7"},
		"one of another fact": {`insert into assessment select site_id, 99, part, recorded_at, known_at, rests_on, on_date, commitment, rule, period, method, actor, reason, nonce, digest, prose, body
			from assessment where part = 0`, "added assessment fact 99 assessment 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWitnessed(t)
			appended(t, w.Store, func(ctx context.Context, f *store.Fact) error {
				return f.Issue(ctx, []store.Issued{judgement("pue", "form one"), judgement("erf", "form two")})
			})
			w.logged(proof.Checkpoint{})
			if _, findings := w.audited(); len(findings) != 0 {
				t.Fatalf("before: %v", findings)
			}
			w.change(test.sql)
			_, findings := w.audited()
			if len(findings) != 1 || named(findings[0]) != test.want {
				t.Errorf("found %v, want %s", findings, test.want)
			}
		})
	}
}

func TestSumsOfStretchesAreThoseOfTheirDays(t *testing.T) {
	t.Parallel()
	s := newStore(t, store.Options{})
	first := energy.Date{Year: 2024, Month: time.November, Day: 20}
	var days []energy.Date
	var balances []store.Balance
	delivered(t, s, "hafen/grid", at(0, 1))
	for n := range 150 {
		date := first.AddDays(n)
		days = append(days, date)
		for _, role := range []int16{1, 1001} {
			balances = append(balances, store.Balance{Site: hafen, Grain: store.GrainDay, Period: date, Role: role, Amount: int64(n*n) + int64(role), Substitute: int64(n), CoveredS: 60, EnergyS: 70, ExpectedS: 80})
		}
	}
	if _, err := s.Closing(t.Context(), hafen, store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		if err := c.PutBalances(ctx, days, balances); err != nil {
			return err
		}
		if err := c.SumMonths(ctx, days[0], days[len(days)-1]); err != nil {
			return err
		}
		return c.Advance(ctx, c.Upto)
	}); err != nil {
		t.Fatal(err)
	}
	var stretches []store.Stretch
	for _, from := range []int{0, 11, 12, 42, 60} {
		for _, to := range []int{11, 12, 42, 60, 75, 150} {
			stretches = append(stretches, store.Stretch{Site: hafen, From: first.AddDays(from), To: first.AddDays(to)})
		}
	}
	stretches = append(stretches, store.Stretch{Site: "nowhere", From: first, To: first.AddDays(9)})
	sums, err := s.BalanceSums(t.Context(), stretches, []int16{1})
	if err != nil {
		t.Fatal(err)
	}
	for i, stretch := range stretches {
		want := store.Balance{Site: hafen, Role: 1}
		for _, b := range balances {
			if b.Role == 1 && stretch.Site == hafen && !b.Period.Before(stretch.From) && b.Period.Before(stretch.To) {
				want.Amount, want.Substitute, want.CoveredS = want.Amount+b.Amount, want.Substitute+b.Substitute, want.CoveredS+b.CoveredS
				want.EnergyS, want.ExpectedS = want.EnergyS+b.EnergyS, want.ExpectedS+b.ExpectedS
			}
		}
		if want.ExpectedS == 0 {
			if len(sums[i]) != 0 {
				t.Errorf("%v: %+v, want nothing", stretch, sums[i])
			}
			continue
		}
		if len(sums[i]) != 1 || sums[i][0] != want {
			t.Errorf("%v: %+v, want %+v", stretch, sums[i], want)
		}
	}
	upto, err := s.Cursors(t.Context(), []energy.SiteID{hafen, "nowhere"}, store.JobClosing)
	if err != nil || len(upto) != 1 || upto[hafen] != 1 {
		t.Errorf("closed up to %v, %v; want fact 1 of hafen", upto, err)
	}
}
