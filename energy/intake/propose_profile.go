package intake

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
)

// course says how the numbers of a column go on: those of a load profile rise and
// fall, the standings of a counter only rise.
type course byte

const (
	openCourse course = iota // too few of them, or all alike
	amounts                  // of a load profile
	standings                // of a counter
)

const (
	courseLeast = 4 // numbers of a column, to go by
	fallsLeast  = 5 // of a hundred steps, and two: a counter that is exchanged or wraps falls once
)

// courseOf is the course of the first numbers of a column.
func (p *proposing) courseOf(column int) course {
	d := digits{'.', ','} // where nothing settles it, the course is the same
	if p.signOf(column) == ',' {
		d = digits{',', '.'}
	}
	n, rises, falls, last := 0, 0, 0, 0.0
	for _, row := range p.values {
		v, ok := numberIn(cellAt(row, column), d)
		if !ok {
			continue
		}
		switch x := v.Float64(); {
		case n > 0 && x > last:
			rises++
		case n > 0 && x < last:
			falls++
		}
		n, last = n+1, v.Float64()
	}
	return courseBy(n, rises, falls)
}

// courseBy is the course of n numbers of which so many are above or below the one
// before.
func courseBy(n, rises, falls int) course {
	switch {
	case n < courseLeast:
		return openCourse
	case falls > 1 && falls*100 >= (n-1)*fallsLeast:
		return amounts
	case falls == 0 && rises > 0:
		return standings
	}
	return openCourse
}

// numberIn is the number of a cell, if it holds one.
func numberIn(cell sheet.Cell, d digits) (energy.Value, bool) {
	switch cell.Kind {
	case sheet.Number:
		v, err := energy.ParseValue(cell.Text)
		return v, err == nil
	case sheet.Text:
		v, code, _, _ := d.number(cell.Text)
		return v, code == ""
	}
	return energy.Value{}, false
}

// signOf is the decimal sign that the first numbers of a column settle; 0: none.
func (p *proposing) signOf(column int) byte {
	for _, row := range p.values {
		if cell := cellAt(row, column); cell.Kind == sheet.Text && looksLikeNumber(cell.Text) {
			if sign, either := signsIn(cell.Text); sign != 0 && !either {
				return sign
			}
		}
	}
	return 0
}

// profile tells whether a table without a point of intervals is a load profile all
// the same: its heading says so, or a column of energies or volumes rises and falls.
// Where such a column is of a counter, a person is asked.
func (p *proposing) profile() (found bool) {
	headed := p.proposal.Mapping.Label != ""
	for i, c := range p.proposal.Columns {
		if c.Is != MeansValue {
			continue
		}
		point, known := p.point(c.Point)
		switch course := p.courseOf(i); {
		case known && point.Series != energy.Counter: // temperatures rise and fall as well
		case course == amounts && known:
			p.ask("profile", sheet.At(i+1, max(p.proposal.Mapping.Header, 1)))
			found = true
		case course == amounts && countable(c.Unit):
			found = true
		case headed && !known && course != standings:
			found = true
		}
	}
	return found
}

// countable tells whether counters count the unit: energies and volumes.
func countable(unit energy.Unit) bool {
	return unit != "" && (unit.Convertible(energy.KilowattHour) || unit.Convertible(energy.CubicMetre))
}

// ofIntervals is the only point of intervals that takes the unit; false: there is
// none, or more than one.
func (p *proposing) ofIntervals(unit energy.Unit) (energy.PointID, bool) {
	var found []energy.PointID
	for _, site := range p.sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if !point.Virtual() && slices.Contains([]energy.SeriesKind{energy.Interval, energy.Mean}, point.Series) && fits(point, unit) {
					found = append(found, point.ID)
				}
			}
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// fits tells whether a point takes values of a unit; of a column without one it may.
func fits(point registry.Point, unit energy.Unit) bool {
	return unit == "" || unit.Convertible(point.Quantity.Unit())
}
