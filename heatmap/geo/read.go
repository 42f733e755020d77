package geo

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"heatledger/energy"
)

// Options say what a file is expected to hold. The zero value takes any kind of
// geometry in Germany, with an id or without, and goes on without what is wrong.
type Options struct {
	// Whole refuses the file as a whole if anything is wrong with it; else the
	// features without a fault are used.
	Whole bool
	// CRS is the system of the coordinates if the file does not say ("crs", GeoJSON
	// of 2008); zero is [WGS84], which RFC 7946 demands.
	CRS CRS
	// Area is where every position must lie, in degrees; zero is [Germany].
	Area Box
	// Kinds are the geometries that can be used; none stands for all.
	Kinds []Kind
	// IDProperty is the property that names a feature without "id".
	IDProperty string
	// IDs demands that every feature has a name.
	IDs bool
}

// Features are those of a file that can be used.
type Features struct {
	CRS     CRS       // of the file; the geometries are in degrees
	List    []Feature // in the file's order
	Refused int       // features that were left out
	Heights int       // features whose heights or measures were not kept
}

const (
	maxBytes  = 256 << 20
	maxFaults = 1000 // beyond it features are counted, not described
)

// Read reads GeoJSON (RFC 7946): a FeatureCollection, a Feature or a geometry
// alone. It returns what can be used together with every fault, each with its
// place, the number and id of its feature and the remedy. A feature at fault is
// left out; with [Options.Whole], or where the file is no GeoJSON, nothing is used.
//
// Named are: text that is no JSON; members that are missing or of another type;
// no, empty and unknown geometries; numbers that are none; rings that are not
// closed, too short, without area or meet themselves; holes outside; parts that
// overlap; exchanged coordinates; metres for degrees and other systems; positions
// outside of the area; ids missing or given twice.
//
// Rings are turned as RFC 7946 wants them and repeated positions are dropped.
func Read(file string, src []byte, o Options) (Features, energy.Faults) {
	r := &reader{file: file, src: src, options: o, ids: make(map[string]int)}
	if r.options.Area == (Box{}) {
		r.options.Area = Germany()
	}
	r.checker = checker{show: r.show, left: checkBudget}
	r.read()
	if o.Whole && len(r.faults) > 0 || r.broken {
		return Features{CRS: r.crs, Refused: len(r.features) + r.refused}, r.faults
	}
	return Features{CRS: r.crs, List: r.features, Refused: r.refused, Heights: r.heights}, r.faults
}

type reader struct {
	file     string
	src      []byte
	options  Options
	places   *places
	crs      CRS
	features []Feature
	refused  int
	heights  int
	broken   bool // the file is not readable as a whole
	faults   energy.Faults
	checker  checker
	more     int            // features at fault that are not described
	ids      map[string]int // the line of each id
}

// fault notes a fault at an offset.
func (r *reader) fault(offset int, problem, remedy string) {
	line, column := r.places.of(offset)
	r.faults = append(r.faults, energy.Fault{File: r.file, Line: line, Column: column, Problem: problem, Remedy: remedy})
}

// refuse notes a fault of the whole file.
func (r *reader) refuse(offset int, problem, remedy string) {
	r.broken = true
	r.fault(offset, problem, remedy)
}

func (r *reader) read() {
	r.places = newPlaces(r.src)
	if len(r.src) > maxBytes {
		r.refuse(0, fmt.Sprintf("the file has %d MB", len(r.src)>>20), fmt.Sprintf("at most %d MB are read: cut it into parts", maxBytes>>20))
		return
	}
	if !utf8.Valid(r.src) {
		r.refuse(invalidUTF8(r.src), "the text is no UTF-8", "save the file as UTF-8")
		return
	}
	s := &scanner{src: r.src}
	s.word("\uFEFF")
	root, err := r.extent(s)
	if err == nil && s.space() != 0 {
		err = s.fail("%s behind the end of the object", s.found())
	}
	if err != nil {
		r.syntax(err)
		return
	}
	if root.kind != '{' {
		r.refuse(root.offset, "the file holds no object", `a GeoJSON object with "type": "FeatureCollection" is expected`)
		return
	}
	r.document(root)
	if r.more > 0 {
		r.faults = append(r.faults, energy.Fault{File: r.file, Problem: fmt.Sprintf("%d more features are at fault", r.more), Remedy: "mend those named and try again"})
	}
}

// show is a position of the file as messages write it.
func (r *reader) show(at Point) string { return show(at, r.crs) }

func (r *reader) syntax(err error) {
	var at *syntaxError
	offset := 0
	if errors.As(err, &at) {
		offset = at.offset
	}
	r.refuse(offset, err.Error(), "JSON is expected: export the file again, or mend it here")
}

// invalidUTF8 is the offset of the first byte that is none.
func invalidUTF8(src []byte) int {
	for at := 0; at < len(src); {
		c, size := utf8.DecodeRune(src[at:])
		if c == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(src)
}

// extent reads the outermost object; of its lists and objects it keeps only
// where they are, so that a large file is never in memory as a tree.
func (r *reader) extent(s *scanner) (value, error) {
	if s.space() != '{' {
		return s.value(false)
	}
	v := value{kind: '{', offset: s.at}
	s.at++
	if s.space() == '}' {
		s.at++
		return v, nil
	}
	for {
		if s.space() != '"' {
			return v, s.fail("%s where a name in quotes is expected", s.found())
		}
		m := member{offset: s.at}
		var err error
		if m.name, err = s.text(); err != nil {
			return v, err
		}
		if s.space() != ':' {
			return v, s.fail("%s where a colon is expected", s.found())
		}
		s.at++
		if m.value, err = s.value(false); err != nil {
			return v, err
		}
		if v.get(m.name) != nil && m.name != "" {
			r.fault(m.offset, fmt.Sprintf("%q stands twice", m.name), "keep one")
		}
		v.members = append(v.members, m)
		switch s.space() {
		case ',':
			s.at++
		case '}':
			s.at++
			v.end = s.at
			return v, nil
		default:
			return v, s.fail("%s where a comma or } is expected", s.found())
		}
	}
}

// whole reads a part again, this time with all it holds.
func (r *reader) whole(v *value) value {
	full, err := (&scanner{src: r.src[:v.end], at: v.offset}).value(true)
	if err != nil {
		panic("geo: read a part that was read before: " + err.Error())
	}
	return full
}

func (r *reader) document(root value) {
	if !r.system(root.get("crs")) {
		return
	}
	kind := root.get("type")
	if kind == nil || kind.kind != '"' {
		r.refuse(root.offset, `the object has no "type"`, `"type": "FeatureCollection" is expected`)
		return
	}
	switch kind.text {
	case "FeatureCollection":
		list := root.get("features")
		if list == nil || list.kind != '[' {
			r.refuse(root.offset, `the collection has no list "features"`, `"features": [ … ] is expected`)
			return
		}
		r.list(list)
	case "Feature":
		r.feature(r.whole(&value{offset: root.offset, end: len(r.src)}), 1)
	case "Topology":
		r.refuse(kind.offset, "the file is TopoJSON", "export it as GeoJSON")
	default:
		alone := r.whole(&value{offset: root.offset, end: len(r.src)})
		r.feature(value{kind: '{', offset: root.offset, members: []member{
			{name: "type", value: value{kind: '"', text: "Feature"}}, {name: "geometry", value: alone}, {name: "properties", value: value{kind: '0'}},
		}}, 1)
	}
}

// list reads the features one by one.
func (r *reader) list(list *value) {
	s := &scanner{src: r.src[:list.end], at: list.offset + 1, depth: 1}
	if s.space() == ']' {
		r.refuse(list.offset, "the collection has no features", "at least one is expected: was the layer empty when it was exported?")
		return
	}
	for n := 1; s.at < list.end; n++ {
		v, err := s.value(true)
		if err != nil {
			panic("geo: read a list that was read before: " + err.Error())
		}
		if len(r.faults) >= maxFaults {
			r.more++
			r.refused++
		} else {
			r.feature(v, n)
		}
		s.space()
		s.at++ // the comma, or the end
	}
}

// system finds the file's coordinate system; false if it is none of ours.
func (r *reader) system(crs *value) bool {
	r.crs = r.options.CRS
	if r.crs == 0 {
		r.crs = WGS84
	}
	if !r.crs.Known() {
		panic(fmt.Sprintf("geo: read GeoJSON in %s", r.crs))
	}
	if crs == nil || crs.kind == '0' {
		return true
	}
	full := r.whole(crs)
	name := ""
	if p := full.get("properties"); p != nil {
		if n := p.get("name"); n != nil {
			name = n.text
		}
	}
	ref, err := ParseReference(name)
	if err != nil {
		problem, remedy, _ := strings.Cut(err.Error(), ": ")
		r.refuse(full.offset, problem, remedy+": export the file in one of them")
		return false
	}
	r.crs = ref.CRS // in GeoJSON the longitude comes first whatever the name says
	return true
}

// feature reads one feature and keeps it if nothing is wrong with it.
func (r *reader) feature(v value, number int) {
	f := Feature{Number: number, file: r.file}
	f.line, f.column = r.places.of(v.offset)
	before := len(r.faults)
	p := &part{reader: r, number: number, offset: v.offset}
	if v.kind != '{' {
		p.fault(v.offset, "it is no object", `an object with "type": "Feature" is expected`)
		r.refused++
		return
	}
	if t := v.get("type"); t == nil || t.text != "Feature" {
		p.fault(v.offset, `its "type" is not "Feature"`, `"type": "Feature" is expected`)
	}
	f.Properties = r.properties(p, v.get("properties"))
	f.ID = p.identity(v, f)
	p.id = f.ID
	if g := v.get("geometry"); g == nil || g.kind == '0' {
		p.fault(v.offset, "it has no geometry", "give it one or remove the feature")
	} else {
		f.Geometry = p.geometry(g, true)
	}
	if len(r.faults) > before {
		r.refused++
		return
	}
	if p.heights {
		r.heights++
	}
	r.features = append(r.features, f)
}

// properties are those of a feature.
func (r *reader) properties(p *part, v *value) []Property {
	if v == nil || v.kind == '0' {
		return nil
	}
	if v.kind != '{' {
		p.fault(v.offset, `its "properties" are no object`, `"properties": { … } is expected`)
		return nil
	}
	list := make([]Property, 0, len(v.members))
	for _, m := range v.members {
		if slices.ContainsFunc(list, func(known Property) bool { return known.Name == m.name }) {
			p.fault(m.offset, fmt.Sprintf("its property %q stands twice", m.name), "keep one")
			continue
		}
		property := Property{Name: m.name}
		property.line, property.column = r.places.of(m.value.offset)
		switch m.value.kind {
		case '"':
			property.Value = m.value.text
		case 'n':
			if math.IsNaN(m.value.number) || math.IsInf(m.value.number, 0) {
				p.fault(m.value.offset, fmt.Sprintf("its property %q is no number", m.name), "write a number, or null where it is not known")
				continue
			}
			property.Value = m.value.number
		case 't', 'f':
			property.Value = m.value.kind == 't'
		case '{', '[':
			property.Value = Raw(r.src[m.value.offset:m.value.end])
		}
		list = append(list, property)
	}
	return list
}

// identity is the id of a feature, from "id" or the property that stands for it.
func (p *part) identity(v value, f Feature) string {
	id, offset := "", v.offset
	if given := v.get("id"); given != nil && given.kind != '0' {
		offset = given.offset
		switch given.kind {
		case '"':
			id = given.text
		case 'n':
			id = strconv.FormatFloat(given.number, 'f', -1, 64)
		default:
			p.fault(offset, "its id is neither text nor number", "write a text or a number")
			return ""
		}
	} else if value, ok := f.Property(p.reader.options.IDProperty); ok && p.reader.options.IDProperty != "" {
		switch value := value.(type) {
		case string:
			id = value
		case float64:
			id = strconv.FormatFloat(value, 'f', -1, 64)
		}
	}
	if id == "" {
		if p.reader.options.IDs {
			remedy := `write "id" into every feature`
			if p.reader.options.IDProperty != "" {
				remedy += fmt.Sprintf(", or the property %q", p.reader.options.IDProperty)
			}
			p.fault(offset, "it has no id", remedy)
		}
		return ""
	}
	if first, known := p.reader.ids[id]; known {
		p.id = id
		p.fault(offset, "its id stands twice", fmt.Sprintf("it is that of the feature on line %d already: give each its own", first))
		return id
	}
	line, _ := p.reader.places.of(v.offset)
	p.reader.ids[id] = line
	return id
}
