package geo

import "heatledger/energy"

// Feature is a thing with a geometry and properties, as it stands in a file.
type Feature struct {
	ID         string // of the file; "" only where [Options.IDs] allows it
	Number     int    // its place among the file's features, from 1
	Geometry   Geometry
	Properties []Property // in the file's order, each name once

	file         string
	line, column int
}

// Property is a named value of a feature: a string, float64 or bool, nil for
// null, or [Raw] for a list or an object.
type Property struct {
	Name  string
	Value any

	line, column int
}

// Raw is JSON that nobody has asked for, as it stands in the file.
type Raw string

// Property is the value of a name; ok is false if the feature has none.
func (f Feature) Property(name string) (value any, ok bool) {
	for _, p := range f.Properties {
		if p.Name == name {
			return p.Value, true
		}
	}
	return nil, false
}

// Fault is a fault of the feature as a whole, for those who check what it means.
func (f Feature) Fault(problem, remedy string) energy.Fault {
	return energy.Fault{File: f.file, Line: f.line, Column: f.column, Problem: f.called() + ": " + problem, Remedy: remedy}
}

// PropertyFault is a fault at the place of a property, or of the feature if it
// has no such property.
func (f Feature) PropertyFault(name, problem, remedy string) energy.Fault {
	fault := f.Fault(problem, remedy)
	for _, p := range f.Properties {
		if p.Name == name {
			fault.Line, fault.Column = p.line, p.column
		}
	}
	return fault
}

// Place is the line and column of the feature in its file, from 1.
func (f Feature) Place() (line, column int) { return f.line, f.column }

// called is how messages call the feature.
func (f Feature) called() string { return called(f.Number, f.ID) }
