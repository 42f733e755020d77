package registermap

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// modelFile is a model as its file writes it.
type modelFile struct {
	ID           string          `yaml:"id,required"`
	Manufacturer string          `yaml:"manufacturer,required"`
	Name         string          `yaml:"name,required"`
	Source       string          `yaml:"source,required"`
	Note         string          `yaml:"note"`
	Limits       limitsEntry     `yaml:"limits"`
	Refresh      time.Duration   `yaml:"refresh"`
	SunSpec      []uint16        `yaml:"sunspec"`
	Relative     bool            `yaml:"relative"`
	Registers    []modelEntry    `yaml:"registers,required"`
	Identity     []identityEntry `yaml:"identity"`
}

// limitsEntry are [Limits] as files write them. Absent: not stated.
type limitsEntry struct {
	MaxRegisters *int `yaml:"max_registers"`
	MaxGap       *int `yaml:"max_gap"`
	Align        *int `yaml:"align"`
}

// modelEntry is a register of a model: where it was read, and whether it was
// checked, stand beside it.
type modelEntry struct {
	entry
	Channel   string        `yaml:"channel"`
	Refresh   time.Duration `yaml:"refresh"`
	Confirmed bool          `yaml:"confirmed"`
	Source    string        `yaml:"source"`
}

// asConfigured stands for the unit of a value whose unit is set in the meter and
// not to be read: whoever configures the meter states the one it shows.
const asConfigured = "configured"

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
	m := &Model{
		ID: f.ID, Manufacturer: f.Manufacturer, Name: f.Name, Source: f.Source, Note: f.Note,
		Refresh: f.Refresh, SunSpec: f.SunSpec, Relative: f.Relative,
	}
	limits, found := f.Limits.limits()
	m.Limits = limits
	registers, wrong := f.registers()
	m.Registers = registers
	identity, unfit := f.identity()
	m.Identity = identity
	for _, x := range slices.Concat(found, f.lint(), wrong, unfit) {
		faults = append(faults, doc.Fault(x.problem, x.remedy, x.path...))
	}
	if len(faults) == 0 && len(m.Registers) == 0 {
		faults = append(faults, doc.Fault("the register map is empty", "registers: with at least one register is expected", "registers"))
	}
	if len(faults) > 0 {
		return nil, inOrder(faults)
	}
	slices.SortStableFunc(m.Registers, func(a, b Register) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Bit, b.Bit))
	})
	return m, nil
}

// MaxRegisters is how many registers the protocol allows in one request
// (Modbus Application Protocol V1.1b3, 6.3).
const MaxRegisters = 125

// limits are the limits of e and what is wrong with them.
func (e limitsEntry) limits() (l Limits, found []finding) {
	take := func(field string, from *int, into *int, least, most int) {
		if from == nil {
			return
		}
		if *into = *from; *from < least || *from > most {
			found = append(found, finding{[]any{"limits", field}, fmt.Sprintf("%s is %d", field, *from),
				fmt.Sprintf("%d to %d is expected, or nothing where the maker states none", least, most)})
		}
	}
	take("max_registers", e.MaxRegisters, &l.MaxRegisters, 1, MaxRegisters)
	take("max_gap", e.MaxGap, &l.MaxGap, 0, MaxRegisters-1)
	take("align", e.Align, &l.Align, 1, MaxRegisters)
	l.GapStated = e.MaxGap != nil
	return l, found
}

// lint finds what is wrong with the model as a whole.
func (f modelFile) lint() []finding {
	var found []finding
	add := func(problem, remedy string, path ...any) { found = append(found, finding{path, problem, remedy}) }
	if f.Refresh < 0 {
		add(fmt.Sprintf("refresh is %s", f.Refresh), "how often the meter renews its registers is expected", "refresh")
	}
	if f.Relative && len(f.SunSpec) > 0 {
		add("a SunSpec block is found by itself", "keep sunspec or relative", "relative")
	}
	for i, id := range f.SunSpec {
		if id == 0 || id == sunSpecEnd {
			add(fmt.Sprintf("%d is no SunSpec model", id), "the id of a model is expected, such as 203", "sunspec", i)
		}
	}
	return found
}

// registers are those of the model and what is wrong with them.
func (f modelFile) registers() ([]Register, []finding) {
	entries := make([]entry, len(f.Registers))
	for i, e := range f.Registers {
		entries[i] = e.entry
		if e.Unit == asConfigured {
			entries[i].Unit = e.Quantity.Unit() // so that the rest is checked
		}
	}
	registers, found := lintAll(entries, f.Relative)
	add := func(i int, problem, remedy string, path ...any) {
		found = append(found, finding{append([]any{i}, path...), problem, remedy})
	}
	seen := map[string]int{}
	for i, e := range f.Registers {
		r := &registers[i]
		r.Channel, r.Confirmed, r.Source = e.Channel, e.Confirmed, e.Source
		r.Refresh = cmp.Or(e.Refresh, f.Refresh)
		if e.Unit == asConfigured {
			r.Unit = ""
		}
		if e.Refresh < 0 {
			add(i, fmt.Sprintf("refresh is %s", e.Refresh), "how often the meter renews this value is expected", "refresh")
		}
		if strings.Trim(e.Channel, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			add(i, fmt.Sprintf("%q is no channel", e.Channel), "a name of a-z, 0-9 and - is expected, such as tariff-2", "channel")
		}
		if e.Quantity == "" {
			add(i, "the quantity is missing", "what the register measures is expected, such as active_power")
			continue
		}
		name := Register{Quantity: e.Quantity, Channel: e.Channel}.Name()
		if first, doubled := seen[name]; doubled {
			add(i, fmt.Sprintf("%s is in entry %d already", name, first+1), "a model has one register for each quantity and channel", "quantity")
			continue
		}
		seen[name] = i
	}
	for i := range found {
		found[i].path = append([]any{"registers"}, found[i].path...)
	}
	return registers, found
}

// lintAll turns entries into registers and gathers what is wrong with each and,
// unless each stands in a block of its own, between them. Paths begin with the
// index of the entry. Entries that could not be read are left alone: their
// faults are known.
func lintAll(entries []entry, apart bool) ([]Register, []finding) {
	var found []finding
	registers := make([]Register, len(entries))
	for i, e := range entries {
		if e.unreadable() {
			continue
		}
		r, wrong := e.register()
		registers[i] = r
		if apart {
			wrong = append(wrong, overlaps([]Register{r})...)
		}
		for _, w := range append(wrong, r.lint()...) {
			w.path = append([]any{i}, w.path...)
			found = append(found, w)
		}
	}
	if apart {
		return registers, found
	}
	return registers, append(found, overlaps(registers)...)
}
