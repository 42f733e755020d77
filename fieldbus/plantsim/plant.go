package plantsim

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"heatledger/energy"
)

// Plant is a town with its sites: the pure model, without a socket. It may be
// used by many goroutines.
type Plant struct {
	calendar energy.Calendar
	sites    []*Site
	points   map[energy.PointID]source
}

// source is where a point comes from.
type source struct {
	meter *meter
	field field
}

// zone is the time zone the plant's people live by.
const zone = "Europe/Berlin"

// NewPlant builds the plant of a seed. Ids of sites, connections, meters and
// points must be unique.
func NewPlant(seed uint64, specs []SiteSpec) (*Plant, error) {
	calendar, err := energy.LoadCalendar(zone)
	if err != nil {
		return nil, fmt.Errorf("build the plant: %w", err)
	}
	known, err := loadMeasured()
	if err != nil {
		return nil, err
	}
	p := &Plant{calendar: calendar, points: map[energy.PointID]source{}}
	taken := map[string]bool{}
	for _, spec := range specs {
		site, err := newSite(seed, spec, calendar.Location, known)
		if err != nil {
			return nil, err
		}
		ids := []string{"site " + string(spec.ID)}
		for _, c := range spec.Connections {
			ids = append(ids, "connection "+c.ID)
			for _, m := range c.Meters {
				ids = append(ids, "meter "+string(m.ID))
				if c.Protocol == ModbusTCP {
					ids = append(ids, fmt.Sprintf("unit %d of connection %s", m.Unit, c.ID))
				}
			}
		}
		for _, m := range site.meters {
			for _, f := range m.offered() {
				ids = append(ids, "point "+string(m.point(f.quantity)))
				p.points[m.point(f.quantity)] = source{m, f}
			}
		}
		for _, id := range ids {
			if taken[id] {
				return nil, fmt.Errorf("%s is there twice", id)
			}
			taken[id] = true
		}
		p.sites = append(p.sites, site)
	}
	return p, nil
}

// Sites are the sites in the order of their descriptions.
func (p *Plant) Sites() []*Site { return slices.Clone(p.sites) }

// Site finds a site.
func (p *Plant) Site(id energy.SiteID) (*Site, bool) {
	i := slices.IndexFunc(p.sites, func(s *Site) bool { return s.Spec.ID == id })
	if i < 0 {
		return nil, false
	}
	return p.sites[i], true
}

// Points are all points that meters of the plant offer, sorted.
func (p *Plant) Points() []Point {
	points := make([]Point, 0, len(p.points))
	for id, s := range p.points {
		points = append(points, Point{ID: id, Meter: s.meter.ID, Stream: s.meter.Stream, Quantity: s.field.quantity, Unit: s.field.unit})
	}
	slices.SortFunc(points, func(a, b Point) int { return cmp.Compare(a.ID, b.ID) })
	return points
}

// Point is one quantity of a meter.
type Point struct {
	ID       energy.PointID
	Meter    energy.MeterID
	Stream   Stream
	Quantity energy.Quantity
	Unit     energy.Unit // in which the meter gives it
}

// Value is what the meter shows at t, in the canonical unit of the point's
// quantity; ok is false for a point the plant does not have.
func (p *Plant) Value(point energy.PointID, t time.Time) (v energy.Value, ok bool) {
	s, ok := p.points[point]
	if !ok {
		return energy.Value{}, false
	}
	v, err := s.value(t)
	return v, err == nil
}

// value is what the register shows at t, brought to the canonical unit by the
// same arithmetic as a reader's, so that past and present agree to the last digit.
func (s source) value(t time.Time) (energy.Value, error) { return s.shown(s.meter.site.At(t)) }

func (s source) shown(at State) (energy.Value, error) {
	return energy.Convert(s.field.shown(s.meter, at), s.field.unit, s.field.quantity.Unit())
}

// History is what a reader would have read from a point at from, from+step, …
// before to, in the canonical unit: the same values that the sockets serve,
// asked for afterwards. In an outage there are none.
func (p *Plant) History(point energy.PointID, period energy.Period, step time.Duration) (iter.Seq[energy.Reading], error) {
	s, ok := p.points[point]
	if !ok {
		return nil, fmt.Errorf("history of %s: the plant has no such point", point)
	}
	if step < time.Millisecond {
		return nil, fmt.Errorf("history of %s: step %s is below a millisecond", point, step)
	}
	if _, err := s.value(period.From); err != nil {
		return nil, fmt.Errorf("history of %s: %w", point, err)
	}
	return s.readings(s.meter.site, period, step), nil
}
