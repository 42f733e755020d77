package opcua

import (
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gopcua/opcua/ua"

	"heatledger/energy"
	"heatledger/fieldbus"
)

func TestWhatACutHidIsFilledFromHistoryBesideLiveReadings(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, time.Minute, 100*time.Millisecond)
	c := lay(t, p.Address)
	counter, power, stale := node("Past.Energy"), node("Past.Power"), node("Past.Stale")
	power.Unit = energy.Kilowatt
	sink := &basket{}
	o := patient(t)
	o.HistoryChunk = 7 // many answers with continuation points
	d, stop := start(t, historic(c.endpoint(), counter, power, stale), o, sink)
	wait(t, 20*time.Second, "live readings came", func() bool { return len(sink.of(counter.Point)) >= 10 && len(sink.of(stale.Point)) >= 10 })

	c.down.Store(true)
	c.cut()
	wait(t, 20*time.Second, "the cut was noticed", func() bool { return health(d).State == fieldbus.Silent })
	down := newest(sink.of(counter.Point))
	staleBefore := len(sink.of(stale.Point))
	time.Sleep(4 * time.Second) // the outage: forty values that nobody reports
	up := time.Now()
	c.down.Store(false)

	wait(t, 30*time.Second, "the gap is filled", func() bool {
		return len(between(sink.of(counter.Point), down, up)) >= 38 && len(between(sink.of(power.Point), down, up)) >= 34
	})
	seen := len(sink.of(counter.Point))
	wait(t, 20*time.Second, "live readings go on", func() bool { return len(sink.of(counter.Point)) >= seen+10 })
	stop()

	readings := sink.of(counter.Point)
	past.told(t, readings, down, up)
	for _, r := range between(sink.of(power.Point), down, up) {
		k, ok := past.tick(r.At)
		quality := energy.Measured
		if k%10 == 5 {
			quality = energy.Suspect
		}
		if !ok || k%10 == 3 || r.Value != energy.Float(float64(k)) || r.Quality != quality {
			t.Errorf("power at %s, tick %d, is %s, %s: want its value, suspect at 5, none at 3", r.At, k, r.Value, r.Quality)
		}
	}
	if got := between(sink.of(stale.Point), down, up); len(got) != 0 || len(sink.of(stale.Point)) <= staleBefore {
		t.Errorf("a node without history has %d readings of the outage and %d afterwards, want none and some", len(got), len(sink.of(stale.Point))-staleBefore)
	}
	if h := health(d); h.Lost != 0 || h.Readings != int64(len(sink.readings)) {
		t.Errorf("health counts %d readings and %d lost, the sink has %d", h.Readings, h.Lost, len(sink.readings))
	}
	if n := len(p.told(t, "history_request")); n < 8 {
		t.Errorf("the server counts %d requests for history, want one for each seven values", n)
	}
}

func TestWhatARestartOfTheServerHidIsFilled(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, time.Minute, 100*time.Millisecond)
	counter := node("Past.Energy")
	sink := &basket{}
	c := lay(t, p.Address)
	d, stop := start(t, historic(c.endpoint(), counter), patient(t), sink)
	wait(t, 20*time.Second, "live readings came", func() bool { return len(sink.of(counter.Point)) >= 10 })
	p.Kill()
	wait(t, 20*time.Second, "the meter is silent", func() bool { return health(d).State == fieldbus.Silent })
	down := newest(sink.of(counter.Point))
	p = startPlant(t, t.TempDir(), "--born", strconv.FormatInt(past.born.UnixMilli(), 10), "--every", "100")
	c.to.Store(p.Address)
	wait(t, 30*time.Second, "it is read again", func() bool { return newest(sink.of(counter.Point)).After(down) })
	up := oldestAfter(sink.of(counter.Point), down, time.Second)
	wait(t, 30*time.Second, "the gap is filled", func() bool {
		return len(between(sink.of(counter.Point), down, up)) >= int(up.Sub(down)/past.every)-1
	})
	stop()
	past.told(t, sink.of(counter.Point), down, up)
}

func TestWhatOurOwnStandstillHidIsFilledFromTheLastKnownReading(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, 2*time.Minute, 100*time.Millisecond)
	counter := node("Past.Energy")
	down := past.born.Add(90 * time.Second) // the last reading that the spool knows
	sink := &basket{}
	o := patient(t)
	o.Last = func(energy.PointID) time.Time { return down }
	began := time.Now()
	_, stop := start(t, historic(p.endpoint(), counter), o, sink)
	wait(t, 30*time.Second, "the gap is filled", func() bool {
		return len(between(sink.of(counter.Point), down, began)) >= int(began.Sub(down)/past.every)-1
	})
	stop()
	past.told(t, sink.of(counter.Point), down, began)
	for _, r := range sink.of(counter.Point) {
		if !r.At.After(down) {
			t.Errorf("a reading of %s is handed on, which was known already", r.At)
		}
	}
}

func TestWhatTheServersQueueDroppedIsFilled(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, time.Minute, 100*time.Millisecond)
	counter := node("Past.Energy")
	counter.Queue = 2 // of ten values between two reports
	sink := &basket{}
	o := patient(t)
	o.Publishing = time.Second
	_, stop := start(t, historic(p.endpoint(), counter), o, sink)
	wait(t, 30*time.Second, "live readings came", func() bool { return len(sink.of(counter.Point)) > 0 })
	from := newest(sink.of(counter.Point))
	to := from.Add(6 * time.Second)
	// The queue lets two of ten through. That the server samples every one of
	// them cannot be told of a busy machine, but nearly all.
	wait(t, 60*time.Second, "what fell out of the queue is filled", func() bool { return len(between(sink.of(counter.Point), from, to)) >= 40 })
	stop()
	past.told(t, sink.of(counter.Point), past.born, past.born)
	if n := len(p.told(t, "session_created")); n != 1 {
		t.Errorf("the server counts %d sessions, want 1", n)
	}
}

func TestHistoryIsBoundedInTimeAndAmount(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, 2*time.Minute, 100*time.Millisecond)
	counter := node("Past.Energy")

	t.Run("no older than allowed", func(t *testing.T) {
		t.Parallel()
		sink := &basket{}
		o := patient(t)
		o.HistoryMost = 10 * time.Second
		o.Last = func(energy.PointID) time.Time { return past.born }
		began := time.Now()
		_, stop := start(t, historic(p.endpoint(), counter), o, sink)
		wait(t, 30*time.Second, "history came", func() bool { return len(between(sink.of(counter.Point), past.born, began)) >= 50 })
		stop()
		for _, r := range sink.of(counter.Point) {
			if r.At.Before(began.Add(-10 * time.Second)) {
				t.Errorf("a reading of %s is handed on, ten seconds were allowed", r.At)
			}
		}
	})

	t.Run("no more than allowed", func(t *testing.T) {
		t.Parallel()
		sink := &basket{}
		o := patient(t)
		o.HistoryValues, o.HistoryChunk = 25, 10
		o.Last = func(energy.PointID) time.Time { return past.born }
		began := time.Now()
		_, stop := start(t, historic(p.endpoint(), counter), o, sink)
		wait(t, 30*time.Second, "live readings came after", func() bool { return len(sink.of(counter.Point)) >= 60 })
		stop()
		if n := len(between(sink.of(counter.Point), past.born, began.Add(-time.Second))); n != 25 {
			t.Errorf("%d readings of history are handed on, want 25", n)
		}
	})

	t.Run("none if it is not wanted", func(t *testing.T) {
		t.Parallel()
		sink := &basket{}
		o := patient(t)
		o.Last = func(energy.PointID) time.Time { return past.born }
		c := historic(p.endpoint(), counter)
		c.History = false
		began := time.Now()
		_, stop := start(t, c, o, sink)
		wait(t, 30*time.Second, "live readings came", func() bool { return len(sink.of(counter.Point)) >= 20 })
		stop()
		if n := len(between(sink.of(counter.Point), past.born, began.Add(-time.Second))); n != 0 {
			t.Errorf("%d readings of history are handed on, want none", n)
		}
	})
}

func TestANodeWithoutHistoryIsNotAskedForIt(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	c := lay(t, p.Address)
	counter := node("UPS1.Energy")
	sink := &basket{}
	d, stop := start(t, historic(c.endpoint(), counter), patient(t), sink)
	for range 3 {
		seen := len(sink.of(counter.Point))
		wait(t, 20*time.Second, "readings go on", func() bool { return len(sink.of(counter.Point)) >= seen+5 })
		c.cut()
		wait(t, 20*time.Second, "the cut was noticed", func() bool { return health(d).State == fieldbus.Silent })
	}
	wait(t, 20*time.Second, "the meter is back", func() bool { return health(d).State == fieldbus.Healthy })
	stop()
	if n := len(p.told(t, "history_request")); n != 0 {
		t.Errorf("the server counts %d requests for history of a node that says it has none", n)
	}
	if n := len(p.told(t, "session_created")); n != 4 {
		t.Errorf("the server counts %d sessions, want 4", n)
	}
}

func TestAServerThatDoesNotKnowHistoryIsAskedAFewTimesAndReadAllTheSame(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, time.Minute, 100*time.Millisecond, "--no-history-service")
	c := lay(t, p.Address)
	counter := node("Past.Energy")
	sink := &basket{}
	d, stop := start(t, historic(c.endpoint(), counter), patient(t), sink)
	flowing := func() {
		t.Helper()
		from := time.Now()
		wait(t, 40*time.Second, "live readings flow", func() bool { return newest(sink.of(counter.Point)).After(from.Add(time.Second)) })
	}
	flowing()
	for range 2 {
		c.cut()
		wait(t, 20*time.Second, "the cut was noticed", func() bool { return health(d).State == fieldbus.Silent })
		flowing()
	}
	stop()
	past.told(t, sink.of(counter.Point), past.born, past.born)
	asked := len(p.told(t, "history_request"))
	if asked < 1 || asked > fatalQuestions {
		t.Errorf("the server counts %d requests for history, want 1 to %d", asked, fatalQuestions)
	}
	if n := len(p.told(t, "session_created")); n > 3+asked+1 {
		t.Errorf("the server counts %d sessions, want the first, one after each cut, one for each of %d questions, and hardly more", n, asked)
	}
}

func TestReadingsOfHistoryThatTheSinkRefusesAreAskedForAgain(t *testing.T) {
	t.Parallel()
	l := newLedger("bms", []Meter{{ID: "ups", Nodes: []Node{node("X")}}}, noon(), Options{}.withDefaults().Log)
	a := newArchive(Options{}.withDefaults(), l, Options{}.withDefaults().Log)
	pt := &point{Node: node("X"), reader: reader{from: "kWh", to: "kWh"}}
	value := func(after time.Duration, v int32) *ua.DataValue {
		return &ua.DataValue{Value: ua.MustVariant(v), SourceTimestamp: noon().Add(after)}
	}
	g := &gap{point: pt, reader: pt.reader, from: noon(), to: noon().Add(10 * time.Second)}
	values := []*ua.DataValue{
		value(0, 1), value(time.Second, 2), value(time.Second, 3), value(500*time.Millisecond, 4), nil,
		{Value: ua.MustVariant(int32(5))}, {Value: ua.MustVariant("six"), SourceTimestamp: noon().Add(2 * time.Second)},
		value(3*time.Second, 7), value(10*time.Second, 8), value(time.Hour, 9),
	}
	full := errors.New("write spool: no space left on device")
	if _, err := a.hand(t.Context(), &basket{refuse: full}, g, values); !errors.Is(err, full) {
		t.Errorf("a sink that refuses gives %v, want its error", err)
	}
	if !g.from.Equal(noon()) || g.handed != 0 {
		t.Errorf("after a refusal the gap begins at %s, want where it began", g.from)
	}
	sink := &basket{}
	if n, err := a.hand(t.Context(), sink, g, values); n != 2 || err != nil {
		t.Errorf("%d readings are handed on, %v; want 2", n, err)
	}
	want := []energy.Reading{
		{At: noon().Add(time.Second), Value: energy.Decimal(2, 0), Quality: energy.Measured},
		{At: noon().Add(3 * time.Second), Value: energy.Decimal(7, 0), Quality: energy.Measured},
	}
	got := sink.of(pt.Point)
	if len(got) != 2 || !got[0].Same(want[0]) || !got[1].Same(want[1]) {
		t.Errorf("readings are %v, want %v", got, want)
	}
	if n, err := a.hand(t.Context(), sink, g, values); n != 0 || err != nil {
		t.Errorf("the second time %d are handed on, %v; want none", n, err)
	}
	if h := l.snapshot()[0]; h.Readings != 2 || h.Lost != 0 {
		t.Errorf("health counts %+v, want two readings", h)
	}
}

func TestGapsWaitTheirTurnAndAreBounded(t *testing.T) {
	t.Parallel()
	l := newLedger("bms", []Meter{{ID: "ups"}}, noon(), Options{}.withDefaults().Log)
	o := Options{}.withDefaults()
	a := newArchive(o, l, o.Log)
	p, q := &point{Node: node("P")}, &point{Node: node("Q")}
	now := noon()
	if g, wait := a.next(now); g != nil || wait != 0 {
		t.Errorf("of nothing the next is %v in %s", g, wait)
	}
	a.missed(p, now, now, now)
	a.missed(p, now.Add(-40*24*time.Hour), now.Add(-39*24*time.Hour), now)
	if g, _ := a.next(now); g != nil {
		t.Errorf("an empty gap, or one too old, waits: %v", g)
	}
	for i := range gapsOfPoint + 5 {
		a.missed(p, now.Add(time.Duration(i)*time.Minute), now.Add(time.Duration(i)*time.Minute+time.Second), now)
	}
	a.missed(q, now, now.Add(time.Second), now)
	if n := len(a.gaps); n != gapsOfPoint+1 {
		t.Errorf("%d gaps wait, want %d of the one point and one of the other", n, gapsOfPoint)
	}
	first, _ := a.next(now)
	if !first.from.Equal(now.Add(5 * time.Minute)) {
		t.Errorf("the oldest gap begins at %s, want the sixth: five were given up", first.from)
	}
	if lost := a.unfit(first, &refusal{ua.StatusBadHistoryOperationUnsupported}); lost {
		t.Error("a node without history costs the connection")
	}
	if n := len(a.gaps); n != 1 {
		t.Errorf("%d gaps wait, want that of the other point", n)
	}
	a.missed(p, now, now.Add(time.Second), time.Now())
	if n := len(a.gaps); n != 1 {
		t.Errorf("%d gaps wait: a point without history was noted again", n)
	}
	other, _ := a.next(now)
	if lost := a.unfit(other, ua.StatusBadTimeout); lost || a.chunk != o.HistoryChunk/2 {
		t.Errorf("after a timeout lost is %t and %d values are asked for, want half of %d", lost, a.chunk, o.HistoryChunk)
	}
	if g, wait := a.next(time.Now()); g != nil || wait < 20*time.Second {
		t.Errorf("after a timeout the gap is looked at again in %s, want about a minute", wait)
	}
	if a.hurry(time.Now()); a.gaps[0].due.After(time.Now()) {
		t.Error("a new connection does not try at once what went wrong on the last one")
	}
	a.settled(other)
	if g, wait := a.next(time.Now()); g != nil || wait < settle-time.Minute {
		t.Errorf("a gap that was looked up is looked at again in %s, want %s", wait, settle)
	}
	a.hurry(time.Now())
	if g, _ := a.next(time.Now()); g != nil {
		t.Error("a new connection looks up again what was looked up")
	}
	if a.settled(other); len(a.gaps) != 0 {
		t.Error("a gap that was looked up twice waits on")
	}
	a.missed(q, now, now.Add(time.Second), now)
	other, _ = a.next(now)
	if lost := a.unfit(other, ua.StatusBadServiceUnsupported); !lost || len(a.gaps) != 0 {
		t.Errorf("a server without the service leaves lost %t and %d gaps, want none", lost, len(a.gaps))
	}
	a.missed(q, now, now.Add(time.Second), time.Now())
	if len(a.gaps) != 0 {
		t.Error("a server without the service is asked again")
	}
}

func TestHistoryIsAskedForOnlyWhileTheSourceClockIsBelieved(t *testing.T) {
	t.Parallel()
	c := historic("opc.tcp://127.0.0.1:1", node("X"))
	o := patient(t)
	o.Last = func(energy.PointID) time.Time { return noon().Add(-time.Hour) }
	d, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	l, out, p := newLink(d), newOutbox(d.ledger, 100), d.groups[0].points[0]
	report := func(after, lag time.Duration, v int32) {
		at := noon().Add(after)
		l.value(p, &ua.DataValue{Value: ua.MustVariant(v), SourceTimestamp: at.Add(-lag), ServerTimestamp: at}, at, out)
	}
	report(0, time.Hour, 1) // has stood for an hour: shows nothing
	if len(d.archive.gaps) != 0 || len(p.missed) != 1 {
		t.Fatalf("%d gaps are asked for and %d wait, want one that waits for its clock", len(d.archive.gaps), len(p.missed))
	}
	report(time.Second, time.Hour, 2) // a change an hour old: the clock is astray
	report(2*time.Second, time.Hour, 3)
	if len(d.archive.gaps) != 0 {
		t.Fatal("history is asked for by a clock that is an hour off")
	}
	report(3*time.Second, 0, 4) // somebody has set it
	if len(d.archive.gaps) != 1 || len(p.missed) != 0 {
		t.Fatalf("%d gaps are asked for and %d wait, want that it is asked for", len(d.archive.gaps), len(p.missed))
	}
	g := d.archive.gaps[0]
	if !g.from.Equal(noon().Add(-time.Hour)) || !g.to.Equal(noon()) {
		t.Errorf("the gap is from %s to %s, want from the last known reading to the first one", g.from, g.to)
	}
	p.stream.cut()
	report(time.Minute, 30*time.Second, 5)
	if len(d.archive.gaps) != 2 {
		t.Error("after the next break history is not asked for, although the clock was believed")
	}
}

func TestStoppingDoesNotWaitForHistory(t *testing.T) {
	t.Parallel()
	p, past := chronicled(t, 10*time.Minute, 100*time.Millisecond)
	counter := node("Past.Energy")
	var asked atomic.Int64
	sink := &basket{}
	o := patient(t)
	o.HistoryChunk = 10
	o.Timeout = 10 * time.Second // to take leave of a server on a busy machine
	o.Last = func(energy.PointID) time.Time { asked.Add(1); return past.born }
	_, stop := start(t, historic(p.endpoint(), counter), o, sink)
	wait(t, 30*time.Second, "history has begun", func() bool { return len(sink.of(counter.Point)) >= 30 })
	stop()
	got := len(sink.of(counter.Point))
	if all := int(time.Since(past.born) / past.every); got > all-500 {
		t.Errorf("%d of %d readings came before stopping was done, want that most are left", got, all)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the last reading was asked for %d times, want once", n)
	}
	wait(t, 30*time.Second, "the session was closed", func() bool { return len(p.told(t, "session_closed")) == 1 })
}
