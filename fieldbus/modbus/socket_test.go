package modbus

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// crowd is that many units, read every second, and the plant they stand in.
func crowd(n int) (map[uint8]*unit, []Meter) {
	units, meters := map[uint8]*unit{}, []Meter{}
	for id := range uint8(n) {
		units[id] = &unit{}
		meters = append(meters, Meter{ID: fmt.Sprint("m", id), Unit: id, Every: time.Second, Registers: registers(fmt.Sprint("s", id), 1)})
	}
	return units, meters
}

func TestSeveralSocketsReadWhatOneDoesNotHaveTheTimeFor(t *testing.T) {
	t.Parallel()
	for sockets, want := range map[int]bool{1: false, 8: true} {
		t.Run(fmt.Sprint(sockets, " sockets"), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(ctx context.Context, t *testing.T) {
				units, meters := crowd(40)
				p := &plant{units: units, latency: 100 * time.Millisecond, sockets: sockets}
				d := p.start(ctx, t, &memorySink{}, meters...)
				time.Sleep(10*time.Minute + 700*time.Millisecond)
				synctest.Wait()
				var skipped, readings int64
				for _, h := range d.Health() {
					skipped, readings = skipped+h.Skipped, readings+h.Readings
				}
				if inTime := skipped == 0 && readings == 40*601; inTime != want {
					t.Errorf("%d readings, %d slots skipped", readings, skipped)
				}
				if p.dials != sockets {
					t.Errorf("%d connections were made", p.dials)
				}
			})
		})
	}
}

// noted is a log that is kept.
type noted struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (n *noted) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buf.Write(p)
}

// of counts the lines that hold a text.
func (n *noted) of(text string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Count(n.buf.String(), text)
}

func TestAGatewayThatBearsFewerSocketsIsLeftWithThoseItAnswers(t *testing.T) {
	t.Parallel()
	for beyond, lost := range map[string]int64{"refuse": 0, "hang up": 0, "drop": 0, "ignore": 40} {
		t.Run(beyond, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(ctx context.Context, t *testing.T) {
				units, meters := crowd(20)
				for i := range meters {
					meters[i].Every = 5 * time.Second
				}
				log := &noted{}
				p := &plant{units: units, latency: 200 * time.Millisecond, sockets: 8, bears: 3, beyond: beyond, log: slog.New(slog.NewTextHandler(log, nil))}
				d := p.start(ctx, t, &memorySink{}, meters...)
				time.Sleep(time.Hour + 3*time.Second)
				synctest.Wait()
				var skipped, readings int64
				for _, h := range d.Health() {
					skipped, readings = skipped+h.Skipped, readings+h.Readings
					if h.State != fieldbus.Healthy {
						t.Errorf("health %+v", h)
					}
				}
				if skipped > lost || readings+skipped != 20*721 {
					for _, h := range d.Health() {
						if h.Readings != 721 {
							t.Logf("%+v", h)
						}
					}
					t.Errorf("%d readings, %d slots skipped", readings, skipped)
				}
				if n := log.of("to=silent"); n != 0 {
					t.Errorf("units were taken for silent %d times", n)
				}
				if n := log.of("fewer connections at once are borne than configured"); n < 5 || n > 7 {
					t.Errorf("it was said %d times that the gateway bears fewer", n)
				}
				if p.change(func() {}); len(p.lines) < 3 {
					t.Errorf("%d sockets are open where three are borne", len(p.lines))
				}
				t.Logf("%d connections were made in an hour, %d slots skipped", p.dials, skipped)
				if p.dials > 200 {
					t.Errorf("%d connections were made in an hour", p.dials)
				}
				p.change(func() { p.bears = 0 }) // another gateway
				time.Sleep(time.Hour + time.Minute)
				synctest.Wait()
				if p.change(func() {}); len(p.lines) != 8 {
					t.Errorf("%d sockets are open when all are borne", len(p.lines))
				}
			})
		})
	}
}

func TestAGatewayThatIsAwayIsNotKnockedAtByAllSockets(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(20)
		p := &plant{units: units, sockets: 8, bears: 1, beyond: "refuse", refuses: errCut}
		d := p.start(ctx, t, &memorySink{}, meters...)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if p.dials < 12 || p.dials > 20 {
			t.Errorf("%d attempts to connect in ten minutes", p.dials)
		}
		if h := healthOf(t, d, "m7"); h.State != fieldbus.Silent || !strings.Contains(h.LastError, "open connection") {
			t.Errorf("health %+v", h)
		}
		p.change(func() { p.refuses, p.bears = nil, 0 })
		time.Sleep(70 * time.Second)
		synctest.Wait()
		for _, h := range d.Health() {
			if h.State != fieldbus.Healthy {
				t.Errorf("health after it is back %+v", h)
			}
		}
	})
}

func TestADeadUnitHoldsOneSocketOnly(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, meters := crowd(20)
		units[3].silent = true
		p := &plant{units: units, sockets: 2}
		d := p.start(ctx, t, &memorySink{}, meters...)
		time.Sleep(time.Hour + 700*time.Millisecond)
		synctest.Wait()
		for _, h := range d.Health() {
			if dead := h.Meter == "m3"; dead != (h.State == fieldbus.Silent) || !dead && (h.Skipped != 0 || h.Readings != 3601) {
				t.Errorf("health %+v", h)
			}
		}
	})
}

func TestOneUnitUnderTwoNamesIsAskedOneQuestionAtATime(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		units, _ := crowd(2)
		p := &plant{units: units, sockets: 4, latency: 100 * time.Millisecond}
		var meters []Meter
		for n := range 6 {
			meters = append(meters, Meter{ID: fmt.Sprint("m", n), Unit: uint8(n % 2), Every: time.Second, Registers: registers(fmt.Sprint("s", n), n)})
		}
		sink := &memorySink{}
		p.start(ctx, t, sink, meters...) // the plant tells when a unit is asked twice at once
		time.Sleep(time.Minute + 700*time.Millisecond)
		synctest.Wait()
		for n := range 6 {
			if got := len(sink.of(energy.PointID(fmt.Sprintf("s%d/r%d", n, n)))); got != 61 {
				t.Errorf("%d readings of m%d", got, n)
			}
		}
	})
}

func TestASerialLineHasOneSocket(t *testing.T) {
	t.Parallel()
	_, err := New(Config{URL: "rtu:///dev/ttyS0", Simultaneous: 2, Meters: []Meter{{ID: "m", Every: time.Second, Limits: registermap.Limits{}, Registers: registers("s", 1)}}})
	if err == nil || !strings.Contains(err.Error(), "one question at a time") {
		t.Errorf("error %v", err)
	}
}

// A gateway of flesh and blood: it answers three sockets, a question at a time
// and slowly, and resets every other one.
func TestARealGatewayThatResetsSurplusSocketsLosesNoUnit(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	var open atomic.Int32
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if open.Load() >= 3 {
				_ = conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
				continue
			}
			open.Add(1)
			serving.Go(func() {
				defer open.Add(-1)
				serveField(conn)
			})
		}
	})
	t.Cleanup(func() { listener.Close(); serving.Wait() })
	log := &noted{}
	config := Config{ID: "line", URL: "tcp://" + listener.Addr().String(), Timeout: 5 * time.Second, Simultaneous: 6, Log: slog.New(slog.NewTextHandler(log, nil))}
	sink := &memorySink{}
	for u := range uint8(12) {
		config.Meters = append(config.Meters, Meter{ID: fmt.Sprint("m", u), Unit: u, Every: 20 * time.Millisecond, Registers: registers(fmt.Sprint("s", u), 7)})
	}
	d := run(t, config, sink)
	eventually(t, "the log says that fewer are borne", func() bool { return log.of("fewer connections at once are borne than configured") == 3 })
	before := len(sink.of("s11/r7"))
	eventually(t, "ten more readings of every unit", func() bool {
		for u := range 12 {
			if len(sink.of(energy.PointID(fmt.Sprintf("s%d/r7", u)))) < before+10 {
				return false
			}
		}
		return true
	})
	for _, h := range d.Health() {
		if h.State != fieldbus.Healthy || len(h.Points) != 0 {
			t.Errorf("health %+v", h)
		}
	}
	if n := log.of("to=silent"); n != 0 {
		t.Errorf("units were taken for silent %d times", n)
	}
	for _, r := range sink.of("s3/r7") {
		if !r.Value.Equal(energy.Decimal(7, 0)) {
			t.Errorf("read %s", r.Value)
		}
	}
}
