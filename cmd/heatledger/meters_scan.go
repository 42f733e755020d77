package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/config"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/registermap"
)

type metersScanCommand struct {
	Connection string        `arg:"" optional:"" help:"Modbus connection of the configuration."`
	URL        string        `help:"In place of a connection of the configuration: the address of a line, such as tcp://HOST:502." placeholder:"URL"`
	Units      string        `help:"Units that are asked: 1-247, or 1,3,10-20." default:"1-247"`
	Timeout    time.Duration `help:"How long to wait for a unit's answer." default:"500ms"`
	Pause      time.Duration `help:"Between two questions." default:"20ms"`
	lineFlags
}

// Run asks every unit of a line whether it is there, one at a time.
func (c *metersScanCommand) Run(p *process) error {
	units, err := parseUnits(c.Units)
	if err != nil {
		return err
	}
	if browse, ok := c.browse(p); ok {
		return browse.Run(p)
	}
	line, err := c.config(p)
	if err != nil {
		return err
	}
	line.Meters, line.Log = nil, p.log
	models := make([]*registermap.Model, 0, len(registermap.Builtins()))
	for _, id := range registermap.Builtins() {
		m, _ := registermap.Builtin(id)
		models = append(models, m)
	}
	shown := newProgress(p.stderr, "units asked")
	shown.expect(int64(len(units)))
	found, err := modbus.Scan(p.ctx, line, units, models, func(uint8, *modbus.Found) { shown.advance(1) })
	shown.end()
	if len(found) > 0 || err == nil {
		if err := p.showScan(line, units, found); err != nil {
			return err
		}
	}
	if err != nil {
		return explained(err)
	}
	return nil
}

// browse is what finds the points of an OPC UA server, which has variables and no
// units; ok is false for a Modbus line.
func (c *metersScanCommand) browse(p *process) (*metersBrowseCommand, bool) {
	server := serverFlags{Connection: c.Connection, URL: c.URL, Security: "None", Timeout: serverPatience}
	isServer := strings.HasPrefix(c.URL, "opc.tcp://")
	if cfg, err := p.configuration(); err == nil && c.URL == "" {
		i, err := connectionOf(cfg, c.Connection)
		isServer = err == nil && cfg.Connections[i].OPCUA != nil
	}
	return &metersBrowseCommand{serverFlags: server, Depth: browseDepth, Site: anySite}, isServer
}

// config is the line that is scanned.
func (c *metersScanCommand) config(p *process) (modbus.Config, error) {
	if (c.Connection == "") == (c.URL == "") {
		return modbus.Config{}, misuse("which line? heatledger meters scan --url tcp://HOST:502, or --config FILE meters scan CONNECTION")
	}
	if c.URL != "" {
		line, err := c.line(c.URL, c.Timeout)
		line.Pause = c.Pause
		return line, err
	}
	cfg, err := p.configuration()
	if err != nil {
		return modbus.Config{}, err
	}
	i, err := connectionOf(cfg, c.Connection)
	if err != nil {
		return modbus.Config{}, err
	}
	p.warnOfCollector(cfg)
	return scannedLine(p, cfg, i, c)
}

// scannedLine is a line of the configuration, with the patience of a scan.
func scannedLine(p *process, cfg *config.Config, i int, c *metersScanCommand) (modbus.Config, error) {
	line, faults := p.modbusLine(cfg, i, true)
	line.Timeout, line.Pause = c.Timeout, max(line.Pause, c.Pause)
	return line, faults.Err()
}

// parseUnits reads "1-247" or "1,3,10-20", each unit once.
func parseUnits(text string) ([]uint8, error) {
	wrong := misuse("--units %q: units from 0 to 255 are expected, such as 1-247 or 1,3,10-20", text)
	var units []uint8
	for _, part := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		first, err := strconv.ParseUint(from, 10, 8)
		last, lastErr := strconv.ParseUint(to, 10, 8)
		if err != nil || lastErr != nil || last < first {
			return nil, wrong
		}
		for u := first; u <= last; u++ {
			if !slices.Contains(units, uint8(u)) {
				units = append(units, uint8(u))
			}
		}
	}
	return units, nil
}

// foundUnit is a unit as programs read it.
type foundUnit struct {
	Unit    uint8         `json:"unit"`
	Answer  string        `json:"answer"`
	Seconds float64       `json:"seconds"`
	Likely  []likelyModel `json:"likely"`
	Halted  string        `json:"halted,omitempty"`
}

// likelyModel is a model that a unit may be.
type likelyModel struct {
	Model    string   `json:"model"`
	Grade    string   `json:"grade"`
	Evidence []string `json:"evidence"`
}

// showScan shows who answered and what they may be.
func (p *process) showScan(line modbus.Config, units []uint8, found []modbus.Found) error {
	page := make([]foundUnit, len(found))
	for i, f := range found {
		page[i] = foundUnit{Unit: f.Unit, Answer: f.Answer, Seconds: f.Took.Seconds(), Likely: []likelyModel{}, Halted: f.Halted}
		for _, l := range f.Likely {
			page[i].Likely = append(page[i].Likely, likelyModel{l.Model, l.Grade.String(), l.Evidence})
		}
	}
	switch p.line.Output {
	case "json":
		return p.showJSON(page)
	case "csv":
		rows := [][]string{{"unit", "answer", "milliseconds", "model", "grade", "evidence"}}
		for i, f := range page {
			row := []string{strconv.Itoa(int(f.Unit)), f.Answer, strconv.FormatInt(found[i].Took.Milliseconds(), 10), "", "", ""}
			for _, l := range f.Likely {
				rows = append(rows, append(slices.Clone(row[:3]), l.Model, l.Grade, strings.Join(l.Evidence, "; ")))
			}
			if len(f.Likely) == 0 {
				rows = append(rows, row)
			}
		}
		return p.showCSV(rows)
	}
	for i, f := range page {
		fmt.Fprintf(p.stdout, "unit %d: %s, after %s\n", f.Unit, f.Answer, found[i].Took.Round(time.Millisecond))
		for _, text := range likenesses(found[i]) {
			fmt.Fprintln(p.stdout, wrapped("  ", "    ", text))
		}
	}
	return p.showScanned(line, units, found)
}

// likenesses say what a unit may be. Models with the same evidence share a line.
func likenesses(f modbus.Found) (lines []string) {
	if f.Halted != "" {
		lines = append(lines, "it did not answer all questions: "+f.Halted)
	}
	if len(f.Likely) == 0 {
		return append(lines, "fits none of the models that ship with the program")
	}
	var order []string
	models := map[string][]string{}
	for _, l := range f.Likely {
		evidence := strings.Join(l.Evidence, "; ")
		if l.Grade == modbus.Identified {
			evidence += " (it says so itself)"
		}
		if _, known := models[evidence]; !known {
			order = append(order, evidence)
		}
		models[evidence] = append(models[evidence], l.Model)
	}
	for _, evidence := range order {
		lines = append(lines, "may be "+strings.Join(models[evidence], " or ")+": "+evidence)
	}
	return lines
}

// deafToUnits is from how many units on it is worth a remark that all answer.
const deafToUnits = 8

// showScanned says how much was asked, and what the answers cannot tell.
func (p *process) showScanned(line modbus.Config, units []uint8, found []modbus.Found) error {
	text := fmt.Sprintf("%s at %s: %d asked.", counted(len(found), "unit answers", "units answer"), line.URL, len(units))
	if len(found) > 0 {
		text += " A likeness is what was seen, no certainty: makers share register maps. heatledger meters probe reads a meter by a model."
	}
	if len(found) >= deafToUnits && len(found) == len(units) {
		text += " Every unit answers: this is probably one device that does not look at the unit."
	}
	_, err := fmt.Fprintln(p.stdout, wrapped("", "", text))
	return err
}
