package opcua

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"heatledger/energy"
)

// Meter is an instrument whose values the server has.
type Meter struct {
	ID       energy.MeterID
	Sampling time.Duration // how often the server looks for changes; 0: 1 s
	Nodes    []Node

	// Model is [ECM] or empty. With a model the server says itself which
	// variables below Root measure what; Points are the quantities wanted, and
	// Nodes is empty. They are looked up at each connect.
	Model  string
	Root   string // a node, written as [Node.Node]
	Points map[energy.Quantity]energy.PointID
}

// Node is a variable of the server and the point it measures.
type Node struct {
	Point energy.PointID
	// Quantity gives the canonical unit. Empty: the unit's usual one (kWh for
	// energies, m³ for volumes).
	Quantity energy.Quantity
	// Node is the variable: "nsu=URI;s=NAME", "ns=2;i=5", "g=…", "b=…" (base64).
	Node string
	Unit energy.Unit
	// Scale is what one of the variable's units counts, in Unit; the zero Value is 1.
	Scale energy.Value
	// Deadband keeps the server from reporting small changes; zero: every change.
	Deadband Deadband
	// Queue is how many values the server is to hold between two reports; 0: as
	// many as the sampling brings while reports may be late.
	Queue int
}

const mostQueued = 100_000 // values of one node in the server's queue, at most

// check names what is wrong with a meter; read are the points of the meters
// before it, to which its own are added.
func (m Meter) check(read map[energy.PointID]bool) (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if m.Sampling < 0 {
		fault("a sampling of %s: a duration above zero is expected", m.Sampling)
	}
	switch {
	case m.Model == "" && (m.Root != "" || len(m.Points) > 0):
		fault("root and points without a model: model: %s is expected, or nodes", ECM)
	case m.Model != "" && m.Model != ECM:
		fault("unknown model %q: %s is expected", m.Model, ECM)
	case m.Model != "" && len(m.Nodes) > 0:
		fault("a model and nodes: one of them is expected")
	case m.Model != "" && len(m.Points) == 0:
		fault("a model without points: QUANTITY: SITE/NAME is expected")
	}
	for _, n := range m.Nodes {
		if err := n.check(); err != nil {
			fault("point %s: %w", n.Point, err)
		}
		if read[n.Point] {
			fault("point %s is read from two nodes", n.Point)
		}
		read[n.Point] = true
	}
	if m.Model == ECM {
		faults = append(faults, m.checkModel(read)...)
	}
	return faults
}

func (m Meter) checkModel(read map[energy.PointID]bool) (faults []error) {
	if _, err := parseAddress(m.Root); err != nil {
		faults = append(faults, fmt.Errorf("root: %w", err))
	}
	for _, q := range slices.Sorted(maps.Keys(m.Points)) {
		point := m.Points[q]
		if err := point.Check(); err != nil {
			faults = append(faults, err)
		}
		if len(measurements(q)) == 0 {
			faults = append(faults, fmt.Errorf("point %s: %s is no measurement of %s: one of %v is expected", point, q, ECM, ECMQuantities()))
		}
		if read[point] {
			faults = append(faults, fmt.Errorf("point %s is read from two nodes", point))
		}
		read[point] = true
	}
	return faults
}

func (n Node) check() error {
	if err := n.Point.Check(); err != nil {
		return err
	}
	if _, err := parseAddress(n.Node); err != nil {
		return err
	}
	if err := n.Deadband.check(); err != nil {
		return err
	}
	if n.Queue < 0 || n.Queue > mostQueued {
		return fmt.Errorf("a queue of %d: 1 to %d values are expected", n.Queue, mostQueued)
	}
	_, err := n.target()
	return err
}

// target is the canonical unit that the node's values are converted to.
func (n Node) target() (energy.Unit, error) {
	if !n.Unit.Known() {
		return "", fmt.Errorf("unknown unit %q: a unit such as kWh, kW, °C or m³ is expected", n.Unit)
	}
	if n.Quantity == "" {
		for _, q := range energy.Quantities() {
			if n.Unit.Convertible(q.Unit()) {
				return q.Unit(), nil
			}
		}
		return "", fmt.Errorf("no quantity is measured in %s: a unit such as kWh, kW, °C or m³ is expected", n.Unit)
	}
	if !n.Quantity.Known() {
		return "", fmt.Errorf("unknown quantity %q: a quantity such as %s is expected", n.Quantity, energy.ActiveEnergyImport)
	}
	if !n.Unit.Convertible(n.Quantity.Unit()) {
		return "", fmt.Errorf("%s is not measured in %s: a unit that converts to %s is expected", n.Quantity, n.Unit, n.Quantity.Unit())
	}
	return n.Quantity.Unit(), nil
}
