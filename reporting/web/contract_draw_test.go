package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// strange are texts that people and programs send where others are expected.
func strange(random *rand.Rand) string {
	list := []string{"", " ", "0", "-1", "1e400", "NaN", "null", "true", "9223372036854775808", "2025", "2025-02-30", "2025-06-03T25:00:00Z", "9999-12-31", "0000-00-00", "-2025-01-01", "1969-12-31T23:59:60Z",
		"2025-01-01T00:00:00 02:00", "P12M/2025-13", "P12M/9999-12", "9999-12-31T23:59:59.999999999Z", "٢٠٢٥", "' or 1=1 --", "'; drop table fact; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "%s%n", "\x00", "\xff\xfe", "\u202e", "a\nb", "a\r\nSet-Cookie: x=1",
		strings.Repeat("x", 300), strings.Repeat("9", 5000), strings.Repeat("é", 2100), "Europe/Berlin", "../Berlin", "hafen", "hafen/grid", "kaiserlei", "HAFEN", "json", "xml", "2025-01-01/2024-01-01", "\\", "${jndi:ldap://x}", "=1+1", "🔥"}
	return list[random.IntN(len(list))]
}

// said is a value of a parameter: good, or anything.
func (c *contract) said(random *rand.Rand, name string, schema map[string]any, example any, good bool) string {
	if list, ok := example.([]any); ok && len(list) > 0 {
		example = list[0]
	}
	if inner, ok := schema["items"].(map[string]any); ok {
		schema = inner
	}
	if !good {
		return strange(random)
	}
	if place, ok := c.places[name]; ok {
		return place
	}
	if enum, ok := schema["enum"].([]any); ok {
		return fmt.Sprint(enum[random.IntN(len(enum))])
	}
	return fmt.Sprint(example)
}

// draw makes a request to an operation; from 0 (as described) to 1 (anything) it is
// as wild as that.
func (c *contract) draw(t *testing.T, random *rand.Rand, o apiOperation, who string, wild float64) request {
	r := request{operation: o, who: who, address: o.path, header: http.Header{}}
	query := url.Values{}
	for _, p := range o.Parameters {
		good := random.Float64() >= wild
		if !p.Required && random.IntN(2) == 0 || p.Required && p.In != "path" && !good && random.IntN(3) == 0 {
			continue
		}
		text := c.said(random, p.Name, p.Schema, p.Example, good)
		switch p.In {
		case "path":
			r.astray = r.astray || strings.Trim(text, ".") == "" || strings.ContainsAny(text, "/\\")
			r.address = strings.ReplaceAll(r.address, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			query.Add(p.Name, text)
			if !good && random.IntN(8) == 0 {
				query.Add(p.Name, strange(random))
			}
		case "header":
			if !strings.ContainsAny(text, "\x00\r\n") {
				r.header.Set(p.Name, text)
			}
		}
	}
	if random.Float64() < wild/8 {
		query.Set("undeclared", strange(random))
	}
	r.address += "?" + query.Encode()
	if random.Float64() < wild/8 {
		r.address += []string{"&%zz", "&a;b", "&=", "&&"}[random.IntN(4)]
	}
	if o.RequestBody != nil {
		c.drawBody(t, random, o, &r, wild)
	}
	return r
}

func (c *contract) drawBody(t *testing.T, random *rand.Rand, o apiOperation, r *request, wild float64) {
	kinds := []string{}
	for kind := range o.RequestBody.Content {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	kind := kinds[random.IntN(len(kinds))]
	content := o.RequestBody.Content[kind]
	r.header.Set("Content-Type", kind)
	switch example, isText := content.Example.(string); {
	case kind == "multipart/form-data":
		fields := map[string]string{}
		for _, name := range []string{"mapping", "mapping_name", "correction", "replaces", "partial", "explain", "surprise"} {
			if random.Float64() < wild/4 {
				fields[name] = strange(random)
			}
		}
		rows := "point,at,value\nhafen/grid,2025-06-04T01:00:00Z,3001\n"
		if random.Float64() < wild {
			rows = "point,at,value\n" + strange(random) + "," + strange(random) + "," + strange(random) + "\n"
		}
		body, form := uploadForm(t, fields, strange(random), rows)
		r.header.Set("Content-Type", form)
		r.body, _ = io.ReadAll(body) // it is in memory
	case isText:
		r.body = []byte(example)
		if random.Float64() < wild {
			r.body = []byte("point,at,value\n" + strange(random) + "," + strange(random) + "," + strange(random) + "\n")
		}
	default:
		value := content.Example
		if value == nil || random.Float64() < wild {
			value = c.grow(random, content.Schema, wild, 0)
		}
		r.body, _ = json.Marshal(value) // of plain values
	}
	if random.Float64() < wild/3 {
		switch random.IntN(6) {
		case 0:
			r.body = r.body[:len(r.body)/2]
		case 1:
			r.header.Set("Content-Type", []string{"", "text/plain", "application/xml", "application/json; charset=utf-16", "///", "multipart/form-data"}[random.IntN(6)])
		case 2:
			r.header.Set("Content-Encoding", []string{"gzip", "zstd", "br", "identity"}[random.IntN(4)])
		case 3:
			r.body = bytes.Repeat([]byte("["), 20_000)
		case 4:
			r.body = []byte(strange(random))
		case 5:
			r.body = append([]byte{0xef, 0xbb, 0xbf}, r.body...)
		}
	}
}

// grow makes a value of a schema, or, as wild as asked, of another.
func (c *contract) grow(random *rand.Rand, schema map[string]any, wild float64, depth int) any {
	if ref, ok := schema["$ref"].(string); ok {
		schema = c.document["components"].(map[string]any)["schemas"].(map[string]any)[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
	}
	if random.Float64() < wild/4 || depth > 5 {
		return []any{nil, true, -1, 1e300, 12, strange(random), []any{}, map[string]any{}, []any{nil}, map[string]any{"x": nil}}[random.IntN(10)]
	}
	kind, ok := schema["type"].(string)
	if kinds, several := schema["type"].([]any); several {
		kind, ok = kinds[0].(string)
	}
	if enum, has := schema["enum"].([]any); has {
		return enum[random.IntN(len(enum))]
	}
	if either, has := schema["anyOf"].([]any); has && !ok {
		return c.grow(random, either[random.IntN(len(either))].(map[string]any), wild, depth+1)
	}
	switch kind {
	case "object":
		object := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) { // the same draw for the same seed
			if random.IntN(3) > 0 {
				object[name] = c.grow(random, properties[name].(map[string]any), wild, depth+1)
			}
		}
		return object
	case "array":
		inner, _ := schema["items"].(map[string]any)
		list := []any{}
		for range random.IntN(3) {
			list = append(list, c.grow(random, inner, wild, depth+1))
		}
		return list
	case "integer", "number":
		return random.IntN(1000)
	case "boolean":
		return random.IntN(2) == 0
	}
	if schema["format"] == "date-time" {
		return "2025-06-03T00:00:00Z"
	}
	return []string{"hafen/grid", "kWh", "because", strange(random)}[random.IntN(4)]
}
