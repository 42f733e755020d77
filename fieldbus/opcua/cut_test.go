package opcua

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/fieldbus"
)

// cable carries connections to a server until it is cut.
type cable struct {
	listener net.Listener
	to       atomic.Value // address of the server
	mu       sync.Mutex
	ends     []net.Conn
	down     atomic.Bool // new connections are closed at once
	hollow   atomic.Bool // bytes are taken and go nowhere
}

// lay is a cable to address, taken up when the test ends.
func lay(t *testing.T, address string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l}
	c.to.Store(address)
	var carrying sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); c.cut(); carrying.Wait() })
	carrying.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", c.to.Load().(string))
			if err != nil || c.down.Load() {
				_ = near.Close()
				if far != nil {
					_ = far.Close()
				}
				continue
			}
			c.mu.Lock()
			c.ends = append(c.ends, near, far)
			c.mu.Unlock()
			carrying.Go(func() { c.carry(far, near) })
			carrying.Go(func() { c.carry(near, far) })
		}
	})
	return c
}

func (c *cable) endpoint() string { return "opc.tcp://" + c.listener.Addr().String() }

// carry copies until an end is closed, and drops what comes while hollow.
func (c *cable) carry(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if c.hollow.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// cut breaks every connection; new ones are carried again unless it is down.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.ends {
		_ = end.Close()
	}
	c.ends = nil
}

func TestACutConnectionIsRebuiltEvenWithABadNode(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	c := lay(t, p.Address)
	counter := node("UPS1.Energy")
	sink := &basket{}
	m := Meter{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{node("Nothing"), counter}}
	d, stop := start(t, Config{ID: "bms", Endpoint: c.endpoint(), Meters: []Meter{m}}, hasty(t), sink)
	const cuts = 3
	for range cuts {
		seen := len(sink.of(counter.Point))
		wait(t, 10*time.Second, "readings go on", func() bool {
			return len(sink.of(counter.Point)) >= seen+5 && health(d).State == fieldbus.Degraded
		})
		c.cut()
		wait(t, 5*time.Second, "the cut was noticed", func() bool { return health(d).State == fieldbus.Silent })
	}
	wait(t, 10*time.Second, "the meter is back", func() bool { return health(d).State == fieldbus.Degraded })
	stop()
	readings := sink.of(counter.Point)
	for i, r := range readings[1:] {
		if !r.At.After(readings[i].At) || r.Value.Float64() < readings[i].Value.Float64() {
			t.Errorf("reading %d, %s of %s, runs back behind %s of %s", i+1, r.Value, r.At, readings[i].Value, readings[i].At)
		}
	}
	if n := len(p.told(t, "session_created")); n != cuts+1 {
		t.Errorf("the server counts %d sessions, want %d", n, cuts+1)
	}
}
