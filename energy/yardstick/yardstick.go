// Package yardstick lets a benchmark measure something beside its peers, or
// beside what the machine takes at least, in turns within one run. It is for
// benchmarks only; what the ratios are to be says fieldbus/bench.
package yardstick

import (
	"slices"
	"testing"
	"time"
)

// Side is one of those that take turns.
type Side struct {
	Name   string          // of a peer; empty: ours
	Before func()          // what is done before each turn, unmeasured; may be nil
	Do     func(round int) // what is measured, rounds counted from 0
}

// InTurns measures sides one after the other, round by round, and reports the
// median time of each: of ours as ns/op, of a peer as NAME-ns/op. rounds is for
// what takes long or can be done only so often; 0 lets the runner choose, after
// a round that does not count.
func InTurns(b *testing.B, rounds int, sides ...Side) {
	b.Helper()
	took := make([][]time.Duration, len(sides))
	turn := func(round int, counts bool) {
		for i, side := range sides {
			if side.Before != nil {
				side.Before()
			}
			begun := time.Now()
			side.Do(round)
			if counts {
				took[i] = append(took[i], time.Since(begun))
			}
		}
	}
	for round := range rounds {
		turn(round, true)
	}
	if rounds == 0 {
		turn(0, false)
	}
	for round := 0; b.Loop(); round++ {
		if rounds == 0 {
			turn(round, true)
		}
	}
	for i, side := range sides {
		unit := "ns/op"
		if side.Name != "" {
			unit = side.Name + "-" + unit
		}
		slices.Sort(took[i])
		b.ReportMetric(float64(took[i][(len(took[i])-1)/2]), unit)
	}
}

// Beside measures ours beside one peer, which is called peer; without one alone.
func Beside(b *testing.B, ours, peer func()) {
	b.Helper()
	sides := []Side{{Do: func(int) { ours() }}}
	if peer != nil {
		sides = append(sides, Side{Name: "peer", Do: func(int) { peer() }})
	}
	InTurns(b, 0, sides...)
}
