package features

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap/geo"
	"heatledger/reporting/features/cql2"
)

// The features of a page.
const (
	UsualLimit = 100
	MostLimit  = 10_000
)

// selection is which features are asked for, and how.
type selection struct {
	limit, offset int
	crs           system
	box           geo.Geometry // in boxCRS; nil: everywhere
	boxCRS        system
	during        *Time // nil: ever
	filter        cql2.Node
	filterCRS     system
	equal         []equal
}

// equal is what a property must be.
type equal struct {
	field int
	value any
}

// selected reads the parameters of items and item.
func (q question) selected() (s selection, err error) {
	if q.Resource != Items && q.Resource != Item {
		return s, nil
	}
	for _, one := range []struct {
		name string
		crs  *system
	}{{"crs", &s.crs}, {"bbox-crs", &s.boxCRS}, {"filter-crs", &s.filterCRS}} {
		uri := q.Query.Get(one.name)
		known := false
		if *one.crs, known = systemOf(uri); !known || q.Query.Has(one.name) && uri == "" {
			return s, bad("%s=%.80q is not known; there are %s", one.name, uri, strings.Join(systemURIs(), ", "))
		}
	}
	if q.Resource == Item {
		return s, nil
	}
	for _, read := range []func(*selection) error{q.readPage, q.readBox, q.readTime, q.readEqual, q.readFilter} {
		if err := read(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// readPage reads limit and offset. A limit beyond the most is the most (requirement
// /req/core/fc-limit-response-1).
func (q question) readPage(s *selection) error {
	s.limit = UsualLimit
	for _, one := range []struct {
		name  string
		least int
		to    *int
	}{{"limit", 1, &s.limit}, {"offset", 0, &s.offset}} {
		if !q.Query.Has(one.name) {
			continue
		}
		text := q.Query.Get(one.name)
		n, err := strconv.Atoi(text)
		if errors.Is(err, strconv.ErrRange) && n > 0 {
			err = nil
		}
		if err != nil || n < one.least {
			return bad("%s=%.40q is no whole number from %d", one.name, text, one.least)
		}
		*one.to = n
	}
	s.limit = min(s.limit, MostLimit)
	return nil
}

// readBox reads bbox: four numbers, or six with heights, which nothing here has.
func (q question) readBox(s *selection) error {
	if !q.Query.Has("bbox") {
		return nil
	}
	text := q.Query.Get("bbox")
	var n []float64
	for part := range strings.SplitSeq(text, ",") {
		number, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
			return bad("bbox=%.80q: %.40q is no number", text, part)
		}
		n = append(n, number)
	}
	if len(n) == 6 {
		if n[2] > n[5] {
			return bad("bbox=%.80q: the least height is above the greatest", text)
		}
		n = []float64{n[0], n[1], n[3], n[4]}
	}
	if len(n) != 4 {
		return bad("bbox=%.80q: four numbers are needed, or six with heights", text)
	}
	if s.boxCRS.planar() {
		if n[0] > n[2] || n[1] > n[3] {
			return bad("bbox=%.80q: the corner that comes first is the one with the least numbers", text)
		}
		s.box = cql2.NewBox(n[0], n[1], n[2], n[3]).Geometry
		return nil
	}
	if s.boxCRS.flipped {
		n[0], n[1], n[2], n[3] = n[1], n[0], n[3], n[2]
	}
	switch {
	case n[1] > n[3]:
		return bad("bbox=%.80q: its south is north of its north", text)
	case math.Abs(n[0]) > 180 || math.Abs(n[2]) > 180 || math.Abs(n[1]) > 90 || math.Abs(n[3]) > 90:
		return bad("bbox=%.80q: longitudes go from -180 to 180 and latitudes from -90 to 90; %s", text, order(s.boxCRS))
	}
	s.box = cql2.NewBox(n[0], n[1], n[2], n[3]).Geometry
	s.boxCRS, _ = systemOf(geo.CRS84) // it was turned
	return nil
}

// order reminds of which coordinate comes first.
func order(s system) string {
	if s.flipped {
		return "the latitude comes first in " + s.uri
	}
	return "the longitude comes first in " + s.uri
}

// readTime reads datetime: an instant, or an interval with ends that may be open
// (requirement /req/core/fc-time-definition); beside times of RFC 3339 days are taken,
// as the whole day in UTC.
func (q question) readTime(s *selection) error {
	if !q.Query.Has("datetime") {
		return nil
	}
	text := q.Query.Get("datetime")
	from, to, interval := strings.Cut(text, "/")
	t := Time{Known: true}
	var err error
	if t.From, err = instant(from, false, interval); err == nil {
		if !interval {
			to = from
		}
		t.To, err = instant(to, true, interval)
	}
	switch {
	case err != nil:
		return bad("datetime=%.80q is neither a time nor an interval: write 2025-06-01T12:00:00Z, 2025-01-01T00:00:00Z/2025-06-30T23:59:59Z, ../2025-06-30T23:59:59Z or 2025-01-01T00:00:00Z/..", text)
	case !t.From.IsZero() && !t.To.IsZero() && t.To.Before(t.From):
		return bad("datetime=%.80q ends before it begins", text)
	}
	s.during = &t
	return nil
}

// instant reads an end of an interval; zero is open.
func instant(text string, last, open bool) (time.Time, error) {
	if open && (text == "" || text == "..") {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if last {
		day = day.Add(24*time.Hour - time.Nanosecond)
	}
	return day, err
}

// readEqual reads the parameters that are properties.
func (q question) readEqual(s *selection) error {
	for i, field := range q.about.Fields {
		if !q.Query.Has(field.Name) {
			continue
		}
		text := q.Query.Get(field.Name)
		value, err := field.read(text)
		if err != nil {
			return err
		}
		s.equal = append(s.equal, equal{i, value})
	}
	return nil
}

// read reads a value of the field as it stands in an address.
func (f Field) read(text string) (any, error) {
	var value any = text
	var err error
	switch f.Kind {
	case cql2.Text:
		if f.Enum != nil && !slices.Contains(f.Enum, text) {
			return nil, bad("%s=%.40q is not known; there are %s", f.Name, text, strings.Join(f.Enum, ", "))
		}
	case cql2.Number:
		value, err = strconv.ParseFloat(text, 64)
	case cql2.Boolean:
		value = text == "true"
		if text != "true" && text != "false" {
			err = strconv.ErrSyntax
		}
	case cql2.Date:
		_, err = time.Parse(time.DateOnly, text)
		value = cql2.Day(text)
	case cql2.Timestamp:
		value, err = time.Parse(time.RFC3339Nano, text)
	}
	if err != nil {
		return nil, bad("%s=%.40q is no %s", f.Name, text, f.Kind)
	}
	return value, nil
}

// readFilter reads filter, filter-lang and filter-crs.
func (q question) readFilter(s *selection) (err error) {
	lang := q.Query.Get("filter-lang")
	if q.Query.Has("filter-lang") && lang != "cql2-text" && lang != "cql2-json" {
		return bad("filter-lang=%.40q is neither cql2-text nor cql2-json", lang)
	}
	if !q.Query.Has("filter") {
		return nil
	}
	if lang == "cql2-json" {
		s.filter, err = cql2.ParseJSON([]byte(q.Query.Get("filter")))
	} else {
		s.filter, err = cql2.ParseText(q.Query.Get("filter"))
	}
	var faults energy.Faults
	var fault energy.Fault
	if errors.As(err, &fault) {
		faults = energy.Faults{fault}
	} else if err == nil {
		faults = cql2.Check(s.filter, q.about.kinds())
	}
	if len(faults) > 0 {
		return &Refusal{Status: 400, Code: CodeFilter, Detail: faults.Error(), Faults: faults}
	}
	return err
}

// geometryField is the name by which filters speak of the geometry.
const geometryField = "geometry"

// kinds are the properties a filter may name.
func (a About) kinds() map[string]cql2.Kind {
	kinds := map[string]cql2.Kind{geometryField: cql2.Geometry}
	for _, field := range a.Fields {
		kinds[field.Name] = field.Kind
	}
	return kinds
}

// row is a feature as a filter sees it.
type row struct {
	feature *Feature
	places  map[string]int
	crs     system
}

// Value implements [cql2.Row].
func (r row) Value(name string) (any, bool) {
	if name == geometryField {
		if r.feature.Geometry == nil {
			return nil, false
		}
		return r.crs.from(r.feature.Geometry), true
	}
	at, ok := r.places[name]
	if !ok || r.feature.Values[at] == nil {
		return nil, false
	}
	return r.feature.Values[at], true
}

// choose are the features that match, in their order.
func (s selection) choose(about About, all []Feature) []Feature {
	places := map[string]int{}
	for i, field := range about.Fields {
		places[field.Name] = i
	}
	var chosen []Feature
	for i := range all {
		f := &all[i]
		if s.inBox(f) && s.inTime(f) && s.isEqual(f) &&
			(s.filter == nil || cql2.Evaluate(s.filter, row{f, places, s.filterCRS}) == cql2.True) {
			chosen = append(chosen, *f)
		}
	}
	return chosen
}

// inBox holds the geometry against the box, in the box's own system. What is nowhere
// is in every box (requirement /req/core/fc-bbox-response C).
func (s selection) inBox(f *Feature) bool {
	if s.box == nil || f.Geometry == nil {
		return true
	}
	return geo.Intersects(s.boxCRS.from(f.Geometry), s.box)
}

// inTime holds the time of a feature against the one asked for, ends with them. What
// has no time is of every time (requirement /req/core/fc-time-response C).
func (s selection) inTime(f *Feature) bool {
	if s.during == nil || !f.Time.Known {
		return true
	}
	before := !f.Time.To.IsZero() && !s.during.From.IsZero() && f.Time.To.Before(s.during.From)
	after := !f.Time.From.IsZero() && !s.during.To.IsZero() && f.Time.From.After(s.during.To)
	return !before && !after
}

// isEqual holds the properties against what is asked for; what is absent equals nothing.
func (s selection) isEqual(f *Feature) bool {
	for _, one := range s.equal {
		value := f.Values[one.field]
		if at, isTime := value.(time.Time); isTime {
			if want, ok := one.value.(time.Time); !ok || !at.Equal(want) {
				return false
			}
		} else if value != one.value {
			return false
		}
	}
	return true
}
