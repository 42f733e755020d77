package intake

import (
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// times keeps one way of telling the time.
func (p *proposing) times() {
	at := func(is Meaning) int {
		return slices.IndexFunc(p.proposal.Columns, func(c ProposedColumn) bool { return c.Is == is })
	}
	drop := func(is Meaning, keep int) {
		for i := range p.proposal.Columns {
			if c := &p.proposal.Columns[i]; c.Is == is && i != keep {
				c.Is, c.Confidence, c.Because = MeansNothing, 0.5, "nothing"
			}
		}
	}
	from, to, time, date := at(MeansFrom), at(MeansTo), at(MeansTime), at(MeansDate)
	label := Label("")
	switch {
	case from >= 0 && to >= 0:
		drop(MeansFrom, from)
		drop(MeansTo, to)
		time, date = -1, -1
	case time >= 0:
		from, to, date = -1, -1, -1
	case from >= 0:
		p.proposal.Columns[from].Is, time, label = MeansTime, from, LabelStart
	case to >= 0:
		p.proposal.Columns[to].Is, time, label = MeansTime, to, LabelEnd
	case date < 0:
		p.ask("no_time", "")
	}
	if from < 0 || to < 0 {
		drop(MeansFrom, -1)
		drop(MeansTo, -1)
	}
	drop(MeansTime, time)
	drop(MeansDate, date)
	drop(MeansClock, -1)
	if date >= 0 {
		for i := range p.proposal.Columns { // the time of day that stands nearest behind the date
			if cell := p.clockLike(i); cell && i != date {
				p.proposal.Columns[i].Is, p.proposal.Columns[i].Confidence, p.proposal.Columns[i].Because = MeansClock, 0.8, "content"
				switch name := strings.ToLower(p.proposal.Columns[i].Header); {
				case anyOf(name, "bis", "ende", "to", "end"):
					label = LabelEnd
				case anyOf(name, "von", "beginn", "from", "start"):
					label = LabelStart
				}
				break
			}
		}
	}
	p.proposal.Mapping.Label = label
}

func (p *proposing) clockLike(i int) bool {
	n := 0
	for _, row := range p.values {
		if like(cellAt(row, i)) == likeClock {
			n++
		}
	}
	return n > 0 && n*10 >= len(p.values)*9
}

func (p *proposing) ask(code, cell string) {
	p.proposal.Asks = append(p.proposal.Asks, Ask{code, cell})
}

// rest settles label, step, zone and decimal sign.
func (p *proposing) rest(zone string) {
	m := &p.proposal.Mapping
	t := &table{mapping: Mapping{Columns: mapped(p.proposal.Columns)}}
	t.prepare()
	calendar, _ := energy.LoadCalendar(zone) // without one, local times are asked about
	var instants []time.Time
	for _, row := range p.values {
		if moment, hint := momentOf(cellAt(row, t.time), cellAt(row, t.clock), calendar); t.time >= 0 && hint == "" {
			if moment.local {
				m.Zone = zone
			}
			if !moment.ambiguous() && (len(instants) == 0 || !instants[len(instants)-1].Equal(moment.instants[0])) {
				instants = append(instants, moment.instants[0])
			}
		}
	}
	switch {
	case t.to >= 0:
		m.Label = ""
	case p.intervals() || p.profile():
		p.label(instants, calendar)
	default:
		m.Label = ""
	}
	p.sign()
}

// label proposes step and label of a load profile. What no heading says is asked.
func (p *proposing) label(instants []time.Time, calendar energy.Calendar) {
	m := &p.proposal.Mapping
	step := time.Duration(0)
	for i := 1; i < len(instants); i++ {
		if apart := instants[i].Sub(instants[i-1]); apart > 0 && (step == 0 || apart < step) {
			step = apart
		}
	}
	if step == 0 {
		p.ask("step", "")
	} else {
		m.Step = stepText(step)
	}
	if m.Label != "" {
		return
	}
	if calendar.Location != nil && len(instants) > 0 && step > 0 {
		switch first := time.Time(calendar.Wall(instants[0])); { // days begin at midnight, or a step after it
		case first.Hour()*60+first.Minute() == 0:
			m.Label = LabelStart
		case time.Duration(first.Hour()*60+first.Minute())*time.Minute == step:
			m.Label = LabelEnd
		}
	}
	p.ask("label", "")
}

func stepText(d time.Duration) string {
	text := d.String()
	text = strings.TrimSuffix(text, "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// intervals tells whether a point of the mapping has values of intervals.
func (p *proposing) intervals() bool {
	for _, c := range p.proposal.Columns {
		if point, ok := p.point(c.Point); ok && (point.Series == energy.Interval || point.Series == energy.Mean) {
			return true
		}
		if c.Is == MeansPoint {
			for _, row := range p.values {
				if point, ok := p.point(energy.PointID(cellAt(row, sheet.ColumnNumber(c.Column)-1).Text)); ok && (point.Series == energy.Interval || point.Series == energy.Mean) {
					return true
				}
			}
		}
	}
	return false
}

// sign settles the decimal sign by the first rows, and asks where they do not.
func (p *proposing) sign() {
	var settled byte
	open := ""
	for _, row := range p.values {
		for _, c := range p.proposal.Columns {
			n := sheet.ColumnNumber(c.Column)
			if cell := cellAt(row, n-1); c.Is == MeansValue && cell.Kind == sheet.Text && looksLikeNumber(cell.Text) {
				switch sign, either := signsIn(cell.Text); {
				case either && open == "":
					open = sheet.At(n, row.Number)
				case !either && sign != 0:
					settled = sign
				}
			}
		}
	}
	switch {
	case settled != 0:
		p.proposal.Mapping.Decimal = string(settled)
	case open != "":
		p.ask("decimal_sign", open)
	}
}
