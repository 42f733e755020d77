package intake

import (
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
)

// point is a point of the sites that may be written to.
func (p *proposing) point(id energy.PointID) (registry.Point, bool) {
	for _, site := range p.sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if point.ID == id && id != "" {
					return point, true
				}
			}
		}
	}
	return registry.Point{}, false
}

// points says whose values the columns hold.
func (p *proposing) points() {
	columns := p.proposal.Columns
	named := -1
	for i := range columns {
		if columns[i].Is == MeansPoint {
			if named < 0 {
				named = i
				continue
			}
			columns[i].Is = MeansNothing
		}
	}
	if named >= 0 {
		p.names(named)
		return
	}
	values := 0
	for i := range columns {
		c := &columns[i]
		if c.Is != MeansValue {
			continue
		}
		id, confidence, because := p.whose(c.Header, c.Unit)
		if other, ok := p.ofIntervals(c.Unit); ok && id == "" && p.courseOf(i) == amounts {
			id, confidence, because = other, 0.5, "only_point"
		}
		if id == "" {
			c.Confidence = 0
			continue
		}
		c.Point, c.Confidence, c.Because = id, confidence, because
		values++
	}
	for i := range columns {
		c := &columns[i]
		switch {
		case c.Is != MeansValue || c.Point != "":
		case values > 0: // others are known: this one may be anything
			c.Is, c.Because = MeansNothing, "nothing"
		default:
			p.ask("no_point", sheet.At(i+1, max(p.proposal.Mapping.Header, 1)))
		}
	}
}

// names maps what a column of names calls the points.
func (p *proposing) names(column int) {
	m := &p.proposal.Mapping
	values := 0
	for i := range p.proposal.Columns {
		if c := &p.proposal.Columns[i]; c.Is == MeansValue {
			if values++; values > 1 {
				c.Is, c.Because = MeansNothing, "nothing"
			}
		}
	}
	if values == 0 {
		p.ask("no_value", "")
	}
	for _, row := range p.values {
		name := cellAt(row, column).Text
		if _, ok := p.point(energy.PointID(name)); ok || name == "" || m.Names[name] != "" {
			continue
		}
		if id, _, _ := p.whose(name, ""); id != "" {
			if m.Names == nil {
				m.Names = map[string]energy.PointID{}
			}
			m.Names[name] = id
			p.proposal.Columns[column].Confidence = min(p.proposal.Columns[column].Confidence, 0.7)
			continue
		}
		p.ask("no_point", sheet.At(column+1, row.Number))
		return
	}
}

// whose is the point that a text names: by its id, by its part after the site,
// by the meter's id or serial number where that has one point of the unit, or
// because there is but one of the unit.
func (p *proposing) whose(text string, unit energy.Unit) (id energy.PointID, confidence float64, because string) {
	words := strings.ToLower(text)
	var byMeter, byUnit []energy.PointID
	for _, site := range p.sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if point.Virtual() {
					continue
				}
				if strings.EqualFold(text, string(point.ID)) || strings.Contains(words, string(point.ID)) {
					return point.ID, 1, "point_id"
				}
				fits := unit == "" || unit.Convertible(point.Quantity.Unit())
				if fits && anyOf(words, point.ID.Name()) || fits && strings.Contains(words, point.ID.Name()) && len(point.ID.Name()) > 5 {
					id, confidence, because = point.ID, 0.9, "point_id"
				}
				named := strings.Contains(words, string(meter.ID)) || meter.Serial != "" && strings.Contains(words, strings.ToLower(meter.Serial))
				if fits && named {
					byMeter = append(byMeter, point.ID)
				}
				if unit != "" && fits {
					byUnit = append(byUnit, point.ID)
				}
			}
		}
	}
	switch {
	case id != "":
	case len(byMeter) == 1:
		return byMeter[0], 0.8, "meter"
	case len(byMeter) == 0 && len(byUnit) == 1:
		return byUnit[0], 0.5, "only_point"
	}
	return id, confidence, because
}
