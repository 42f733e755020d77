package cql2_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap/geo"
	"heatledger/reporting/features/cql2"
)

// Each filter as text and as JSON, which is also how it is written.
var bothWays = []struct{ says, text, json string }{
	{"a comparison with a text", `name = 'Hafen'`, `{"op":"=","args":[{"property":"name"},"Hafen"]}`},
	{"keywords in small letters", `a = 1 and not b <> 2 or c is not null`, `{"op":"or","args":[{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"not","args":[{"op":"<>","args":[{"property":"b"},2]}]}]},{"op":"not","args":[{"op":"isNull","args":[{"property":"c"}]}]}]}`},
	{"AND binds before OR, parentheses before both", `a=1 AND (b=2 OR c=3)`, `{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"or","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}]}`},
	{"a chain is one operator", `a=1 OR b=2 OR c=3`, `{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}`},
	{"a name in double quotes may be a keyword", `"and" >= -1.5e3`, `{"op":">=","args":[{"property":"and"},-1500]}`},
	{"names have letters of any script, dots and colons", `Wärme.über:2 < .5`, `{"op":"<","args":[{"property":"Wärme.über:2"},0.5]}`},
	{"a quote within a text, both ways", `name = 'O''Neill' OR name = 'O\'Neill'`, `{"op":"or","args":[{"op":"=","args":[{"property":"name"},"O'Neill"]},{"op":"=","args":[{"property":"name"},"O'Neill"]}]}`},
	{"control characters and backslashes", `name = 'a\tb\\c'`, `{"op":"=","args":[{"property":"name"},"a\tb\\c"]}`},
	{"LIKE, and not", `name NOT LIKE 'H_f%'`, `{"op":"not","args":[{"op":"like","args":[{"property":"name"},"H_f%"]}]}`},
	{"BETWEEN has an AND of its own", `p BETWEEN 1 AND 2 AND q = 3`, `{"op":"and","args":[{"op":"between","args":[{"property":"p"},1,2]},{"op":"=","args":[{"property":"q"},3]}]}`},
	{"a list", `grade IN ('measured','estimated')`, `{"op":"in","args":[{"property":"grade"},["measured","estimated"]]}`},
	{"a truth value alone and compared", `TRUE AND active = false`, `{"op":"and","args":[true,{"op":"=","args":[{"property":"active"},false]}]}`},
	{"a day", `since > DATE('2019-03-01')`, `{"op":">","args":[{"property":"since"},{"date":"2019-03-01"}]}`},
	{"a time", `at <= TIMESTAMP('1969-07-20T20:17:40Z')`, `{"op":"<=","args":[{"property":"at"},{"timestamp":"1969-07-20T20:17:40Z"}]}`},
	{"an interval with an open end and a property", `T_DURING(INTERVAL(since, '..'), INTERVAL('2019-01-01', '2020-01-01'))`, `{"op":"t_during","args":[{"interval":[{"property":"since"},".."]},{"interval":["2019-01-01","2020-01-01"]}]}`},
	{"a function of two words", `T_FINISHEDBY(INTERVAL(a, b), INTERVAL(c, d))`, `{"op":"t_finishedBy","args":[{"interval":[{"property":"a"},{"property":"b"}]},{"interval":[{"property":"c"},{"property":"d"}]}]}`},
	{"literals first", `5 < p`, `{"op":"<","args":[5,{"property":"p"}]}`},
	{"a property with a property", `a = b`, `{"op":"=","args":[{"property":"a"},{"property":"b"}]}`},
	{"a box", `S_INTERSECTS(geometry, BBOX(8.7, 50.0, 8.8, 50.2))`, `{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[8.7,50,8.8,50.2]}]}`},
	{"a point", `s_intersects(geometry, point(8.7 50))`, `{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[8.7,50]}]}`},
	{"a line", `S_INTERSECTS(g, LINESTRING(0 0, 1 1, 2 0))`, `{"op":"s_intersects","args":[{"property":"g"},{"type":"LineString","coordinates":[[0,0],[1,1],[2,0]]}]}`},
	{"a polygon with a hole, with the geometry last", `S_INTERSECTS(POLYGON((0 0,9 0,9 9,0 0),(5 2,6 2,6 3,5 2)), g)`, `{"op":"s_intersects","args":[{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[5,2],[6,2],[6,3],[5,2]]]},{"property":"g"}]}`},
	{"several of each, heights left out", `S_INTERSECTS(g, GEOMETRYCOLLECTION(MULTIPOINT((0 0),(1 1)), MULTILINESTRING((0 0,1 1)), POINT Z (1 2 3), MULTIPOLYGON(((0 0,1 0,1 1,0 0)))))`,
		`{"op":"s_intersects","args":[{"property":"g"},{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[0,0],[1,1]]},{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]},{"type":"Point","coordinates":[1,2]},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}]}]}`},
	{"whether a predicate is unknown", `(a = 1) IS NULL`, `{"op":"isNull","args":[{"op":"=","args":[{"property":"a"},1]}]}`},
	{"a property called as a function is", `date = 1 AND point = 2`, `{"op":"and","args":[{"op":"=","args":[{"property":"date"},1]},{"op":"=","args":[{"property":"point"},2]}]}`},
	{"twice not", `NOT NOT TRUE`, `{"op":"not","args":[{"op":"not","args":[true]}]}`},
}

func TestBothEncodingsGiveOneTree(t *testing.T) {
	t.Parallel()
	for _, one := range bothWays {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			fromText, err := cql2.ParseText(one.text)
			if err != nil {
				t.Fatalf("read %s: %v", one.text, err)
			}
			if got := string(cql2.AppendJSON(nil, fromText)); got != one.json {
				t.Errorf("%s\nis   %s\nwant %s", one.text, got, one.json)
			}
			fromJSON, err := cql2.ParseJSON([]byte(one.json))
			if err != nil {
				t.Fatalf("read %s: %v", one.json, err)
			}
			if got := string(cql2.AppendJSON(nil, fromJSON)); got != one.json {
				t.Errorf("%s is written as %s", one.json, got)
			}
			again, err := cql2.ParseText(cql2.FormatText(fromJSON))
			if err != nil {
				t.Fatalf("read %s, written of %s: %v", cql2.FormatText(fromJSON), one.json, err)
			}
			if got := string(cql2.AppendJSON(nil, again)); got != one.json {
				t.Errorf("%s, written as %s, becomes %s", one.json, cql2.FormatText(fromJSON), got)
			}
		})
	}
}

func TestAFaultHasItsColumnAndARemedy(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		says, text string
		column     int
		problem    string
	}{
		{"nothing", ``, 1, "the filter is empty"},
		{"no operator", `name`, 5, "the end"},
		{"a word behind the end", `a = 1 b`, 7, `"b"`},
		{"a text without end", `name = 'Hafen`, 8, "no end"},
		{"a name without end", `"name = 1`, 1, "no end"},
		{"an empty name", `"" = 1`, 1, "empty"},
		{"arithmetic", `a = b * 2`, 7, "arithmetic"},
		{"an unknown function", `a = 1 AND BUFFER(g, 5) = 1`, 11, "BUFFER"},
		{"a keyword as a name", `like = 1`, 1, "LIKE"},
		{"a column counts characters, not bytes", `Wärme = 'ü' AND §`, 17, "§"},
		{"no upper bound", `a BETWEEN 1`, 12, "the end"},
		{"an empty list", `a IN ()`, 7, `")"`},
		{"a number that is none", `a = 1.2.3`, 5, "no number"},
		{"a number beyond all", `a = 1e999`, 5, "no number"},
		{"a name that begins with a digit", `1a = 2`, 1, "neither"},
		{"a day that is none", `a = DATE('2025-02-30')`, 10, "no time"},
		{"a local time", `a = TIMESTAMP('2025-02-03T04:05:06+01:00')`, 15, "no time"},
		{"a time for a day", `a = DATE('2025-02-03T04:05:06Z')`, 10, "timestamp"},
		{"an interval from behind", `T_DURING(INTERVAL('2025-02-03','2025-02-01'), b)`, 32, "ends before"},
		{"an interval alone", `INTERVAL('..','..')`, 1, "stands alone"},
		{"an open ring", `S_INTERSECTS(g, POLYGON((0 0,1 0,1 1,0 1)))`, 25, "not closed"},
		{"a line of one point", `S_INTERSECTS(g, LINESTRING(0 0))`, 27, "too few"},
		{"half a position", `S_INTERSECTS(g, POINT(1))`, 24, `")"`},
		{"a point of two", `S_INTERSECTS(g, POINT(1 2, 3 4))`, 17, "several"},
		{"a box of five numbers", `S_INTERSECTS(g, BBOX(1,2,3,4,5))`, 17, "5 numbers"},
		{"a box upside down", `S_INTERSECTS(g, BBOX(1,4,3,2))`, 17, "south"},
		{"a collection in a collection", `S_INTERSECTS(g, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 1))))`, 36, "GEOMETRYCOLLECTION"},
		{"a predicate compared", `S_INTERSECTS(g, POINT(1 1)) = TRUE`, 29, `"="`},
		{"a missing parenthesis", `(a = 1`, 7, "the end"},
		{"too deep", strings.Repeat("(", 60) + "a = 1" + strings.Repeat(")", 60), 41, "nested"},
		{"too deep by NOT", strings.Repeat("NOT ", 60) + "a = 1", 165, "nested"},
		{"too many parts", "a = 1" + strings.Repeat(" OR a = 1", 500), 0, "parts"},
		{"too long", "a = '" + strings.Repeat("x", cql2.MaxLength) + "'", cql2.MaxLength, "characters"},
	} {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			_, err := cql2.ParseText(one.text)
			var fault energy.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("%.80s: %v is no fault", one.text, err)
			}
			if one.column > 0 && fault.Column != one.column || !strings.Contains(fault.Problem, one.problem) || fault.Remedy == "" {
				t.Errorf("%.80s: column %d: %q, %q; want column %d and %q", one.text, fault.Column, fault.Problem, fault.Remedy, one.column, one.problem)
			}
		})
	}
}

func TestAFaultOfJSONHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		says, json string
		column     int
		problem    string
	}{
		{"no JSON", `name = 1`, 2, "no JSON"},
		{"half of it", `{"op":"=","args":[`, 0, "no JSON"},
		{"two filters", `true false`, 10, "follows"},
		{"no predicate", `{"property":"a"}`, 1, "predicate"},
		{"an unknown operator", `{"op":"+","args":[1,2]}`, 9, `"+"`},
		{"an unknown operator within", `{"op":"=","args":[{"op":"casei","args":["x"]},"x"]}`, 31, `"casei"`},
		{"one operand", `{"op":"=","args":[1]}`, 18, "1 operands"},
		{"a member more", `{"op":"not","args":[true],"x":1}`, 1, "other members"},
		{"a member twice", `{"op":"not","op":"and","args":[true]}`, 22, "twice"},
		{"null compared", `{"op":"=","args":[{"property":"a"},null]}`, 39, "null"},
		{"a list that is none", `{"op":"in","args":[{"property":"a"},1]}`, 37, "no list"},
		{"a time that is none", `{"op":"=","args":[{"property":"a"},{"date":"2025-13-01"}]}`, 36, "no time"},
		{"an unknown operand", `{"op":"=","args":[{"property":"a"},{"wkt":"POINT(1 1)"}]}`, 36, "no known form"},
		{"an unknown geometry", `{"op":"s_intersects","args":[{"property":"a"},{"type":"Circle","coordinates":[1,2]}]}`, 62, "Circle"},
		{"a coordinate that is text", `{"op":"s_intersects","args":[{"property":"a"},{"type":"Point","coordinates":[1,"2"]}]}`, 82, "no number"},
		{"a predicate compared", `{"op":"=","args":[{"op":"not","args":[true]},true]}`, 19, "predicate"},
		{"too deep", strings.Repeat(`{"op":"not","args":[`, 45) + "true" + strings.Repeat("]}", 45), 0, "nested"},
		{"lists too deep", strings.Repeat(`[`, 5000), 0, "deep"},
	} {
		t.Run(one.says, func(t *testing.T) {
			t.Parallel()
			_, err := cql2.ParseJSON([]byte(one.json))
			var fault energy.Fault
			if !errors.As(err, &fault) {
				t.Fatalf("%.80s: %v is no fault", one.json, err)
			}
			if one.column > 0 && fault.Column != one.column || !strings.Contains(fault.Problem, one.problem) || fault.Remedy == "" {
				t.Errorf("%.80s: column %d: %q, %q; want column %d and %q", one.json, fault.Column, fault.Problem, fault.Remedy, one.column, one.problem)
			}
		})
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawPredicate(t, 3)
		json := string(cql2.AppendJSON(nil, n))
		text := cql2.FormatText(n)
		fromText, err := cql2.ParseText(text)
		if err != nil {
			t.Fatalf("read %s: %v", text, err)
		}
		if got := string(cql2.AppendJSON(nil, fromText)); got != json {
			t.Fatalf("%s becomes by text\n%s", json, got)
		}
		fromJSON, err := cql2.ParseJSON([]byte(json))
		if err != nil {
			t.Fatalf("read %s: %v", json, err)
		}
		if got := cql2.FormatText(fromJSON); got != text {
			t.Fatalf("%s becomes by JSON\n%s", text, got)
		}
	})
}

func drawPredicate(t *rapid.T, depth int) cql2.Node {
	most := 9
	if depth == 0 {
		most = 6
	}
	which := rapid.IntRange(0, most).Draw(t, "predicate")
	args := func(parts ...cql2.Node) []cql2.Node { return parts }
	switch which {
	case 0:
		return cql2.Literal{Value: rapid.Bool().Draw(t, "truth")}
	case 1:
		ops := []cql2.Op{cql2.Equal, cql2.NotEqual, cql2.Less, cql2.Greater, cql2.LessOrEqual, cql2.GreaterOrEqual, cql2.Like}
		return cql2.Call{Op: rapid.SampledFrom(ops).Draw(t, "comparison"), Args: args(drawProperty(t), drawScalar(t))}
	case 2:
		return cql2.Call{Op: cql2.Between, Args: args(drawProperty(t), drawNumber(t), drawNumber(t))}
	case 3:
		return cql2.Call{Op: cql2.In, Args: append(args(drawProperty(t)), rapid.SliceOfN(rapid.Custom(drawScalar), 1, 4).Draw(t, "list")...)}
	case 4:
		return cql2.Call{Op: cql2.IsNull, Args: args(drawProperty(t))}
	case 5:
		return cql2.Call{Op: cql2.Intersects, Args: args(drawProperty(t), cql2.Literal{Value: drawGeometry(t)})}
	case 6:
		return cql2.Call{Op: "t_intersects", Args: args(cql2.Interval{From: drawProperty(t)}, cql2.Interval{To: cql2.Literal{Value: cql2.Day("2025-06-30")}})}
	case 7:
		return cql2.Call{Op: cql2.Not, Args: args(drawPredicate(t, depth-1))}
	}
	op := rapid.SampledFrom([]cql2.Op{cql2.And, cql2.Or}).Draw(t, "join")
	return cql2.Call{Op: op, Args: args(drawPredicate(t, depth-1), drawPredicate(t, depth-1))}
}

func drawProperty(t *rapid.T) cql2.Node {
	return cql2.Property{Name: rapid.StringMatching(`[a-zA-Zäß_ .-]{1,8}`).Draw(t, "name")}
}

func drawNumber(t *rapid.T) cql2.Node {
	return cql2.Literal{Value: rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "number")}
}

func drawScalar(t *rapid.T) cql2.Node {
	switch rapid.IntRange(0, 4).Draw(t, "scalar") {
	case 0:
		return drawNumber(t)
	case 1:
		return cql2.Literal{Value: rapid.String().Draw(t, "text")}
	case 2:
		return cql2.Literal{Value: cql2.Day(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "day"), 0).UTC().Format(time.DateOnly))}
	case 3:
		return cql2.Literal{Value: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "fraction")).UTC()}
	}
	return drawProperty(t)
}

func drawGeometry(t *rapid.T) geo.Geometry {
	point := rapid.Custom(func(t *rapid.T) geo.Point {
		return geo.Point{X: rapid.Float64Range(-180, 180).Draw(t, "x"), Y: rapid.Float64Range(-90, 90).Draw(t, "y")}
	})
	a, b, c := point.Draw(t, "a"), point.Draw(t, "b"), point.Draw(t, "c")
	ring := geo.Line{a, b, c, a}
	return rapid.SampledFrom([]geo.Geometry{a, geo.Line{a, b}, geo.Polygon{ring}, geo.MultiPoint{a, b}, geo.MultiLine{{a, b}, {b, c}}, geo.MultiPolygon{{ring}, {ring}},
		geo.Collection{a, geo.Line{b, c}}, cql2.NewBox(min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X), max(a.Y, b.Y))}).Draw(t, "geometry")
}

func FuzzText(f *testing.F) {
	for _, one := range bothWays {
		f.Add(one.text)
	}
	f.Add(`S_INTERSECTS(g, POINT(1 2, 3 4))`)
	f.Add(`a = '\'`)
	f.Fuzz(func(t *testing.T, text string) {
		n, err := cql2.ParseText(text)
		if err != nil {
			var fault energy.Fault
			if !errors.As(err, &fault) || fault.Column < 1 || fault.Remedy == "" {
				t.Fatalf("%q: %v has no column or remedy", text, err)
			}
			return
		}
		again, err := cql2.ParseText(cql2.FormatText(n))
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, cql2.FormatText(n), err)
		}
		if a, b := cql2.FormatText(n), cql2.FormatText(again); a != b {
			t.Fatalf("%q, then %q", a, b)
		}
		cql2.Check(n, map[string]cql2.Kind{"a": cql2.Text})
		cql2.Evaluate(n, row{})
	})
}

func FuzzJSON(f *testing.F) {
	for _, one := range bothWays {
		f.Add([]byte(one.json))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := cql2.ParseJSON(src)
		if err != nil {
			return
		}
		written := cql2.AppendJSON(nil, n)
		again, err := cql2.ParseJSON(written)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", src, written, err)
		}
		if got := string(cql2.AppendJSON(nil, again)); got != string(written) {
			t.Fatalf("%q, then %q", written, got)
		}
		cql2.Evaluate(n, row{})
	})
}

func ExampleParseText() {
	n, err := cql2.ParseText(`secured_power_w >= 500000 AND grade = 'measured'`)
	fmt.Println(string(cql2.AppendJSON(nil, n)), err)
	// Output: {"op":"and","args":[{"op":">=","args":[{"property":"secured_power_w"},500000]},{"op":"=","args":[{"property":"grade"},"measured"]}]} <nil>
}
