package intake

import (
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
)

// rejections are rows that are not taken; of more than most of them the
// further ones are only counted.
type rejections struct {
	list    []Rejection
	most    int // 0: all are named
	further int
}

func (r *rejections) add(rejection Rejection) {
	if rejection.Cell == "" && rejection.Column == "value" && rejection.value > 0 {
		rejection.Cell = sheet.At(rejection.value, rejection.Row)
	}
	if r.most > 0 && len(r.list) >= r.most {
		r.further++
		return
	}
	r.list = append(r.list, rejection)
}

func (r *rejections) clone() rejections {
	return rejections{list: slices.Clone(r.list), most: r.most, further: r.further}
}

func (r *rejections) give(receipt *Receipt) { receipt.Rejected, receipt.Further = r.list, r.further }

// checking sorts rows by site and point and checks each by itself.
type checking struct {
	registry   *registry.Registry
	submission Submission
	now        time.Time
	sites      map[energy.SiteID]map[energy.PointID]*rowList
	points     map[energy.PointID]*checkedPoint
	last       *checkedPoint // of the row before
	rejected   rejections
	missing    int
	duplicate  int // rows given twice alike
}

// checkedPoint is what the registry says of a point that rows name.
type checkedPoint struct {
	id      energy.PointID
	point   registry.Point
	refused *Rejection // why no row of it is taken, without the row
	rows    *rowList   // nil until there is one
}

// rows checks every row.
func (c *checking) rows() error {
	c.sites = map[energy.SiteID]map[energy.PointID]*rowList{}
	c.points = map[energy.PointID]*checkedPoint{}
	for _, rejection := range c.submission.Rejected {
		c.rejected.add(rejection)
	}
	for _, row := range c.submission.Rows {
		c.take(row)
	}
	if c.submission.Stream != nil {
		if err := c.submission.Stream(c.take, c.rejected.add); err != nil {
			return err
		}
	}
	for _, points := range c.sites {
		for point, rows := range points {
			c.single(point, rows)
		}
	}
	return nil
}

// take sorts a row in, or rejects it.
func (c *checking) take(row Row) {
	known := c.last
	if known == nil || known.id != row.Point {
		known = c.point(row.Point)
		c.last = known
	}
	reading, rejection := c.row(row, known)
	switch {
	case rejection != nil:
		rejection.value = row.Column
		c.rejected.add(*rejection)
	case row.Absent:
		c.missing++
		if !c.submission.Replaces.To.IsZero() { // it names a point of which all is withdrawn
			c.list(known)
		}
	default:
		c.list(known).add(numberedOf(row, reading))
	}
}

// list are the rows of a point so far.
func (c *checking) list(p *checkedPoint) *rowList {
	if p.rows == nil {
		p.rows = &rowList{}
		site := p.id.Site()
		if c.sites[site] == nil {
			c.sites[site] = map[energy.PointID]*rowList{}
		}
		c.sites[site][p.id] = p.rows
	}
	return p.rows
}

// point looks a point up, once.
func (c *checking) point(id energy.PointID) *checkedPoint {
	if known, ok := c.points[id]; ok {
		return known
	}
	p := &checkedPoint{id: id}
	reject := func(code Code, reason, hint string) {
		p.refused = &Rejection{Column: "point", Code: code, Reason: reason, Hint: hint}
	}
	_, _, point, ok := c.registry.Point(id)
	switch p.point = point; {
	case !c.submission.allows(id):
		reject(CodeScope, fmt.Sprintf("you may not write to site %s", id.Site()), "ask for a token of this site")
	case !ok:
		reject(CodePoint, fmt.Sprintf("the registry knows no point %s", id), "check the spelling, or add the point to registry.yaml and apply it")
	case point.Virtual():
		reject(CodeCalculated, fmt.Sprintf("%s is calculated from other points", id), "hand in the readings of those")
	}
	c.points[id] = p
	return p
}

// allows tells whether the submitter may write to a point.
func (s Submission) allows(id energy.PointID) bool {
	if s.AllowedPoint != nil {
		return s.AllowedPoint(id)
	}
	return s.Allowed == nil || s.Allowed(id.Site())
}

// row checks one row against the registry.
func (c *checking) row(row Row, known *checkedPoint) (energy.Reading, *Rejection) {
	reject := func(column string, code Code, reason, hint string) (energy.Reading, *Rejection) {
		return energy.Reading{}, &Rejection{Row: row.Number, Column: column, Code: code, Reason: reason, Hint: hint}
	}
	if r := known.refused; r != nil {
		return reject(r.Column, r.Code, r.Reason, r.Hint)
	}
	point := &known.point
	if row.At.Before(earliest) {
		return reject("at", CodePast, fmt.Sprintf("%s is before any reading could be", row.At.Format(time.RFC3339)), "check the year")
	}
	if row.At.After(c.now.Add(clockTolerance)) || row.At.Add(row.Length).After(c.now.Add(clockTolerance)) {
		return reject("at", CodeFuture, fmt.Sprintf("%s has not come yet", row.At.Add(row.Length).Format(time.RFC3339)), "check the year and the clock")
	}
	if interval := point.Series == energy.Interval || point.Series == energy.Mean; interval != (row.Length > 0) {
		if interval {
			return reject("at", CodeForm, fmt.Sprintf("%s is a series of %s values", row.Point, point.Series), "give the columns from and to")
		}
		return reject("from", CodeForm, fmt.Sprintf("%s is a series of %s values", row.Point, point.Series), "give the column at")
	}
	if p := c.submission.Replaces; !p.To.IsZero() && !p.Contains(row.At) {
		return reject("at", CodeOutside, fmt.Sprintf("%s is outside of the interval that is replaced, %s", row.At.Format(time.RFC3339), p), "widen the interval, or leave the row out")
	}
	if row.Absent {
		return energy.Reading{}, nil
	}
	value, unit := row.Value, point.Quantity.Unit()
	if row.Unit != "" && row.Unit != unit {
		converted, err := energy.Convert(value, row.Unit, unit)
		if err != nil {
			return reject("unit", CodeUnit, err.Error(), fmt.Sprintf("%s is given in %s", point.Quantity, unit))
		}
		value = converted
	}
	if _, err := point.Quantity.Fixed(value); err != nil || !value.Finite() {
		return reject("value", CodeRange, fmt.Sprintf("%s %s is beyond what can be counted", value, unit), "check the unit")
	}
	return energy.Reading{At: row.At, Length: row.Length, Value: value, Quality: row.Quality}, nil
}

// single sorts the rows of a point and drops those given twice alike; of rows
// that contradict each other all but the first are rejected.
func (c *checking) single(point energy.PointID, rows *rowList) {
	rows.order()
	kept := 0
	for i := range rows.n {
		row := *rows.at(i)
		if kept > 0 && rows.at(kept-1).at == row.at {
			if before := *rows.at(kept - 1); !before.reading().Same(row.reading()) {
				c.rejected.add(Rejection{Row: int(row.row), Column: "value", Code: CodeContradicted, value: int(row.column),
					Reason: fmt.Sprintf("row %d gives %s another value at %s", before.row, point, row.reading().At.Format(time.RFC3339Nano)),
					Hint:   "leave one of the two rows out"})
			} else {
				c.duplicate++
			}
			continue
		}
		*rows.at(kept) = row
		kept++
	}
	rows.cut(kept)
}
