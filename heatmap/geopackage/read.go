package geopackage

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// maxFeatures is how many of a layer are read.
const maxFeatures = 1_000_000

// Read reads a layer and checks its features by the rules of [geo.Read]; "" is the
// only layer of the file. A fault names the file as QGIS does,
// "blocks.gpkg|layername=blocks", and the feature by its place and id.
//
// A feature's id is the value of Options.IDProperty, or, where that is "", its
// primary key. Attributes are text, numbers (64-bit integers beyond 2^53 as text), truth values
// and, as text, dates; binary ones are left out. The system is the layer's;
// Options.CRS stands for one that says it is undefined.
func (p *Package) Read(layer string, o geo.Options) (geo.Features, energy.Faults) {
	info, fault := p.find(layer)
	if fault != nil {
		return geo.Features{}, energy.Faults{*fault}
	}
	file := p.file + "|layername=" + cut(info.Name)
	refuse := func(problem, remedy string) (geo.Features, energy.Faults) {
		return geo.Features{CRS: info.CRS}, energy.Faults{{File: file, Problem: problem, Remedy: remedy}}
	}
	switch {
	case info.unread != "":
		return refuse(info.unread, "export it as a table of its own")
	case info.CRS != 0:
		o.CRS = info.CRS
	case info.srs == 0 || info.srs == -1:
		if o.CRS == 0 {
			return refuse("the layer says that its coordinate system is undefined", "state the system, or set it in the GIS and export again")
		}
	default:
		return refuse("the coordinate system "+info.System+" is not known", "export the layer in EPSG:4326, EPSG:25832 or EPSG:25833")
	}
	r := &layerReader{p: p, info: info, examiner: geo.NewExaminer(file, o), id: o.IDProperty}
	if problem := r.columns(); problem != "" {
		return refuse(problem, "name one that it has, or export the layer again")
	}
	if problem := r.rows(); problem != "" {
		return refuse(problem, "export the layer again")
	}
	return r.examiner.Features()
}

// find is a layer by its name.
func (p *Package) find(name string) (Info, *energy.Fault) {
	var names []string
	for _, l := range p.layers {
		if strings.EqualFold(l.Name, name) || name == "" && len(p.layers) == 1 {
			return l, nil
		}
		names = append(names, cut(l.Name))
	}
	f := energy.Fault{File: p.file, Problem: fmt.Sprintf("there is no layer %q", name), Remedy: "it has " + strings.Join(names[:min(20, len(names))], ", ")}
	switch {
	case len(names) == 0:
		f.Problem, f.Remedy = "the file has no layer of features", "export one with geometries"
	case name == "":
		f.Problem = fmt.Sprintf("the file has %d layers", len(names))
		f.Remedy = "name one of " + strings.Join(names[:min(20, len(names))], ", ")
	}
	return Info{}, &f
}

// layerReader reads one layer.
type layerReader struct {
	p        *Package
	info     Info
	examiner *geo.Examiner
	id       string // the attribute that names features; "": the key does
	key      string // the column of the primary key; "" if there is none
	names    []string
	types    []string
	left     int // bytes that may still be read
}

// columns finds those of the table. Generated ones are not among them.
func (r *layerReader) columns() (problem string) {
	ctx := context.Background()
	rows, err := r.p.conn.QueryContext(ctx, `select name, type, pk from pragma_table_info(?)`, r.info.Name)
	if err != nil {
		return "its columns cannot be read: " + err.Error()
	}
	defer rows.Close()
	geometry, named := false, r.id == ""
	for rows.Next() {
		var name, kind any
		var pk any
		if err := rows.Scan(&name, &kind, &pk); err != nil {
			return "its columns cannot be read: " + err.Error()
		}
		column := textOf(name)
		switch key, _ := pk.(int64); {
		case strings.EqualFold(column, r.info.geometry):
			geometry = true
			continue
		case key == 1:
			r.key = column
		}
		if strings.EqualFold(column, r.id) {
			r.id, named = column, true
		}
		r.names, r.types = append(r.names, column), append(r.types, strings.ToUpper(textOf(kind)))
	}
	switch err := rows.Err(); {
	case err != nil:
		return "its columns cannot be read: " + err.Error()
	case !geometry:
		return fmt.Sprintf("it has no column %q of geometries", cut(r.info.geometry))
	case !named:
		return fmt.Sprintf("it has no attribute %q that names its features", cut(r.id))
	}
	return ""
}

// quoted is a name in a statement.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// rows reads the features, in the order of the table.
func (r *layerReader) rows() (problem string) {
	list := []string{quoted(r.info.geometry)}
	for _, name := range r.names {
		list = append(list, quoted(name))
	}
	// The name of the table was found in the list of tables.
	rows, err := r.p.conn.QueryContext(context.Background(), "select "+strings.Join(list, ", ")+" from "+quoted(r.info.Name))
	if err != nil {
		return "it cannot be read: " + err.Error()
	}
	defer rows.Close()
	values := make([]any, len(list))
	into := make([]any, len(list))
	for i := range values {
		into[i] = &values[i]
	}
	r.left = 4*r.p.size + 1<<20
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return fmt.Sprintf("feature %d cannot be read: %v", n, err)
		}
		if r.spend(values); r.left < 0 || n > maxFeatures {
			return fmt.Sprintf("it goes on for more than it can hold after %d features", n-1)
		}
		r.feature(n, values)
	}
	if err := rows.Err(); err != nil && err != sql.ErrNoRows {
		return "it cannot be read to its end: " + err.Error()
	}
	return ""
}

// spend counts what was read: the pages of a contrived file may come again and
// again, an honest file gives its bytes once.
func (r *layerReader) spend(values []any) {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			r.left -= len(v)
		case []byte:
			r.left -= len(v)
		}
	}
}

// feature checks one row; its first value is the geometry.
func (r *layerReader) feature(number int, values []any) {
	c := geo.Candidate{Number: number}
	c.Geometry, c.Heights, c.Problem, c.Remedy = r.geometry(values[0])
	identity := r.id
	if identity == "" {
		identity = r.key
	}
	for i, name := range r.names {
		v := values[i+1]
		if name == identity {
			c.ID = idOf(v)
		}
		if property, ok := propertyOf(v, r.types[i]); ok && name != r.key {
			c.Properties = append(c.Properties, geo.Property{Name: name, Value: property})
		}
	}
	r.examiner.Add(c)
}

// geometry reads a blob; a nil geometry without a problem is none.
func (r *layerReader) geometry(v any) (g geo.Geometry, heights bool, problem, remedy string) {
	const again = "export the layer again, or mend the geometry in the GIS"
	blob, ok := v.([]byte)
	switch {
	case v == nil:
		return nil, false, "", ""
	case !ok:
		return nil, false, "its geometry is no geometry of GeoPackage", again
	}
	srs, wkb, err := parseBlob(blob)
	if err != nil {
		return nil, false, "its geometry cannot be read: " + err.Error(), again
	}
	if own := int(srs); own != r.info.srs && own > 0 {
		return nil, false, fmt.Sprintf("its geometry says it is in srs %d, its layer that it is in %d", own, r.info.srs), "set one system for the whole layer and export it again"
	}
	if g, heights, err = geo.ParseWKB(wkb); err != nil {
		return nil, false, "its geometry cannot be read: " + err.Error(), again
	}
	return g, heights, "", ""
}

// idOf is a value as the id of a feature; "" for what names nothing.
func idOf(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return strings.TrimSpace(strings.ToValidUTF8(v, "?"))
	}
	return ""
}

// propertyOf is a value as an attribute of its column's type; ok is false for binary ones.
func propertyOf(v any, kind string) (property any, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case int64:
		switch {
		case kind == "BOOLEAN" && (v == 0 || v == 1):
			return v == 1, true
		case v > 1<<53 || v < -1<<53:
			return strconv.FormatInt(v, 10), true
		}
		return float64(v), true
	case float64:
		return v, true
	case bool:
		return v, true
	case string:
		if !utf8.ValidString(v) {
			v = strings.ToValidUTF8(v, "?")
		}
		return v, true
	case time.Time: // what the driver makes of the texts of such columns
		if kind == "DATE" {
			return v.Format(time.DateOnly), true
		}
		return v.UTC().Format(instant), true
	}
	return nil, false
}
