package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// listed is a survivor that changes nothing anybody can tell, by its key, and why.
type listed struct {
	key, reason string
	line        int
}

// readListed reads the equivalent mutants of a package: a line is a key, " // "
// and the reason; lines that begin with # and empty ones are for the reader. A
// package without the file has none.
func readListed(path string) ([]listed, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the equivalent mutants: %w", err)
	}
	var list []listed
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " // ")
		if at < 0 || strings.TrimSpace(line[at+4:]) == "" {
			return nil, fmt.Errorf("read %s: line %d lacks \" // \" and the reason", path, number)
		}
		l := listed{key: strings.TrimSpace(line[:at]), reason: strings.TrimSpace(line[at+4:]), line: number}
		if slices.ContainsFunc(list, func(o listed) bool { return o.key == l.key }) {
			return nil, fmt.Errorf("read %s: line %d lists a mutant that is listed before", path, number)
		}
		list = append(list, l)
	}
	return list, nil
}

// tellSurvivors prints the survivors that are not listed when they are found: the
// table comes at the end, and that may be an hour away.
func tellSurvivors(out io.Writer, list []listed) func(*mutant) {
	return func(m *mutant) {
		key := m.key()
		if m.killer == "" && !slices.ContainsFunc(list, func(l listed) bool { return l.key == key }) {
			fmt.Fprintf(out, "%s: %s: %s\n", m.position, key, m.outcome())
		}
	}
}

// report prints a line for each mutant and holds the survivors against the
// list; whole says that all mutants were tried.
func report(out io.Writer, p *pack, mutants []*mutant, list []listed, whole bool) error {
	reasons := map[string]listed{}
	for _, l := range list {
		reasons[l.key] = l
	}
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	var surprises, killed []string
	equivalent := 0
	tried := map[string]bool{}
	for _, m := range mutants {
		key := m.key()
		tried[key] = true
		l, isListed := reasons[key]
		outcome := m.outcome()
		switch {
		case m.killer == "" && isListed:
			equivalent++
			outcome = "equivalent"
		case m.killer == "":
			surprises = append(surprises, fmt.Sprintf("%s: %s\t%s", m.position, key, outcome))
		default:
			killed = append(killed, key)
			if isListed {
				surprises = append(surprises, fmt.Sprintf("line %d: %s\tis listed as equivalent, and %s", l.line, key, outcome))
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s -> %s\n", m.position, m.operator, outcome, m.before, m.after)
	}
	for _, l := range list {
		if whole && !tried[l.key] {
			surprises = append(surprises, fmt.Sprintf("line %d: %s\tis listed as equivalent, and does not exist", l.line, l.key))
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	fmt.Fprintf(out, "\n%s: %d mutants, %d killed, %d equivalent\n", p.path, len(mutants), len(killed), equivalent)
	if len(surprises) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\n%d to look at:\n%s\n", len(surprises), strings.Join(surprises, "\n"))
	return errSurvivors
}
