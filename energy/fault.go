package energy

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with a file a person wrote, with its place and the
// remedy. Line and Column count from 1; 0 means that the place is the whole file.
type Fault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Problem string `json:"problem"`          // what is wrong: `unknown field "nmae"`
	Remedy  string `json:"remedy,omitempty"` // what is expected: `did you mean "name"?`

	// Code names the fault for those who say it in another language, of what Arg is
	// about; "": only the English sentences are known.
	Code string `json:"-"`
	Arg  string `json:"-"`
}

// Error is "file:line:column: problem: remedy".
func (f Fault) Error() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File + ":")
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, "%d:", f.Column)
		}
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(f.Problem)
	if f.Remedy != "" {
		b.WriteString(": " + f.Remedy)
	}
	return b.String()
}

// Faults are all the faults of a file, in its order: people mend a file once.
type Faults []Fault

// Error joins the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is nil when there are none, so that an empty list is no error.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}
