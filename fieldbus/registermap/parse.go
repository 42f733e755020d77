package registermap

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// modelFile is a model as its file writes it.
type modelFile struct {
	ID           string        `yaml:"id,required"`
	Manufacturer string        `yaml:"manufacturer,required"`
	Name         string        `yaml:"name,required"`
	Source       string        `yaml:"source,required"`
	Note         string        `yaml:"note"`
	Limits       limitsEntry   `yaml:"limits"`
	Refresh      time.Duration `yaml:"refresh"`
	Registers    []modelEntry  `yaml:"registers,required"`
}

// limitsEntry are [Limits] as files write them. Absent is zero: not stated.
type limitsEntry struct {
	MaxRegisters int `yaml:"max_registers"`
	MaxGap       int `yaml:"max_gap"`
}

// modelEntry is a register of a model: where it was read, and whether it was
// checked, stand beside it.
type modelEntry struct {
	entry
	Confirmed bool   `yaml:"confirmed"`
	Source    string `yaml:"source"`
}

// Load reads a model from a file. The model is nil when there are faults.
func Load(file string) (*Model, energy.Faults) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, energy.Faults{{File: file, Problem: err.Error(), Remedy: "a readable register map is expected"}}
	}
	return Parse(file, src)
}

// Parse reads a model from src, the content of file. It returns every fault in
// the order of the file; the model is nil when there are any.
func Parse(file string, src []byte) (*Model, energy.Faults) {
	var f modelFile
	doc, faults := strictyaml.Decode(file, src, &f)
	add := func(problem, remedy string, path ...any) {
		faults = append(faults, doc.Fault(problem, remedy, path...))
	}
	if n := f.Limits.MaxRegisters; n < 0 || n > MaxRegisters {
		add(fmt.Sprintf("max_registers is %d", n), fmt.Sprintf("1 to %d is expected, or nothing", MaxRegisters), "limits", "max_registers")
	}
	if n := f.Limits.MaxGap; n < 0 || n >= MaxRegisters {
		add(fmt.Sprintf("max_gap is %d", n), fmt.Sprintf("0 to %d is expected", MaxRegisters-1), "limits", "max_gap")
	}
	if f.Refresh < 0 {
		add(fmt.Sprintf("refresh is %s", f.Refresh), "how often the meter renews its registers is expected", "refresh")
	}
	m := &Model{
		ID: f.ID, Manufacturer: f.Manufacturer, Name: f.Name, Source: f.Source, Note: f.Note,
		Limits: Limits(f.Limits), Refresh: f.Refresh,
	}
	entries := make([]entry, len(f.Registers))
	for i, e := range f.Registers {
		entries[i] = e.entry
	}
	registers, found := lintAll(entries)
	for _, x := range found {
		add(x.problem, x.remedy, append([]any{"registers"}, x.path...)...)
	}
	seen := map[energy.Quantity]int{}
	for i, e := range f.Registers {
		r := registers[i]
		r.Confirmed, r.Source = e.Confirmed, e.Source
		m.Registers = append(m.Registers, r)
		if e.Quantity == "" {
			add("the quantity is missing", "what the register measures is expected, such as active_power", "registers", i)
			continue
		}
		if first, doubled := seen[e.Quantity]; doubled {
			add(fmt.Sprintf("%s is in entry %d already", e.Quantity, first+1), "a model has one register for each quantity", "registers", i, "quantity")
			continue
		}
		seen[e.Quantity] = i
	}
	if len(faults) > 0 {
		return nil, inOrder(faults)
	}
	slices.SortStableFunc(m.Registers, func(a, b Register) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Address, b.Address))
	})
	return m, nil
}

// MaxRegisters is how many registers the protocol allows in one request
// (Modbus Application Protocol V1.1b3, 6.3).
const MaxRegisters = 125

// lintAll turns entries into registers and gathers what is wrong with each and
// between them. Paths begin with the index of the entry. Entries that could not
// be read are left alone: their faults are known.
func lintAll(entries []entry) ([]Register, []finding) {
	var found []finding
	registers := make([]Register, len(entries))
	for i, e := range entries {
		if e.Table == "" || e.Type == "" || e.UnitFrom != nil && e.UnitFrom.Type == "" {
			continue
		}
		r, wrong := e.register()
		registers[i] = r
		for _, w := range append(wrong, r.lint()...) {
			w.path = append([]any{i}, w.path...)
			found = append(found, w)
		}
	}
	return registers, append(found, overlaps(registers)...)
}
