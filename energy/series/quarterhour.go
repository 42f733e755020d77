package series

import (
	"sort"

	"heatledger/energy"
)

// Day cuts p, the local day date, into quarter-hours.
func (t *Track) Day(date energy.Date, p energy.Period) Day {
	day := Frame(date, p).empty()
	t.cut(&day, 0, len(day.Values))
	day.sumUp()
	return day
}

// cut fills the quarter-hours of d, in which nothing is yet, from first to before last.
func (t *Track) cut(d *Day, first, last int) {
	from, to := d.Period.From.UnixMicro(), d.Period.To.UnixMicro()
	start := from + int64(first)*energy.QuarterHour.Microseconds()
	rest := t.pieces[sort.Search(len(t.pieces), func(i int) bool { return t.pieces[i].to > start }):]
	for q := first; q < last; q++ {
		start := from + int64(q)*energy.QuarterHour.Microseconds()
		end := min(start+energy.QuarterHour.Microseconds(), to)
		if t.rules.levels() {
			rest = d.level(q, rest, start, end)
		} else {
			rest = d.amount(q, rest, start, end)
		}
	}
}

// amount fills quarter-hour q, [start, end), from the pieces that reach into it
// and gives back those that reach beyond.
func (d *Day) amount(q int, pieces []piece, start, end int64) []piece {
	for len(pieces) > 0 && pieces[0].from < end {
		p := pieces[0]
		from, to := max(p.from, start), min(p.to, end)
		part := energy.Amount(p.at(to) - p.at(from))
		d.Values[q] += part
		d.Quality[q] = Worse(d.Quality[q], p.shown())
		if p.covers() {
			d.Covered[q] += int16(wholeSeconds(from, to))
		}
		cut := p.spread && (p.from < d.Period.From.UnixMicro() || p.to > d.Period.To.UnixMicro())
		if cut || !known(p.quality) {
			d.Substitute += part
		}
		d.Total += part
		if p.to > end {
			break
		}
		pieces = pieces[1:]
	}
	return pieces
}

// level is amount for levels: the time mean of what is known.
func (d *Day) level(q int, pieces []piece, start, end int64) []piece {
	var doubled integral // twice the integral over time
	var length int64
	for len(pieces) > 0 && pieces[0].from < end {
		p := pieces[0]
		from, to := max(p.from, start), min(p.to, end)
		doubled.add(p.at(from)+p.at(to), to-from)
		length += to - from
		d.Quality[q] = Worse(d.Quality[q], p.shown())
		if p.covers() {
			d.Covered[q] += int16(wholeSeconds(from, to))
		}
		if p.to > end {
			break
		}
		pieces = pieces[1:]
	}
	if length > 0 {
		d.Values[q] = energy.Amount(doubled.over(2 * length))
		d.Weighted += int64(d.Values[q]) * int64(d.Covered[q])
	}
	return pieces
}

// shown is the quality of a quarter-hour made of the piece.
func (p piece) shown() energy.Quality {
	if p.spread {
		return Worse(energy.Distributed, p.quality)
	}
	return p.quality
}

func (d *Day) sumUp() {
	first := true
	for q, v := range d.Values {
		d.CoveredS += int(d.Covered[q])
		if d.Quality[q] == energy.Missing {
			continue
		}
		if first || v < d.Lo {
			d.Lo = v
		}
		if first || v > d.Hi {
			d.Hi = v
		}
		first = false
	}
}
