package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSimulatePlaysAScenario(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	src := "- {at: 0s, connection: hafen-gateway, do: refuse}\n- {at: 0s, for: 1ms, meter: kaiserlei-main, do: frozen}\n"
	if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	plant := begin(t, "", "simulate", "--scenario", file)
	eventually(t, "simulate prints its ports", func() bool { return strings.Count(plant.stdout.String(), "\n") == 2 })
	eventually(t, "the scenario is played and logged", func() bool {
		log := plant.stderr.String()
		return strings.Count(log, "scenario does") == 2 && strings.Count(log, "scenario mends") == 1 && strings.Contains(log, "do=refuse")
	})
	for line := range strings.Lines(plant.stdout.String()) {
		fields := strings.Fields(line) // site, connection, address
		_, address, _ := strings.Cut(fields[2], "://")
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		if refuses := err != nil; refuses != (fields[1] == "hafen-gateway") {
			t.Errorf("%s: %v", fields[1], err)
		}
	}
	plant.cancel()
	plant.wait().want(t, exitFine)
}

func TestSimulateRefusesAScenarioWithFaults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(file, []byte("- {at: 0s, meter: hafen-usp, do: refuse}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := command(t, "", "simulate", "--scenario", file).want(t, exitUsage)
	if !strings.Contains(said.stderr, file+":1:12: refuse befalls a connection") {
		t.Errorf("it says %s", said.stderr)
	}
	if said := command(t, "", "simulate", "--scenario", file+".none").want(t, exitUsage); !strings.Contains(said.stderr, "read the scenario") {
		t.Errorf("it says %s", said.stderr)
	}
}
