// Package network sketches a heat network: which streets it takes to join sources
// and consumers, how large the pipes are, what heat and pressure they lose, and
// what a MWh costs at the consumer. It knows a street graph and assumptions, no
// meters and no files but its own tables.
//
// It is a sketch for the choice between areas (pre-feasibility), not a design:
// one tree without loops, one operating point, no buildings' hydraulics.
//
//   - [Route] finds the tree: at most twice as long as the shortest there is, as
//     proved, and less than 1 % longer in the mean of small cases solved exactly.
//     It gives a lower bound, too, so that each sketch says by how much a shorter
//     network could undercut it at most.
//   - [Lay] sizes the tree's pipes and adds up heat, losses, pressure, investment
//     and annual cost.
//   - [Vary] varies each assumption alone.
//
// Every number that is not of the input stands in [Assumptions], in the table of
// pipes or in that of prices, each with where it comes from, and can be changed.
// The same input gives the same output to the last bit, in whatever order sources
// and consumers come (on one kind of processor: others round some products once
// less).
package network

import (
	"heatledger/heatmap"
)

// Source is where heat is fed in.
type Source struct {
	ID   string
	Node int // of the street graph
	// Power is what it gives at the peak. Where there are several sources they share
	// the peak in proportion to it; what they lack together a peak boiler gives at
	// the same places.
	Power heatmap.Kilowatts
}

// Consumer is a building or an area that takes heat.
type Consumer struct {
	ID          string
	Node        int // of the street graph
	Power       heatmap.Kilowatts
	Heat        heatmap.KilowattHours // in a year
	Connections int                   // the house stations behind it; 0 counts as 1
}

func (c Consumer) connections() int { return max(1, c.Connections) }
