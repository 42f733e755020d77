package intake

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// Meaning says what a column holds.
type Meaning string

// The meanings of columns. Time, or Date and Clock, is the instant that a row
// is labelled by; From and To are the borders of its interval.
const (
	MeansTime    Meaning = "time"
	MeansDate    Meaning = "date"
	MeansClock   Meaning = "clock"
	MeansFrom    Meaning = "from"
	MeansTo      Meaning = "to"
	MeansPoint   Meaning = "point"
	MeansValue   Meaning = "value"
	MeansUnit    Meaning = "unit"
	MeansQuality Meaning = "quality"
	MeansNothing Meaning = "ignore"
)

// Meanings lists all of them.
func Meanings() []Meaning {
	return []Meaning{MeansTime, MeansDate, MeansClock, MeansFrom, MeansTo, MeansPoint, MeansValue, MeansUnit, MeansQuality, MeansNothing}
}

// MappedColumn says what a column is.
type MappedColumn struct {
	Column string         `json:"column"`           // A, B, …
	Header string         `json:"header,omitempty"` // its text in the header row, by which a saved mapping is recognised
	Is     Meaning        `json:"is"`
	Point  energy.PointID `json:"point,omitempty"` // whose values it holds, where no column names the point
	Unit   energy.Unit    `json:"unit,omitempty"`  // "": that of a column of units, else the canonical one
}

// Mapping says how a table of somebody's own is to be read. What it leaves open
// is asked back, not guessed.
type Mapping struct {
	Sheet     string                    `json:"sheet,omitempty"`     // of a workbook; "": the first visible one
	Header    int                       `json:"header"`              // its row; 0: none
	First     int                       `json:"first,omitempty"`     // the first row of values; 0: the one after the header
	Decimal   string                    `json:"decimal,omitempty"`   // "." or ","; "": what all numbers of the file agree on
	Thousands string                    `json:"thousands,omitempty"` // ".", ",", "'" or " "
	Zone      string                    `json:"zone,omitempty"`      // IANA name, for times without an offset
	Label     Label                     `json:"label,omitempty"`     // of interval values: the border that the time is
	Step      string                    `json:"step,omitempty"`      // of interval values: their length, 15m, 1h, 24h
	Columns   []MappedColumn            `json:"columns,omitempty"`
	Names     map[string]energy.PointID `json:"names,omitempty"` // what the file calls a point: names in a column, PLACE/OBIS of MSCONS
}

// Check says what is wrong with a mapping.
func (m Mapping) Check() energy.Faults {
	var faults energy.Faults
	fault := func(code, problem, remedy string, args ...any) {
		f := energy.Fault{File: "mapping", Problem: fmt.Sprintf(problem, args...), Remedy: remedy, Code: "mapping_" + code}
		if len(args) > 0 {
			f.Arg = short(fmt.Sprint(args[len(args)-1]))
		}
		faults = append(faults, f)
	}
	if m.Decimal != "" && m.Decimal != "." && m.Decimal != "," {
		fault("decimal", "decimal is %.12q", `"." or "," is expected`, m.Decimal)
	}
	if !slices.Contains([]string{"", ".", ",", "'", " "}, m.Thousands) || m.Thousands != "" && m.Thousands == m.Decimal {
		fault("thousands", "thousands is %.12q", `".", ",", "'" or " " is expected, and not the decimal sign`, m.Thousands)
	}
	if _, err := m.zone(); err != nil {
		fault("zone", "zone %.40q is not known", "an IANA name such as Europe/Berlin is expected", m.Zone)
	}
	if m.Label != "" && m.Label != LabelStart && m.Label != LabelEnd {
		fault("label", "label is %.12q", `"start" or "end" is expected`, string(m.Label))
	}
	if step, err := m.step(); err != nil || step < 0 || step%time.Second != 0 {
		fault("step", "step is %.12q", "a duration such as 15m or 1h is expected", m.Step)
	}
	if m.Header < 0 || m.First < 0 {
		fault("rows", "header and first are rows", "count from 1; header 0 means that there is none")
	}
	seen := map[int]bool{}
	has := map[Meaning]int{}
	for _, c := range m.Columns {
		n := sheet.ColumnNumber(c.Column)
		if n == 0 || seen[n] {
			fault("column", "column %.12q is none, or is mapped twice", "columns are named A, B, C, each at most once", c.Column)
		}
		seen[n] = true
		if !slices.Contains(Meanings(), c.Is) {
			fault("meaning", "column %.12q is %.20q", "one of %s is expected", c.Column, string(c.Is))
			faults[len(faults)-1].Remedy = fmt.Sprintf("one of %v is expected", Meanings())
		}
		if c.Unit != "" && !c.Unit.Known() {
			fault("unit", "column %.12q has the unit %.20q", "a unit such as kWh, kW, m³ or °C is expected", c.Column, string(c.Unit))
		}
		has[c.Is]++
	}
	for _, once := range []Meaning{MeansTime, MeansDate, MeansClock, MeansFrom, MeansTo, MeansPoint, MeansUnit, MeansQuality} {
		if has[once] > 1 {
			fault("once", "%d columns are %s", "one is expected", has[once], once)
		}
	}
	if len(m.Columns) == 0 {
		return faults // of MSCONS
	}
	m.checkTogether(has, fault)
	return faults
}

// checkTogether checks that the columns make sense beside each other.
func (m Mapping) checkTogether(has map[Meaning]int, fault func(code, problem, remedy string, args ...any)) {
	switch times := has[MeansTime] + has[MeansDate] + has[MeansFrom]; {
	case times == 0:
		fault("no_time", "no column is the time", "map one as time, or date and clock, or from and to")
	case times > 1:
		fault("two_times", "more than one column is the time", "map one as time, or date and clock, or from and to")
	}
	if has[MeansDate] == 0 && has[MeansClock] > 0 || has[MeansFrom] != has[MeansTo] {
		fault("half_time", "half of the time is mapped", "date and clock, or from and to, belong together")
	}
	if has[MeansValue] == 0 {
		fault("no_value", "no column holds values", "map at least one as value")
	}
	if has[MeansPoint] > 0 && has[MeansValue] > 1 {
		fault("points_and_values", "a column names the point, and several hold values", "map either a column of points and one of values, or a point for each column of values")
	}
	for _, c := range m.Columns {
		if c.Is == MeansValue && (c.Point == "") == (has[MeansPoint] == 0) {
			fault("no_point", "column %.12q holds values of no point, or of two", "name its point, unless a column of points does", c.Column)
		}
	}
}

func (m Mapping) zone() (energy.Calendar, error) {
	if m.Zone == "" {
		return energy.Calendar{}, nil
	}
	return energy.LoadCalendar(m.Zone)
}

func (m Mapping) step() (time.Duration, error) {
	if m.Step == "" {
		return 0, nil
	}
	return time.ParseDuration(m.Step)
}

// first is the first row that may hold values.
func (m Mapping) first() int { return max(m.First, m.Header+1, 1) }

// digits are those that the mapping states.
func (m Mapping) digits() (d digits) {
	if m.Decimal != "" {
		d.decimal = m.Decimal[0]
	}
	if m.Thousands != "" {
		d.thousands = m.Thousands[0]
	}
	return d
}

// Points are the points that the mapping itself names.
func (m Mapping) Points() (points []energy.PointID) {
	for _, c := range m.Columns {
		if c.Is == MeansValue && c.Point != "" {
			points = append(points, c.Point)
		}
	}
	for _, p := range m.Names {
		points = append(points, p)
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// Cell is the cell of a row that a rejection's column speaks of; "" where the
// mapping does not say.
func (m Mapping) Cell(column string, row int) string {
	for _, c := range m.Columns {
		at := column == "at" && (c.Is == MeansTime || c.Is == MeansDate || c.Is == MeansFrom)
		if at || column == "from" && (c.Is == MeansFrom || c.Is == MeansTime) || string(c.Is) == column {
			return sheet.At(sheet.ColumnNumber(c.Column), row)
		}
	}
	return ""
}

// Fits tells whether a header row is the one that the mapping was made for.
func (m Mapping) Fits(header []string) bool {
	named := 0
	for _, c := range m.Columns {
		n := sheet.ColumnNumber(c.Column)
		if c.Header == "" && c.Is == MeansNothing {
			continue
		}
		if n == 0 || n > len(header) || !strings.EqualFold(strings.TrimSpace(header[n-1]), strings.TrimSpace(c.Header)) {
			return false
		}
		if c.Header != "" {
			named++
		}
	}
	return named >= 2
}
