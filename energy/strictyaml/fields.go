package strictyaml

import (
	"fmt"
	"reflect"
	"strings"
)

// field is a field of a struct as the file knows it.
type field struct {
	name     string
	required bool
	given    bool
	value    reflect.Value
}

type fieldList []*field

// fieldsOf lists the tagged fields of the struct v, with those of the structs
// it embeds or inlines, in the order of the program.
func fieldsOf(v reflect.Value) fieldList {
	var fields fieldList
	t := v.Type()
	for i := range t.NumField() {
		tag, tagged := t.Field(i).Tag.Lookup("yaml")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case name == "" && (t.Field(i).Anonymous || options == "inline") && t.Field(i).Type.Kind() == reflect.Struct:
			fields = append(fields, fieldsOf(v.Field(i))...)
		case tagged && name != "" && name != "-":
			fields = append(fields, &field{name: name, required: options == "required", value: v.Field(i)})
		}
	}
	return fields
}

// find is the field of that name; nil if there is none.
func (fs fieldList) find(name string) *field {
	for _, f := range fs {
		if f.name == name {
			return f
		}
	}
	return nil
}

// advice is the remedy for an unknown field: the likely one, or all there are.
func (fs fieldList) advice(name string) string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.name
	}
	return Suggest(name, names)
}

// Suggest is the remedy for a name that is none of the known ones: the one it
// resembles, or else all of them.
func Suggest(name string, known []string) string {
	best, least := "", len(name)/3+2
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(known) == 0:
		return "none is expected here"
	case len(known) == 1:
		return known[0] + " is expected"
	}
	last := len(known) - 1
	return strings.Join(known[:last], ", ") + " or " + known[last] + " is expected"
}

// distance is the number of characters to insert, delete, replace or swap with
// their neighbour to make b of a (optimal string alignment); at least limit
// when the lengths alone say so.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
