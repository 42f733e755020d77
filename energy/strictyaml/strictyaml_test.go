package strictyaml_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// plant has a field of every kind that can be decoded.
type plant struct {
	ID       string                    `yaml:"id,required"`
	Name     string                    `yaml:"name"`
	Unit     uint8                     `yaml:"unit"`
	Offset   int                       `yaml:"offset"`
	Absent   []uint16                  `yaml:"absent"`
	Share    float64                   `yaml:"share"`
	Scale    energy.Value              `yaml:"scale"`
	Public   bool                      `yaml:"public"`
	Every    time.Duration             `yaml:"every"`
	At       time.Time                 `yaml:"at"`
	From     energy.Date               `yaml:"from"`
	Until    *energy.Date              `yaml:"until"`
	Points   map[string]energy.PointID `yaml:"points"`
	Pumps    []pump                    `yaml:"pumps"`
	Raw      strictyaml.Node           `yaml:"raw"`
	Internal string
	located
}

type located struct {
	Street string `yaml:"street"`
}

type pump struct {
	ID string `yaml:"id,required"`
	KW int    `yaml:"kw"`
}

func TestEveryKindOfValueIsDecoded(t *testing.T) {
	t.Parallel()
	src := "\uFEFF# a plant\r\n" + strings.ReplaceAll(`---
id: north
name: 63067          # unquoted, and a text nevertheless
unit: 0x1F
offset: -12
absent: [0x8000, 1]
share: 1.5e-1
scale: 0.10
public: true
every: 90s
at: 2024-05-14T09:30:00+02:00
from: 2024-05-14
until: "2025-05-14"
points: {active_power: north/power, '°': north/warm}
pumps:
  - id: p1
    kw: 4
  - {id: p2}
street: >
  Long
  Street
...
`, "\n", "\r\n")
	p := plant{Internal: "kept"}
	_, faults := strictyaml.Decode("plant.yaml", []byte(src), &p)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if p.ID != "north" || p.Name != "63067" || p.Unit != 31 || p.Offset != -12 || p.Share != 0.15 || !p.Public || p.Every != 90*time.Second {
		t.Errorf("decoded %+v", p)
	}
	if !slices.Equal(p.Absent, []uint16{0x8000, 1}) || p.Scale != energy.Decimal(10, -2) {
		t.Errorf("absent %v, scale %v", p.Absent, p.Scale)
	}
	if !p.At.Equal(time.Date(2024, 5, 14, 7, 30, 0, 0, time.UTC)) || p.From.String() != "2024-05-14" || p.Until == nil || p.Until.Year != 2025 {
		t.Errorf("at %v, from %v, until %v", p.At, p.From, p.Until)
	}
	if len(p.Points) != 2 || p.Points["°"] != "north/warm" || !slices.Equal(p.Pumps, []pump{{"p1", 4}, {ID: "p2"}}) {
		t.Errorf("points %v, pumps %v", p.Points, p.Pumps)
	}
	if p.Street != "Long Street\n" || p.Internal != "kept" {
		t.Errorf("street %q, internal %q", p.Street, p.Internal)
	}
}

func TestUnquotedTextsAreTakenWhereEveryReaderAgrees(t *testing.T) {
	t.Parallel()
	for text, taken := range map[string]bool{
		"abc": true, "63067": true, "-5": true, "0.5": true, "2024-05-14": true, "127.0.0.1:8080": true, "1.2.3": true, "NO": true,
		"0": true, "4.5 GWh": true, "1234567890123456": false, "01067": false, "+5": false, "1.50": false, "1e3": false, "0x1F": false,
		"0o17": false, "1_000": false, "12:30": false, "12:30:59": false, "12:60": true, ".inf": false, "-.INF": false, "false": false, "~": true,
	} {
		var p plant
		_, faults := strictyaml.Decode("f", []byte("id: a\nname: "+text+"\n"), &p)
		if text == "~" {
			text = "" // nothing: the default
		}
		if taken != (len(faults) == 0) || taken && p.Name != text {
			t.Errorf("%s: name %q, faults %v", text, p.Name, faults)
		}
	}
}

func TestAbsentAndEmptyFieldsKeepTheirDefaults(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{"absent": "id: a\n", "empty": "id: a\nname:\nevery: ~\npumps: null\n"} {
		p := plant{Name: "default", Every: time.Second, Pumps: []pump{{ID: "x"}}}
		_, faults := strictyaml.Decode("f", []byte(src), &p)
		if len(faults) > 0 || p.Name != "default" || p.Every != time.Second || len(p.Pumps) != 1 {
			t.Errorf("%s: %+v, faults %v", name, p, faults)
		}
	}
}

func TestFaultsNamePlaceFindingAndExpectation(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, src, want string }{
		{"an empty file lacks what is required", "", `f:1:1: missing field "id": a text is expected`},
		{"so does one of comments", "# nothing\n", `f:1:1: missing field "id": a text is expected`},
		{"an empty required field", "name: x\nid:\n", `f:2:1: field "id" is empty: a text is expected`},
		{"an empty required text", "id: ''\n", `f:1:5: field "id" is empty: a text is expected`},
		{"a misspelt field", "id: a\nnmae: b\n", `f:2:1: unknown field "nmae": did you mean "name"?`},
		{"a field of an embedded struct, misspelt", "id: a\nstret: b\n", `f:2:1: unknown field "stret": did you mean "street"?`},
		{"a field nobody knows", "id: a\npumps:\n  - {id: p, colour: red}\n", `f:3:13: unknown field "colour": id or kw is expected`},
		{"a key twice", "id: a\nunit: 1\nid: b\n", `f:3:1: "id" stands twice: it is given on line 1 already: keep one`},
		{"a number too large", "id: a\nunit: 256\n", `f:2:7: unit is "256": a whole number from 0 to 255 is expected`},
		{"a fraction for a whole number", "id: a\nunit: 1.5\n", `f:2:7: unit is "1.5": a whole number from 0 to 255 is expected`},
		{"a number that looks octal", "id: a\nunit: 017\n", `f:2:7: unit is "017": a whole number from 0 to 255 is expected`},
		{"a quoted number", "id: a\nshare: \"0.1\"\n", `f:2:8: share is the text "0.1": a number is expected`},
		{"a decimal comma", "id: a\nscale: 0,1\n", `f:2:8: scale is "0,1": a number is expected`},
		{"not a number", "id: a\nshare: .nan\n", `f:2:8: share is ".nan": a number is expected`},
		{"yes for true", "id: a\npublic: yes\n", `f:2:9: public is "yes": true or false is expected`},
		{"a duration without unit", "id: a\nevery: 10\n", `f:2:8: every is "10": a duration such as 1s or 500ms is expected`},
		{"an instant without offset", "id: a\nat: 2024-05-14T09:30:00\n", `f:2:5: at is "2024-05-14T09:30:00": an instant such as 2024-05-14T09:30:00+02:00 is expected`},
		{"a day that does not exist", "id: a\nfrom: 2024-02-30\n", `f:2:7: from: "2024-02-30" is no date: YYYY-MM-DD is expected`},
		{"a list for a text", "id: [a]\n", `f:1:5: id is a list: a text is expected`},
		{"a text for a list", "id: a\npumps: p1\n", `f:2:8: pumps is "p1": a list is expected`},
		{"a list for a mapping", "id: a\npoints:\n  - x\n", `f:3:3: points is a list: a mapping is expected`},
		{"a list for the whole", "- id: a\n", `f:1:1: the file is a list: a mapping is expected`},
		{"an empty entry of a list", "id: a\npumps:\n  -\n  - id: p\n", `f:3:3: entry 1 of pumps is empty: write a value or remove it`},
		{"an empty entry of a mapping", "id: a\npoints: {active_power: }\n", `f:2:10: active_power is empty: write a value or remove it`},
		{"a missing field of an entry", "id: a\npumps:\n  - kw: 4\n", `f:3:5: missing field "id": a text is expected`},
		{"a number of a list", "id: a\nabsent: [1, x]\n", `f:2:13: entry 2 of absent is "x": a whole number from 0 to 65535 is expected`},
		{"a text that is a number with another notation", "id: a\nname: 01067\n", `f:2:7: name: 01067 is read differently by other programs: write "01067"`},
		{"a text that is a truth value", "id: a\nname: true\n", `f:2:7: name: true is read differently by other programs: write "true"`},
		{"a long text in the wrong place", "id: a\nunit: " + strings.Repeat("°", 1000) + "\n", `f:2:7: unit is "` + strings.Repeat("°", 80) + `…": a whole number from 0 to 255 is expected`},
		{"a second document", "id: a\n---\nid: b\n", `f:2:1: a second document: one file holds one document: remove it and the line --- or ... above it`},
		{"a second document that is empty", "id: a\n---\n", `f:2:1: a second document: one file holds one document: remove it and the line --- or ... above it`},
		{"a document after an empty one", "---\n---\nid: a\n", `f:2:1: a second document: one file holds one document: remove it and the line --- or ... above it`},
		{"a document after the end", "id: a\n...\nid: b\n", `f:3:1: a second document: one file holds one document: remove it and the line --- or ... above it`},
		{"a missing comma", "id: a\npumps: [{id: a kw: 1}]\n", `f:2:14: "a kw: 1" has a colon in an unquoted text: a comma before the next field is expected, or quotes around the text`},
		{"a stray bracket", "id: }\n", `f:1:5: "}" begins with a sign of YAML: write quotes around the text`},
		{"a tab after a value", "id: a\n\tname: b\n", `f:2:1: tab in the indentation: indent with spaces`},
		{"an anchor", "id: &x a\n", `f:1:5: an anchor: anchors and aliases are not read: write the value where it is needed`},
		{"an alias", "id: a\nname: *x\n", `f:2:7: an alias: anchors and aliases are not read: write the value where it is needed`},
		{"a merge key", "id: a\n<<: {name: b}\n", `f:2:1: a merge key <<: write the fields where they are needed`},
		{"a tag", "id: !!str a\n", `f:1:5: the tag !!str: tags are not read: remove it`},
		{"a directive", "%YAML 1.2\n---\nid: a\n", `f:1:1: a YAML directive: remove the line, or write quotes around a text that begins with %`},
		{"a list as a key", "id: a\n? [b]\n: c\n", `f:3:1: found an invalid key for this map: check quotes, brackets and indentation here and on the lines above`},
		{"tabs", "id: a\npumps:\n\t- id: b\n", `f:3:1: tab in the indentation: indent with spaces`},
		{"an open bracket", "id: a\nabsent: [1, 2\n", `f:2:9: sequence end token ']' not found: check quotes, brackets and indentation here and on the lines above`},
		{"an open quote", "id: \"a\nname: b\n", `f:1:5: could not find end character of double-quoted text: check quotes, brackets and indentation here and on the lines above`},
		{"Latin-1", "id: a\nname: K\xf6ln\n", `f:2:8: byte 0xf6 is no UTF-8: save the file as UTF-8`},
		{"a zero byte", "id: a\x00\n", `f:1:6: control character U+0000: remove it, or write it as an escape in double quotes`},
		{"a zero byte in disguise", "id: \"a\\0\"\n", `f:1:5: a text with a character that is not kept: remove the escape`},
		{"nesting without end", "id: " + strings.Repeat("[", 100000), `f:1:69: nested too deeply: at most 64 levels are expected`},
		{"nesting by dashes", strings.Repeat("- ", 100000) + "a", `f:1:129: nested too deeply: at most 64 levels are expected`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, faults := strictyaml.Decode("f", []byte(tt.src), new(plant))
			if faults.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", faults, tt.want)
			}
		})
	}
}

func TestAllFaultsAreReportedInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	src := "name: [x]\nunit: many\npumps:\n  - {id: a, kw: x}\n  - {kw: 1, kv: 2}\ncolour: red\nname: y\nevery: 3s\n"
	var p plant
	_, faults := strictyaml.Decode("f", []byte(src), &p)
	var places []string
	for _, f := range faults {
		place, _, _ := strings.Cut(f.Error(), ": ")
		places = append(places, place)
	}
	want := []string{"f:1:1", "f:1:7", "f:2:7", "f:4:17", "f:5:5", "f:5:13", "f:6:1", "f:7:1"}
	if !slices.Equal(places, want) {
		t.Errorf("places %v, want %v\n%v", places, want, faults)
	}
	if p.Every != 3*time.Second || len(p.Pumps) != 2 || p.Pumps[1].KW != 1 {
		t.Errorf("what is not at fault was not decoded: %+v", p)
	}
}

func TestLaterFaultsStandAtTheirPath(t *testing.T) {
	t.Parallel()
	src := "id: a\npumps:\n  - id: p\n    kw: 3\n  - {id: q}\npoints: {active_power: a/b}\nraw:\nname: °°\n"
	doc, faults := strictyaml.Decode("f", []byte(src), new(plant))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	tests := []struct {
		name         string
		path         []any
		line, column int
	}{
		{"the whole", nil, 1, 1},
		{"a scalar", []any{"id"}, 1, 5},
		{"a list", []any{"pumps"}, 3, 3},
		{"an entry in block style", []any{"pumps", 0}, 3, 5},
		{"an entry in flow style", []any{"pumps", 1}, 5, 5},
		{"a field within", []any{"pumps", 0, "kw"}, 4, 9},
		{"a missing field: its mapping", []any{"pumps", 1, "kw"}, 5, 5},
		{"beyond a missing field", []any{"pumps", 7, "kw"}, 3, 3},
		{"a map's value by a typed key", []any{"points", energy.ActivePower}, 6, 24},
		{"a map's key", []any{"points", strictyaml.Key("active_power")}, 6, 10},
		{"an empty value: its key", []any{"raw"}, 7, 1},
		{"columns count characters", []any{"name"}, 8, 7},
	}
	for _, tt := range tests {
		f := doc.Fault("p", "r", tt.path...)
		if f != (energy.Fault{File: "f", Line: tt.line, Column: tt.column, Problem: "p", Remedy: "r"}) {
			t.Errorf("%s: %v, want line %d, column %d", tt.name, f, tt.line, tt.column)
		}
	}
}

func TestAFaultIsCoveredByThePartsItStandsIn(t *testing.T) {
	t.Parallel()
	src := "id: a\npumps:\n  - id: p\n    kw: 3\n  - {id: q}\npoints: {active_power: a/b}\n"
	doc, faults := strictyaml.Decode("f", []byte(src), new(plant))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, tt := range []struct {
		name        string
		fault, part []any
		want        bool
	}{
		{"a value and itself", []any{"pumps", 0, "kw"}, []any{"pumps", 0, "kw"}, true},
		{"a value and its entry", []any{"pumps", 0, "kw"}, []any{"pumps", 0}, true},
		{"a value and the whole", []any{"pumps", 0, "kw"}, nil, true},
		{"a value and its neighbour", []any{"pumps", 0, "kw"}, []any{"pumps", 1}, false},
		{"a key and its mapping", []any{"points", strictyaml.Key("active_power")}, []any{"points"}, true},
		{"a missing field and its mapping", []any{"pumps", 1, "kw"}, []any{"pumps", 1}, true},
		{"an entry and a field of it that stands behind others", []any{"pumps", 0}, []any{"pumps", 0, "kw"}, false},
		{"what is not there", []any{"id"}, []any{"raw"}, false},
	} {
		if got := doc.Covers(doc.Fault("p", "r", tt.fault...), tt.part...); got != tt.want {
			t.Errorf("%s: covered is %t", tt.name, got)
		}
	}
	if doc.Covers(energy.Fault{File: "g", Line: 1, Column: 5}, "id") {
		t.Error("a fault of another file is covered")
	}
}

func TestOnlyWhatWasDecodedIsWorthChecking(t *testing.T) {
	t.Parallel()
	doc, _ := strictyaml.Decode("f", []byte("id: a\nunit: x\nname:\npumps: [{kw: 1}]\nat: *a\n"), new(plant))
	tests := []struct {
		name          string
		path          []any
		present, want bool
	}{
		{"a good value", []any{"id"}, true, true},
		{"a wrong value", []any{"unit"}, true, false},
		{"an empty one", []any{"name"}, false, false},
		{"an absent one", []any{"share"}, false, false},
		{"a mapping that lacks a field", []any{"pumps", 0}, true, true},
		{"the missing field", []any{"pumps", 0, "id"}, false, false},
		{"what is refused", []any{"at"}, true, false},
	}
	for _, tt := range tests {
		if present, decoded := doc.Present(tt.path...), doc.Decoded(tt.path...); present != tt.present || decoded != tt.want {
			t.Errorf("%s: present %t, decoded %t", tt.name, present, decoded)
		}
	}
}

func TestNodesKeepTheirPartWithItsPlaces(t *testing.T) {
	t.Parallel()
	var p plant
	src := "id: a\nraw:\n  - {id: p}\n  - {kw: x}\n"
	_, faults := strictyaml.Decode("f", []byte(src), &p)
	if len(faults) > 0 || !p.Raw.Present() {
		t.Fatalf("faults %v, present %t", faults, p.Raw.Present())
	}
	if line, column := p.Raw.Position(); line != 3 || column != 3 {
		t.Errorf("position %d:%d, want 3:3", line, column)
	}
	var pumps []pump
	doc, faults := p.Raw.Decode(&pumps)
	if want := "f:4:5: missing field \"id\": a text is expected\nf:4:10: kw is \"x\": a whole number is expected"; faults.Error() != want {
		t.Errorf("got  %s\nwant %s", faults, want)
	}
	if got := doc.Fault("p", "", 0, "id").Error(); got != "f:3:10: p" {
		t.Errorf("fault within the part: %s", got)
	}
}

func TestAbsentNodesAreEmptyAndKnowTheirMapping(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{"absent": "pumps: []\nid: a\n", "empty": "raw:\nid: a\n"} {
		var p plant
		if _, faults := strictyaml.Decode("f", []byte(src), &p); len(faults) > 0 {
			t.Fatal(faults)
		}
		pumps := []pump{{ID: "kept"}}
		doc, faults := p.Raw.Decode(&pumps)
		if p.Raw.Present() || len(faults) > 0 || len(pumps) != 1 {
			t.Errorf("%s: present %t, faults %v, pumps %v", name, p.Raw.Present(), faults, pumps)
		}
		if got := doc.Fault("p", "", 0).Error(); got != "f:1:1: p" {
			t.Errorf("%s: fault %s, want one at f:1:1", name, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "id: a", "id: [a, {b: c}]\npumps:\n- id: x\n", "? a\n: b", "a: &x [*x]", "- - - a", "%YAML 1.2\n---\n",
		"id: |\n  x\n y", "\t", "a: 'x\n  y'\n", "a: !!map {}", "<<: {}", "...\n---\n", "id: \"\\x\"", "{a: b, c}: d", "raw: {a: [1, 0x8000, .inf]}\nat: 2024-05-14T09:30:00+02:00\n",
		"a:\r\n  - b\r\r\n", "\uFEFFid: \u00e9", "!a !b !c d", "&a &b c", "id: @", "points: {é: 1, ~: 2}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var p plant
		doc, faults := strictyaml.Decode("f", src, &p)
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 2
		for _, fault := range append(faults, doc.Fault("p", "", "pumps", 0, "id")) {
			if fault.Line < 0 || fault.Line > lines || fault.Problem == "" {
				t.Errorf("fault %q lies outside the file of %d lines", fault.Error(), lines)
			}
		}
		var pumps []pump
		p.Raw.Decode(&pumps)
	})
}
