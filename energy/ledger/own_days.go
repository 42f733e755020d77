package ledger

import (
	"heatledger/energy"
	"heatledger/energy/series"
)

// own is the part of the period in which the site is open: what a figure of a
// site that opened or closed in mid-year is to cover. It is empty where the site
// is not open at all.
func (q *inquiry) own() energy.Period {
	p, none := q.period, energy.Date{}
	if q.site.From != none {
		if opened := q.calendar.Day(q.site.From).From; opened.After(p.From) {
			p.From = opened
		}
	}
	if q.site.To != none {
		if closed := q.calendar.Day(q.site.To).From; closed.Before(p.To) {
			p.To = closed
		}
	}
	if p.To.Before(p.From) {
		p.To = p.From
	}
	return p
}

// ownSeconds are the seconds of the period in which the site is open.
func (q *inquiry) ownSeconds() int64 { return series.Seconds(q.own()) }
