package sensorthings

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// API answers requests. Base is its address with the version, without a slash at the
// end.
type API struct {
	Base string
	Town Town
}

// Answer is the JSON of what lies at a path below Base, with the options of a query. It
// errs with *[Refusal] where it refuses.
func (a API) Answer(ctx context.Context, path string, query url.Values) ([]byte, error) {
	o, err := parseOptions(query)
	if err != nil {
		return nil, err
	}
	g, err := newGraph(ctx, a.Town)
	if err != nil {
		return nil, err
	}
	w := writer{a, g, ctx}
	steps, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 {
		return w.root()
	}
	return w.resource(strings.Trim(path, "/"), steps, o, query)
}

// writer makes answers of entities.
type writer struct {
	api   API
	graph *graph
	ctx   context.Context
}

// object is a JSON object whose members keep their order.
type object []field

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := o.write(&b)
	return b.Bytes(), err
}

// write writes it, objects within it at once: marshalled one in the other, each would be
// looked through again at every level above it.
func (o object) write(b *bytes.Buffer) error {
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeValue(b, f.name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeValue(b, f.value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// writeValue writes the value of a member.
func writeValue(b *bytes.Buffer, value any) error {
	switch v := value.(type) {
	case object:
		return v.write(b)
	case []object:
		b.WriteByte('[')
		for i, one := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := one.write(b); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	whole, err := json.Marshal(value)
	b.Write(whole)
	return err
}

// root lists the entity sets, and what holds (18-088, 9.2.1).
func (w writer) root() ([]byte, error) {
	var list []object
	for _, s := range sets() {
		list = append(list, object{{"name", s}, {"url", w.api.Base + "/" + string(s)}})
	}
	return json.Marshal(object{{"value", list}, {"serverSettings", object{{"conformance", Conformance()}}}})
}

// resource follows a path to what it names.
func (w writer) resource(path string, steps []step, o options, query url.Values) ([]byte, error) {
	list, one, err := w.begin(steps[0])
	if err != nil {
		return nil, err
	}
	for i, s := range steps[1:] {
		if s.name == "$ref" && i == len(steps)-2 {
			return w.references(path, list, one, o, query)
		}
		if !one {
			return nil, refuse(http.StatusNotFound, "%.40q stands behind a list; name one of it first", s.name)
		}
		e := list[0]
		l, ok := e.link(s.name)
		if !ok {
			return w.property(e, steps[i+1:])
		}
		if list, one, err = w.follow(l, s); err != nil {
			return nil, err
		}
	}
	if one {
		made, err := w.entity(list[0], o, 0)
		if err != nil {
			return nil, err
		}
		return json.Marshal(made)
	}
	made, err := w.page(path, list, o, query, func(e entity) (object, error) { return w.entity(e, o, 0) })
	if err != nil {
		return nil, err
	}
	return json.Marshal(made)
}

// begin is the set, or the one of it, with which a path begins.
func (w writer) begin(s step) (list []entity, one bool, err error) {
	if !s.keyed {
		list, err = w.graph.all(w.ctx, set(s.name))
		return list, false, err
	}
	e, err := w.graph.one(w.ctx, set(s.name), s.key)
	return []entity{e}, true, err
}

// follow goes along a link; of several, a key chooses one.
func (w writer) follow(l link, s step) (list []entity, one bool, err error) {
	if list, err = l.find(w.ctx); err != nil {
		return nil, false, err
	}
	if s.keyed {
		list = only(list, s.key)
	}
	if one = l.one || s.keyed; one && len(list) == 0 {
		return nil, false, refuse(http.StatusNotFound, "there is no such %s", l.name)
	}
	return list, one, nil
}

// property is a property of an entity, or with $value its bare value.
func (w writer) property(e entity, rest []step) ([]byte, error) {
	value, ok := e.field(rest[0].name)
	if !ok || rest[0].keyed || len(rest) > 2 {
		return nil, refuse(http.StatusNotFound, "%s have no %.40q", e.set, rest[0].name)
	}
	if len(rest) == 1 {
		return json.Marshal(object{{rest[0].name, value}})
	}
	if rest[1].name != "$value" {
		return nil, refuse(http.StatusNotFound, "%s have no %.40q below %s", e.set, rest[1].name, rest[0].name)
	}
	if text, ok := value.(string); ok {
		return []byte(text), nil
	}
	return json.Marshal(value)
}

// references are the addresses of entities alone: one, or a page of several.
func (w writer) references(path string, list []entity, one bool, o options, query url.Values) ([]byte, error) {
	if one {
		return json.Marshal(object{{"@iot.selfLink", w.self(list[0])}})
	}
	made, err := w.page(path, list, o, query, func(e entity) (object, error) { return object{{"@iot.selfLink", w.self(e)}}, nil })
	if err != nil {
		return nil, err
	}
	return json.Marshal(made)
}

// page is a page of entities, each as it is written, with the way to the next one.
func (w writer) page(path string, list []entity, o options, query url.Values, write func(entity) (object, error)) (object, error) {
	page, matched, err := o.window(w.ctx, &w.graph.spent, list)
	if err != nil {
		return nil, err
	}
	made := make([]object, len(page))
	for i, e := range page {
		one, err := write(e)
		if err != nil {
			return nil, err
		}
		made[i] = one
	}
	var answer object
	if o.count {
		answer = append(answer, field{"@iot.count", matched})
	}
	if o.skip+len(page) < matched && len(page) > 0 {
		following := maps.Clone(query)
		following.Set("$skip", strconv.Itoa(o.skip+len(page)))
		answer = append(answer, field{"@iot.nextLink", w.api.Base + "/" + path + "?" + following.Encode()})
	}
	return append(answer, field{"value", made}), nil
}

// self is the address of an entity.
func (w writer) self(e entity) string {
	return w.api.Base + "/" + string(e.set) + "('" + url.PathEscape(e.name()) + "')"
}

// entity is one with its links, or what they lead to where that is expanded.
func (w writer) entity(e entity, o options, depth int) (object, error) {
	if err := w.graph.spent.make(w.ctx); err != nil {
		return nil, err
	}
	e = e.opened()
	whole := len(o.fields) == 0
	wanted := func(name string) bool { return whole || slices.Contains(o.fields, name) }
	var made object
	if whole || wanted("id") || wanted("@iot.id") {
		made = append(made, field{"@iot.id", e.name()})
	}
	if whole || wanted("@iot.selfLink") {
		made = append(made, field{"@iot.selfLink", w.self(e)})
	}
	for _, f := range e.fields {
		if wanted(f.name) {
			made = append(made, f)
		}
	}
	for _, name := range o.fields {
		_, isField := e.field(name)
		_, isLink := e.link(name)
		if !isField && !isLink && name != "@iot.selfLink" {
			return nil, refuse(http.StatusBadRequest, "$select: %s have no %.40q", e.set, name)
		}
	}
	for _, l := range e.links {
		i := slices.IndexFunc(o.expand, func(x expansion) bool { return x.path[0] == l.name })
		switch {
		case i >= 0:
			expanded, err := w.expand(e, l, o.expand[i], depth)
			if err != nil {
				return nil, err
			}
			made = append(made, expanded...)
		case wanted(l.name):
			made = append(made, field{l.name + "@iot.navigationLink", w.self(e) + "/" + l.name})
		}
	}
	for _, x := range o.expand {
		if _, ok := e.link(x.path[0]); !ok {
			return nil, refuse(http.StatusBadRequest, "$expand: %s have no link %.40q", e.set, x.path[0])
		}
	}
	return made, nil
}

// expand is what a link leads to, as members of the entity.
func (w writer) expand(e entity, l link, x expansion, depth int) (object, error) {
	if depth >= furthest {
		return nil, refuse(http.StatusBadRequest, "$expand goes deeper than %d", furthest)
	}
	list, err := l.find(w.ctx)
	if err != nil {
		return nil, err
	}
	o, text := x.options, x.text
	if len(x.path) > 1 { // the options are those of the last link of the path
		o = options{top: -1, expand: []expansion{{x.path[1:], x.options, x.text}}}
		text = "$expand=" + strings.Join(x.path[1:], "/")
		if x.text != "" {
			text += "(" + x.text + ")"
		}
	}
	if l.one {
		if len(list) == 0 {
			return nil, nil
		}
		one, err := w.entity(list[0], o, depth+1)
		return object{{l.name, one}}, err
	}
	page, matched, err := o.window(w.ctx, &w.graph.spent, list)
	if err != nil {
		return nil, err
	}
	made := make([]object, len(page))
	for i, one := range page {
		if made[i], err = w.entity(one, o, depth+1); err != nil {
			return nil, err
		}
	}
	members := object{{l.name, made}}
	if o.skip+len(page) < matched && len(page) > 0 {
		members = append(members, field{l.name + "@iot.nextLink", w.self(e) + "/" + l.name + "?" + next(text, o.skip+len(page))})
	}
	return members, nil
}

// next is the query for what follows in an expanded list: its options, from further on.
func next(text string, skip int) string {
	query := url.Values{}
	for _, option := range apart(text, ';') {
		if name, value, _ := strings.Cut(option, "="); option != "" {
			query.Set(strings.TrimSpace(name), value)
		}
	}
	query.Set("$skip", strconv.Itoa(skip))
	return query.Encode()
}
