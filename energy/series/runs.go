package series

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"heatledger/energy"
)

// The body of a block of runs:
//
//	uvarint  number of runs, 1 to 262,144, by Seq
//	columns  Seq, RecordedAt in ms, Source, Rank, flags (1 correction, 2 reason)
//	columns  of the corrections alone: Replaces.From and .To in µs
//	reasons  of those that have one: uvarint length, bytes
//	column   number of readings of each run
//	blocks   uvarint length, the readings of all runs by instant, then Seq
//	         (see EncodeReadings)
//	order    uvarint number of stretches, column of run positions, column of
//	         lengths: whose those readings are
//
// All readings of all runs stand together, so that a day of 1,440 runs of a
// minute takes hardly more than one run of a day.
const (
	blockRuns = 1 << 18 // most runs in one block

	flagCorrection = 1
	flagReason     = 2
)

// EncodeRuns appends the runs of one point to dst as blocks, losslessly;
// instants of record to the millisecond. The readings of each run must ascend.
// No runs are no bytes.
func EncodeRuns(dst []byte, runs []Run) []byte {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, bySeq)
	for len(runs) > 0 {
		n := min(len(runs), blockRuns)
		dst = appendBlock(dst, versionRuns, appendRuns(nil, runs[:n]))
		runs = runs[n:]
	}
	return dst
}

// DecodeRuns gives back the runs of all blocks of b, by Seq. It errs with
// [ErrCorrupt] when a byte of them was changed, is missing or too many; then it
// returns no run.
func DecodeRuns(b []byte) ([]Run, error) {
	var all []Run
	for len(b) > 0 {
		body, rest, err := openBlock(b, versionRuns)
		if err != nil {
			return nil, err
		}
		c := cursor{rest: body}
		runs := c.runs()
		if c.err != nil || len(c.rest) > 0 {
			return nil, ErrCorrupt
		}
		all, b = append(all, runs...), rest
	}
	slices.SortStableFunc(all, bySeq)
	return all, nil
}

func bySeq(a, b Run) int { return cmp.Compare(a.Seq, b.Seq) }

func appendRuns(dst []byte, runs []Run) []byte {
	dst = appendHeads(binary.AppendUvarint(dst, uint64(len(runs))), runs)
	owners, readings := gather(runs)
	blocks := EncodeReadings(nil, readings)
	dst = binary.AppendUvarint(dst, uint64(len(blocks)))
	dst = append(dst, blocks...)

	var positions, lengths []int64
	for i, owner := range owners {
		if i == 0 || owner != owners[i-1] {
			positions, lengths = append(positions, int64(owner)), append(lengths, 0)
		}
		lengths[len(lengths)-1]++
	}
	dst = binary.AppendUvarint(dst, uint64(len(positions)))
	return appendColumn(appendColumn(dst, positions), lengths)
}

// appendHeads appends all of the runs but their readings.
func appendHeads(dst []byte, runs []Run) []byte {
	put := func(runs []Run, of func(r Run) int64) {
		xs := make([]int64, len(runs))
		for i, r := range runs {
			xs[i] = of(r)
		}
		dst = appendColumn(dst, xs)
	}
	put(runs, func(r Run) int64 { return r.Seq })
	put(runs, func(r Run) int64 { return r.RecordedAt.UnixMilli() })
	put(runs, func(r Run) int64 { return int64(r.Source) })
	put(runs, func(r Run) int64 { return int64(r.Rank) })
	put(runs, Run.flags)
	corrections := slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return !r.Corrects() })
	put(corrections, func(r Run) int64 { return r.Replaces.From.UnixMicro() })
	put(corrections, func(r Run) int64 { return r.Replaces.To.UnixMicro() })
	for _, r := range runs {
		if r.Reason != "" {
			dst = binary.AppendUvarint(dst, uint64(len(r.Reason)))
			dst = append(dst, r.Reason...)
		}
	}
	put(runs, func(r Run) int64 { return int64(len(r.Readings)) })
	return dst
}

func (r Run) flags() (flags int64) {
	if r.Corrects() {
		flags |= flagCorrection
	}
	if r.Reason != "" {
		flags |= flagReason
	}
	return flags
}

// gather lays the readings of runs, which are in order of Seq, into one series
// by instant, then position of the run; owners says whose each reading is.
func gather(runs []Run) (owners []int32, readings []energy.Reading) {
	ascending := true
	for i, run := range runs {
		for _, r := range run.Readings {
			ascending = ascending && (len(readings) == 0 || !r.At.Before(readings[len(readings)-1].At))
			owners, readings = append(owners, int32(i)), append(readings, r)
		}
	}
	if ascending {
		return owners, readings
	}
	places := make([]int32, len(readings))
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortStableFunc(places, func(a, b int32) int { return readings[a].At.Compare(readings[b].At) })
	sorted, whose := make([]energy.Reading, len(places)), make([]int32, len(places))
	for i, place := range places {
		sorted[i], whose[i] = readings[place], owners[place]
	}
	return whose, sorted
}

// runs reads the body of a block; nil when it is corrupt.
func (c *cursor) runs() []Run {
	n := c.count(blockRuns)
	seq, recorded, source, rank, flags := c.column(n), c.column(n), c.column(n), c.column(n), c.column(n)
	if c.err != nil {
		return nil
	}
	runs := make([]Run, n)
	corrections := 0
	for i := range runs {
		if source.at(i) != int64(int32(source.at(i))) || rank.at(i) != int64(int16(rank.at(i))) ||
			flags.at(i)&^(flagCorrection|flagReason) != 0 {
			c.spoil()
			return nil
		}
		runs[i] = Run{Seq: seq.at(i), RecordedAt: time.UnixMilli(recorded.at(i)).UTC(), Source: int32(source.at(i)), Rank: int16(rank.at(i))}
		corrections += int(flags.at(i) & flagCorrection)
	}
	from, to := c.column(corrections), c.column(corrections)
	next := 0
	for i := range runs {
		if c.err == nil && flags.at(i)&flagCorrection != 0 {
			runs[i].Replaces = energy.Period{From: time.UnixMicro(from.at(next)).UTC(), To: time.UnixMicro(to.at(next)).UTC()}
			next++
		}
		if flags.at(i)&flagReason != 0 {
			runs[i].Reason = string(c.bytes(c.uvarint()))
		}
	}
	c.deal(runs, c.column(n))
	if c.err != nil {
		return nil
	}
	return runs
}

// deal reads the readings and hands them to their runs, counts.at(i) to each.
func (c *cursor) deal(runs []Run, counts column) {
	readings, err := DecodeReadings(c.bytes(c.uvarint()))
	stretches := c.count(len(readings))
	positions, lengths := c.column(stretches), c.column(stretches)
	if err != nil || c.err != nil {
		c.spoil()
		return
	}
	left := int64(len(readings))
	for i := range runs {
		n := counts.at(i)
		if n < 0 || n > left {
			c.spoil()
			return
		}
		left -= n
	}
	for i := range stretches {
		p, n := positions.at(i), lengths.at(i)
		if p < 0 || p >= int64(len(runs)) || n < 0 || n > int64(len(readings)) ||
			int64(len(runs[p].Readings))+n > counts.at(int(p)) {
			c.spoil()
			return
		}
		if mine := &runs[p].Readings; n == counts.at(int(p)) {
			*mine = readings[:n:n] // all in one stretch: no need to copy
		} else {
			*mine = append(slices.Grow(*mine, int(counts.at(int(p)))-len(*mine)), readings[:n]...)
		}
		readings = readings[n:]
	}
	if left != 0 || len(readings) != 0 {
		c.spoil()
	}
}
