package soak

import (
	"context"
	"flag"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"heatledger/fieldbus"
	"heatledger/fieldbus/spool"
)

var (
	soakFlag = flag.Duration("soak", time.Minute, "how long there are faults")
	seedFlag = flag.Uint64("seed", 0, "which faults there are; 0: by chance")
)

func TestEveryReadingIsAccountedForWhateverHappens(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d; again: go test -race ./fieldbus/soak -soak %s -seed %d", seed, *soakFlag, seed)
	c := newChronicle()
	s := &soaking{t: t, seed: seed, chronicle: c, account: newAccount(c)}
	s.account.stalls = &stalls{}
	st := s.store(seed)
	peers := s.peers()
	if err := st.open(); err != nil {
		t.Fatal(err)
	}
	collector := &fieldbus.Collector{Sink: s.account, Log: slog.New(c.handler("collector"))}
	for _, p := range peers {
		for _, l := range p.lines {
			collector.Drivers = append(collector.Drivers, l.driver)
		}
	}
	drivers, stop := context.WithCancel(context.Background())
	defer stop()
	go s.account.stalls.watch(drivers)
	collected := make(chan error, 1)
	go func() { collected <- collector.Run(drivers) }()

	s.torment(peers, st)

	stop()
	select {
	case err := <-collected:
		if err != nil {
			t.Errorf("the collector ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the drivers did not stop within a minute")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stats, err := st.settle(ctx)
	if err != nil {
		t.Errorf("the last delivery: %v", err)
	}
	s.settleAccounts(stats, st)
	s.settleHealth(collector.Health())
	s.sawAll(st)
	for _, p := range peers {
		t.Log(p.did())
	}
	t.Logf("this process stood still for %s at the longest", s.account.stalls.worst().Round(time.Millisecond))
	t.Logf("%d readings: %d kept, %d refused; centre refused %d batches and lost %d acknowledgements; the spool was opened again %d times",
		int64(len(s.account.kept))+s.account.refused, len(s.account.kept), s.account.refused, st.centre.refused, st.centre.unheard, st.reopened)
}

// torment makes trouble for all at once, each after its recovery anew, until the
// time is over and all have recovered.
func (s *soaking) torment(peers []*peer, st *store) {
	for _, p := range peers { // what never worked cannot be seen to recover
		for _, l := range p.lines {
			s.recovered(l, time.Now())
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), *soakFlag)
	defer cancel()
	var all sync.WaitGroup
	for _, p := range peers {
		name := fnv.New64()
		name.Write([]byte(p.name))
		troubles := &trouble{peer: p, random: rand.New(rand.NewPCG(s.seed, name.Sum64())), hard: *soakFlag >= 5*time.Minute, note: s.chronicle.note}
		all.Go(func() { s.trouble(ctx, troubles) })
	}
	all.Go(func() {
		if err := st.live(ctx); err != nil {
			s.account.complain("spool", "%v", err)
		}
	})
	all.Wait()
}

// trouble is one peer's fate.
func (s *soaking) trouble(ctx context.Context, t *trouble) {
	rounds, longest := 0, time.Duration(0)
	for ; ctx.Err() == nil && !s.account.failed(); rounds++ {
		begin, heal := t.next()
		if err := begin(); err != nil {
			s.account.complain(t.name, "make trouble: %v", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(t.span()):
		}
		if err := heal(); err != nil {
			s.account.complain(t.name, "end trouble: %v", err)
		}
		healed := time.Now()
		for _, l := range t.lines {
			longest = max(longest, s.recovered(l, healed))
		}
	}
	s.t.Logf("%s had %d troubles and was well again after %s at the latest", t.name, rounds, longest.Round(100*time.Millisecond))
}

// settleAccounts compares what was handed over, what the spool counts and what the
// centre has, when all is over.
func (s *soaking) settleAccounts(stats spool.Stats, st *store) {
	a, t := s.account, s.t
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, fault := range a.faults {
		t.Errorf("seed %d: %s", s.seed, fault)
	}
	kept, wrong := int64(0), 0
	complain := func(format string, args ...any) {
		if wrong++; wrong <= mostFaults {
			t.Errorf(format, args...)
		}
	}
	for f, n := range a.kept {
		kept += int64(n)
		if times := st.centre.facts[f]; n != 1 || times != 1 {
			complain("%v was collected %d times and is at the centre %d times", f, n, times)
		}
	}
	for f := range st.centre.facts {
		if a.kept[f] == 0 && a.open[f] == 0 {
			complain("%v is at the centre and was not collected", f)
		}
	}
	if wrong > mostFaults {
		t.Errorf("so it is with %d readings in all", wrong)
	}
	if stats.Queued != 0 || stats.Lost != 0 || stats.SetAside != 0 {
		t.Errorf("the spool's accounts: %+v", stats)
	}
	if stats.Collected != kept+a.refused || stats.Delivered != kept || stats.Refused != a.refused {
		t.Errorf("the spool counts %d collected, %d delivered and %d refused; here %d were kept and %d refused",
			stats.Collected, stats.Delivered, stats.Refused, kept, a.refused)
	}
}

// sawAll checks that what was to happen did, else the rest proves little.
func (s *soaking) sawAll(st *store) {
	for name, p := range s.account.points {
		if p.kept == 0 {
			s.t.Errorf("%s gave nothing", name)
		}
	}
	if *soakFlag < time.Minute { // too short for everything to happen
		return
	}
	if !st.full || st.reopened == 0 || st.centre.refused == 0 || st.centre.unheard == 0 {
		s.t.Errorf("not everything happened: spool full %t, opened again %d times, %d batches refused, %d acknowledgements lost",
			st.full, st.reopened, st.centre.refused, st.centre.unheard)
	}
}

// settleHealth compares what health counts with what was counted here.
func (s *soaking) settleHealth(health []fieldbus.MeterHealth) {
	for _, m := range health {
		var kept, refused int64
		for _, p := range s.account.points {
			if p.line == m.Connection && p.meter == m.Meter {
				kept, refused = kept+p.kept, refused+p.refused
			}
		}
		if m.Readings != kept || m.Lost != refused || m.Errors > m.Polls {
			s.t.Errorf("meter %s of %s counts %d readings and %d lost, here it was %d and %d; %d of %d polls went wrong",
				m.Meter, m.Connection, m.Readings, m.Lost, kept, refused, m.Errors, m.Polls)
		}
	}
}
