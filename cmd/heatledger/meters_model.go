package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// showModel shows one model with its registers.
func (p *process) showModel(m *registermap.Model) error {
	switch p.line.Output {
	case "json":
		return p.showJSON(newModelPage(m))
	case "csv":
		rows := [][]string{{"value", "quantity", "channel", "table", "address", "type", "order", "scale", "offset", "unit", "refresh_seconds", "modulus", "absent", "confirmed", "source", "remarks"}}
		for _, r := range m.Registers {
			rows = append(rows, registerCSV(m, r))
		}
		return p.showCSV(rows)
	}
	var page strings.Builder
	page.WriteString(wrapped(m.ID+": ", "  ", m.Manufacturer+" "+m.Name) + "\n\n")
	for _, fact := range factsOf(m) {
		page.WriteString(wrapped(fmt.Sprintf("%-9s ", fact[0]), strings.Repeat(" ", 10), fact[1]) + "\n")
	}
	page.WriteString("\n")
	rows := [][]string{{"", "value", "register", "type", "scale", "unit"}}
	for _, r := range m.Registers {
		rows = append(rows, []string{mark(r.Confirmed), r.Name(), string(r.Table) + " " + place(r), shownType(r), shownScale(r), shownUnit(r)})
	}
	if err := columns(&page, rows); err != nil {
		return err
	}
	page.WriteString("\n" + wrapped("", "", "x: checked against the maker's document or a meter; ?: not confirmed.") + "\n")
	for _, line := range remarksOf(m) {
		page.WriteString(wrapped("", "  ", line) + "\n")
	}
	_, err := fmt.Fprint(p.stdout, page.String())
	return err
}

// factsOf is what is known of a model as a whole.
func factsOf(m *registermap.Model) [][2]string {
	facts := [][2]string{{"source", m.Source}}
	if m.Note != "" {
		facts = append(facts, [2]string{"note", m.Note})
	}
	limits := "the maker states no number of registers for one request: the protocol's " + strconv.Itoa(registermap.MaxRegisters) + " holds"
	if n := m.Limits.MaxRegisters; n > 0 {
		limits = fmt.Sprintf("at most %d registers in one request", n)
	}
	switch {
	case !m.Limits.GapStated:
		limits += "; whether holes between values may be read along is learned"
	case m.Limits.MaxGap == 0:
		limits += "; no hole between values is read along"
	default:
		limits += fmt.Sprintf("; holes of up to %d registers are read along", m.Limits.MaxGap)
	}
	if m.Limits.Align > 1 {
		limits += fmt.Sprintf("; requests begin at a multiple of %d", m.Limits.Align)
	}
	facts = append(facts, [2]string{"limits", limits})
	refresh := "not stated"
	if m.Refresh > 0 {
		refresh = "every " + short(m.Refresh) + "; it is not read more often"
	}
	facts = append(facts, [2]string{"refresh", refresh})
	if len(m.SunSpec) > 0 {
		facts = append(facts, [2]string{"addresses", fmt.Sprintf("from the id register of SunSpec model %s, which is looked for", strings.Trim(fmt.Sprint(m.SunSpec), "[]"))})
	}
	if m.Relative {
		facts = append(facts, [2]string{"addresses", "from the block that the configuration states with each point: {point: SITE/NAME, address: 20}"})
	}
	return facts
}

// place is the address of a register, with the bit if it is one of a register.
func place(r registermap.Register) string {
	if r.Type == registermap.Bool && !r.Table.Bits() {
		return fmt.Sprintf("%d.%d", r.Address, r.Bit)
	}
	return strconv.Itoa(int(r.Address))
}

func shownScale(r registermap.Register) string {
	text := r.Scale.String()
	if m, _ := r.Offset.Mantissa(); m != 0 {
		text += " + " + r.Offset.String()
	}
	if r.ScaleFrom != nil {
		text += fmt.Sprintf(" by %d", r.ScaleFrom.Address)
	}
	return text
}

func shownUnit(r registermap.Register) string {
	switch {
	case r.UnitAsked():
		return "asked"
	case r.UnitFrom != nil:
		return fmt.Sprintf("by %d", r.UnitFrom.Address)
	}
	return string(r.Unit)
}

// mark is the sign of what is confirmed, or of what is not.
func mark(confirmed bool) string {
	if confirmed {
		return "x"
	}
	return "?"
}

// shownType is the type, with the order of its bytes where it is not the
// protocol's own.
func shownType(r registermap.Register) string {
	if r.Order == registermap.ABCD {
		return string(r.Type)
	}
	return string(r.Type) + " " + string(r.Order)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// remarksOf explains what the table of a model has no room for.
func remarksOf(m *registermap.Model) (lines []string) {
	for _, r := range m.Registers {
		if remarks := remarksOn(m, r); len(remarks) > 0 {
			lines = append(lines, r.Name()+": "+strings.Join(remarks, "; "))
		}
	}
	for _, i := range m.Identity {
		text := fmt.Sprintf("identity: %s in %s %d", i.What, i.Table, i.Address)
		if len(i.Expect) > 0 {
			text += fmt.Sprintf(", which holds %s", strings.Join(i.Expect, " or "))
		}
		lines = append(lines, text)
	}
	return lines
}

// remarksOn is what a register has beside its row.
func remarksOn(m *registermap.Model, r registermap.Register) (remarks []string) {
	add := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }
	if r.UnitAsked() {
		add("its unit is the one that the meter shows: {point: SITE/NAME, unit: %s}", r.Quantity.Unit())
	}
	if u := r.UnitFrom; u != nil {
		switch {
		case u.Explained():
			add("its unit is told by %s at %d", u.Type, u.Address)
		default:
			add("%s at %d holds a code of the unit that is not publicly known", u.Type, u.Address)
		}
	}
	if s := r.ScaleFrom; s != nil {
		add("multiplied by what %s at %d says (%s)", s.Type, s.Address, s.As)
	}
	if r.Modulus.Float64() > 0 {
		add("starts anew at %s %s", r.Modulus, r.Unit)
	}
	if len(r.Absent) > 0 {
		add("absent when it holds %s", patterns(r.Absent))
	}
	if r.Refresh > 0 && r.Refresh != m.Refresh {
		add("renewed every %s", short(r.Refresh))
	}
	if r.Source != "" {
		add("source: %s", r.Source)
	}
	return remarks
}

func patterns(absent []uint64) string {
	texts := make([]string, len(absent))
	for i, p := range absent {
		texts[i] = fmt.Sprintf("%#x", p)
	}
	return strings.Join(texts, " or ")
}

// modelPage is a model with its registers as programs read it.
type modelPage struct {
	modelRow
	Values   []registerRow `json:"values"`
	Identity []identityRow `json:"identity,omitempty"`
}

// registerRow is a register of a model; the value is number × scale + offset.
type registerRow struct {
	Value     string          `json:"value"` // as below points:
	Quantity  energy.Quantity `json:"quantity"`
	Channel   string          `json:"channel,omitempty"`
	Table     string          `json:"table"`
	Address   uint16          `json:"address"`
	Bit       *uint8          `json:"bit,omitempty"`
	Type      string          `json:"type"`
	Order     string          `json:"order"`
	Scale     energy.Value    `json:"scale"`
	Offset    energy.Value    `json:"offset"`
	Unit      energy.Unit     `json:"unit,omitempty"`
	UnitAsked bool            `json:"unit_asked,omitempty"`
	UnitFrom  *uint16         `json:"unit_register,omitempty"`
	ScaleFrom *uint16         `json:"scale_register,omitempty"`
	Refresh   float64         `json:"refresh_seconds,omitempty"`
	Modulus   *energy.Value   `json:"modulus,omitempty"`
	Absent    []string        `json:"absent,omitempty"`
	Confirmed bool            `json:"confirmed"`
	Source    string          `json:"source,omitempty"`
}

// identityRow is a register by which a meter tells what it is.
type identityRow struct {
	What    string   `json:"what"`
	Table   string   `json:"table"`
	Address uint16   `json:"address"`
	Words   int      `json:"words"`
	Expect  []string `json:"expect,omitempty"`
}

func newModelPage(m *registermap.Model) modelPage {
	page := modelPage{modelRow: newModelRow(m)}
	for _, r := range m.Registers {
		row := registerRow{
			Value: r.Name(), Quantity: r.Quantity, Channel: r.Channel, Table: string(r.Table), Address: r.Address,
			Type: string(r.Type), Order: string(r.Order), Scale: r.Scale, Offset: r.Offset, Unit: r.Unit, UnitAsked: r.UnitAsked(),
			Refresh: r.Refresh.Seconds(), Confirmed: r.Confirmed, Source: r.Source,
		}
		if r.Type == registermap.Bool && !r.Table.Bits() {
			row.Bit = &r.Bit
		}
		if r.UnitFrom != nil {
			row.UnitFrom = &r.UnitFrom.Address
		}
		if r.ScaleFrom != nil {
			row.ScaleFrom = &r.ScaleFrom.Address
		}
		if r.Modulus.Float64() > 0 {
			row.Modulus = &r.Modulus
		}
		for _, pattern := range r.Absent {
			row.Absent = append(row.Absent, fmt.Sprintf("%#x", pattern))
		}
		page.Values = append(page.Values, row)
	}
	for _, i := range m.Identity {
		page.Identity = append(page.Identity, identityRow{i.What, string(i.Table), i.Address, i.Words(), i.Expect})
	}
	return page
}

func registerCSV(m *registermap.Model, r registermap.Register) []string {
	refresh, modulus := "", ""
	if r.Refresh > 0 {
		refresh = strconv.FormatFloat(r.Refresh.Seconds(), 'f', -1, 64)
	}
	if r.Modulus.Float64() > 0 {
		modulus = r.Modulus.String()
	}
	source := r.Source
	if source == "" {
		source = m.Source
	}
	told := slices.DeleteFunc(remarksOn(m, r), func(s string) bool { return strings.HasPrefix(s, "source: ") })
	return []string{
		r.Name(), string(r.Quantity), r.Channel, string(r.Table), place(r), string(r.Type), string(r.Order), r.Scale.String(), r.Offset.String(),
		string(r.Unit), refresh, modulus, patterns(r.Absent), yes(r.Confirmed), source, strings.Join(told, "; "),
	}
}
