package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/opcua"
)

type metersBrowseCommand struct {
	serverFlags
	Root  string `help:"Node below which is looked; without it, all objects but the server's own." placeholder:"NODE"`
	Depth int    `help:"Levels below it." default:"20"`
	Site  string `help:"Site of the points in the nodes that are shown for the configuration." default:"SITE"`
}

// What is looked for unless the flags say otherwise.
const (
	browseDepth = 20
	anySite     = "SITE" // no id, so that nobody forgets to write one in its place
)

// Run shows what an OPC UA server offers, and its variables with the entries by
// which a configuration reads them.
func (c *metersBrowseCommand) Run(p *process) error {
	line, options, err := c.server(p)
	if err != nil {
		return err
	}
	offer, err := opcua.Offered(p.ctx, line, options)
	if err != nil {
		return err
	}
	found, complete, err := opcua.Browse(p.ctx, line, options, opcua.Search{Root: c.Root, Depth: c.Depth})
	if p.line.Output == "table" {
		p.showOffer(line, offer)
	}
	if err != nil {
		return err
	}
	switch p.line.Output {
	case "json":
		return p.showJSON(struct {
			Offer     opcua.Offer      `json:"offer"`
			Complete  bool             `json:"complete"`
			Variables []opcua.Variable `json:"variables"`
		}{offer, complete, found})
	case "csv":
		return p.showVariableRows(found)
	}
	return p.showVariables(found, complete, c.Site)
}

// showOffer says what a server is by its own account, and how it may be reached.
func (p *process) showOffer(line opcua.Config, o opcua.Offer) {
	fmt.Fprintf(p.stdout, "%s: %s\n", line.Endpoint, strings.Trim(o.ApplicationName+", "+o.ApplicationURI, ", "))
	for _, e := range o.Endpoints {
		fmt.Fprintf(p.stdout, "  security %s, for %s\n", e.Security, strings.Join(e.Users, ", "))
	}
	for _, c := range o.Certificates {
		state := "trusted"
		if !c.Trusted {
			state = "not trusted: heatledger meters trust shows it whole"
		}
		fmt.Fprintf(p.stdout, "  certificate %s, %s\n", c.Fingerprint, state)
	}
}

// showVariableRows shows variables for programs that read tables.
func (p *process) showVariableRows(found []opcua.Variable) error {
	rows := [][]string{{"path", "node", "data_type", "value", "unit", "scale", "unit_text", "status", "at", "history", "problem"}}
	for _, v := range found {
		row := []string{v.Path, v.Node, v.DataType, "", string(v.Unit), scaleOf(v), v.UnitText, v.Status, "", strconv.FormatBool(v.History), v.Problem}
		if v.Value != nil {
			row[3] = v.Value.String()
		}
		if !v.At.IsZero() {
			row[8] = v.At.Format(time.RFC3339Nano)
		}
		rows = append(rows, row)
	}
	return p.showCSV(rows)
}

// scaleOf is the scale of a node's entry; "" where it is one.
func scaleOf(v opcua.Variable) string {
	if v.Unit == "" || v.Scale.Float64() == 0 || v.Scale.Equal(energy.Decimal(1, 0)) {
		return ""
	}
	return v.Scale.String()
}

// showVariables shows variables and the entries for `nodes:` of those that are
// numbers, as comments where the server does not tell the unit.
func (p *process) showVariables(found []opcua.Variable, complete bool, site string) error {
	rows := [][]string{{"variable", "type", "value", "unit", "remark"}}
	var entries []string
	known := 0
	taken := map[string]bool{}
	for _, v := range found {
		row := []string{v.Path, v.DataType, "", v.UnitText, v.Problem}
		if v.Value != nil {
			row[2] = v.Value.String()
		}
		if v.History {
			row[4] = strings.TrimPrefix(row[4]+"; has history", "; ")
		}
		rows = append(rows, row)
		if v.Value == nil {
			continue
		}
		entry := nodeEntry(v, site, taken)
		if v.Unit == "" {
			entry = strings.Replace(entry, "- {", "# - {", 1) + " # which unit?"
		} else {
			known++
		}
		entries = append(entries, entry)
	}
	fmt.Fprintln(p.stdout)
	if err := columns(p.stdout, rows); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "\n%s, %d with a unit that readings are kept in\n", counted(len(found), "variable", "variables"), known)
	if !complete {
		fmt.Fprintln(p.stdout, "There are more: name the node where to begin by --root.")
	}
	if len(entries) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(p.stdout, "\nnodes:\n%s\n", strings.Join(entries, "\n"))
	return err
}

// nodeEntry is a variable as a configuration reads it, below `nodes:`. Its point
// has the variable's path as its name, for the person to rename.
func nodeEntry(v opcua.Variable, site string, taken map[string]bool) string {
	name := pointName(v.Path)
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", pointName(v.Path), n)
	}
	taken[name] = true
	entry := fmt.Sprintf("  - {point: %s/%s, node: %s, unit: %q", site, name, strconv.Quote(v.Node), string(v.Unit))
	if s := scaleOf(v); s != "" {
		entry += ", scale: " + s
	}
	return entry + "}"
}

// mostPointName keeps names that were made of paths short enough to read.
const mostPointName = 48

// pointName makes a name of the last parts of a path: "Hafen/Grid/ActivePower"
// is "grid-active-power".
func pointName(path string) string {
	parts := strings.Split(path, "/")
	parts = parts[max(0, len(parts)-2):]
	var name []rune
	for _, part := range parts {
		before := ' '
		for _, r := range part {
			switch {
			case r >= 'A' && r <= 'Z':
				if before >= 'a' && before <= 'z' || before >= '0' && before <= '9' {
					name = append(name, '-')
				}
				name = append(name, r-'A'+'a')
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
				name = append(name, r)
			default:
				name = append(name, '-')
			}
			before = r
		}
		name = append(name, '-')
	}
	words := slices.DeleteFunc(strings.Split(string(name), "-"), func(s string) bool { return s == "" })
	text := strings.TrimLeft(strings.Join(words, "-"), "_")
	if text == "" {
		return "point"
	}
	return strings.TrimRight(text[max(0, len(text)-mostPointName):], "-_")
}
