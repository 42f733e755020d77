package plantsim

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gopcua/opcua/id"
	"github.com/gopcua/opcua/ua"
	"github.com/simonvetter/modbus"
)

// TestStoppedPlantLeavesNothing does not run beside others: it counts goroutines.
func TestStoppedPlantLeavesNothing(t *testing.T) {
	before := running()
	for range 2 {
		s, err := Start(t.Context(), Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		m, u := client(t, s, "hafen-gateway"), session(t, s)
		if _, err := raw(t, m, 1, 19026, 2, modbus.HOLDING_REGISTER); err != nil {
			t.Fatal(err)
		}
		_, ch := monitor(t, u, ua.NewNumericNodeID(0, id.Server_ServerStatus_CurrentTime))
		changes(t, ch, 1, 1, func(int, *ua.DataValue) {})
		begin := time.Now()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 9*time.Second {
			t.Errorf("closing took %s: the library waits ten seconds for a client that is not gone", took)
		}
		_ = u.Close(context.WithoutCancel(t.Context())) // its line is gone
		_ = m.Close()
	}
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		if after := running(); after == before {
			return
		} else if time.Now().After(deadline) {
			t.Fatalf("still running:\n%s\nbefore:\n%s", after, before)
		}
	}
}

// running are the stacks of the plant's and its libraries' goroutines.
func running() string {
	buf := make([]byte, 1<<20)
	var ours []string
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if !strings.Contains(stack, "testing.") && (strings.Contains(stack, "plantsim") || strings.Contains(stack, "simonvetter") || strings.Contains(stack, "gopcua")) {
			ours = append(ours, stack)
		}
	}
	return strings.Join(ours, "\n\n")
}

func TestPlantEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Wait(); err != nil {
		t.Errorf("wait: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
}

func TestStartSaysWhatIsInItsWay(t *testing.T) {
	t.Parallel()
	first := serve(t, Options{Seed: 1})
	var port int
	for _, c := range first.Connections() {
		if c.Protocol == OPCUA {
			port = portOf(t, c.URL)
		}
	}
	twice := SmallTown()
	twice[1].Connections[0].Meters[0].ID = twice[0].Connections[0].Meters[0].ID
	strange := SmallTown()
	strange[0].Load.Shape = "flat"
	exporting := SmallTown()
	exporting[0].SolarPeak = 1e6
	for _, row := range []struct {
		sentence string
		options  Options
		want     string
	}{
		{"a port that is taken", Options{Ports: map[string]int{"kaiserlei-bms": port}}, "serve connection kaiserlei-bms: listen on 127.0.0.1:"},
		{"a meter twice", Options{Sites: twice}, "meter hafen-main is there twice"},
		{"a shape nobody measured", Options{Sites: strange}, `follows the load shape "flat"`},
		{"more sun than load", Options{Sites: exporting}, "the plant does not export"},
	} {
		s, err := Start(t.Context(), row.options)
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.sentence, err, row.want)
		}
	}
}
