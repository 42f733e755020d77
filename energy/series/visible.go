package series

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"heatledger/energy"
)

// Visible are the readings that hold as known at fact number upto, ascending,
// one an instant. A correction hides every reading of lower Seq in the interval
// it replaces. Of what is left at one instant the highest Rank holds, then the
// highest Seq. NaN and infinities are no readings: they neither show nor hide.
// The order of runs does not matter. The result may share memory with them.
func Visible(runs []Run, upto int64) []energy.Reading {
	hidden := newShadow(runs, upto)
	if visible, ok := visibleInTurn(runs, upto, hidden); ok {
		return visible
	}
	var all []candidate
	for i := range runs {
		run := &runs[i]
		if run.Seq > upto {
			continue
		}
		for k := range run.Readings {
			r := &run.Readings[k]
			at := r.At.UnixMicro()
			if r.Value.Finite() && !hidden.covers(at, run.Seq) {
				all = append(all, candidate{at: at, seq: run.Seq, rank: run.Rank, reading: r})
			}
		}
	}
	if !slices.IsSortedFunc(all, candidate.compare) {
		slices.SortFunc(all, candidate.compare)
	}
	visible := make([]energy.Reading, 0, len(all))
	for i, c := range all {
		if i+1 == len(all) || all[i+1].at != c.at {
			visible = append(visible, *c.reading)
		}
	}
	return visible
}

// visibleInTurn is Visible for runs that follow each other in time, as live
// collection gives them; ok is false when they do not.
func visibleInTurn(runs []Run, upto int64, hidden shadow) (visible []energy.Reading, ok bool) {
	count := 0
	for i := range runs {
		count += len(runs[i].Readings)
	}
	for i := range runs {
		run := &runs[i]
		if run.Seq > upto || len(run.Readings) == 0 {
			continue
		}
		if count == len(run.Readings) && hidden.empty() && plain(run.Readings) {
			return run.Readings[:count:count], true
		}
		visible = slices.Grow(visible, count-len(visible))
		for k := range run.Readings {
			r := &run.Readings[k]
			if !r.Value.Finite() || !hidden.empty() && hidden.covers(r.At.UnixMicro(), run.Seq) {
				continue
			}
			if n := len(visible); n > 0 && !visible[n-1].At.Before(r.At) {
				return nil, false
			}
			visible = append(visible, *r)
		}
	}
	return visible, true
}

// plain tells whether all readings show, one an instant.
func plain(readings []energy.Reading) bool {
	for i := range readings {
		if !readings[i].Value.Finite() || i > 0 && !readings[i-1].At.Before(readings[i].At) {
			return false
		}
	}
	return true
}

// candidate is a reading that may hold at its instant.
type candidate struct {
	at, seq int64
	rank    int16
	reading *energy.Reading
}

// compare orders by instant, then by who holds: the last one does. Two readings
// of one fact at one instant are told apart by what they say, so that the same
// one holds always.
func (c candidate) compare(d candidate) int {
	switch {
	case c.at != d.at:
		return cmp.Compare(c.at, d.at)
	case c.rank != d.rank:
		return cmp.Compare(c.rank, d.rank)
	case c.seq != d.seq:
		return cmp.Compare(c.seq, d.seq)
	}
	return cmp.Or(
		cmp.Compare(severity(d.reading.Quality), severity(c.reading.Quality)),
		cmp.Compare(c.reading.Length, d.reading.Length),
		cmp.Compare(c.reading.Value.Float64(), d.reading.Value.Float64()),
		cmp.Compare(form(c.reading.Value), form(d.reading.Value)),
	)
}

// form tells values apart that are the same number: 1.5, 1.50, the float 1.5.
func form(v energy.Value) string {
	if v.IsDecimal() {
		return v.String()
	}
	return v.String() + "f"
}

// shadow says below which fact number readings are hidden, over time.
type shadow struct {
	cuts  []int64 // instants in µs, ascending
	below []int64 // from each cut on, until the next
}

func newShadow(runs []Run, upto int64) shadow {
	var s shadow
	var corrections []Run
	for _, r := range runs {
		if r.Seq <= upto && r.Corrects() {
			corrections = append(corrections, r)
			s.cuts = append(s.cuts, ceilMicro(r.Replaces.From), ceilMicro(r.Replaces.To))
		}
	}
	slices.Sort(s.cuts)
	s.cuts = slices.Compact(s.cuts)
	s.below = make([]int64, len(s.cuts))
	for i := range s.below {
		s.below[i] = math.MinInt64
	}
	for _, r := range corrections {
		from, to := ceilMicro(r.Replaces.From), ceilMicro(r.Replaces.To)
		for i := sort.Search(len(s.cuts), func(i int) bool { return s.cuts[i] >= from }); i < len(s.cuts) && s.cuts[i] < to; i++ {
			s.below[i] = max(s.below[i], r.Seq)
		}
	}
	return s
}

func ceilMicro(t time.Time) int64 { return t.Add(time.Microsecond - 1).UnixMicro() }

func (s shadow) empty() bool { return len(s.cuts) == 0 }

// covers tells whether a reading of fact seq at an instant is hidden.
func (s shadow) covers(at, seq int64) bool {
	if s.empty() {
		return false
	}
	i := sort.Search(len(s.cuts), func(i int) bool { return s.cuts[i] > at }) - 1
	return i >= 0 && seq < s.below[i]
}
