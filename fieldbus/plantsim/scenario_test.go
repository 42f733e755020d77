package plantsim

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/fieldbus/faultproxy"
)

// smallTown is the plant of the example.
func smallTown(t testing.TB) *Plant {
	t.Helper()
	p, err := NewPlant(1, SmallTown())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheExampleShowsEveryDeed(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("example.scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc, faults := smallTown(t).Scenario("example.scenario.yaml", src)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	shown := map[Deed]bool{}
	for _, e := range sc {
		shown[e.Do] = true
	}
	for _, d := range Deeds() {
		if !shown[d] {
			t.Errorf("the example does not show %s", d)
		}
	}
	for _, e := range sc { // whatever is in the file can be done
		if spoil, ok := e.spoil(); ok {
			p := faultproxy.ModbusTCP
			if e.wire == OPCUA {
				p = faultproxy.OPCUA
			}
			if !spoil.Do.Of(p, "tcp") {
				t.Errorf("line %d: %s is not for %s", e.line, spoil.Do, p)
			}
		} else if _, err := e.fault(); err != nil {
			t.Errorf("line %d: %v", e.line, err)
		}
	}
}

func TestEveryFaultOfAScenarioHasItsPlace(t *testing.T) {
	t.Parallel()
	plant := smallTown(t)
	for _, row := range []struct{ src, want string }{
		{"{at: 1s}", "s.yaml:1:1: the file is a mapping: a list is expected"},
		{"- {at: 1s, meter: hafen-ups}", `s.yaml:1:3: missing field "do": a text is expected`},
		{"- {at: 1s, meter: hafen-ups, do: frozn}", `s.yaml:1:34: "frozn" is nothing that can be done: did you mean "frozen"?`},
		{"- {at: 1s, meter: hafen-usp, do: frozen}", `s.yaml:1:19: the plant has no such meter: did you mean "hafen-ups"?`},
		{"- {at: 1s, connection: hafen, do: refuse}", "s.yaml:1:24: the plant has no such connection"},
		{"- {at: 1s, do: frozen}", "s.yaml:1:3: an event befalls either a meter or a connection"},
		{"- {at: 1s, do: frozen, meter: hafen-ups, connection: hafen-gateway}", "s.yaml:1:3: an event befalls either"},
		{"- {at: 1s, do: refuse, meter: hafen-ups}", "s.yaml:1:24: refuse befalls a connection"},
		{"- {at: 1s, do: reset, connection: hafen-gateway}", "s.yaml:1:23: reset befalls a meter"},
		{"- {at: 1s, do: late, connection: hafen-gateway}", `s.yaml:1:3: late without "delay": write it: how late`},
		{"- {at: 1s, do: twice, delay: 2s, connection: hafen-gateway}", `s.yaml:1:23: "delay" says nothing about twice: remove it`},
		{"- {at: 1s, do: twice, often: 2, connection: hafen-gateway}", `s.yaml:1:23: unknown field "often"`},
		{"- {at: -1s, do: twice, connection: hafen-gateway}", "s.yaml:1:8: at is out of range"},
		{"- {at: 1s, for: 0s, do: twice, connection: hafen-gateway}", "s.yaml:1:17: for is out of range"},
		{"- {at: 1s, do: twice, share: 1.5, connection: hafen-gateway}", "s.yaml:1:30: share is out of range"},
		{"- {at: 1s, do: exception, code: 128, connection: hafen-gateway}", "s.yaml:1:33: code is out of range"},
		{"- {at: 1s, do: wrong_crc, connection: hafen-gateway}", `"wrong_crc" is nothing that can be done`},
		{"- {at: 1s, do: wrong_unit, connection: kaiserlei-bms}", "s.yaml:1:16: wrong_unit is not for a connection that speaks opcua"},
		{"- {at: 1s, do: twice, meter: kaiserlei-main}", "s.yaml:1:16: twice is not for a meter that speaks opcua"},
		{"- {at: 1s, do: bad, status: BadSensorFailure, meter: hafen-ups}", "s.yaml:1:16: bad is not for a meter that speaks modbus"},
		{"- {at: 1s, do: bad, status: Good, meter: kaiserlei-main}", `s.yaml:1:29: "Good" is no bad status`},
		{"- {at: 1s, do: sentinel, meter: hafen-main}", "s.yaml:1:16: meter hafen-main has no value that can be sentinel"},
		{"- {at: 1s, do: nan, quantities: [active_energy_import], meter: hafen-ups}", `s.yaml:1:34: meter hafen-ups has no "active_energy_import" that can be nan`},
		{"- {at: 1s, do: exception, code: 4, quantities: [active_power], connection: hafen-gateway}", "a connection has no quantities"},
		{"- {at: 1s, do: exception, code: 7, quantities: [active_power], meter: hafen-ups}", "s.yaml:1:33: exception 7 is not given for single quantities"},
		{"- {at: 1s, do: busy, times: 1, quantities: [active_power], meter: hafen-ups}", "s.yaml:1:22: single quantities are refused always"},
		{"- {at: 1s, for: 1s, do: zero, meter: hafen-ups}", "s.yaml:1:12: a zero glitch is one sample"},
		{"- {at: 1s, do: reboot, meter: hafen-ups}", `reboot without "for"`},
		{"- {at: 1s, for: 5s, do: frozen, meter: hafen-ups}\n- {at: 3s, do: reset, meter: hafen-ups}", "s.yaml:2:8: meter hafen-ups has the fault of line 1 at that time"},
		{"- {at: 1s, do: frozen, meter: hafen-ups}\n- {at: 3s, do: zero, meter: hafen-ups}", "s.yaml:2:8: meter hafen-ups has the fault of line 1"},
		{"- {at: 9s, do: refuse, connection: hafen-gateway}\n- {at: 3s, do: swallow, connection: hafen-gateway}", "s.yaml:2:8: connection hafen-gateway has the fault of line 1"},
	} {
		_, faults := plant.Scenario("s.yaml", []byte(row.src))
		if !slices.ContainsFunc(strings.Split(faults.Error(), "\n"), func(line string) bool { return strings.Contains(line, row.want) }) {
			t.Errorf("%s\n  gives %v\n  want %s", row.src, faults, row.want)
		}
	}
	for _, src := range []string{
		"- {at: 1s, for: 5s, do: frozen, meter: hafen-ups}\n- {at: 6s, do: reset, meter: hafen-ups}",
		"- {at: 1s, do: zero, meter: hafen-ups}\n- {at: 1s, do: twice, meter: hafen-ups}\n- {at: 2s, do: zero, meter: hafen-ups}",
		"- {at: 1s, do: refuse, connection: hafen-gateway}\n- {at: 1s, do: refuse, connection: kaiserlei-bms}",
	} {
		if _, faults := plant.Scenario("s.yaml", []byte(src)); len(faults) > 0 {
			t.Errorf("%s\n  gives %v", src, faults)
		}
	}
}

func FuzzScenario(f *testing.F) {
	src, err := os.ReadFile("example.scenario.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("- {at: 1s, do: exception, code: 7, quantities: [active_power], connection: hafen-gateway}\n- {}\n-"))
	plant := smallTown(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		sc, faults := plant.Scenario("s.yaml", src)
		if len(faults) > 0 {
			return
		}
		for _, e := range sc { // what has no fault can be done
			if _, ok := e.spoil(); !ok {
				if _, err := e.fault(); err != nil {
					t.Error(err)
				}
			}
		}
		_ = sc.Steps()
	})
}

func TestStepsComeInTheOrderOfTimeAndEndsBeforeBegins(t *testing.T) {
	t.Parallel()
	sc := Scenario{{At: 20, For: 10}, {At: 10, For: 10}, {At: 10}}
	want := []Step{{10, false, 1}, {10, false, 2}, {20, true, 1}, {20, false, 0}, {30, true, 0}}
	if got := sc.Steps(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// TestAPlayBreaksAndMends plays with a clock in the test's hand.
func TestAPlayBreaksAndMends(t *testing.T) {
	t.Parallel()
	reached, goOn := make(chan time.Duration), make(chan struct{})
	s := serve(t, Options{Seed: 1, Pace: func(ctx context.Context, at time.Duration) error {
		select {
		case reached <- at:
		case <-ctx.Done():
			return ctx.Err()
		}
		<-goOn
		return nil
	}})
	sc, faults := s.Plant().Scenario("s.yaml", []byte(`
- {at: 1s, for: 2s, meter: hafen-ups, do: wrap, modulus: 1000}
- {at: 2s, for: 2s, connection: hafen-gateway, do: swallow}
- {at: 9s, meter: hafen-ups, do: frozen}
- {at: 99s, meter: hafen-heat, do: frozen}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ctx, cancel := context.WithCancel(t.Context())
	played := make(chan error, 1)
	go func() { played <- s.Play(ctx, sc) }()
	state := func() (modulus int64, swallowed int64, frozen bool) {
		stats, _ := s.Spoiled("hafen-gateway")
		ups := s.meters["hafen-ups"].fault(s.Now())
		return ups.Modulus, stats.Spoiled[faultproxy.Swallow], ups.Frozen
	}
	for _, want := range []struct {
		at        time.Duration // reached, when what comes next is not yet done
		modulus   int64
		swallowed int64
		frozen    bool
	}{{1, 0, 0, false}, {2, 1000, 0, false}, {3, 1000, 1, false}, {4, 0, 1, false}, {9, 0, 1, false}, {99, 0, 1, true}} {
		at := <-reached
		modulus, swallowed, frozen := state()
		if at != want.at*time.Second || modulus != want.modulus || swallowed != want.swallowed || frozen != want.frozen {
			t.Errorf("at %s: modulus %d, swallowed %d, frozen %v; want %+v", at, modulus, swallowed, frozen, want)
		}
		if want.at == 99 {
			break
		}
		goOn <- struct{}{}
	}
	cancel()
	close(goOn)
	if err := <-played; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("the play ended with %v", err)
	}
}

func TestAPlayThatIsBrokenOffLeavesEverythingSound(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Seed: 1})
	sc, faults := s.Plant().Scenario("s.yaml", []byte("- {at: 0s, meter: hafen-ups, do: frozen}\n- {at: 1h, meter: hafen-heat, do: frozen}\n- {at: 0s, connection: hafen-gateway, do: refuse}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ctx, cancel := context.WithCancel(t.Context())
	played := make(chan error, 1)
	go func() { played <- s.Play(ctx, sc) }()
	for stats := (faultproxy.Stats{}); stats.Spoiled[faultproxy.Refuse] == 0; time.Sleep(time.Millisecond) {
		stats, _ = s.Spoiled("hafen-gateway")
	}
	cancel()
	if err := <-played; !errors.Is(err, context.Canceled) {
		t.Errorf("the play ended with %v", err)
	}
	if s.meters["hafen-ups"].fault(s.Now()).Frozen {
		t.Error("the meter is still frozen")
	}
	_ = client(t, s, "hafen-gateway") // it connects
}

func TestRealTimeIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if err := wait(t.Context(), time.Hour); err != nil || time.Since(begun) != time.Hour {
			t.Errorf("waited %s: %v", time.Since(begun), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Hour+time.Minute {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
	})
}
