package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
	"heatledger/fieldbus/opcua"
	"heatledger/fieldbus/registermap"
)

type metersListCommand struct {
	Model    string   `arg:"" optional:"" help:"A model, to be shown with its registers; or a part of the ids, makers or names of those to be listed."`
	Quantity []string `help:"Only models that give this quantity; may be given several times." placeholder:"QUANTITY"`
}

// Run shows models: one fully, or what each of them gives.
func (c *metersListCommand) Run(p *process) error {
	for _, q := range c.Quantity {
		if !energy.Quantity(q).Known() {
			names := make([]string, len(energy.Quantities()))
			for i, known := range energy.Quantities() {
				names[i] = string(known)
			}
			return misuse("--quantity %q is not known: %s", q, strictyaml.Suggest(q, names))
		}
	}
	if model, ok := registermap.Builtin(c.Model); ok {
		return p.showModel(model)
	}
	models := c.chosen()
	if len(models) == 0 {
		return misuse("no model that ships with the program fits: heatledger meters list shows them all")
	}
	switch p.line.Output {
	case "json":
		return p.showJSON(modelRows(models))
	case "csv":
		rows := [][]string{append([]string{"model", "manufacturer", "name", "registers", "confirmed", "refresh_seconds", "max_registers", "max_gap"}, quantityNames()...)}
		rows[0] = append(rows[0], "source")
		for _, m := range models {
			rows = append(rows, newModelRow(m).csv())
		}
		return p.showCSV(rows)
	}
	if err := p.showMatrix(models); err != nil || c.Model != "" || len(c.Quantity) > 0 {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, wrapped("", "", "Beside them "+opcua.ECM+", for OPC UA servers that describe their meters by OPC 34100: "+strings.Join(ecmNames(), ", ")+"."))
	return err
}

// ecmNames are the quantities of meters that OPC 34100 describes.
func ecmNames() (names []string) {
	for _, q := range opcua.ECMQuantities() {
		names = append(names, string(q))
	}
	return names
}

// chosen are the shipped models that fit the filters.
func (c *metersListCommand) chosen() (models []*registermap.Model) {
	for _, id := range registermap.Builtins() {
		m, _ := registermap.Builtin(id)
		text := strings.ToLower(m.ID + "\n" + m.Manufacturer + "\n" + m.Name)
		gives := func(q string) bool { return slices.Contains(m.Quantities(), energy.Quantity(q)) }
		if strings.Contains(text, strings.ToLower(c.Model)) && !slices.ContainsFunc(c.Quantity, func(q string) bool { return !gives(q) }) {
			models = append(models, m)
		}
	}
	return models
}

// given is what a model says of a quantity.
type given string

// A model gives a quantity by registers that were all checked, or not.
const (
	notGiven    given = ""
	unconfirmed given = "unconfirmed"
	confirmed   given = "confirmed"
)

// gives tells how a model gives a quantity. It counts as confirmed when its main
// register is: what further channels hold is seen in the model.
func gives(m *registermap.Model, q energy.Quantity) (g given) {
	for _, r := range m.Registers {
		switch {
		case r.Quantity != q:
		case r.Confirmed:
			return confirmed
		default:
			g = unconfirmed
		}
	}
	return g
}

// modelRow is a row of the matrix as programs read it.
type modelRow struct {
	Model        string                    `json:"model"`
	Manufacturer string                    `json:"manufacturer"`
	Name         string                    `json:"name"`
	Registers    int                       `json:"registers"`
	Confirmed    int                       `json:"confirmed"` // of registers
	Refresh      float64                   `json:"refresh_seconds,omitempty"`
	MaxRegisters int                       `json:"max_registers,omitempty"`
	MaxGap       *int                      `json:"max_gap,omitempty"`
	SunSpec      []uint16                  `json:"sunspec,omitempty"`
	Relative     bool                      `json:"relative,omitempty"` // each point states the address of its block
	Identifies   bool                      `json:"identifies"`         // the meter can be recognised by what it says
	Quantities   map[energy.Quantity]given `json:"quantities"`
	UnitAsked    []string                  `json:"unit_asked,omitempty"` // values whose unit the configuration states
	Source       string                    `json:"source"`
	Note         string                    `json:"note,omitempty"`
}

func newModelRow(m *registermap.Model) modelRow {
	c := m.Capability()
	row := modelRow{
		Model: c.Model, Manufacturer: c.Manufacturer, Name: c.Name, Registers: c.Registers, Confirmed: c.Confirmed,
		Refresh: c.Refresh.Seconds(), MaxRegisters: c.Limits.MaxRegisters, SunSpec: c.SunSpec, Relative: c.Relative,
		Identifies: c.Identifies, Quantities: map[energy.Quantity]given{}, UnitAsked: c.UnitAsked, Source: c.Source, Note: c.Note,
	}
	if c.Limits.GapStated {
		row.MaxGap = &c.Limits.MaxGap
	}
	for _, q := range c.Quantities {
		row.Quantities[q] = gives(m, q)
	}
	return row
}

// csv is the row with a column for every quantity there is.
func (r modelRow) csv() []string {
	number := func(n int, ok bool) string {
		if !ok {
			return ""
		}
		return strconv.Itoa(n)
	}
	row := []string{r.Model, r.Manufacturer, r.Name, strconv.Itoa(r.Registers), strconv.Itoa(r.Confirmed), "", number(r.MaxRegisters, r.MaxRegisters > 0), ""}
	if r.Refresh > 0 {
		row[5] = strconv.FormatFloat(r.Refresh, 'f', -1, 64)
	}
	if r.MaxGap != nil {
		row[7] = strconv.Itoa(*r.MaxGap)
	}
	for _, q := range energy.Quantities() {
		row = append(row, string(r.Quantities[q]))
	}
	return append(row, r.Source)
}

func quantityNames() []string {
	var names []string
	for _, q := range energy.Quantities() {
		names = append(names, string(q))
	}
	return names
}

// sign is the column of a quantity in the matrix, two characters at most.
func sign(q energy.Quantity) string {
	switch q {
	case energy.ActiveEnergyImport:
		return "E+"
	case energy.ActiveEnergyExport:
		return "E-"
	case energy.ActivePower:
		return "P"
	case energy.Frequency:
		return "f"
	case energy.HeatEnergy:
		return "Q"
	case energy.CoolingEnergy:
		return "K"
	case energy.HeatPower:
		return "QP"
	case energy.FlowTemperature:
		return "TF"
	case energy.ReturnTemperature:
		return "TR"
	case energy.Temperature:
		return "T"
	case energy.Volume:
		return "V"
	case energy.VolumeFlow:
		return "VF"
	case energy.VolumeTemperatureFlow:
		return "VT"
	case energy.VolumeTemperatureReturn:
		return "VR"
	case energy.WaterVolume:
		return "W"
	case energy.GasVolume:
		return "G"
	case energy.FuelVolume:
		return "O"
	}
	return "??"
}

// showMatrix shows what each model gives, a column for each quantity that any of
// them has.
func (p *process) showMatrix(models []*registermap.Model) error {
	var shown []energy.Quantity
	for _, q := range matrixOrder() {
		if slices.ContainsFunc(models, func(m *registermap.Model) bool { return gives(m, q) != notGiven }) {
			shown = append(shown, q)
		}
	}
	width := len("model")
	for _, m := range models {
		width = max(width, utf8.RuneCountInString(m.ID))
	}
	var page strings.Builder
	line := func(model, refresh string, cell func(energy.Quantity) string) {
		text := fmt.Sprintf("%-*s %7s ", width, model, refresh)
		for _, q := range shown {
			text += fmt.Sprintf(" %-2s", cell(q))
		}
		page.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	line("model", "refresh", sign)
	for _, m := range models {
		line(m.ID, stated(m.Capability().Refresh), func(q energy.Quantity) string {
			return map[given]string{confirmed: "x", unconfirmed: "?"}[gives(m, q)]
		})
	}
	legend := make([]string, len(shown))
	for i, q := range shown {
		legend[i] = sign(q) + " " + string(q) + ","
	}
	legend[len(legend)-1] = strings.TrimSuffix(legend[len(legend)-1], ",")
	page.WriteString("\n" + filled("", "", legend) + "\n")
	page.WriteString(wrapped("", "", "x: checked against the maker's document or a meter; ?: not confirmed. refresh: how often the meter renews its registers; - where that is not stated.") + "\n")
	page.WriteString(wrapped("", "", counted(len(models), "model", "models")+". heatledger meters list MODEL shows one with its registers, its source and what whoever installs it must know.") + "\n")
	_, err := fmt.Fprint(p.stdout, page.String())
	return err
}

// matrixOrder is the quantities as the matrix has them: electricity, heat, the rest.
func matrixOrder() []energy.Quantity {
	first := []energy.Quantity{energy.ActiveEnergyImport, energy.ActiveEnergyExport, energy.ActivePower, energy.Frequency}
	rest := slices.DeleteFunc(energy.Quantities(), func(q energy.Quantity) bool { return slices.Contains(first, q) })
	return append(first, rest...)
}

// stated is a duration, - where none is stated.
func stated(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return short(d)
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	return cmp.Or(map[int]string{1: "1 " + one}[n], fmt.Sprintf("%d %s", n, many))
}

func modelRows(models []*registermap.Model) []modelRow {
	rows := make([]modelRow, len(models))
	for i, m := range models {
		rows[i] = newModelRow(m)
	}
	return rows
}
