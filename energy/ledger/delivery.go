package ledger

import (
	"context"
	"slices"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/validation"
)

// deliveryMargin is how far beyond a month readings are looked at first, so that
// a step across its border is seen.
const deliveryMargin = 12 * time.Hour

// delivered is what was found in the readings of a site in a local month. A year
// of minutes takes seconds to look at, and only the running month changes: what
// was found stays true until a fact touches the month or the registry changes.
type delivered struct {
	upto    int64 // facts
	version int64 // of the registry
	list    []validation.Finding
}

// deliveredMonth names a month of a site.
type deliveredMonth struct {
	site energy.SiteID
	from time.Time
}

// never is the version of a registry whose findings are not remembered.
const never = -1

// deliveredMost is how many months are remembered.
const deliveredMost = 5000

// deliveries remembers what was found. It is safe for concurrent use.
type deliveries struct {
	mutex  sync.Mutex
	months map[deliveredMonth]delivered
}

func (d *deliveries) lookUp(m deliveredMonth) (delivered, bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	found, ok := d.months[m]
	return found, ok
}

func (d *deliveries) keep(m deliveredMonth, found delivered) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.months == nil || len(d.months) >= deliveredMost {
		d.months = map[deliveredMonth]delivered{}
	}
	d.months[m] = found
}

// deliveries look at the readings as they arrived, in each local month that the
// period touches, and give what reaches into the period. Months are looked at one
// by one whatever is asked for, so that a finding is the same in a question for a
// day and for a year.
func (q *inquiry) deliveries(ctx context.Context, s store.Reader, version int64) ([]validation.Finding, error) {
	all := []validation.Finding{}
	if !q.at.IsZero() {
		version = never // what was known earlier is not remembered
	}
	for from := q.period.From; from.Before(q.period.To); {
		date := q.calendar.Date(from)
		month := q.calendar.Month(date.Year, date.Month)
		list, err := q.deliveriesOf(ctx, s, month, version)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			across := slices.ContainsFunc(all, func(o validation.Finding) bool { // what reaches across a border is found on either side
				return o.Code == f.Code && o.Point == f.Point && o.Period == f.Period
			})
			if !across && f.Period.From.Before(q.period.To) && (f.Period.To.After(q.period.From) || f.Period.From.Equal(q.period.From)) {
				all = append(all, f)
			}
		}
		from = month.To
	}
	return all, nil
}

// deliveriesOf looks at a month, unless what was found in it still holds.
func (q *inquiry) deliveriesOf(ctx context.Context, s store.Reader, month energy.Period, version int64) ([]validation.Finding, error) {
	key := deliveredMonth{q.site.ID, month.From}
	if known, ok := q.ledger.deliveries.lookUp(key); ok && version != never && known.version == version && known.upto <= q.upto {
		touched, err := s.Touched(ctx, q.site.ID, known.upto, q.upto)
		if err != nil {
			return nil, err
		}
		wide := energy.Period{From: month.From.Add(-deliveryMargin), To: month.To.Add(deliveryMargin)}
		if !slices.ContainsFunc(touched, func(t store.Touch) bool { return t.Period.Overlaps(wide) }) {
			known.upto = q.upto
			q.ledger.deliveries.keep(key, known)
			return known.list, nil
		}
	}
	list, err := q.look(ctx, s, month)
	if err == nil && version != never {
		q.ledger.deliveries.keep(key, delivered{q.upto, version, list})
	}
	return list, err
}

// look looks at the readings of a month, one point after the other: those of all
// of them together might fill the memory.
func (q *inquiry) look(ctx context.Context, s store.Reader, month energy.Period) ([]validation.Finding, error) {
	var all []validation.Finding
	wide := energy.Period{From: month.From.Add(-deliveryMargin), To: month.To.Add(deliveryMargin)}
	for _, meter := range q.site.Meters {
		for _, point := range meter.Points {
			rules, ok := Rules(q.registry, point.ID)
			if !ok || point.Virtual() {
				continue
			}
			runs, err := s.Runs(ctx, q.site.ID, []energy.PointID{point.ID}, wide, q.upto)
			if err != nil {
				return nil, err
			}
			visible, err := q.around(ctx, s, point.ID, rules, series.Visible(runs[point.ID], q.upto), month)
			if err != nil {
				return nil, err
			}
			all = append(all, validation.CheckDelivery(validation.Delivery{Site: q.site.ID, Meter: meter.ID, Point: point.ID, Rules: rules,
				Runs: runs[point.ID], Visible: visible, Upto: q.upto, Period: month, Limits: validation.Defaults()})...)
		}
	}
	return all, nil
}

// around are the visible readings of a month with as many beside it as the rules
// need: those given, where that is all there are.
func (q *inquiry) around(ctx context.Context, s store.Reader, point energy.PointID, rules series.Rules, visible []energy.Reading, month energy.Period) ([]energy.Reading, error) {
	before, after := rules.Enough(visible, month)
	if before && after {
		return visible, nil
	}
	extent, some, err := s.Extent(ctx, q.site.ID, point)
	if err != nil || !some {
		return visible, err
	}
	further := !before && extent.From.Before(month.From.Add(-deliveryMargin)) || !after && extent.To.After(month.To.Add(deliveryMargin))
	if !further || !extent.Overlaps(month) { // beyond its first and last reading a point says nothing
		return visible, nil
	}
	windows, err := q.ledger.Windows(ctx, q.site.ID, Wanted{point: rules}, month, q.upto)
	return windows[point], err
}
