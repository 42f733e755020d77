package modbus

import (
	"context"
	"sync"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// outbox hands readings on while the line goes on asking: a disk that takes a
// tenth of a second to be sure must not cost thirty units behind one line three
// seconds of every round. What gathers while the sink is busy goes to it in one
// call. The readings of a poll stay together.
type outbox struct {
	mu      sync.Mutex
	changed sync.Cond
	filling []energy.PointReading
	shares  []share // whose they are, in their order
	closed  bool
}

// share is what one poll gave.
type share struct {
	meter    *meter
	readings int
}

// crammed is how many readings may wait for a sink that is busy. The line waits
// when there are more, and leaves slots out.
const crammed = 4096

func newOutbox() *outbox {
	o := &outbox{}
	o.changed.L = &o.mu
	return o
}

// put takes the readings of a poll; the slice is the caller's again. It waits
// while the outbox is crammed, and tells whether it took them: a closed one does
// not.
func (o *outbox) put(m *meter, readings []energy.PointReading) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.filling) >= crammed && !o.closed {
		o.changed.Wait()
	}
	if o.closed {
		return false
	}
	o.filling = append(o.filling, readings...)
	o.shares = append(o.shares, share{m, len(readings)})
	o.changed.Broadcast()
	return true
}

// close lets deliver end when everything is handed on.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.changed.Broadcast()
}

// deliver hands on what comes until the outbox is closed and empty, also after
// ctx has ended: what was read is kept though the program is to end.
func (o *outbox) deliver(ctx context.Context, d *Driver, sink fieldbus.Sink) {
	defer o.close()
	var readings []energy.PointReading
	var shares []share
	for {
		o.mu.Lock()
		for len(o.filling) == 0 && !o.closed {
			o.changed.Wait()
		}
		if len(o.filling) == 0 {
			o.mu.Unlock()
			return
		}
		readings, o.filling = o.filling, readings[:0]
		shares, o.shares = o.shares, shares[:0]
		o.changed.Broadcast()
		o.mu.Unlock()
		err := sink.Collect(context.WithoutCancel(ctx), readings)
		for _, s := range shares {
			d.count(s.meter, s.readings, err)
		}
	}
}
