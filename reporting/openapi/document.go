package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Document is an API as OpenAPI describes it.
type Document struct {
	Title, Summary, Description string
	Version                     string // of the API
	Tags                        []Tag
	Routes                      []Route
	Problems                    []Problem // every code that a problem may have
	ProblemType                 any       // the Go type of a problem
	// Always are the codes that every operation may answer with; Asked those of
	// operations that ask who calls.
	Always, Asked []string
}

// Tag is a group of operations.
type Tag struct {
	Name string
	Says Text
}

// JSON writes the document, with indents and in an order that does not change.
func (d Document) JSON(schemas *Schemas) ([]byte, error) {
	paths := map[string]map[string]any{}
	ids := map[string]bool{}
	for _, r := range d.Routes {
		operation, err := d.operation(r, schemas)
		if err != nil {
			return nil, fmt.Errorf("describe %s %s: %w", r.Method, r.Path, err)
		}
		if r.ID == "" || ids[r.ID] {
			return nil, fmt.Errorf("describe %s %s: id %q is empty or used twice", r.Method, r.Path, r.ID)
		}
		ids[r.ID] = true
		if paths[r.Path] == nil {
			paths[r.Path] = map[string]any{}
		}
		paths[r.Path][strings.ToLower(r.Method)] = operation
	}
	schemas.Of(d.ProblemType)
	components, err := schemas.Components()
	if err != nil {
		return nil, err
	}
	tags := []any{}
	for _, t := range d.Tags {
		tags = append(tags, Schema{"name": t.Name, "description": t.Says.EN})
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err = encoder.Encode(struct {
		OpenAPI    string                    `json:"openapi"`
		Info       Schema                    `json:"info"`
		Servers    []Schema                  `json:"servers"`
		Security   []Schema                  `json:"security"`
		Tags       []any                     `json:"tags"`
		Paths      map[string]map[string]any `json:"paths"`
		Components Schema                    `json:"components"`
	}{"3.1.1", Schema{"title": d.Title, "version": d.Version, "summary": d.Summary, "description": d.Description, "license": Schema{"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
		[]Schema{{"url": "/"}}, []Schema{{"token": []any{}}, {"session": []any{}}}, tags, paths, Schema{"schemas": components, "securitySchemes": securitySchemes()}})
	return out.Bytes(), err
}

func securitySchemes() Schema {
	return Schema{"token": Schema{"type": "http", "scheme": "bearer", "description": "An API token: heatledger token create, or the page /tokens."},
		"session": Schema{"type": "apiKey", "in": "cookie", "name": "__Host-heatledger", "description": "The session of a person who signed in at /signin; over plain HTTP its name is heatledger."}}
}

func (d Document) operation(r Route, schemas *Schemas) (Schema, error) {
	o := Schema{"operationId": r.ID, "summary": r.Summary.EN, "tags": []any{r.Tag}}
	if r.Says.EN != "" {
		o["description"] = r.Says.EN
	}
	if r.Open {
		o["security"] = []any{Schema{}}
	}
	parameters := []any{}
	for _, p := range r.Parameters {
		if in := strings.Contains(r.Path, "{"+p.Name+"}"); in != (p.In == InPath) {
			return nil, fmt.Errorf("parameter %s does not fit the path", p.Name)
		}
		parameters = append(parameters, p.object())
	}
	if places := strings.Count(r.Path, "{"); places != len(slices.DeleteFunc(slices.Clone(r.Parameters), func(p Parameter) bool { return p.In != InPath })) {
		return nil, fmt.Errorf("the path has %d places, and not each is described", places)
	}
	if len(parameters) > 0 {
		o["parameters"] = parameters
	}
	if r.Body != nil {
		body := Schema{"required": r.Body.Required, "content": contents(r.Body.Content, schemas)}
		if r.Body.Says.EN != "" {
			body["description"] = r.Body.Says.EN
		}
		o["requestBody"] = body
	}
	responses := Schema{}
	for _, a := range r.Answers {
		answer := Schema{"description": a.Says.EN}
		if len(a.Content) > 0 {
			answer["content"] = contents(a.Content, schemas)
		}
		if len(a.Headers) > 0 {
			headers := Schema{}
			for _, h := range a.Headers {
				headers[h.Name] = Schema{"description": h.Says.EN, "schema": h.Schema}
			}
			answer["headers"] = headers
		}
		responses[strconv.Itoa(a.Status)] = answer
	}
	byStatus, err := d.Refusals(r)
	if err != nil {
		return nil, err
	}
	for status, problems := range byStatus {
		responses[strconv.Itoa(status)] = d.refusal(status, problems, schemas)
	}
	o["responses"] = responses
	return o, nil
}

// Refusals are the problems an operation may answer with, by status.
func (d Document) Refusals(r Route) (map[int][]Problem, error) {
	codes := append(slices.Clone(d.Always), r.Refuses...)
	if !r.Open {
		codes = append(codes, d.Asked...)
	}
	slices.Sort(codes)
	byStatus := map[int][]Problem{}
	for _, code := range slices.Compact(codes) {
		listed := false
		for _, p := range d.Problems {
			if p.Code == code {
				listed, byStatus[p.Status] = true, append(byStatus[p.Status], p)
			}
		}
		if !listed {
			return nil, fmt.Errorf("problem %q is not listed", code)
		}
	}
	return byStatus, nil
}

// refusal is the answer of a status: a problem with one of some codes.
func (d Document) refusal(status int, problems []Problem, schemas *Schemas) Schema {
	codes, says := []any{}, []string{http.StatusText(status) + "."}
	for _, p := range problems {
		codes = append(codes, p.Code)
		says = append(says, "`"+p.Code+"`: "+p.Says.EN)
	}
	answer := Schema{"description": strings.Join(says, "\n\n"), "content": Schema{"application/problem+json": Schema{"schema": Schema{
		"allOf":      []any{schemas.Of(d.ProblemType)},
		"properties": Schema{"status": Schema{"const": status}, "code": Schema{"enum": codes}}}}}}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		answer["headers"] = Schema{"Retry-After": Schema{"description": "Seconds after which to try again.", "schema": Schema{"type": "integer", "minimum": 1}}}
	}
	return answer
}

func (p Parameter) object() Schema {
	schema := p.Schema
	if p.Many {
		schema = Schema{"type": "array", "items": p.Schema}
	}
	o := Schema{"name": p.Name, "in": p.In, "schema": schema, "description": p.Says.EN}
	if p.Required || p.In == InPath {
		o["required"] = true
	}
	if p.Example == "" {
		return o
	}
	o["example"] = any(p.Example)
	if kind := p.Schema["type"]; kind == "integer" {
		if n, err := strconv.Atoi(p.Example); err == nil {
			o["example"] = n
		}
	}
	if p.Many {
		o["example"] = []any{p.Example}
	}
	return o
}

func contents(list []Content, schemas *Schemas) Schema {
	all := Schema{}
	for _, c := range list {
		one := Schema{"schema": schemas.Of(c.Of)}
		if c.Example != "" {
			one["example"] = example(c)
		}
		all[c.Kind] = one
	}
	return all
}

// example is an example of JSON as what it says, any other as text.
func example(c Content) any {
	var v any
	if c.Kind == "application/json" && json.Unmarshal([]byte(c.Example), &v) == nil {
		return v
	}
	return c.Example
}
