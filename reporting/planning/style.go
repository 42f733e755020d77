package planning

import (
	"encoding/xml"
	"fmt"
	"strings"

	"heatledger/heatmap/geopackage"
)

// appearance is how a layer is drawn: by the values of one field, each with a colour
// and, for points, a shape, so that colours alone tell nothing; the size, in
// millimetres, may follow another field.
type appearance struct {
	symbol  symbol
	by      string // the field; "": all alike
	classes []class
	size    string // QGIS expression in mm; "": the usual
}

// class is a value of the field, and how features that have it are drawn. The class
// without a value is all others.
type class struct{ value, colour, shape string }

// symbol is the kind of a layer's symbols, as QGIS calls it.
type symbol string

const (
	marker symbol = "marker"
	line   symbol = "line"
	fill   symbol = "fill"
)

// styleOf is the style of a collection, nil where QGIS may choose.
func styleOf(collection string) *geopackage.Style {
	a, ok := appearances()[collection]
	if !ok {
		return nil
	}
	return &geopackage.Style{Name: collection, QML: a.qml(), Description: "heatledger"}
}

// appearances are those of the collections, by their id.
func appearances() map[string]appearance {
	warmth := []class{{"0-25", "47,111,168", "square"}, {"25-40", "46,125,91", "diamond"}, {"40-55", "154,123,0", "triangle"}, {"55-70", "194,87,12", "pentagon"},
		{"70+", "164,38,44", "circle"}, {"", "160,160,160", "cross"}}
	return map[string]appearance{
		"sites":        {symbol: marker, classes: []class{{"", "90,90,90", "square"}}},
		"heat_sources": {symbol: marker, by: "flow_class_c", classes: warmth, size: `coalesce(2 + sqrt("secured_kw") / 8, 2)`},
		"demand_areas": {symbol: fill, by: "chosen", classes: []class{{"true", "154,123,0", ""}, {"false", "222,214,190", ""}, {"", "235,235,235", ""}}},
		"networks":     {symbol: line, classes: []class{{"", "164,38,44", ""}}, size: `coalesce(0.3 + "dn" / 200, 0.5)`},
	}
}

// qml is the style in QGIS's own form (layer style file, version 3).
func (a appearance) qml() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>` + "\n" + `<qgis version="3.22.0" styleCategories="Symbology">` + "\n")
	if a.by == "" {
		b.WriteString(`<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>` + "\n")
	} else {
		fmt.Fprintf(&b, `<renderer-v2 type="categorizedSymbol" attr="%s" symbollevels="0" enableorderby="0" forceraster="0"><categories>`+"\n", quoted(a.by))
		for i, c := range a.classes {
			fmt.Fprintf(&b, `<category render="true" symbol="%d" value="%s" label="%s"/>`+"\n", i, quoted(c.value), quoted(c.value))
		}
		b.WriteString("</categories><symbols>\n")
	}
	for i, c := range a.classes {
		fmt.Fprintf(&b, `<symbol type="%s" name="%d" alpha="1" clip_to_extent="1" force_rhr="0">`, a.symbol, i)
		b.WriteString(a.layer(c))
		b.WriteString("</symbol>\n")
	}
	b.WriteString("</symbols></renderer-v2>\n</qgis>\n")
	return b.String()
}

// layer is the one layer of a symbol.
func (a appearance) layer(c class) string {
	class, options, size := "SimpleFill", [][2]string{{"color", c.colour + ",140"}, {"outline_color", "70,70,70,255"}, {"outline_width", "0.2"}, {"outline_style", "solid"}, {"style", "solid"}}, ""
	switch a.symbol {
	case marker:
		class, size = "SimpleMarker", "size"
		options = [][2]string{{"color", c.colour + ",220"}, {"name", c.shape}, {"outline_color", "40,40,40,255"}, {"outline_width", "0.3"}, {"size", "4"}, {"size_unit", "MM"}}
	case line:
		class, size = "SimpleLine", "outlineWidth"
		options = [][2]string{{"line_color", c.colour + ",255"}, {"line_width", "0.6"}, {"line_width_unit", "MM"}, {"line_style", "solid"}, {"capstyle", "round"}}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<layer class="%s" enabled="1" locked="0" pass="0"><Option type="Map">`, class)
	for _, o := range options {
		fmt.Fprintf(&b, `<Option type="QString" name="%s" value="%s"/>`, o[0], o[1])
	}
	b.WriteString("</Option>")
	for _, o := range options { // what programs before 3.26 read
		fmt.Fprintf(&b, `<prop k="%s" v="%s"/>`, o[0], o[1])
	}
	if a.size != "" {
		fmt.Fprintf(&b, `<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/><Option type="Map" name="properties"><Option type="Map" name="%s">`+
			`<Option type="bool" name="active" value="true"/><Option type="QString" name="expression" value="%s"/><Option type="int" name="type" value="3"/></Option></Option>`+
			`<Option type="QString" name="type" value="collection"/></Option></data_defined_properties>`, size, quoted(a.size))
	}
	b.WriteString("</layer>")
	return b.String()
}

// quoted is a text as an attribute takes it.
func quoted(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // into memory
	return b.String()
}
