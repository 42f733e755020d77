package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/counterpart"
	"heatledger/fieldbus/opcua"
)

// mbpoll reads registers with a program nobody here wrote and gives their bits,
// most significant register first, and when it was at work.
func mbpoll(t *testing.T, address string, unit, register, count int, table string) (bits uint64, begun, ended time.Time) {
	t.Helper()
	_, port, _ := strings.Cut(address, ":")
	begun = time.Now()
	out, err := exec.CommandContext(t.Context(), "mbpoll", "-m", "tcp", "-0", "-a", strconv.Itoa(unit), "-r", strconv.Itoa(register),
		"-t", table+":hex", "-c", strconv.Itoa(count), "-1", "-p", port, "127.0.0.1").CombinedOutput()
	ended = time.Now()
	if err != nil {
		t.Fatalf("mbpoll (apt install mbpoll): %v\n%s", err, out)
	}
	words := regexp.MustCompile(`(?m)^\[\d+\]:\s+0x([0-9A-F]{4})$`).FindAllStringSubmatch(string(out), -1)
	if len(words) != count {
		t.Fatalf("mbpoll shows %d registers, want %d:\n%s", len(words), count, out)
	}
	for _, word := range words {
		n, err := strconv.ParseUint(word[1], 16, 16)
		if err != nil {
			t.Fatalf("read what mbpoll shows: %v", err)
		}
		bits = bits<<16 | n
	}
	return bits, begun, ended
}

// nodeValue is what the client written with node-opcua prints of a node.
type nodeValue struct {
	Node, Type, Status string
	Value              any // a number; of 64-bit integers a text
	SourceTimestamp    time.Time
}

func nodeClient(t *testing.T, endpoint string, nodes []string) (values []nodeValue) {
	t.Helper()
	script := filepath.Join(counterpart.Folder(), "opcua_client.js")
	client := exec.CommandContext(t.Context(), counterpart.NodeBinary(), append([]string{script, endpoint}, nodes...)...)
	said := &notebook{}
	client.Stderr = said
	out, err := client.Output()
	if err != nil {
		t.Fatalf("read %s with node-opcua (tools/setup test): %v\n%s", endpoint, err, said)
	}
	if err := json.Unmarshal(out, &values); err != nil || len(values) != len(nodes) {
		t.Fatalf("node-opcua prints %d values of %d nodes (%v): %s", len(values), len(nodes), err, out)
	}
	return values
}

// simulated is a `simulate`, and a `serve` that reads it with the configuration
// it wrote, polling ten times a second.
func simulated(t *testing.T) (c *centre, cfg *config.Config, addresses map[string]string) {
	t.Helper()
	dir := t.TempDir()
	plant := begin(t, "", "simulate", "--write-config", dir)
	eventually(t, "simulate prints its ports", func() bool { return strings.Count(plant.stdout.String(), "\n") == 2 })
	addresses = map[string]string{}
	for line := range strings.Lines(plant.stdout.String()) {
		fields := strings.Fields(line) // site, connection, address
		addresses[fields[1]] = fields[2]
	}
	file := filepath.Join(dir, "config.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read the configuration that simulate wrote: %v", err)
	}
	fast := regexp.MustCompile(`every: \S+`).ReplaceAllString(string(text), "every: 200ms") + "spool: {batch: 200ms}\n"
	write(t, dir, "config.yaml", fast)
	cfg, faults := config.Load(file)
	if len(faults) > 0 {
		t.Fatalf("load the configuration that simulate wrote: %v", faults)
	}
	return serve(t, storetest.URL(t), file, ""), cfg, addresses
}

// TestMbpollReadsFromTheSimulatorWhatTheAPIShows reads counters of the virtual
// plant with mbpoll while `serve` reads them too. What mbpoll shows lies, to
// the last bit, between what the API shows just before and just after.
func TestMbpollReadsFromTheSimulatorWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	c, _, addresses := simulated(t)
	gateway := strings.TrimPrefix(addresses["hafen-gateway"], "tcp://")
	const load = 630.0 // kW, the most that the site can take
	float := func(bits uint64) energy.Value { return energy.Float(float64(math.Float32frombits(uint32(bits)))) }
	whole := func(bits uint64) energy.Value { return energy.Decimal(int64(bits), 0) }
	hundredths := func(bits uint64) energy.Value { return energy.Decimal(int64(bits), -2) }
	for _, row := range []struct {
		point                 energy.PointID
		unit, register, count int
		table                 string // 4 holding, 3 input
		decode                func(uint64) energy.Value
		is                    energy.Unit // of the register
		step                  float64     // of the register, in the unit of the API
	}{
		{"hafen/grid-energy", 1, 19068, 2, "4", float, "Wh", 0.512},
		{"hafen/it-energy", 2, 3203, 4, "4", whole, "Wh", 0.001},
		{"hafen/cooling-energy", 3, 3203, 4, "4", whole, "Wh", 0.001},
		{"hafen/other-energy", 4, 3203, 4, "4", whole, "Wh", 0.001},
		{"hafen/heat-energy", 7, 100, 2, "3", whole, "kWh", 1},
		{"hafen/heat-volume", 7, 102, 2, "3", hundredths, "m³", 0.01},
	} {
		eventually(t, "readings are there before mbpoll begins", func() bool { return len(c.readings(row.point)) >= 2 })
		bits, begun, ended := mbpoll(t, gateway, row.unit, row.register, row.count, row.table)
		var before, after item
		eventually(t, "readings are there from after mbpoll", func() bool {
			later := 0
			for _, r := range c.readings(row.point) {
				if !r.At.After(begun) {
					before = r
				}
				if r.At.After(ended) { // the first may have been asked for before mbpoll had its answer
					if later++; later == 2 {
						after = r
					}
				}
			}
			return later >= 2
		})
		shown, err := energy.Convert(row.decode(bits), row.is, after.Unit)
		if err != nil {
			t.Fatalf("convert what mbpoll shows of %s: %v", row.point, err)
		}
		least, most, got := before.number(t).Float64(), after.number(t).Float64(), shown.Float64()
		if got < least || got > most {
			t.Errorf("%s: mbpoll shows %v %s, the API %v at %s and %v at %s", row.point, got, after.Unit, least, before.At, most, after.At)
		}
		if widest := row.step + load*after.At.Sub(before.At).Hours(); most-least > widest {
			t.Errorf("%s: the API shows %v and %s later %v, more than one step beyond what the site can take", row.point, least, after.At.Sub(before.At), most)
		}
	}
}

// TestNodeOPCUAReadsFromTheSimulatorWhatTheAPIShows reads every node of the
// virtual plant with a client nobody here wrote. Values carry the instant of
// their source, so that both must show the same number for it.
func TestNodeOPCUAReadsFromTheSimulatorWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	c, cfg, addresses := simulated(t)
	var nodes []opcua.Node
	var names []string
	for _, connection := range cfg.Connections {
		for _, meter := range connection.Meters {
			if connection.OPCUA == nil {
				continue
			}
			found, faults := opcua.ParseNodes(meter.Nodes)
			if len(faults) > 0 {
				t.Fatalf("read the nodes of %s: %v", meter.ID, faults)
			}
			for _, n := range found {
				nodes, names = append(nodes, n), append(names, n.Node)
			}
		}
	}
	eventually(t, "readings are there", func() bool { return len(c.readings("kaiserlei/it-power")) >= 3 })
	values := nodeClient(t, addresses["kaiserlei-bms"], names)
	newest := values[0].SourceTimestamp
	for _, v := range values {
		if v.SourceTimestamp.After(newest) {
			newest = v.SourceTimestamp
		}
	}
	eventually(t, "readings are there from after node-opcua's", func() bool {
		readings := c.readings("kaiserlei/it-power")
		return readings[len(readings)-1].At.After(newest.Add(time.Second))
	})
	same := 0
	for i, v := range values {
		var at item
		for _, r := range c.readings(nodes[i].Point) {
			if !r.At.After(v.SourceTimestamp) {
				at = r
			}
		}
		if v.Status != "Good" || at.Value == nil {
			t.Errorf("%s: node-opcua shows status %s, the API %+v", nodes[i].Point, v.Status, at)
			continue
		}
		number := energy.Float(0)
		switch text := v.Value.(type) {
		case float64:
			number = energy.Float(text)
		case string:
			number, _ = energy.ParseValue(text) // what is no number becomes 0, which no meter shows
		}
		want, err := energy.Convert(number, nodes[i].Unit, at.Unit)
		if err != nil {
			t.Fatalf("convert what node-opcua shows of %s: %v", nodes[i].Point, err)
		}
		if got := at.number(t).Float64(); got != want.Float64() || got == 0 {
			t.Errorf("%s at %s: node-opcua shows %v %s, the API %v %s of %s", nodes[i].Point, v.SourceTimestamp, want, at.Unit, got, at.Unit, at.At)
		}
		if at.At.Equal(v.SourceTimestamp) {
			same++
		}
	}
	if len(values) != 13 || same < 8 {
		t.Errorf("%d nodes read, %d of them at the very instant of a reading, want 13 and at least the eight that change every second", len(values), same)
	}
}
