package openapi

import (
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Schema is a JSON Schema (2020-12) by its keywords.
type Schema map[string]any

// Schemas makes schemas of Go types as encoding/json writes them. Structs become
// components that others refer to by $ref.
type Schemas struct {
	// Known are types that write themselves, or strings of which only some exist.
	Known map[reflect.Type]Schema
	// Home is the import path of the package whose types go by their own names;
	// those of others have the name of their package before it.
	Home string

	components map[string]Schema
	err        error
}

// NewSchemas makes schemas; the types of package home go by their own names.
func NewSchemas(home string, known map[reflect.Type]Schema) *Schemas {
	return &Schemas{Known: known, Home: home, components: map[string]Schema{}}
}

// Components are the structs met so far, by name; err names a type that cannot be
// described.
func (s *Schemas) Components() (map[string]Schema, error) { return s.components, s.err }

// Of is the schema of a Go value's type, of a Schema as it stands, or of one of several.
func (s *Schemas) Of(v any) Schema {
	switch v := v.(type) {
	case nil:
		return Schema{"type": "string"}
	case Schema:
		return v
	case OneOf:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = s.Of(one)
		}
		return Schema{"oneOf": list}
	}
	return s.ofType(reflect.TypeOf(v))
}

func (s *Schemas) ofType(t reflect.Type) Schema {
	if known, ok := s.Known[t]; ok {
		return known
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Schema{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[json.RawMessage]():
		return Schema{}
	case t.Kind() != reflect.Pointer && writesItself(t):
		s.fail("%v writes itself: its schema has to be stated", t)
		return Schema{}
	case t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && writesText(t):
		return Schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNull(s.ofType(t.Elem()))
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Schema{"type": "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Schema{"type": "integer", "minimum": 0}
	case reflect.Float32, reflect.Float64:
		return Schema{"type": "number"}
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && t.Elem() == reflect.TypeFor[byte]() {
			return Schema{"type": "string", "contentEncoding": "base64"}
		}
		return Schema{"type": "array", "items": s.ofType(t.Elem())}
	case reflect.Map:
		return Schema{"type": "object", "additionalProperties": s.ofType(t.Elem())}
	case reflect.Struct:
		return s.ofStruct(t)
	case reflect.Interface:
		return Schema{}
	}
	s.fail("%v has no schema", t)
	return Schema{}
}

func (s *Schemas) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

func writesItself(t reflect.Type) bool {
	m := reflect.TypeFor[json.Marshaler]()
	return t.Implements(m) || reflect.PointerTo(t).Implements(m)
}

func writesText(t reflect.Type) bool {
	m := reflect.TypeFor[encoding.TextMarshaler]()
	return t.Implements(m) || reflect.PointerTo(t).Implements(m)
}

// orNull is a schema that takes null beside what it took.
func orNull(one Schema) Schema {
	if kind, ok := one["type"].(string); ok && len(one) == 1 {
		return Schema{"type": []any{kind, "null"}}
	}
	return Schema{"anyOf": []any{one, Schema{"type": "null"}}}
}

// ofStruct refers to the component of a struct; one without a name stands where it is.
func (s *Schemas) ofStruct(t reflect.Type) Schema {
	name := s.name(t)
	if name == "" {
		return s.object(t)
	}
	if _, ok := s.components[name]; !ok {
		s.components[name] = Schema{} // ends recursion
		s.components[name] = s.object(t)
	}
	return Schema{"$ref": "#/components/schemas/" + name}
}

// name is the component of a struct; "" for one that has no name.
func (s *Schemas) name(t reflect.Type) string {
	if t.Name() == "" {
		return ""
	}
	title := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	if t.PkgPath() == s.Home {
		return strings.TrimSuffix(title, "View")
	}
	home := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
	return strings.ToUpper(home[:1]) + home[1:] + title
}

// object is a struct as encoding/json writes it.
func (s *Schemas) object(t reflect.Type) Schema {
	properties, required := Schema{}, []any{}
	for _, m := range members(t) {
		one := s.ofType(m.field.Type)
		if m.field.Type.Kind() == reflect.Pointer && m.omitted {
			one = s.ofType(m.field.Type.Elem())
		}
		if m.quoted {
			one = Schema{"type": "string"}
		}
		if says := m.field.Tag.Get("says"); says != "" {
			one = described(one, says)
		}
		properties[m.name] = one
		if !m.omitted {
			required = append(required, m.name)
		}
	}
	object := Schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

// described adds a description; beside a $ref it stands as a sibling (2020-12).
func described(one Schema, says string) Schema {
	with := Schema{"description": says}
	for k, v := range one {
		with[k] = v
	}
	return with
}

// member is a field of a struct as it is written.
type member struct {
	field           reflect.StructField
	name            string
	omitted, quoted bool // it may be absent; it is written as a string
}

// members are the fields of a struct as encoding/json writes them: those of an
// embedded struct among its own, the outer one where two have a name.
func members(t reflect.Type) []member {
	var list []member
	known := map[string]bool{}
	for level := []reflect.Type{t}; len(level) > 0; {
		var inner []reflect.Type
		var found []member
		for _, of := range level {
			for i := range of.NumField() {
				f := of.Field(i)
				tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
				if f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct {
					inner = append(inner, f.Type)
					continue
				}
				if !f.IsExported() || tag == "-" && options == "" {
					continue
				}
				m := member{field: f, name: cmp.Or(tag, f.Name)}
				for option := range strings.SplitSeq(options, ",") {
					m.omitted = m.omitted || option == "omitempty" || option == "omitzero"
					m.quoted = m.quoted || option == "string"
				}
				found = append(found, m)
			}
		}
		for _, m := range found {
			if !known[m.name] {
				known[m.name], list = true, append(list, m)
			}
		}
		level = inner
	}
	return list
}
