package opcua

import (
	"math"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

func TestADeadbandKeepsSmallChangesAtTheServer(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--every", "50")
	// Analog and UPS1.Power go through 0 … 9 again and again, one step each 50 ms.
	every, absolute, percent, refused := node("Analog"), node("UPS1.Power"), node("Analog"), node("Double")
	absolute.Unit, absolute.Deadband = energy.Kilowatt, Deadband{Value: 3}
	percent.Point, percent.Deadband = "dc/percent", Deadband{Value: 3, Percent: true} // of 0 … 100
	refused.Point, refused.Node, refused.Deadband = "dc/refused", node("UPS1.Energy").Node, Deadband{Value: 1, Percent: true}
	sink := &basket{}
	m := Meter{ID: "ups", Sampling: 10 * time.Millisecond, Nodes: []Node{every, absolute, percent, refused}}
	d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, patient(t), sink)
	wait(t, 60*time.Second, "the values have gone round and round", func() bool {
		return len(sink.of(every.Point)) >= 60 && len(sink.of(absolute.Point)) >= 8 && len(sink.of(percent.Point)) >= 8
	})
	wait(t, 20*time.Second, "every change of the variable without EURange came", func() bool { return len(sink.of(refused.Point)) >= 40 })
	stop()
	for _, n := range []Node{absolute, percent} {
		readings := sink.of(n.Point)
		for i, r := range readings[1:] {
			if step := math.Abs(r.Value.Float64() - readings[i].Value.Float64()); step <= 3 {
				t.Errorf("%s: reading %d moves by %g, more than the deadband of 3 was wanted", n.Point, i+1, step)
			}
		}
	}
	if got := reasons(d)[refused.Point]; !strings.HasPrefix(got, "server does not apply the deadband 1% (status Bad") || !strings.HasSuffix(got, "every change is reported") {
		t.Errorf("health says of the variable without EURange %q, want that its deadband does not hold", got)
	}
	consecutive(t, sink.of(refused.Point), 7)
	if h := health(d); h.State != fieldbus.Degraded || len(h.Points) != 1 {
		t.Errorf("health is %+v, want degraded by the one point", h)
	}
}

func TestADeadbandIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Deadband{"0.5": {0.5, false}, "1%": {1, true}, " 2.5 % ": {2.5, true}, "0": {}, "100%": {100, true}} {
		if got, err := ParseDeadband(text); err != nil || got != want {
			t.Errorf("ParseDeadband(%q) = %v, %v, want %v", text, got, err, want)
		}
		if again, err := ParseDeadband(want.String()); err != nil || again != want {
			t.Errorf("%v is written %q and read %v, %v", want, want, again, err)
		}
	}
	for _, text := range []string{"", "%", "-1", "101%", "1,5", "NaN", "1e999", "half"} {
		if got, err := ParseDeadband(text); err == nil {
			t.Errorf("ParseDeadband(%q) = %v, want an error", text, got)
		}
	}
}

func TestAClockThatStandsStillWhileTheValueChangesIsSaid(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	frozen, counter := node("Frozen"), node("UPS1.Energy")
	sink := &basket{}
	m := Meter{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{frozen, counter}}
	d, stop := start(t, Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{m}}, patient(t), sink)
	wait(t, 30*time.Second, "the clock's standstill is in health", func() bool {
		return strings.HasPrefix(reasons(d)[frozen.Point], "source time does not go on while the value changes, it stands at 20")
	})
	wait(t, 30*time.Second, "readings go on", func() bool { return len(sink.of(frozen.Point)) >= 20 })
	stop()
	consecutive(t, sink.of(frozen.Point), 1)
	if _, noted := reasons(d)[counter.Point]; noted {
		t.Errorf("the counter, whose clock goes, is noted: %v", reasons(d))
	}
}

func TestAClockIsJudgedByItsChangesOnly(t *testing.T) {
	t.Parallel()
	type report struct {
		source, at time.Duration
		first      bool
	}
	second := func(n int) time.Duration { return time.Duration(n) * time.Second }
	for _, c := range []struct {
		is       string
		reports  []report
		believed bool
		fault    bool
	}{
		{"a clock that goes", []report{{0, 0, true}, {second(1), second(1), false}, {second(2), second(2), false}}, true, false},
		{"a value that has stood for an hour", []report{{0, second(3600), true}}, false, false},
		{"the same, once it changes", []report{{0, second(3600), true}, {second(3660), second(3660), false}}, true, false},
		{"a clock that stands at three changes", []report{{0, 0, true}, {0, second(1), false}, {0, second(2), false}, {0, second(3), false}}, false, true},
		{"a clock that stood at two", []report{{0, 0, true}, {0, second(1), false}, {0, second(2), false}, {second(3), second(3), false}}, true, false},
		{"a clock that was set back and goes on", []report{{second(9), second(9), true}, {second(1), second(10), false}, {second(2), second(11), false}, {second(3), second(12), false}, {second(4), second(13), false}}, false, false},
		{"breaks after breaks", []report{{0, 0, true}, {0, second(1), true}, {0, second(2), true}, {0, second(3), true}, {0, second(4), true}}, true, false},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			var k clock
			for _, r := range c.reports {
				k.seen(noon().Add(r.source), noon().Add(r.at), r.first)
			}
			if k.believed != c.believed || (k.fault() != "") != c.fault {
				t.Errorf("the clock is believed: %t, its fault is %q; want %t, a fault: %t", k.believed, k.fault(), c.believed, c.fault)
			}
		})
	}
}
