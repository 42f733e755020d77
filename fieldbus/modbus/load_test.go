package modbus

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// startField serves any number of units over Modbus TCP with little effort:
// every register holds its address.
func startField(t testing.TB) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serveField(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return listener.Addr().String()
}

func serveField(conn net.Conn) {
	defer conn.Close()
	question, answer := make([]byte, 12), make([]byte, 9+250)
	for {
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		from, count := binary.BigEndian.Uint16(question[8:]), binary.BigEndian.Uint16(question[10:])
		copy(answer, question[:8])
		binary.BigEndian.PutUint16(answer[4:], 3+2*count)
		answer[8] = byte(2 * count)
		for i := range count {
			binary.BigEndian.PutUint16(answer[9+2*i:], from+i)
		}
		if _, err := conn.Write(answer[:9+2*count]); err != nil {
			return
		}
	}
}

// tally is a sink that counts the readings of each point and keeps none.
type tally struct {
	memorySink
	counts sync.Map // energy.PointID to *int64, each written by one driver
}

func (s *tally) Collect(_ context.Context, readings []energy.PointReading) error {
	for _, r := range readings {
		n, _ := s.counts.LoadOrStore(r.Point, new(int64))
		*n.(*int64)++
	}
	return nil
}

// startFleet runs a driver for each of the connections to one field until ctx
// ends, and waits for them then.
func startFleet(ctx context.Context, t testing.TB, sink fieldbus.Sink, connections, units, values int, every time.Duration) (drivers []*Driver, wait func()) {
	t.Helper()
	address := startField(t)
	var configs []Config
	for c := range connections {
		config := Config{ID: fmt.Sprint("c", c), URL: fmt.Sprintf("tcp://%s", address), Timeout: 5 * time.Second}
		for u := range units {
			m := Meter{ID: fmt.Sprint("m", u), Unit: uint8(u + 1), Every: every, Limits: registermap.Limits{GapStated: true}}
			for v := range values {
				point := fmt.Sprintf("c%d-%d/v%d", c, u, v)
				m.Registers = append(m.Registers, typed(point, registermap.Holding, uint16(2*v), registermap.Float32, registermap.ABCD, "W"))
			}
			config.Meters = append(config.Meters, m)
		}
		configs = append(configs, config)
	}
	merged, err := Merge(configs)
	if err != nil || len(merged) != 1 { // they share an address: a test of many is what is wanted
		t.Fatalf("merged into %d (%v)", len(merged), err)
	}
	var running sync.WaitGroup
	for _, c := range configs {
		c.known = merged[0].known
		d, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		drivers = append(drivers, d)
		running.Go(func() {
			if err := d.Run(ctx, sink); err != nil {
				t.Errorf("run: %v", err)
			}
		})
	}
	return drivers, running.Wait
}

// A thousand units behind a hundred connections, every second: each slot is
// either served whole or counted as left out, and none is left out unless the
// machine itself stood still.
func TestAThousandUnitsAreReadEverySecond(t *testing.T) {
	t.Parallel()
	const values, seconds = 10, 5
	sink := &tally{}
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { sink.watch(ctx) })
	begun := time.Now()
	drivers, wait := startFleet(ctx, t, sink, 100, 10, values, time.Second)
	time.Sleep(time.Until(begun.Add(seconds * time.Second)))
	cancel()
	wait()
	watching.Wait()
	var slots, skipped int64
	for c, d := range drivers {
		for u, m := range d.meters {
			n, ok := sink.counts.Load(m.points[0])
			if !ok {
				t.Fatalf("unit %d of connection %d was never read", u, c)
			}
			polls := *n.(*int64)
			for _, p := range m.points[1:] {
				if n, ok := sink.counts.Load(p); !ok || *n.(*int64) != polls {
					t.Fatalf("%s was not read in each of %d polls", p, polls)
				}
			}
			task := d.tasks[u]
			// The first poll is none of a slot.
			if due := slotsBetween(d.begun, task.due, time.Second); polls-1+m.skipped != due {
				t.Errorf("unit %d of connection %d: %d polls and %d slots left out where %d slots passed", u, c, polls-1, m.skipped, due)
			}
			slots, skipped = slots+polls, skipped+m.skipped
		}
	}
	t.Logf("%d polls, %d slots left out; the machine stood still for %s at most", slots, skipped, sink.standstill())
	// How many are left out is a matter of the machine, and for make bench. That
	// most are not, where it did not stand still, holds on any.
	if quiet := sink.standstill() < 25*time.Millisecond; quiet && (skipped > slots/4 || slots < 1000*(seconds-1)/2) {
		t.Errorf("%d polls in %d seconds, %d slots left out", slots, seconds, skipped)
	}
}

// BenchmarkFleet is what readings cost over real sockets, the field included:
// 2,000 connections with a unit of 40 values each. It is for profiles.
func BenchmarkFleet(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	drivers, wait := startFleet(ctx, b, forgetful{}, 2000, 1, 40, time.Second)
	for b.Loop() {
		time.Sleep(time.Second)
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	cancel()
	wait()
	b.ReportMetric(float64(memory.HeapAlloc)/2000, "heap-B/connection")
	b.ReportMetric(float64(memory.StackInuse)/2000, "stack-B/connection")
	var readings, skipped int64
	for _, d := range drivers {
		h := d.Health()[0]
		readings, skipped = readings+h.Readings, skipped+h.Skipped
	}
	b.ReportMetric(float64(readings)/b.Elapsed().Seconds(), "readings/s")
	b.ReportMetric(float64(skipped), "skipped")
}
