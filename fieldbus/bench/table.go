package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
)

// line is a row of the table of results.
type line struct {
	what string
	unit string
	ours float64
	peer float64 // NaN: there is no peer
	who  string  // the peer
	goal goal
}

// goal is what a figure is held against; the zero goal is none.
type goal struct {
	of    measure
	limit float64
	least bool // the limit is the least, else the most
}

// measure says what of a line a goal speaks of.
type measure int

const (
	nothing measure = iota
	ratio           // ours / peer
	figure          // ours
)

func atMost(of measure, limit float64) goal  { return goal{of, limit, false} }
func atLeast(of measure, limit float64) goal { return goal{of, limit, true} }

// reached compares a line with its goal.
func (l line) reached() string {
	value := l.ours
	if l.goal.of == ratio {
		value = l.ours / l.peer
	}
	switch {
	case l.goal.of == nothing:
		return ""
	case math.IsNaN(value):
		return "no"
	case l.goal.least && value >= l.goal.limit, !l.goal.least && value <= l.goal.limit:
		return "yes"
	}
	return "no"
}

func (g goal) String() string {
	sign := "≤ "
	if g.least {
		sign = "≥ "
	}
	switch g.of {
	case ratio:
		return sign + short(g.limit) + " × peer"
	case figure:
		return sign + short(g.limit)
	}
	return ""
}

// write prints the lines as a table.
func write(out io.Writer, lines []line) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tours\tpeer\tunit\tours/peer\tgoal\treached\tthe peer is")
	for _, l := range lines {
		peer, quotient := "", ""
		if !math.IsNaN(l.peer) {
			peer, quotient = short(l.peer), short(l.ours/l.peer)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.what, short(l.ours), peer, l.unit, quotient, l.goal, l.reached(), l.who)
	}
	return table.Flush()
}

// short writes a figure with three digits that count, or as a whole number.
func short(x float64) string {
	switch size := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case size >= 100 || x == math.Trunc(x):
		return strconv.FormatFloat(x, 'f', 0, 64)
	case size >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case size >= 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'f', 3, 64)
}
