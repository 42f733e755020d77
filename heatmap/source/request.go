package source

import (
	"fmt"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Below is how often, how long and by how much a source fell below what was wanted.
type Below struct {
	Time, Known time.Duration         // below, of the time in which both are known
	Longest     energy.Period         // the longest run; zero where there is none
	Lacking     heatmap.KilowattHours // Σ (wanted − power) over that time
	Wanted      heatmap.KilowattHours // over the known time
}

// BelowPower compares a source with one power throughout.
func BelowPower(s heatmap.Series, wanted heatmap.Kilowatts) Below {
	return below(s, func(int) heatmap.Kilowatts { return wanted })
}

// BelowRequest compares a source with what was asked for in each step. It errs where
// the steps are not the same.
func BelowRequest(s, requested heatmap.Series) (Below, error) {
	if !s.Same(requested) {
		return Below{}, differ("compare a source with what was asked for", s, requested)
	}
	column := requested.Columns().Power
	return below(s, func(i int) heatmap.Kilowatts { return column[i] }), nil
}

func below(s heatmap.Series, wanted func(i int) heatmap.Kilowatts) Below {
	var b Below
	run := 0
	for i, p := range s.Columns().Power {
		w := wanted(i)
		if p != p || w != w {
			run = 0
			continue
		}
		b.Known += s.Step
		b.Wanted += w.Over(s.Step)
		if p >= w {
			run = 0
			continue
		}
		run++
		b.Time += s.Step
		b.Lacking += (w - p).Over(s.Step)
		if length := time.Duration(run) * s.Step; length > b.Longest.Length() {
			to := s.At(i + 1)
			b.Longest = energy.Period{From: to.Add(-length), To: to}
		}
	}
	return b
}

// Unasked is heat that was there and that nobody asked for.
type Unasked struct {
	// Time is that in which heat was available and none at all was requested; Known
	// that in which both are known.
	Time, Known time.Duration
	// Energy is Σ max(0, available − requested) over the known time, of Available.
	Energy, Available heatmap.KilowattHours
}

// NotRequested compares what was available with what was requested. It errs where
// the steps are not the same.
func NotRequested(available, requested heatmap.Series) (Unasked, error) {
	if !available.Same(requested) {
		return Unasked{}, differ("compare what was available with what was requested", available, requested)
	}
	var u Unasked
	column := requested.Columns().Power
	for i, p := range available.Columns().Power {
		r := column[i]
		if p != p || r != r {
			continue
		}
		u.Known += available.Step
		u.Available += p.Over(available.Step)
		u.Energy += max(0, p-r).Over(available.Step)
		if p > 0 && r == 0 {
			u.Time += available.Step
		}
	}
	return u, nil
}

// differ says that two series cannot be laid side by side.
func differ(doing string, a, b heatmap.Series) error {
	return fmt.Errorf("%s: %s has %d steps of %s from %s, %s has %d of %s from %s", doing,
		a.Source, a.Len(), a.Step, a.From.Format(time.RFC3339), b.Source, b.Len(), b.Step, b.From.Format(time.RFC3339))
}
