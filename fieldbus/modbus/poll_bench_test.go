package modbus

import (
	"context"
	"fmt"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// instant is a line that answers at once.
type instant struct{ words []uint16 }

func (l instant) read(_ uint8, q request, into []uint16) ([]uint16, error) {
	return append(into, l.words[:q.count]...), nil
}

func (instant) close() {}

// forgetful is a sink that keeps nothing.
type forgetful struct{}

func (forgetful) Collect(context.Context, []energy.PointReading) error { return nil }

// BenchmarkPoll is what a poll of forty float32 costs beside the network:
// planning, decoding, health.
func BenchmarkPoll(b *testing.B) {
	m := Meter{ID: "m", Unit: 1, Every: time.Second}
	for k := range uint16(40) {
		m.Registers = append(m.Registers, typed(fmt.Sprint("s/r", k), registermap.Holding, 2*k, registermap.Float32, registermap.ABCD, "W"))
	}
	d, err := New(Config{ID: "line", URL: "tcp://127.0.0.1:502", Meters: []Meter{m}})
	if err != nil {
		b.Fatal(err)
	}
	d.sockets[0].line.dial = func() (line, error) { return instant{make([]uint16, 80)}, nil }
	b.ReportAllocs()
	for b.Loop() {
		d.sockets[0].serve(b.Context(), d.tasks[0], forgetful{})
	}
	if h := d.Health()[0]; h.Readings != h.Polls*40 {
		b.Errorf("health %+v", h)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(40*b.N), "ns/reading")
}
