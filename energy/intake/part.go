package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// part is one site's part of a submission on its way into a fact.
type part struct {
	fact                *store.Fact
	submission          Submission
	points              map[energy.PointID]*rowList
	accepted, duplicate int
	withdrawn           int
	rejected            *rejections
	changes             []ValueChange
}

func (p *part) take(ctx context.Context) error {
	s := p.submission
	position, err := p.fact.Position(ctx, s.Source, epochOf(s), energy.Live)
	if err != nil {
		return err
	}
	if known, ok := position.Digest(1); ok && known != s.Digest {
		return ErrKey
	}
	if position.Upto > 0 && s.Correction != "" {
		// A repetition must not undo what was corrected since.
		for _, rows := range p.points {
			p.duplicate += rows.n
		}
		return nil
	}
	var live []energy.PointReading
	for _, point := range slices.Sorted(maps.Keys(p.points)) {
		fresh, err := p.rows(ctx, point, p.points[point], position.Upto > 0)
		if err != nil {
			return err
		}
		live = append(live, fresh...)
	}
	if len(live) > 0 {
		if err := p.fact.Segments(ctx, s.Source, RankSubmission, live); err != nil {
			return err
		}
	}
	if p.accepted+p.withdrawn == 0 {
		return nil
	}
	content := s.content()
	p.fact.Submission(content[:])
	if position.Upto > 0 {
		return nil
	}
	return p.fact.Advance(ctx, s.Source, epochOf(s), energy.Live, 1, s.Digest)
}

// rows takes the rows of one point, window by window; it returns those that are
// few enough to be written together with other points'.
func (p *part) rows(ctx context.Context, point energy.PointID, list *rowList, again bool) (live []energy.PointReading, err error) {
	take := func(rows []numbered, whole energy.Period) error {
		runs, err := p.fact.Runs(ctx, []energy.PointID{point}, whole)
		if err != nil {
			return fmt.Errorf("read what is known of %s: %w", point, err)
		}
		if again { // a repetition must not bring back what was withdrawn since
			rows = p.unsaid(rows, runs[point])
		}
		fresh, err := p.point(ctx, point, rows, series.Visible(runs[point], p.fact.Seq))
		live = append(live, fresh...)
		return err
	}
	if !p.submission.Replaces.To.IsZero() {
		return live, take(list.whole(), p.submission.Replaces)
	}
	for rows := range list.windows() {
		if err := take(rows, extent(rows)); err != nil {
			return nil, err
		}
	}
	return live, nil
}

// unsaid are the rows that no fact has said before, hidden ones included.
func (p *part) unsaid(rows []numbered, runs []series.Run) []numbered {
	said := map[int64]bool{}
	for _, run := range runs {
		for _, r := range run.Readings {
			said[r.At.UnixMicro()] = true
		}
	}
	left := rows[:0]
	for _, row := range rows {
		if said[row.at] {
			p.duplicate++
			continue
		}
		left = append(left, row)
	}
	return left
}

// epochOf is the epoch of a submission: the same key is the same submission.
func epochOf(s Submission) (e energy.Epoch) {
	sum := sha256.Sum256([]byte(s.Source + "\x00" + s.Key))
	copy(e[:], sum[:])
	return e
}

// point takes rows of one point; it returns those that are few enough to be
// written together with other points'.
func (p *part) point(ctx context.Context, point energy.PointID, rows []numbered, known []energy.Reading) ([]energy.PointReading, error) {
	if p.submission.Withdraw {
		return nil, p.withdraw(ctx, point, rows, known)
	}
	met := p.compare(point, rows, known)
	if p.submission.Correction != "" {
		return nil, p.correct(ctx, point, rows, known, met)
	}
	var fresh []energy.PointReading
	for _, row := range rows {
		if row.fresh {
			fresh = append(fresh, energy.PointReading{Point: point, Reading: row.reading()})
		}
	}
	if len(fresh) < importChunk {
		return fresh, nil
	}
	return nil, p.fact.Chunks(ctx, p.submission.Source, RankSubmission, fresh)
}

// compare sorts the rows of a point into new, known and contradicting ones.
// met is the number of known readings that a row speaks of.
func (p *part) compare(point energy.PointID, rows []numbered, known []energy.Reading) (met int) {
	i := 0
	for n := range rows {
		row := &rows[n]
		reading := row.reading()
		for i < len(known) && known[i].At.Before(reading.At) {
			i++
		}
		same := i < len(known) && known[i].At.Equal(reading.At)
		if same {
			met++
		}
		switch {
		case same && known[i].Same(reading):
			p.duplicate++
		case same && p.submission.Correction == "":
			p.change(point, *row, known[i])
			p.rejected.add(Rejection{Row: int(row.row), Column: "value", Code: CodeConflict, value: int(row.column),
				Reason: fmt.Sprintf("%s has the value %s (%s) at %s already, not %s (%s)", point, known[i].Value, known[i].Quality,
					reading.At.Format(time.RFC3339Nano), reading.Value, reading.Quality),
				Hint: "hand it in as a correction with a reason if the known value is wrong"})
		default:
			if same {
				p.change(point, *row, known[i])
			}
			p.accepted++
			row.fresh = true
		}
	}
	return met
}

// change notes a known value that a row says differently.
func (p *part) change(point energy.PointID, row numbered, known energy.Reading) {
	if p.submission.Review && len(p.changes) < changesMost {
		p.changes = append(p.changes, ValueChange{Row: int(row.row), Point: point, At: known.At, Old: known.Value, OldQuality: known.Quality,
			New: row.value, NewQuality: row.quality, Delta: row.value.Float64() - known.Value.Float64()})
	}
}

// correct replaces what is known: the interval the submission names, or else
// nothing but the rows' own instants, in as few intervals as hold no others.
func (p *part) correct(ctx context.Context, point energy.PointID, rows []numbered, known []energy.Reading, met int) error {
	s := p.submission
	write := func(replaces energy.Period, rows []numbered) error {
		readings := make([]energy.Reading, len(rows))
		for i, row := range rows {
			readings[i] = row.reading()
		}
		return p.fact.Correction(ctx, s.Source, RankSubmission, point, replaces, s.Correction, readings)
	}
	anyFresh := func(rows []numbered) bool {
		return slices.ContainsFunc(rows, func(row numbered) bool { return row.fresh })
	}
	if !s.Replaces.To.IsZero() {
		p.withdrawn += len(known) - met
		if len(known) == met && !anyFresh(rows) {
			return nil
		}
		return write(s.Replaces, rows)
	}
	for _, stretch := range stretches(rows, known) {
		if !anyFresh(stretch) {
			continue
		}
		if err := write(extent(stretch), stretch); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes back the rows that are known as they say.
func (p *part) withdraw(ctx context.Context, point energy.PointID, rows []numbered, known []energy.Reading) error {
	still := rows[:0]
	for _, row := range rows {
		n, ok := slices.BinarySearchFunc(known, row.reading().At, func(r energy.Reading, t time.Time) int { return r.At.Compare(t) })
		if !ok || !known[n].Same(row.reading()) {
			p.duplicate++ // withdrawn or corrected since
			continue
		}
		still = append(still, row)
	}
	if len(still) == 0 {
		return nil
	}
	p.withdrawn += len(still)
	for _, stretch := range stretches(still, known) {
		if err := p.fact.Correction(ctx, p.submission.Source, RankSubmission, point, extent(stretch), p.submission.Correction, nil); err != nil {
			return err
		}
	}
	return nil
}

// stretches cuts rows where a known reading lies between two of them.
func stretches(rows []numbered, known []energy.Reading) [][]numbered {
	var all [][]numbered
	first := 0
	for i := 1; i <= len(rows); i++ {
		if i < len(rows) {
			n, _ := slices.BinarySearchFunc(known, rows[i-1].at+1, func(r energy.Reading, at int64) int { return cmp.Compare(r.At.UnixMicro(), at) })
			if n >= len(known) || known[n].At.UnixMicro() >= rows[i].at {
				continue
			}
		}
		all = append(all, rows[first:i])
		first = i
	}
	return all
}

// extent is the least interval that holds the rows, at least a microsecond.
func extent(rows []numbered) energy.Period {
	first, last := rows[0].reading(), rows[len(rows)-1].reading()
	p := energy.Period{From: first.At, To: last.End()}
	if last.Length == 0 {
		p.To = last.At.Add(time.Microsecond)
	}
	return p
}
