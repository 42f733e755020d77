package ledger

import (
	"context"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Columns are what [Ledger.Values] says of values and qualities, side by side: a
// year has 35,040 quarter-hours, and whoever reads columns wants neither their
// borders nor their coverages.
type Columns struct {
	Fact     int64 // see [Series]
	Quantity energy.Quantity
	Amounts  []energy.Amount  // in the fixed unit of the quantity
	Quality  []energy.Quality // where it is Missing there is no value
	Covered  []int32          // seconds of each interval that were measured at their own time

	first  time.Time
	length time.Duration // of each interval, unless begins says where they begin
	begins []time.Time
}

// Begin is the instant at which interval i begins.
func (c Columns) Begin(i int) time.Time {
	if c.begins != nil {
		return c.begins[i]
	}
	return c.first.Add(time.Duration(i) * c.length)
}

// First are the first n intervals.
func (c Columns) First(n int) Columns {
	c.Amounts, c.Quality, c.Covered = c.Amounts[:n], c.Quality[:n], c.Covered[:n]
	return c
}

// Columns answers a question for intervals, like [Ledger.Values].
func (l *Ledger) Columns(ctx context.Context, q Question) (Columns, error) {
	length, even := map[Step]time.Duration{QuarterHour: energy.QuarterHour, Hour: time.Hour}[q.Step]
	if !even {
		return l.unevenColumns(ctx, q)
	}
	a, err := l.ask(ctx, q)
	if err != nil {
		return Columns{}, err
	}
	c := Columns{Fact: a.upto, Quantity: a.point.Quantity, first: q.Period.From.Truncate(length), length: length}
	n := max(0, int((q.Period.To.Sub(c.first)+length-1)/length))
	if n == 0 {
		return c, nil
	}
	c.Amounts, c.Quality, c.Covered = make([]energy.Amount, n), make([]energy.Quality, n), make([]int32, n)
	whole := energy.Period{From: c.first, To: c.Begin(n)}
	days, spans, upto, err := l.days(ctx, a.registry, a.calendar, a.point, whole, q.At, a.upto)
	if err != nil {
		return Columns{}, err
	}
	c.Fact = upto
	for i, d := range days {
		near := func(s series.Span) bool { return s.Period.Overlaps(d.Period) }
		if (length == energy.QuarterHour || c.Quantity.Cumulative()) && !slices.ContainsFunc(spans, near) {
			c.putDay(d)
			continue
		}
		for total := range series.Steps(days[i:i+1], spans, length) {
			if at, ok := c.place(total.Period.From); ok && total.Quality != energy.Missing {
				c.Amounts[at], _ = amount(c.Quantity, total)
				c.Quality[at], c.Covered[at] = total.Quality, int32(total.IntervalS)
			}
		}
	}
	return c, nil
}

// unevenColumns are the columns of days and months, which are few.
func (l *Ledger) unevenColumns(ctx context.Context, q Question) (Columns, error) {
	answer, err := l.Values(ctx, q)
	if err != nil {
		return Columns{}, err
	}
	c := Columns{Fact: answer.Fact, Quantity: answer.Quantity}
	for _, v := range answer.Values {
		amount, quality := energy.Amount(0), energy.Missing
		if v.OK {
			if amount, err = answer.Quantity.Fixed(v.Value); err != nil {
				return Columns{}, err
			}
			quality = v.Quality
		}
		c.Amounts, c.Quality, c.begins = append(c.Amounts, amount), append(c.Quality, quality), append(c.begins, v.Period.From)
		c.Covered = append(c.Covered, int32(math.Round(v.IntervalCoverage*v.Period.Length().Seconds())))
	}
	return c, nil
}

// place is the position of the interval that begins at t; ok is false where none does.
func (c *Columns) place(t time.Time) (at int, ok bool) {
	offset := t.Sub(c.first)
	at = int(offset / c.length)
	return at, offset >= 0 && offset%c.length == 0 && at < len(c.Amounts)
}

// putDay puts a day that no span overlaps where it belongs: its quarter-hours, or
// the sums of those of each hour.
func (c *Columns) putDay(d series.Day) {
	offset, width := d.Period.From.Sub(c.first), int(c.length/energy.QuarterHour)
	if offset%c.length != 0 {
		return
	}
	first := int(offset / c.length)
	for q, quality := range d.Quality {
		at := first + q/width
		if quality == energy.Missing || at < 0 || at >= len(c.Amounts) {
			continue
		}
		c.Amounts[at] += d.Values[q]
		c.Quality[at] = series.Worse(c.Quality[at], quality)
		c.Covered[at] += int32(d.Covered[q])
	}
}
