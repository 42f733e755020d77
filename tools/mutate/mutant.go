package main

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"
)

// mutant is one change of the code, and what came of it.
type mutant struct {
	id       int // from 1, in the order of the code
	position token.Position
	function string // "(*Books).page", "var berlin"
	operator string // what kind of change: "comparison", "constant", …
	// before and after are what a reader compares, in one line.
	before, after string
	// nth tells mutants of a function with the same before and after apart, from 1.
	nth int
	// text is what takes the place of the edit's range.
	text string
	edit *edit
	// alone: it cannot be chosen in the common binary and is compiled for itself.
	alone bool

	reached bool
	killer  string // the test that noticed, "time" or "compiler"; "" for a survivor
}

// key names a mutant as long as its function and expression stay as they are,
// wherever they move.
func (m *mutant) key() string {
	key := fmt.Sprintf("%s: %s -> %s", m.function, m.before, m.after)
	if m.nth > 1 {
		key += fmt.Sprintf(" (%d)", m.nth)
	}
	return key
}

// outcome says what came of the mutant.
func (m *mutant) outcome() string {
	switch {
	case m.killer != "":
		return "killed by " + m.killer
	case m.reached:
		return "survived"
	}
	return "survived (no test reaches it)"
}

// place is where an edit stands in the grammar: it says how mutants are chosen.
type place int

const (
	expression place = iota // func() T { if chosen { return MUTANT }; return ORIGINAL }()
	condition               // chosen != ORIGINAL
	statement               // if chosen { MUTANT } else { ORIGINAL }
	leaving                 // if chosen { MUTANT }; ORIGINAL, where ORIGINAL is a return
	declared                // a constant, nothing can choose
)

// edit is a range of a file with all the mutants that replace it.
type edit struct {
	file       *file
	start, end int // offsets
	place      place
	typ        string // of an expression, as the file writes it; "" where it cannot
	mutants    []*mutant
}

// chosen are the mutants that only names, all of them for nil.
func (p *pack) chosen(only *regexp.Regexp) []*mutant {
	var chosen []*mutant
	for _, m := range p.mutants {
		if only == nil || only.MatchString(fmt.Sprintf("%s:%d %s", m.position.Filename, m.position.Line, m.function)) {
			chosen = append(chosen, m)
		}
	}
	return chosen
}

// inLine writes code before and after a change in one line each, and not without
// end: far from the change it is cut.
func inLine(before, after string) (string, string) {
	b, a := []rune(strings.Join(strings.Fields(before), " ")), []rune(strings.Join(strings.Fields(after), " "))
	const longest, near = 120, 50
	if len(b) <= longest {
		return string(b), string(a)
	}
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	same := 0
	for same < min(len(a), len(b))-from && a[len(a)-1-same] == b[len(b)-1-same] {
		same++
	}
	cut := func(code []rune) string {
		start, end := max(0, from-near), min(len(code), max(len(code)-same+near, from+near))
		text := string(code[start:end])
		if start > 0 {
			text = "…" + text
		}
		if end < len(code) {
			text += "…"
		}
		if cut := []rune(text); len(cut) > 2*longest {
			text = string(cut[:2*longest]) + "…"
		}
		return text
	}
	if string(a) == "nothing" {
		return string(b[:longest]) + "…", "nothing"
	}
	return cut(b), cut(a)
}
