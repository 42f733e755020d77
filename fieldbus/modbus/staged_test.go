package modbus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// stagingDisk takes readings over at once and is sure of them after a while, or
// refuses them then. It keeps what it was given, which its callers use again.
type stagingDisk struct {
	memorySink
	takes   time.Duration
	refuses error

	mutex         sync.Mutex
	pending, most int
}

type promise struct {
	done chan struct{}
	err  error
}

func (p *promise) Done() <-chan struct{} { return p.done }
func (p *promise) Err() error            { return p.err }

func (s *stagingDisk) Stage(readings []energy.PointReading) (fieldbus.Pending, error) {
	kept, p := slices.Clone(readings), &promise{done: make(chan struct{}), err: s.refuses}
	s.mutex.Lock()
	s.pending++
	s.most = max(s.most, s.pending)
	s.mutex.Unlock()
	time.AfterFunc(s.takes, func() {
		if p.err == nil {
			p.err = s.Collect(context.Background(), kept)
		}
		s.mutex.Lock()
		s.pending--
		s.mutex.Unlock()
		close(p.done)
	})
	return p, nil
}

// crowded is how many polls were pending at once.
func (s *stagingDisk) crowded() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.most
}

func TestALineIsAskedOnWhileItsLastReadingsAreMadeDurable(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(1)
		p := &plant{units: units, latency: 200 * time.Millisecond}
		sink := &stagingDisk{takes: 900 * time.Millisecond}
		d := p.start(ctx, t, sink, meters...)
		synctest.Wait()
		time.Sleep(time.Second) // the first poll was at once, its readings are not durable yet
		synctest.Wait()
		if h := d.Health()[0]; h.Polls != 1 || h.Readings != 0 {
			t.Errorf("before anything is durable: %+v", h)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h := d.Health()[0]
		if kept := len(sink.of("s0/r1")); h.Skipped != 0 || h.Lost != 0 || h.Polls < 600 || h.Readings < h.Polls-2 || int64(kept) != h.Readings {
			t.Errorf("%d kept, health %+v", kept, h)
		}
		if sink.crowded() != 1 {
			t.Errorf("%d polls were pending at once", sink.crowded())
		}
	})
}

// A disk slower than the meters makes slots be left out; no more than one poll
// waits for it.
func TestOnlyOnePollWaitsForADiskThatIsSlow(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(1)
		p := &plant{units: units, latency: time.Millisecond}
		sink := &stagingDisk{takes: time.Minute}
		d := p.start(ctx, t, sink, meters...)
		time.Sleep(10*time.Minute + 30*time.Second)
		synctest.Wait()
		h := d.Health()[0]
		if kept := len(sink.of("s0/r1")); sink.crowded() != 1 || kept != 10 || h.Readings != 10 || h.Polls < 11 || h.Polls > 12 || h.Skipped < 500 {
			t.Errorf("%d kept, %d pending at once, health %+v", kept, sink.crowded(), h)
		}
	})
}

func TestWhatIsRefusedAfterItWasStagedIsLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(1)
		p := &plant{units: units, latency: time.Millisecond}
		sink := &stagingDisk{takes: 100 * time.Millisecond, refuses: errors.New("the disk is full")}
		d := p.start(ctx, t, sink, meters...)
		time.Sleep(10*time.Second + 500*time.Millisecond)
		synctest.Wait()
		if h := d.Health()[0]; h.Readings != 0 || h.Lost != h.Polls || h.Polls < 10 || h.LastError != "collect readings: the disk is full" {
			t.Errorf("health %+v", h)
		}
	})
}
