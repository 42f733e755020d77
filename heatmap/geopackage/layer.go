package geopackage

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// Layer is what is written as a table of features.
type Layer struct {
	Name        string // of the table: letters, digits and underscores
	Title       string // for people, another of each layer; "" is the name
	Description string
	// CRS is the system it is written in; zero is [geo.WGS84].
	CRS geo.CRS
	// Kind is the type of all its geometries; single ones become several of one
	// where it says so. "" is the least that holds all, and, of different ones, any.
	Kind    geo.Kind
	Columns []Column // beside "fid", the number from 1, and "geom"
	Rows    []Row
	Style   *Style
}

// Column is an attribute.
type Column struct {
	Name string
	Type Type
}

// Type is the type of an attribute (clause 1.1.1.1.3, table 1).
type Type string

// The types that are written: a string; an int or int64; a float64; an
// [energy.Date]; a time.Time, in UTC; a bool. Each may be nil.
const (
	Text     Type = "TEXT"
	Integer  Type = "INTEGER"
	Real     Type = "REAL"
	Date     Type = "DATE"
	DateTime Type = "DATETIME"
	Boolean  Type = "BOOLEAN"
)

// Row is a feature.
type Row struct {
	Geometry geo.Geometry // in degrees; nil: it has none
	Values   []any        // one of each column
}

// Style is how QGIS draws a layer when it is opened.
type Style struct {
	Name        string
	QML         string // QGIS's own form
	SLD         string // OGC's; "" where there is none
	Description string
}

// check errs where a layer cannot be written.
func (l Layer) check() error {
	name := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)
	reserved := regexp.MustCompile(`(?i)^(gpkg_|sqlite_|rtree_|layer_styles$)`)
	if !name.MatchString(l.Name) || reserved.MatchString(l.Name) {
		return fmt.Errorf("the name %q: letters, digits and underscores are expected, not beginning as tables of GeoPackage do", l.Name)
	}
	if l.CRS != 0 && !l.CRS.Known() {
		return fmt.Errorf("the coordinate system %s is not known", l.CRS)
	}
	taken := []string{"fid", "geom"}
	for _, c := range l.Columns {
		switch c.Type {
		case Text, Integer, Real, Date, DateTime, Boolean:
		default:
			return fmt.Errorf("column %s: the type %q is not known", c.Name, c.Type)
		}
		if !name.MatchString(c.Name) {
			return fmt.Errorf("the column %q: letters, digits and underscores are expected", c.Name)
		}
		if slices.Contains(taken, strings.ToLower(c.Name)) {
			return fmt.Errorf("the column %q stands twice", c.Name)
		}
		taken = append(taken, strings.ToLower(c.Name))
	}
	for i, r := range l.Rows {
		if len(r.Values) != len(l.Columns) {
			return fmt.Errorf("row %d has %d values for %d columns", i+1, len(r.Values), len(l.Columns))
		}
	}
	return nil
}

// value is one as SQLite keeps it; it errs where the type is another.
func (t Type) value(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if t == Text {
			return v, nil
		}
	case int:
		if t == Integer {
			return int64(v), nil
		}
	case int64:
		if t == Integer {
			return v, nil
		}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%g is no value: what is not known is nil", v)
		}
		if t == Real {
			return v, nil
		}
	case bool:
		if t == Boolean {
			return v, nil
		}
	case energy.Date:
		if t == Date {
			return v.String(), nil
		}
	case time.Time:
		if t == DateTime {
			return v.UTC().Format(instant), nil
		}
	}
	return nil, fmt.Errorf("%T is no value of the type %s", v, t)
}

// instant is the form of DATETIME (clause 1.1.1.1.3, table 1).
const instant = "2006-01-02T15:04:05.000Z"

// kindOf is the least type of geometry that holds all rows; "" is any.
func kindOf(rows []Row) geo.Kind {
	one, all := geo.Kind(""), geo.Kind("") // the first of its kind, and what holds all
	for _, r := range rows {
		if r.Geometry == nil {
			continue
		}
		k := r.Geometry.Kind()
		single := k
		for _, s := range []geo.Kind{geo.KindPoint, geo.KindLine, geo.KindPolygon} {
			if several(s) == k {
				single = s
			}
		}
		switch {
		case one == "":
			one, all = single, k
		case single != one:
			return ""
		case k != single:
			all = k
		}
	}
	return all
}

// several is the kind that holds several of one kind; "" of others.
func several(k geo.Kind) geo.Kind {
	switch k {
	case geo.KindPoint:
		return geo.KindMultiPoint
	case geo.KindLine:
		return geo.KindMultiLine
	case geo.KindPolygon:
		return geo.KindMultiPolygon
	}
	return ""
}

// as is a geometry as one of a kind; ok is false if it is none.
func as(g geo.Geometry, kind geo.Kind) (made geo.Geometry, ok bool) {
	if kind == "" || g.Kind() == kind {
		return g, true
	}
	if several(g.Kind()) != kind {
		return nil, false
	}
	switch g := g.(type) {
	case geo.Point:
		return geo.MultiPoint{g}, true
	case geo.Line:
		return geo.MultiLine{g}, true
	case geo.Polygon:
		return geo.MultiPolygon{g}, true
	}
	return nil, false
}
