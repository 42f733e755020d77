package opcua

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/server"
	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// inProcess is the library's own server, without security: small, and in our hands.
type inProcess struct {
	endpoint string
	values   *server.MapNamespace
}

// startInProcess starts one whose clock ticks every 50 ms until silence is
// called. A Count stands at 0.
func startInProcess(t *testing.T) (s *inProcess, silence func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	srv := server.New(
		server.EndPoint("127.0.0.1", port),
		server.EnableSecurity("None", ua.MessageSecurityModeNone),
		server.EnableAuthMode(ua.UserTokenTypeAnonymous),
	)
	s = &inProcess{endpoint: srv.URLs()[0], values: server.NewMapNamespace(srv, "http://example.org/dc")}
	s.values.Data["Count"] = int32(0)
	if err := srv.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	quiet := make(chan struct{})
	silence = sync.OnceFunc(func() { close(quiet) })
	var clock sync.WaitGroup
	clock.Go(func() {
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-tick.C:
				srv.ChangeNotification(ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime))
			case <-quiet:
				tick.Stop()
				return
			}
		}
	})
	t.Cleanup(func() { silence(); clock.Wait(); _ = srv.Close() })
	return s, silence
}

func (s *inProcess) config() Config {
	return Config{ID: "sim", Endpoint: s.endpoint, Meters: []Meter{{ID: "count", Sampling: 50 * time.Millisecond, Nodes: []Node{node("Count")}}}}
}

// count sets Count to 1, 2 … n, each time when the last is certainly published:
// the library's server holds one value for each node, not a queue.
func (s *inProcess) count(n int32) {
	for i := range n {
		s.values.SetValue("Count", i+1)
		time.Sleep(150 * time.Millisecond)
	}
}

func TestReadsTheServerOfOurSimulator(t *testing.T) {
	t.Parallel()
	s, silence := startInProcess(t)
	sink := &basket{}
	d, stop := start(t, s.config(), hasty(t), sink)
	point := node("Count").Point
	wait(t, 5*time.Second, "the first value came", func() bool { return len(sink.of(point)) > 0 })
	s.count(20)
	wait(t, 5*time.Second, "the last change came", func() bool {
		got := sink.of(point)
		return got[len(got)-1].Value == energy.Decimal(20, 0)
	})
	consecutive(t, fresh(sink.of(point)), 1)
	if h := health(d); h.State != fieldbus.Healthy || h.LastAnswer.IsZero() {
		t.Errorf("health is %+v, want healthy", h)
	}

	silence() // the server goes on to answer, but its clock is not reported any more
	wait(t, 5*time.Second, "silence was noticed", func() bool { return strings.Contains(health(d).LastError, "no report for") })
	stop()
}

func TestASlowSinkStallsNothingAndWhatDoesNotFitIsCounted(t *testing.T) {
	t.Parallel()
	s, _ := startInProcess(t)
	sink := &basket{gate: make(chan struct{})}
	o := hasty(t)
	o.Buffer = 5
	d, stop := start(t, s.config(), o, sink)
	wait(t, 5*time.Second, "the meter answers", func() bool { return health(d).State == fieldbus.Healthy })
	s.count(12)
	wait(t, 5*time.Second, "readings were lost", func() bool { return health(d).Lost > 0 && health(d).Polls >= 13 })
	time.Sleep(2 * o.Silence) // longer than silence is borne: reports must go on being taken
	if h := health(d); h.State != fieldbus.Healthy || h.Readings != 0 || h.Errors != 0 {
		t.Errorf("health is %+v, want healthy, nothing collected, the connection unbroken", h)
	}
	close(sink.gate)
	stop()
	h := health(d)
	sink.mu.Lock()
	defer sink.mu.Unlock()
	if got := int64(len(sink.readings)); got != h.Readings || got < 5 || got > 10 {
		t.Errorf("the sink has %d readings, health counts %d, want the same, 5 to 10", got, h.Readings)
	}
	if !strings.Contains(h.LastError, errFull.Error()) {
		t.Errorf("health says %q, want that the buffer is full", h.LastError)
	}
}

func TestReadingsTheSinkRefusesAreLostAndCounted(t *testing.T) {
	t.Parallel()
	s, _ := startInProcess(t)
	sink := &basket{refuse: errors.New("write spool: no space left on device")}
	d, _ := start(t, s.config(), hasty(t), sink)
	wait(t, 5*time.Second, "a reading was lost", func() bool { return health(d).Lost > 0 })
	if h := health(d); h.Readings != 0 || h.LastError != "write spool: no space left on device" || h.State != fieldbus.Healthy {
		t.Errorf("health is %+v, want none collected and the sink's error of a healthy meter", h)
	}
}

func TestAServerThatDropsUsIsNotFlooded(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var calls atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			_ = c.Close()
		}
	}()
	o := hasty(t)
	o.RetryMin, o.RetryMax = 100*time.Millisecond, time.Minute
	c := Config{ID: "bms", Endpoint: "opc.tcp://" + l.Addr().String(), Meters: []Meter{{ID: "ups", Nodes: []Node{node("X")}}}}
	d, stop := start(t, c, o, &basket{})
	time.Sleep(3 * time.Second)
	stop()
	// Pauses of 0.05–0.1, 0.1–0.2, 0.2–0.4, 0.4–0.8, 0.8–1.6, 1.6–3.2 s.
	if n := calls.Load(); n < 5 || n > 7 {
		t.Errorf("%d connections in 3 s, want 5 to 7", n)
	}
	if h := health(d); h.State != fieldbus.Silent || h.Errors != calls.Load() || h.Polls != h.Errors || !strings.Contains(h.LastError, "endpoints") {
		t.Errorf("health is %+v, want silent, an error for each of %d connections", h, calls.Load())
	}
}

func TestAPanicOfTheLibraryIsAnError(t *testing.T) {
	t.Parallel()
	d, err := New(Config{ID: "bms", Endpoint: "opc.tcp://127.0.0.1:4840"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var session *ua.CreateSessionResponse
	err = d.guard(func() error { session.RevisedSessionTimeout++; return nil })
	if err == nil || !strings.Contains(err.Error(), "the server's answer is not understood: ") {
		t.Errorf("guard gives %v, want an error", err)
	}
}

func TestTheLastReadingsHaveTheirGraceAndNoMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLedger("bms", []Meter{{ID: "ups"}}, time.Now(), Options{}.withDefaults().Log)
		o := newOutbox(l, 10)
		for i := range 3 {
			o.post(0, energy.PointReading{Point: "dc/x", Reading: energy.Reading{Value: energy.Decimal(int64(i), 0)}})
		}
		close(o.queue)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		o.deliver(ctx, &basket{gate: make(chan struct{})}, 5*time.Second) // a sink that never returns of its own
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("delivery ended after %s, want 5 s", took)
		}
		if h := l.snapshot()[0]; h.Lost != 3 || h.Readings != 0 {
			t.Errorf("health counts %+v, want 3 lost", h)
		}
	})
}

func TestAMetersStateFollowsFromWhatIsKnown(t *testing.T) {
	t.Parallel()
	now := noon()
	a, b := &point{Node: Node{Point: "dc/a"}}, &point{Node: Node{Point: "dc/b"}}
	var l *ledger
	for _, step := range []struct {
		after string
		do    func()
		want  fieldbus.State
	}{
		{"nothing", func() {}, fieldbus.Starting},
		{"a refused connection", func() { l.broken(errBroken, now) }, fieldbus.Silent},
		{"a heartbeat", func() { l.answered(0, 0, now) }, fieldbus.Healthy},
		{"a doubtful value", func() { l.trouble(a, "doubtful", true, now, time.Time{}) }, fieldbus.Degraded},
		{"a bad value", func() { l.trouble(b, "status Bad", false, now, time.Time{}) }, fieldbus.Degraded},
		{"both bad", func() { l.trouble(a, "status Bad", false, now, time.Time{}) }, fieldbus.Silent},
		{"one good", func() { l.fine(a, now) }, fieldbus.Degraded},
		{"both good", func() { l.fine(b, now) }, fieldbus.Healthy},
		{"a break", func() { l.broken(errBroken, now) }, fieldbus.Silent},
	} {
		if l == nil {
			l = newLedger("bms", []Meter{{ID: "ups", Nodes: []Node{a.Node, b.Node}}}, now, Options{}.withDefaults().Log)
		}
		now = now.Add(time.Second)
		before := l.snapshot()[0]
		step.do()
		h := l.snapshot()[0]
		if h.State != step.want {
			t.Errorf("after %s the meter is %s, want %s", step.after, h.State, step.want)
		}
		if changed := h.State != before.State; changed != h.Since.Equal(now) {
			t.Errorf("after %s the state is since %s, changed: %t", step.after, h.Since, changed)
		}
	}
}
