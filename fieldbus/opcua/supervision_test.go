package opcua

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"heatledger/fieldbus"
)

// orders is a file of commands that a plant obeys.
type orders string

func (o orders) give(t *testing.T, command string) {
	t.Helper()
	f, err := os.OpenFile(string(o), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(command + "\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// After each thing that can happen to a connection, in one run: values flow
// again, what was hidden is filled, nothing is invented and nothing comes twice.
func TestNothingIsLostOrInventedWhateverHappensToTheConnection(t *testing.T) {
	t.Parallel()
	file := orders(filepath.Join(t.TempDir(), "orders"))
	p, past := chronicled(t, 30*time.Second, 100*time.Millisecond, "--commands", string(file))
	c := lay(t, p.Address)
	counter := node("Past.Energy")
	sink := &basket{}
	d, stop := start(t, historic(c.endpoint(), counter, node("Nothing"), node("Bad")), patient(t), sink)
	flowing := func(after string) {
		t.Helper()
		from := time.Now()
		wait(t, 40*time.Second, "live readings flow "+after, func() bool { return newest(sink.of(counter.Point)).After(from.Add(time.Second)) })
	}
	silent := func(what string) {
		t.Helper()
		wait(t, 30*time.Second, what+" was noticed", func() bool { return health(d).State == fieldbus.Silent })
	}
	wait(t, 40*time.Second, "live readings came", func() bool { return len(sink.of(counter.Point)) >= 10 })

	for _, fault := range []struct {
		is        string
		strike    func()
		lift      func()
		unnoticed bool // it is over before health can show it
	}{
		{is: "a cut", strike: func() { c.down.Store(true); c.cut() }, lift: func() { c.down.Store(false) }},
		{is: "a half-open connection", strike: func() { c.hollow.Store(true) }, lift: func() { c.hollow.Store(false) }},
		{is: "the end of the subscription", strike: func() { file.give(t, "drop-subscriptions") }, lift: func() {}, unnoticed: true},
		{is: "a server that hangs", strike: func() {
			if err := p.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		}, lift: func() {
			if err := p.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		sessions := len(p.told(t, "session_created"))
		fault.strike()
		if fault.unnoticed {
			wait(t, 30*time.Second, fault.is+" led to a new session", func() bool { return len(p.told(t, "session_created")) > sessions })
			flowing("after " + fault.is)
			continue
		}
		silent(fault.is)
		down := newest(sink.of(counter.Point))
		time.Sleep(time.Second) // ten values that nobody hears of
		up := time.Now()
		fault.lift()
		flowing("after " + fault.is)
		wait(t, 30*time.Second, "what "+fault.is+" hid was filled", func() bool {
			return len(between(sink.of(counter.Point), down, up)) >= int(up.Sub(down)/past.every)-1
		})
		past.told(t, sink.of(counter.Point), down, up)
		if n := len(p.told(t, "session_created")) - sessions; n < 1 || n > 3 {
			t.Errorf("%s led to %d new sessions, want one, and few more on a slow machine", fault.is, n)
		}
	}
	stop()
	past.told(t, sink.of(counter.Point), past.born, past.born)
	for _, n := range []string{"Nothing", "Bad"} {
		if got := sink.of(node(n).Point); len(got) != 0 {
			t.Errorf("%s gave the reading %v, want none", n, got[0])
		}
	}
	if h := health(d); h.Lost != 0 || h.Readings != int64(len(sink.readings)) {
		t.Errorf("health counts %d readings and %d lost, the sink has %d", h.Readings, h.Lost, len(sink.readings))
	}
}
