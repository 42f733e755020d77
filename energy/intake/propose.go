package intake

import (
	"errors"
	"io"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
)

// Proposal is a mapping that was found by looking at a table, and how sure each
// part of it is. A person confirms it.
type Proposal struct {
	Mapping    Mapping          `json:"mapping"`
	Confidence float64          `json:"confidence"` // 0…1: that of its least sure part
	Saved      string           `json:"saved,omitempty"`
	Columns    []ProposedColumn `json:"columns"`
	Sheets     []string         `json:"sheets,omitempty"`
	Sample     [][]string       `json:"sample"` // the header and the first rows, as texts
	Encoding   string           `json:"encoding,omitempty"`
	Separator  string           `json:"separator,omitempty"`
	Asks       []Ask            `json:"asks"` // what only a person can settle
}

// ProposedColumn is a column of a proposal.
type ProposedColumn struct {
	MappedColumn
	Confidence float64 `json:"confidence"`
	Because    string  `json:"because"` // header, content, point_id, meter, unit, only_point, nothing
}

// Ask is something a mapping leaves open.
type Ask struct {
	Code string `json:"code"` // no_time, no_value, no_point, label, decimal_sign, step, profile
	Cell string `json:"cell,omitempty"`
}

const (
	sampleRows   = 200
	sampleShown  = 12
	headerBefore = 40 // rows above the values, at most
)

// Propose looks at a table and proposes how to read it: by its header, by what
// the cells of its first rows look like, and by the points of the sites that who
// hands it in may write to. saved are mappings by name; one whose header is the
// table's is proposed as it is.
func Propose(r io.ReaderAt, size int64, sheetName string, sites []registry.Site, zone string, saved map[string]Mapping) (Proposal, error) {
	book, err := sheet.Open(r, size, sheet.Limits{})
	if err != nil {
		return Proposal{}, err
	}
	number, err := sheetOf(book, sheetName)
	if err != nil {
		return Proposal{}, err
	}
	p := &proposing{sites: sites, proposal: Proposal{Asks: []Ask{}, Encoding: book.Encoding}}
	if book.Form == sheet.CSV {
		p.proposal.Separator = string(book.Separator)
	} else {
		p.proposal.Sheets = book.Sheets
		p.proposal.Mapping.Sheet = book.Sheets[number]
	}
	err = book.Rows(number, func(row sheet.Row) error {
		p.rows = append(p.rows, sheet.Row{Number: row.Number, Cells: slices.Clone(row.Cells)})
		if len(p.rows) >= sampleRows {
			return errSettled
		}
		return nil
	})
	if err != nil && !errors.Is(err, errSettled) {
		return Proposal{}, err
	}
	if len(p.rows) == 0 {
		return Proposal{}, energy.Faults{{Line: 1, Problem: "the table is empty", Remedy: "hand in a file with rows"}}
	}
	p.head()
	p.shown()
	for _, name := range slices.Sorted(mapsKeys(saved)) {
		if m := saved[name]; p.header != nil && m.Fits(p.header) && (m.Sheet == "" || strings.EqualFold(m.Sheet, p.proposal.Mapping.Sheet)) {
			p.proposal.Mapping, p.proposal.Saved, p.proposal.Confidence = m, name, 1
			for _, c := range m.Columns {
				p.proposal.Columns = append(p.proposal.Columns, ProposedColumn{c, 1, "saved"})
			}
			return p.proposal, nil
		}
	}
	p.columns(zone)
	return p.proposal, nil
}

// proposing is a proposal on its way.
type proposing struct {
	sites    []registry.Site
	rows     []sheet.Row
	header   []string
	values   []sheet.Row // rows of values
	proposal Proposal
}

// looks says what a cell looks like.
type looks byte

const (
	likeNothing looks = iota
	likeText
	likeNumber
	likeTime  // a date with a time of day
	likeDate  // a date alone
	likeClock // a time of day alone
)

func like(c sheet.Cell) looks {
	switch c.Kind {
	case sheet.Empty:
		return likeNothing
	case sheet.Number, sheet.Unstored, sheet.Failed:
		return likeNumber
	case sheet.Truth:
		return likeText
	}
	pass := -1
	if _, date, clock, hint := wallOf(c, &pass); hint == "" {
		switch {
		case date && (clock || c.Kind == sheet.Moment):
			return likeTime
		case date:
			return likeDate
		default:
			return likeClock
		}
	}
	if _, ok := parseOffset(c.Text); ok {
		return likeTime
	}
	if looksLikeNumber(c.Text) {
		return likeNumber
	}
	return likeText
}

// head finds the header: the row before the first that has a time and a number.
func (p *proposing) head() {
	first := len(p.rows)
	for i, row := range p.rows[:min(len(p.rows), headerBefore)] {
		timed, valued := false, false
		for _, c := range row.Cells {
			switch like(c) {
			case likeTime, likeDate:
				timed = true
			case likeNumber:
				valued = true
			}
		}
		if timed && valued {
			first = i
			break
		}
	}
	p.values = p.rows[min(first, len(p.rows)):]
	for i := first - 1; i >= 0 && first < len(p.rows); i-- {
		if texts(p.rows[i]) >= 2 {
			p.header = headerOf(p.rows[i])
			p.proposal.Mapping.Header = p.rows[i].Number
			if p.rows[i].Number != p.values[0].Number-1 {
				p.proposal.Mapping.First = p.values[0].Number
			}
			return
		}
	}
	if first < len(p.rows) {
		p.proposal.Mapping.First = p.values[0].Number
	}
}

func texts(row sheet.Row) (n int) {
	for _, c := range row.Cells {
		if like(c) == likeText {
			n++
		}
	}
	return n
}

// shown keeps the first rows for the preview.
func (p *proposing) shown() {
	for _, row := range p.rows[:min(len(p.rows), sampleShown)] {
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			switch cells[i] = short(c.Text); {
			case c.Kind == sheet.Moment:
				cells[i] = c.Wall.Format("2006-01-02 15:04:05")
			case c.Kind == sheet.Unstored:
				cells[i] = "=?"
			}
		}
		p.proposal.Sample = append(p.proposal.Sample, cells)
	}
}

// columns says what each column is.
func (p *proposing) columns(zone string) {
	width := len(p.header)
	for _, row := range p.values {
		width = max(width, len(row.Cells))
	}
	for i := range width {
		p.proposal.Columns = append(p.proposal.Columns, p.column(i))
	}
	p.times()
	p.points()
	p.rest(zone)
	m := &p.proposal.Mapping
	p.proposal.Confidence = 1
	for _, c := range p.proposal.Columns {
		m.Columns = append(m.Columns, c.MappedColumn)
		if c.Is != MeansNothing {
			p.proposal.Confidence = min(p.proposal.Confidence, c.Confidence)
		}
	}
	for range p.proposal.Asks {
		p.proposal.Confidence = min(p.proposal.Confidence, 0.4)
	}
}

// column says what a column is by itself.
func (p *proposing) column(i int) ProposedColumn {
	c := ProposedColumn{MappedColumn: MappedColumn{Column: sheet.Column(i + 1), Is: MeansNothing}, Because: "nothing"}
	if i < len(p.header) {
		c.Header = p.header[i]
	}
	var counts [likeClock + 1]int
	for _, row := range p.values {
		counts[like(cellAt(row, i))]++
	}
	filled := len(p.values) - counts[likeNothing]
	most := func(l looks) bool { return filled > 0 && counts[l]*10 >= filled*9 }
	set := func(is Meaning, confidence float64, because string) {
		c.Is, c.Confidence, c.Because = is, confidence, because
	}
	name := strings.ToLower(c.Header)
	switch {
	case most(likeTime):
		set(MeansTime, 0.8, "content")
		switch {
		case anyOf(name, "bis", "to", "ende", "end"):
			set(MeansTo, 0.9, "header")
		case anyOf(name, "von", "from", "beginn", "start"):
			set(MeansFrom, 0.9, "header")
		case anyOf(name, "at", "time", "zeit", "zeitpunkt", "datum", "timestamp", "zeitstempel", "date", "datetime"):
			set(MeansTime, 1, "header")
		}
	case most(likeDate):
		set(MeansDate, 0.8, "content")
	case most(likeClock):
		set(MeansClock, 0.8, "content")
		if anyOf(name, "bis", "to", "ende", "end") {
			set(MeansNothing, 0.5, "header")
		}
	case most(likeNumber):
		set(MeansValue, 0.6, "content")
		if anyOf(name, "status", "nr", "no", "id", "lfd", "zeile", "row") || strings.Contains(name, "coverage") {
			set(MeansNothing, 0.6, "header")
		}
		c.Unit = unitIn(c.Header)
	case filled > 0:
		switch {
		case anyOf(name, "point", "punkt", "zählpunkt", "zaehlpunkt", "meter", "zähler", "zaehler", "messpunkt"):
			set(MeansPoint, 0.9, "header")
		case anyOf(name, "unit", "einheit"):
			set(MeansUnit, 0.9, "header")
		case anyOf(name, "quality", "qualität", "qualitaet", "status", "wertstatus", "messwertstatus", "art"):
			set(MeansQuality, 0.8, "header")
		}
	}
	return c
}

// anyOf tells whether one of the words of a header is among those given.
func anyOf(header string, words ...string) bool {
	for _, word := range strings.FieldsFunc(header, func(c rune) bool { return strings.ContainsRune(" _-/()[].:,;\n", c) }) {
		if slices.Contains(words, word) {
			return true
		}
	}
	return false
}

// unitIn is the unit that a header names: "Bezug [kWh]".
func unitIn(header string) energy.Unit {
	for _, word := range strings.FieldsFunc(header, func(c rune) bool { return strings.ContainsRune(" _()[];,=\n", c) }) {
		for _, u := range []energy.Unit{"mWh", "Wh", "kWh", "MWh", "GWh", "MJ", "GJ", "W", "kW", "MW", "m³", "m3", "l", "m³/h", "m3/h", "l/h", "°C", "Hz"} {
			if word == string(u) || len(u) > 2 && strings.EqualFold(word, string(u)) && u != "mWh" && u != "MWh" {
				return u
			}
		}
	}
	return ""
}

func mapped(columns []ProposedColumn) (list []MappedColumn) {
	for _, c := range columns {
		list = append(list, c.MappedColumn)
	}
	return list
}

func mapsKeys(m map[string]Mapping) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range m {
			if !yield(name) {
				return
			}
		}
	}
}
