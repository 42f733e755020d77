package soak

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"heatledger/fieldbus/spool"
)

// store is the spool behind the drivers and its way to the centre.
type store struct {
	*soaking
	random *rand.Rand
	folder string
	centre *centre
	pace   time.Duration // between two things that happen, on average

	spool     *spool.Spool
	delivered chan error // when Deliver has returned
	stop      context.CancelFunc
	full      bool // it was full at least once
	reopened  int
	waited    int // for the lock
}

// bound is small, so that a centre that is away fills the spool in seconds: three
// of the smallest files.
const bound = 192 << 10

func (s *soaking) store(seed uint64) *store {
	return &store{soaking: s, random: rand.New(rand.NewPCG(seed, 3)), folder: s.t.TempDir(), centre: newCentre(seed), pace: 3500 * time.Millisecond}
}

// open opens the spool and lets it deliver.
func (s *store) open() error {
	opened, err := s.take(spool.Options{
		Source: "soak", BatchEvery: 500 * time.Millisecond, BatchReadings: 400, BacklogAfter: 3 * time.Second, MaxBytes: bound,
		Log: slog.New(s.chronicle.handler("spool")),
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	s.spool, s.stop, s.delivered = opened, stop, make(chan error, 1)
	s.account.spool = opened
	go func(delivered chan<- error) {
		defer close(delivered)
		delivered <- opened.Deliver(ctx, s.centre)
	}(s.delivered)
	return nil
}

// take opens the spool. A server that is started at this moment has our lock until
// it is another program: that is waited for.
func (s *store) take(o spool.Options) (*spool.Spool, error) {
	for tries := 0; ; tries++ {
		opened, err := spool.Open(s.folder, o)
		var held *spool.HeldError
		if !errors.As(err, &held) || tries == 200 {
			return opened, err
		}
		s.waited++
		s.chronicle.note("spool", "%v", err)
		time.Sleep(10 * time.Millisecond)
	}
}

// halt ends the delivery, if it has not ended.
func (s *store) halt() error {
	s.stop()
	err, running := <-s.delivered
	if !running {
		return errNoDelivery
	}
	return err
}

var errNoDelivery = errors.New("the spool could not be opened again")

// reopen closes the spool and opens it again, as a new start of the program does.
func (s *store) reopen() error {
	s.chronicle.note("spool", "closed and opened again")
	s.reopened++
	s.account.gate.Lock()
	defer s.account.gate.Unlock()
	if err := s.halt(); err != nil {
		return err
	}
	if err := s.spool.Close(); err != nil {
		return err
	}
	return s.open()
}

// live lets things happen to the spool until ctx ends: in turn the centre is
// away until the spool is full, and the spool is opened again.
func (s *store) live(ctx context.Context) error {
	for turn := 0; ; turn++ {
		if !s.rest(ctx, s.pace/4+time.Duration(s.random.Int64N(int64(3*s.pace/2)))) {
			return nil
		}
		if turn%8 == 1 {
			s.away(ctx)
		}
		if err := s.reopen(); err != nil {
			return err
		}
	}
}

// away is a centre that is away until readings were refused for want of room.
func (s *store) away(ctx context.Context) {
	s.chronicle.note("spool", "centre is away")
	s.centre.leave(true)
	before := s.spool.Stats().Refused
	for range 400 {
		if !s.rest(ctx, 100*time.Millisecond) {
			break
		}
		if s.spool.Stats().Refused > before+100 {
			s.full = true
			break
		}
	}
	s.centre.leave(false)
	s.chronicle.note("spool", "centre is there again; full: %t", s.full)
}

// rest waits and looks whether the accounts balance; false when ctx ended.
func (s *store) rest(ctx context.Context, d time.Duration) bool {
	if st := s.spool.Stats(); st.Collected != st.Delivered+st.Queued+st.Refused+st.Lost || st.Lost != 0 {
		s.account.complain("spool", "accounts do not balance: %+v", st)
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// settle delivers the rest to a centre without moods and closes the spool.
func (s *store) settle(ctx context.Context) (spool.Stats, error) {
	s.centre.settle()
	if err := s.halt(); err != nil {
		return spool.Stats{}, err
	}
	if err := s.spool.Drain(ctx, s.centre); err != nil {
		return spool.Stats{}, err
	}
	return s.spool.Stats(), s.spool.Close()
}
