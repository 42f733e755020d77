package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/opcua"
)

// probePatience is how long an OPC UA server has to give every node a value.
const probePatience = 30 * time.Second

// notepad keeps the first reading of each point. It is a [fieldbus.Sink].
type notepad struct {
	mutex    sync.Mutex
	readings map[energy.PointID]energy.Reading
}

// Collect keeps what it has not yet.
func (n *notepad) Collect(_ context.Context, readings []energy.PointReading) error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, r := range readings {
		if _, known := n.readings[r.Point]; !known {
			n.readings[r.Point] = r.Reading
		}
	}
	return nil
}

func (n *notepad) of(p energy.PointID) (energy.Reading, bool) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	r, ok := n.readings[p]
	return r, ok
}

// probedNode is a node of a probe as programs read it.
type probedNode struct {
	Point   energy.PointID `json:"point"`
	Node    string         `json:"node"`
	Number  *energy.Value  `json:"value"`
	Unit    energy.Unit    `json:"unit,omitempty"`
	Quality string         `json:"quality,omitempty"`
	At      time.Time      `json:"at,omitzero"`
	Source  time.Time      `json:"source_time,omitzero"` // as the server gives them
	Server  time.Time      `json:"server_time,omitzero"`
	Problem string         `json:"problem,omitempty"`
}

// probeOPCUA subscribes to the nodes of one meter, as the collector does, until
// each has a value or is refused.
func (p *process) probeOPCUA(cfg *config.Config, i, j int) error {
	registries, err := loadRegistries(cfg)
	if err != nil {
		return err
	}
	line, faults := opcuaLine(cfg, i, quantitiesOf(registries))
	if len(faults) > 0 {
		return faults
	}
	line.Meters, line.History = line.Meters[j:j+1], false
	driver, err := opcua.New(line, opcua.Options{Timeout: cfg.Connections[i].OPCUA.Timeout}) // what it would log is shown
	if err != nil {
		return err
	}
	begun := time.Now()
	nodes, err := p.listen(driver, line.Meters[0])
	if err != nil {
		return err
	}
	if err := p.askTimes(line, nodes); err != nil {
		return err
	}
	return p.showNodes(line, nodes, time.Since(begun))
}

// askTimes asks the server once for the times of each node's value. Those of a
// model's variables are not asked for: the server finds their nodes by itself.
func (p *process) askTimes(line opcua.Config, nodes []probedNode) error {
	var addresses []string
	for _, n := range line.Meters[0].Nodes {
		addresses = append(addresses, n.Node)
	}
	if len(addresses) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ctx, probePatience)
	defer cancel()
	all, err := opcua.Read(ctx, line, opcua.Options{}, addresses)
	if err != nil {
		return fmt.Errorf("ask for the times of the nodes: %w", err)
	}
	for k, current := range all { // nodesOf keeps their order
		nodes[k].Source, nodes[k].Server = current.Source, current.Server
	}
	return nil
}

// instant is a time as it is shown; "-" where there is none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339Nano)
}

// listen runs a driver until each node of its meter has a value or a reason why
// it has none.
func (p *process) listen(driver *opcua.Driver, meter opcua.Meter) ([]probedNode, error) {
	ctx, cancel := context.WithTimeout(p.ctx, probePatience)
	defer cancel()
	heard := &notepad{readings: map[energy.PointID]energy.Reading{}}
	var running sync.WaitGroup
	running.Go(func() { _ = driver.Run(ctx, heard) }) // it returns nil when it is told to end
	defer running.Wait()
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	nodes := nodesOf(meter)
	for {
		select {
		case <-ctx.Done():
			for k := range nodes {
				if nodes[k].Number == nil && nodes[k].Problem == "" {
					nodes[k].Problem = "no value within " + short(probePatience)
				}
			}
			return nodes, p.ctx.Err()
		case <-look.C:
		}
		health := driver.Health()[0]
		if health.State == fieldbus.Silent && health.LastError != "" {
			return nil, fmt.Errorf("probe meter %s: %s", meter.ID, health.LastError)
		}
		if settle(nodes, heard, health) {
			return nodes, nil
		}
	}
}

// nodesOf are what a meter reads, without values.
func nodesOf(meter opcua.Meter) (nodes []probedNode) {
	for _, n := range meter.Nodes {
		nodes = append(nodes, probedNode{Point: n.Point, Node: n.Node, Unit: unitOf(n.Quantity, n.Unit)})
	}
	for _, q := range slices.Sorted(maps.Keys(meter.Points)) {
		nodes = append(nodes, probedNode{Point: meter.Points[q], Node: string(q), Unit: q.Unit()})
	}
	return nodes
}

// unitOf is the unit in which the driver gives the values of a node.
func unitOf(q energy.Quantity, u energy.Unit) energy.Unit {
	if q != "" {
		return q.Unit()
	}
	for _, known := range energy.Quantities() {
		if u.Convertible(known.Unit()) {
			return known.Unit()
		}
	}
	return u
}

// settle notes what is known of each node, and tells whether that is all.
func settle(nodes []probedNode, heard *notepad, health fieldbus.MeterHealth) (all bool) {
	all = true
	for k := range nodes {
		n := &nodes[k]
		if r, ok := heard.of(n.Point); ok {
			n.Number, n.Quality, n.At, n.Problem = &r.Value, r.Quality.String(), r.At, ""
			continue
		}
		if i := slices.IndexFunc(health.Points, func(h fieldbus.PointHealth) bool { return h.Point == n.Point }); i >= 0 {
			n.Problem = health.Points[i].Reason
			continue
		}
		all = false
	}
	return all
}

// showNodes shows what the nodes of a meter hold.
func (p *process) showNodes(line opcua.Config, nodes []probedNode, took time.Duration) error {
	switch p.line.Output {
	case "json":
		return p.showJSON(struct {
			Meter    energy.MeterID `json:"meter"`
			Endpoint string         `json:"endpoint"`
			Seconds  float64        `json:"seconds"`
			Nodes    []probedNode   `json:"nodes"`
		}{line.Meters[0].ID, line.Endpoint, took.Seconds(), nodes})
	case "csv":
		rows := [][]string{{"point", "node", "value", "unit", "quality", "at", "problem", "source_time", "server_time"}}
		for _, n := range nodes {
			row := []string{string(n.Point), n.Node, "", string(n.Unit), n.Quality, "", n.Problem, "", ""}
			if n.Number != nil {
				row[2], row[5] = n.Number.String(), n.At.Format(time.RFC3339Nano)
			}
			for k, at := range []time.Time{n.Source, n.Server} {
				if !at.IsZero() {
					row[7+k] = at.Format(time.RFC3339Nano)
				}
			}
			rows = append(rows, row)
		}
		return p.showCSV(rows)
	}
	fmt.Fprintf(p.stdout, "%s: %s, security %s\n", line.Meters[0].ID, line.Endpoint, line.Security)
	var rows [][]string
	for _, n := range nodes {
		row := []string{string(n.Point), n.Node, n.Problem}
		if n.Number != nil {
			row[2] = fmt.Sprintf("%s %s, %s, at %s", n.Number, n.Unit, n.Quality, n.At.Format(time.RFC3339Nano))
		}
		if !n.Source.IsZero() || !n.Server.IsZero() {
			row[2] += fmt.Sprintf("; source time %s, server time %s", instant(n.Source), instant(n.Server))
		}
		rows = append(rows, row)
	}
	if err := columns(p.stdout, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "%s in %s\n", counted(len(nodes), "node", "nodes"), took.Round(time.Millisecond))
	return err
}
