package plantsim

import (
	"time"

	"heatledger/energy"
)

// lag is how far apart, over OPC UA, the second a value is of and the time of
// its reading may be: the reading bears the source's time, or where that stands
// still the arrival's.
const lag = 2 * time.Second

// account holds every reading against what the meter showed, and every showing
// against the readings.
func (g *stage) account(a act, w want) {
	g.t.Helper()
	g.record.mu.Lock()
	defer g.record.mu.Unlock()
	modbus := g.plant.Connections()[0].Protocol == ModbusTCP
	for id, points := range g.points {
		for _, p := range points {
			if len(g.readings[p]) == 0 {
				g.t.Errorf("%s has no reading", p)
			}
			read := map[int]bool{}
			for i, r := range g.readings[p] {
				if i > 0 && !r.At.After(g.readings[p][i-1].At) {
					g.t.Errorf("%s: the reading at %s comes after that at %s", p, r.At, g.readings[p][i-1].At)
				}
				if r.Quality != energy.Measured {
					g.t.Errorf("%s at %s is %v", p, r.At, r.Quality)
				}
				n := g.last(p, r, modbus)
				if n < 0 {
					g.t.Errorf("%s at %s is %s, which the meter did not show then: %v", p, r.At, r.Value, g.near(p, r.At))
				}
				read[n] = true
			}
			if w.of(id).missing(p) {
				g.missing(p, a)
			}
			if modbus {
				g.complete(p, a, read)
			}
		}
	}
}

// last is the showing that a reading is of, below 0 if there is none. Over
// Modbus one question is asked at a time, so it can only be the last before the
// reading: an older one is a late answer taken for the next.
func (g *stage) last(p energy.PointID, r energy.Reading, modbus bool) int {
	shown := g.shown[p]
	for n := len(shown) - 1; n >= 0; n-- {
		s := shown[n]
		sound := s.Err == nil && !s.Absent && s.Value.Equal(r.Value)
		switch after := s.At.Truncate(time.Microsecond).Sub(r.At); {
		case modbus && after > 0:
		case modbus && sound:
			return n
		case modbus || after < -lag:
			return -1
		case after <= lag && sound:
			return n
		}
	}
	return -1
}

// near are the values shown around an instant, for messages.
func (g *stage) near(p energy.PointID, at time.Time) (values []Shown) {
	for _, s := range g.shown[p] {
		if s.At.Sub(at).Abs() < lag {
			values = append(values, s)
		}
	}
	return values
}

// missing checks that a point gave nothing while the fault lasted, but for an
// answer that was on its way when it came.
func (g *stage) missing(p energy.PointID, a act) {
	g.t.Helper()
	n := 0
	for _, r := range g.readings[p] {
		if r.At.After(a.began) && r.At.Before(a.ended) {
			n++
		}
	}
	if n > 1 {
		g.t.Errorf("%s has %d readings from the time of the fault", p, n)
	}
}

// complete checks that outside of the fault every value that a meter showed was
// handed on, but for those of requests that are counted as gone wrong; one poll
// at each end may be touched by the fault.
func (g *stage) complete(p energy.PointID, a act, read map[int]bool) {
	g.t.Helper()
	var before, after []int // not handed on
	shown := g.shown[p]
	for n, s := range shown {
		switch {
		case read[n] || s.Err != nil || s.Absent || n == len(shown)-1:
		case s.At.Before(a.began):
			before = append(before, n)
		case s.At.After(a.ended):
			after = append(after, n)
		}
	}
	if most := a.errorsBefore + 1; int64(len(before)) > most {
		g.t.Errorf("%s: %d of the values shown before the fault are not handed on, %d can be explained", p, len(before), most)
	}
	if most := a.errorsAfter + 1; int64(len(after)) > most {
		g.t.Errorf("%s: %d of the values shown after the fault are not handed on, %d can be explained", p, len(after), most)
	}
}
