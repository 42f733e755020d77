package opcua

import (
	"context"
	"errors"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// errFull says that the sink is slower than the meters.
var errFull = errors.New("hold readings for the sink: it is slower than the meters and the buffer is full")

const mostAtOnce = 1000 // readings handed to the sink in one call

// posted is a reading on its way to the sink, and the meter it counts for.
type posted struct {
	meter   int
	reading energy.PointReading
}

// outbox stands between the connection, which must never wait, and the sink,
// which writes to disk.
type outbox struct {
	queue  chan posted
	ledger *ledger
	counts []int // of each meter in the batch at hand
}

func newOutbox(l *ledger, buffer int) *outbox {
	return &outbox{queue: make(chan posted, buffer), ledger: l, counts: make([]int, len(l.meters))}
}

// post queues a reading and never waits; when the queue is full the reading is
// lost, and counted. The older ones stay: they are next to be durable.
func (o *outbox) post(meter int, r energy.PointReading) {
	select {
	case o.queue <- posted{meter, r}:
	default:
		o.ledger.lost(meter, 1, errFull)
	}
}

// deliver hands the readings to sink in their order until the queue is closed
// and empty. After ctx ends the sink has grace left for the rest.
func (o *outbox) deliver(ctx context.Context, sink fieldbus.Sink, grace time.Duration) {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	for first := range o.queue {
		batch := []posted{first}
		for len(batch) < mostAtOnce && len(o.queue) > 0 {
			batch = append(batch, <-o.queue)
		}
		o.collect(last, sink, batch)
	}
}

func (o *outbox) collect(ctx context.Context, sink fieldbus.Sink, batch []posted) {
	readings := make([]energy.PointReading, len(batch))
	for i, p := range batch {
		readings[i] = p.reading
		o.counts[p.meter]++
	}
	err := sink.Collect(ctx, readings)
	for meter, n := range o.counts {
		switch {
		case n == 0:
		case err != nil:
			o.ledger.lost(meter, n, err)
		default:
			o.ledger.collected(meter, n)
		}
		o.counts[meter] = 0
	}
	if err != nil {
		o.ledger.log.Error("readings lost", "readings", len(readings), "err", err)
	}
}
