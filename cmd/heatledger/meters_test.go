package main

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// tooWide are the lines of a page that an old terminal breaks, but for single
// words, which addresses of documents are.
func tooWide(page string) (lines []string) {
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		if utf8.RuneCountInString(line) > pageWidth && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "://") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestModelsAreReadOnAnOldTerminal(t *testing.T) {
	t.Parallel()
	matrix := command(t, "", "meters", "list").want(t, exitFine).stdout
	if lines := tooWide(matrix); len(lines) > 0 {
		t.Errorf("the matrix is wider than %d: %q", pageWidth, lines)
	}
	for _, id := range registermap.Builtins() {
		if !strings.Contains(matrix, "\n"+id+" ") {
			t.Errorf("the matrix has no row of %s", id)
		}
		page := command(t, "", "meters", "list", id).want(t, exitFine).stdout
		if lines := tooWide(page); len(lines) > 0 {
			t.Errorf("the page of %s is wider than %d: %q", id, pageWidth, lines)
		}
	}
}

// TestTheMatrixSaysWhatTheModelsGive holds all three forms of the matrix against
// the models.
func TestTheMatrixSaysWhatTheModelsGive(t *testing.T) {
	t.Parallel()
	var rows []modelRow
	if err := json.Unmarshal([]byte(command(t, "", "--output", "json", "meters", "list").want(t, exitFine).stdout), &rows); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(command(t, "", "--output", "csv", "meters", "list").want(t, exitFine).stdout)).ReadAll()
	if err != nil || len(table) != len(rows)+1 {
		t.Fatalf("CSV has %d rows, %v, want %d and a header", len(table), err, len(rows))
	}
	matrix := strings.Split(command(t, "", "meters", "list").want(t, exitFine).stdout, "\n")
	for i, c := range registermap.Capabilities() {
		if rows[i].Model != c.Model || rows[i].Confirmed != c.Confirmed || !slices.Equal(slices.Sorted(maps.Keys(rows[i].Quantities)), slices.Sorted(slices.Values(c.Quantities))) {
			t.Errorf("JSON says %+v, the model %+v", rows[i], c)
		}
		model, _ := registermap.Builtin(c.Model)
		for j, column := range table[0] {
			q := energy.Quantity(column)
			if !q.Known() {
				continue
			}
			want := notGiven
			if main, ok := model.Register(q); ok && main.Confirmed {
				want = confirmed
			} else if slices.Contains(c.Quantities, q) && want == notGiven {
				want = rows[i].Quantities[q]
			}
			if table[i+1][j] != string(want) {
				t.Errorf("CSV says of %s and %s %q, want %q", c.Model, q, table[i+1][j], want)
			}
			if at := strings.Index(matrix[0]+" ", " "+sign(q)+" "); at >= 0 {
				cell := strings.TrimSpace((matrix[i+1] + strings.Repeat(" ", pageWidth))[at+1 : at+3])
				if cell != map[given]string{confirmed: "x", unconfirmed: "?"}[want] {
					t.Errorf("the matrix says of %s and %s %q, want %q", c.Model, q, cell, want)
				}
			}
		}
	}
}

func TestTheListIsFilteredByTextAndQuantity(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		args []string
		with func(c registermap.Capability) bool
	}{
		{"a maker in any case", []string{"SIEMENS"}, func(c registermap.Capability) bool { return c.Manufacturer == "Siemens" }},
		{"a part of a name", []string{"umg 96"}, func(c registermap.Capability) bool { return strings.Contains(c.Name, "UMG 96") }},
		{"a quantity", []string{"--quantity", "heat_energy"}, func(c registermap.Capability) bool { return slices.Contains(c.Quantities, energy.HeatEnergy) }},
		{"two quantities", []string{"--quantity", "heat_energy", "--quantity", "flow_temperature"}, func(c registermap.Capability) bool {
			return slices.Contains(c.Quantities, energy.HeatEnergy) && slices.Contains(c.Quantities, energy.FlowTemperature)
		}},
	} {
		var got []modelRow
		if err := json.Unmarshal([]byte(command(t, "", append([]string{"--output", "json", "meters", "list"}, row.args...)...).want(t, exitFine).stdout), &got); err != nil {
			t.Fatal(err)
		}
		var want, ids []string
		for _, c := range registermap.Capabilities() {
			if row.with(c) {
				want = append(want, c.Model)
			}
		}
		for _, m := range got {
			ids = append(ids, m.Model)
		}
		if len(want) == 0 || !slices.Equal(ids, want) {
			t.Errorf("%s: %v, want %v", row.name, ids, want)
		}
	}
}

func TestWhatAModelLeavesOpenIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, row := range []struct{ name, register, doubt string }{
		{"a turn that is stated", "{quantity: volume, table: input, address: 0, order: ABCD, type: uint32, unit: m³, modulus: 4294967296, confirmed: true}", ""},
		{"a counter that never turns", "{quantity: volume, table: input, address: 0, order: ABCD, type: uint64, unit: m³, confirmed: true}", ""},
		{"a level needs no modulus", "{quantity: volume_flow, table: input, address: 0, type: uint16, unit: m³/h, confirmed: true}", ""},
		{"a decimal counter", "{quantity: volume, table: input, address: 0, order: ABCD, type: bcd32, scale: 0.1, unit: m³, confirmed: true}",
			":8:69: warning: the counter volume is a bcd32 without modulus: modulus: 10000000.0 if"},
		{"a float counter in kilowatt-hours", "{quantity: heat_energy, table: input, address: 0, order: ABCD, type: float32, unit: kWh, confirmed: true}",
			":8:74: warning: the counter heat_energy is a float32: beyond 16777216 kWh its steps are 2 and more"},
		{"a register nobody checked", "{quantity: volume, channel: t2, table: input, address: 0, order: ABCD, type: uint64, unit: m³}", ":8:5: warning: volume/t2 is not confirmed: compare"},
		{"a unit nobody knows", "{quantity: heat_power, table: input, address: 0, type: uint16, unit: configured, confirmed: true}", ":8:5: warning: heat_power has no unit that could be read"},
	} {
		file := write(t, dir, "model.yaml", "id: town/own\nmanufacturer: m\nname: n\nsource: s\nrefresh: 1s\nlimits: {max_registers: 20}\nregisters:\n  - "+row.register+"\n")
		lines := strings.Split(strings.TrimSpace(command(t, "", "meters", "check", file).want(t, exitFine).stdout), "\n")
		if row.doubt == "" && len(lines) != 1 || row.doubt != "" && (len(lines) != 2 || !strings.HasPrefix(lines[0], file+row.doubt)) {
			t.Errorf("%s: check says %q, want %q", row.name, lines, row.doubt)
		}
	}
}
