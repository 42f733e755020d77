package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heatledger/energy"
)

// Op is what happens to an entry.
type Op string

// The operations.
const (
	Add    Op = "add"
	Alter  Op = "change"
	Remove Op = "remove"
)

// Change is the difference of an entry between two versions of a registry.
type Change struct {
	Op     Op            `json:"op"`
	Kind   string        `json:"kind"`
	ID     string        `json:"id"`
	Site   energy.SiteID `json:"site,omitempty"`
	Fields []FieldChange `json:"fields,omitempty"` // of an [Alter]
}

// FieldChange is the difference of one field. Path leads to it with dots; the
// entries of a list are named by their id, or by their number from 1. From and
// To are texts for people; "" is absent.
type FieldChange struct {
	Path string `json:"path"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Diff is what leads from have to want, in the order of [Registry.Entries].
// Bodies that mean the same JSON are equal, however they are written: what a
// database gives back does not differ from what it was given.
func Diff(have, want []Entry) []Change {
	old := make(map[key]Entry, len(have))
	for _, e := range have {
		old[e.key()] = e
	}
	all := slices.Clone(want)
	wanted := make(map[key]bool, len(want))
	for _, e := range want {
		wanted[e.key()] = true
	}
	for _, e := range have {
		if !wanted[e.key()] {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, compareEntries)
	var changes []Change
	for _, e := range all {
		change := Change{Kind: e.Kind, ID: e.ID, Site: e.Site}
		before, existed := old[e.key()]
		switch {
		case !wanted[e.key()]:
			change.Op = Remove
		case !existed:
			change.Op = Add
		default:
			if change.Fields = fieldChanges(before.Body, e.Body); len(change.Fields) == 0 {
				continue
			}
			change.Op = Alter
		}
		changes = append(changes, change)
	}
	return changes
}

// fieldChanges compares two bodies. One that is no JSON differs as a whole.
func fieldChanges(from, to json.RawMessage) []FieldChange {
	if bytes.Equal(from, to) {
		return nil
	}
	a, errA := decodeTree(from)
	b, errB := decodeTree(to)
	if errA != nil || errB != nil {
		return []FieldChange{{Path: "body", From: string(from), To: string(to)}}
	}
	var changes []FieldChange
	compareTrees("", a, b, &changes)
	return changes
}

// compareTrees notes where two bodies differ: as deep as both are objects or
// lists, so that a change of one field of one point is one line.
func compareTrees(path string, a, b any, changes *[]FieldChange) {
	fieldsA, isMapA := fieldsOf(a)
	fieldsB, isMapB := fieldsOf(b)
	if !isMapA || !isMapB {
		if from, to := show(a), show(b); from != to && !sameNumber(a, b) {
			*changes = append(*changes, FieldChange{Path: strings.TrimPrefix(path, "."), From: from, To: to})
		}
		return
	}
	names := maps.Clone(fieldsA)
	maps.Copy(names, fieldsB)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		compareTrees(path+"."+name, fieldsA[name], fieldsB[name], changes)
	}
}

// sameNumber tells whether two numbers differ only in how they are written.
func sameNumber(a, b any) bool {
	m, okA := a.(json.Number)
	n, okB := b.(json.Number)
	if !okA || !okB {
		return false
	}
	v, errA := energy.ParseValue(m.String())
	w, errB := energy.ParseValue(n.String())
	return errA == nil && errB == nil && v.Equal(w)
}

// fieldsOf are the fields of an object, or the entries of a list of objects by
// their id, so that one more in the middle does not shift the others.
func fieldsOf(tree any) (map[string]any, bool) {
	switch t := tree.(type) {
	case map[string]any:
		return t, true
	case []any:
		fields := make(map[string]any, len(t))
		for i, entry := range t {
			name := fmt.Sprint(i + 1)
			if object, ok := entry.(map[string]any); ok {
				if id, ok := object["id"].(string); ok {
					name = id
				}
			}
			fields[name] = entry
		}
		return fields, true
	}
	return nil, false
}

// show writes a value for people: texts as they are, the rest as JSON.
func show(tree any) string {
	switch t := tree.(type) {
	case nil:
		return ""
	case string:
		return t
	}
	return string(canonical(tree))
}

// String is the change for a terminal: a line for the entry, and one for each
// field that changes.
func (c Change) String() string {
	sign := map[Op]string{Add: "+", Alter: "~", Remove: "-"}[c.Op]
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", sign, c.Kind, c.ID)
	if c.Site != "" && string(c.Site) != c.ID {
		fmt.Fprintf(&b, " (%s)", c.Site)
	}
	for _, f := range c.Fields {
		fmt.Fprintf(&b, "\n    %s: %s → %s", f.Path, orNothing(f.From), orNothing(f.To))
	}
	return b.String()
}

// orNothing shows an absent value.
func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}
