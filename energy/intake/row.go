package intake

import (
	"strings"
	"time"

	"heatledger/energy"
)

// Row is one reading as somebody handed it in, before it is checked against
// the registry and against what is known.
type Row struct {
	Number  int // line of a CSV file, element of a JSON list, from 1
	Column  int // of the cell that holds the value, from 1; 0: the form has no cells
	Point   energy.PointID
	At      time.Time
	Length  time.Duration // To − From of the interval form, else 0
	Value   energy.Value
	Absent  bool        // quality "missing": the row says that there is no value
	Unit    energy.Unit // "" = the canonical unit of the point's quantity
	Quality energy.Quality
}

// Rejection says why a row was not taken, where, and what to do.
type Rejection struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Cell   string `json:"cell,omitempty"` // of a sheet: B7
	Code   Code   `json:"code"`
	Reason string `json:"reason"`
	Hint   string `json:"hint"`

	value int // column of the row's value, from 1
}

// Error is the rejection on one line.
func (r Rejection) Error() string { return r.Reason + ": " + r.Hint }

// Code names a reason for rejection; programs branch on it.
type Code string

// The codes of rejected rows.
const (
	CodeSyntax       Code = "syntax"          // the row cannot be read at all
	CodePoint        Code = "unknown_point"   // no such point in the registry
	CodeCalculated   Code = "calculated"      // the registry calculates the point from others
	CodeTime         Code = "bad_time"        // no RFC 3339 instant with offset
	CodeFuture       Code = "future"          // an instant that has not come yet
	CodePast         Code = "past"            // an instant before any reading could be
	CodeInterval     Code = "bad_interval"    // to is not after from
	CodeOutside      Code = "outside"         // beyond the interval that a correction replaces
	CodeForm         Code = "wrong_form"      // an interval for a counter, an instant for an amount
	CodeValue        Code = "bad_value"       // no number
	CodeUnit         Code = "bad_unit"        // not a unit of the point's quantity
	CodeQuality      Code = "bad_quality"     // no quality
	CodeConflict     Code = "conflict"        // known with another value, and this is no correction
	CodeContradicted Code = "contradicted"    // given twice in the same submission with different values
	CodeScope        Code = "not_your_site"   // the caller may not write to this site
	CodeRange        Code = "value_too_large" // does not fit the fixed unit of its quantity
	CodeDecimal      Code = "decimal_sign"    // nothing settles whether a sign is decimal or groups thousands
	CodeThousands    Code = "thousands"       // digits are grouped, and nobody said by what
	CodeTwice        Code = "ambiguous_time"  // the clock shows it twice on this day
	CodeFormula      Code = "formula"         // a formula whose result the workbook does not hold
	CodeCell         Code = "bad_cell"        // a cell of another kind than its column
	CodeName         Code = "unknown_name"    // the file names a point that nobody mapped
)

// parseRow reads the texts of one row. cells are by column name; a missing
// optional column is "". times reads when it was.
func parseRow(number int, cells map[string]string, times func(*Row, map[string]string) *Rejection) (Row, *Rejection) {
	row := Row{Number: number, Point: energy.PointID(cells["point"]), Unit: energy.Unit(cells["unit"]), Quality: energy.Measured}
	reject := func(column string, code Code, reason, hint string) (Row, *Rejection) {
		return row, &Rejection{Row: number, Column: column, Code: code, Reason: short(reason), Hint: hint}
	}
	if err := row.Point.Check(); err != nil {
		return reject("point", CodePoint, err.Error(), "write the full id of the point, such as kaiserlei/grid-energy")
	}
	if rejection := times(&row, cells); rejection != nil {
		return row, rejection
	}
	if text := cells["quality"]; text != "" {
		if err := row.Quality.UnmarshalText([]byte(text)); err != nil {
			return reject("quality", CodeQuality, err.Error(), "leave it empty for a value read from the meter")
		}
	}
	if row.Quality == energy.Missing {
		row.Absent = true
		return row, nil
	}
	if cells["value"] == "" {
		return reject("value", CodeValue, "there is no value", "leave out rows without a value, or give them the quality missing")
	}
	value, err := energy.ParseValue(cells["value"])
	if err != nil {
		return reject("value", CodeValue, err.Error(), "write digits with a decimal point, without thousands separators; leave out rows without a value")
	}
	row.Value = value
	return row, nil
}

// parseTimes reads the instant of a row, or its interval; every time has its offset.
func parseTimes(row *Row, cells map[string]string) *Rejection {
	start := "at"
	if _, ok := cells["from"]; ok {
		start = "from"
	}
	at, hint := parseInstant(cells[start])
	if hint != "" {
		return badTime(row.Number, start, cells[start], hint)
	}
	row.At = at
	if start != "from" {
		return nil
	}
	to, hint := parseInstant(cells["to"])
	if hint != "" {
		return badTime(row.Number, "to", cells["to"], hint)
	}
	if row.Length = to.Sub(at); row.Length <= 0 {
		return &Rejection{Row: row.Number, Column: "to", Code: CodeInterval, Reason: "the interval ends before it begins", Hint: "to must be later than from"}
	}
	return nil
}

func badTime(number int, column, text, hint string) *Rejection {
	return &Rejection{Row: number, Column: column, Code: CodeTime, Reason: short(quote(text) + " is no instant"), Hint: hint}
}

// parseInstant reads RFC 3339 with an offset, to whole microseconds. hint is
// "" when the text is one.
func parseInstant(text string) (t time.Time, hint string) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err == nil {
		return t.UTC().Truncate(time.Microsecond), ""
	}
	for _, local := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if _, err := time.Parse(local, text); err == nil {
			return t, "add the offset, such as " + quote(text+"+01:00") + ": local times are ambiguous in the hour the clock is set back"
		}
	}
	return t, "write RFC 3339 with offset, such as 2025-03-01T00:15:00+01:00 or 2025-02-28T23:15:00Z"
}

// short keeps an answer from repeating megabytes of nonsense.
func short(s string) string {
	const most = 240
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func quote(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return `"` + s + `"`
}
