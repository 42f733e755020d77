package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/fieldbus/modbus"
	"heatledger/fieldbus/registermap"
)

type metersProbeCommand struct {
	Meter   string        `arg:"" optional:"" help:"Meter of the configuration."`
	URL     string        `help:"In place of a meter of the configuration: the address of a line, such as tcp://HOST:502." placeholder:"URL"`
	Unit    uint8         `help:"With --url: the unit on the line." default:"1"`
	Model   string        `help:"With --url: the model of the meter, one that ships with the program or a file." placeholder:"MODEL"`
	Address *uint16       `help:"With --url: where the block of a model begins whose addresses are relative." placeholder:"ADDRESS"`
	Timeout time.Duration `help:"With --url: how long to wait for an answer." default:"1s"`
	lineFlags
}

// lineFlags describe a line that no configuration describes.
type lineFlags struct {
	Speed    uint   `help:"With an rtu:// address: bit/s." default:"19200"`
	Parity   string `help:"With an rtu:// address: none, even, odd." default:"even" enum:"none,even,odd"`
	StopBits uint   `help:"With an rtu:// address: 1 or 2; without it 1, or 2 without parity."`
}

// line is the configuration of a line that only these flags describe.
func (f lineFlags) line(url string, timeout time.Duration) (modbus.Config, error) {
	c := modbus.Config{ID: url, URL: url, Timeout: timeout}
	scheme, address, ok := strings.Cut(url, "://")
	switch {
	case !ok || address == "" || !slices.Contains(modbus.Schemes(), scheme):
		return c, misuse("--url %q is no address of a Modbus line: SCHEME://HOST:PORT with %s is expected", url, strings.Join(modbus.Schemes(), ", "))
	case scheme == "tcp+tls":
		return c, misuse("--url %q: a connection with certificates is described by the configuration: name one of its meters", url)
	}
	if scheme == "rtu" {
		c.Serial = modbus.Serial{Speed: f.Speed, Parity: f.Parity, StopBits: f.StopBits}
	}
	return c, nil
}

// Run reads one meter and shows what it said.
func (c *metersProbeCommand) Run(p *process) error {
	if (c.Meter == "") == (c.URL == "") {
		return misuse("which meter? heatledger --config FILE meters probe METER, or meters probe --url tcp://HOST:502 --unit 1 --model MODEL")
	}
	if c.URL != "" {
		return c.probeAddress(p)
	}
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	i, j, err := meterOf(cfg, c.Meter)
	if err != nil {
		return err
	}
	p.warnOfCollector(cfg)
	if cfg.Connections[i].OPCUA != nil {
		return p.probeOPCUA(cfg, i, j)
	}
	meter, faults := modbusMeter(cfg, i, j)
	if len(faults) > 0 {
		return faults
	}
	line, faults := p.modbusLine(cfg, i, true)
	if len(faults) > 0 {
		return faults
	}
	line.Meters = []modbus.Meter{meter.Meter}
	var identity []registermap.IdentityRegister
	title := "its own map"
	if meter.model != nil {
		identity, title = meter.model.Identity, meter.model.ID
	}
	return p.probeModbus(line, title, identity)
}

// probeAddress reads a meter that no configuration knows.
func (c *metersProbeCommand) probeAddress(p *process) error {
	line, err := c.line(c.URL, c.Timeout)
	if err != nil {
		return err
	}
	model, err := c.model()
	if err != nil {
		return err
	}
	meter := modbus.Meter{ID: "meter", Unit: c.Unit, Limits: model.Limits, Locate: locate(model)}
	for _, r := range model.Registers {
		if model.Relative {
			if c.Address == nil {
				return misuse("the addresses of %s are relative to a block: --address is expected", model.ID)
			}
			moved, ok := r.At(*c.Address)
			if !ok {
				return misuse("--address %d: the block ends behind the last address", *c.Address)
			}
			r = moved
		}
		meter.Registers = append(meter.Registers, registermap.PointRegister{Register: r})
	}
	line.Meters = []modbus.Meter{meter}
	return p.probeModbus(line, model.ID, model.Identity)
}

// model is the one that --model names.
func (c *metersProbeCommand) model() (*registermap.Model, error) {
	if c.Model == "" {
		return nil, misuse("--url without --model: heatledger meters list shows the models, and meters scan which of them may be there")
	}
	if file, isFile := (config.Meter{Model: c.Model}).ModelFile(); isFile {
		model, faults := registermap.Load(file)
		return model, faults.Err()
	}
	model, ok := registermap.Builtin(c.Model)
	if !ok {
		return nil, misuse("--model %q ships not with the program: %s", c.Model, suggestModel(c.Model))
	}
	return model, nil
}

// meterOf finds a meter of the configuration by its id.
func meterOf(cfg *config.Config, id string) (i, j int, err error) {
	var known []string
	for i, c := range cfg.Connections {
		for j, m := range c.Meters {
			if string(m.ID) == id {
				return i, j, nil
			}
			known = append(known, string(m.ID))
		}
	}
	if len(known) == 0 {
		return 0, 0, misuse("meter %q: the configuration has no meters; name its file by --config, or an address by --url", id)
	}
	return 0, 0, misuse("meter %q: the configuration has %s", id, strings.Join(known, ", "))
}

// probeModbus reads the only meter of a line.
func (p *process) probeModbus(line modbus.Config, model string, identity []registermap.IdentityRegister) error {
	meter := line.Meters[0]
	line.Log = p.log
	got, err := modbus.Probe(p.ctx, line, meter.ID, identity...)
	if err != nil {
		return explained(err)
	}
	if err := p.showProbing(line, model, got); err != nil {
		return err
	}
	if !got.Answered() {
		return fmt.Errorf("unit %d at %s gives no answer: check address, unit, wiring and whether the gateway takes a second client; heatledger meters scan finds the units of a line", got.Unit, line.URL)
	}
	return nil
}

// explained adds what is mostly behind a refused connection.
func explained(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) {
		return fmt.Errorf("%w: nobody listens there, or it takes one client at a time and a collector has it", err)
	}
	return err
}

// probedRow is a register of a probe as programs read it.
type probedRow struct {
	Point    energy.PointID `json:"point,omitempty"`
	Value    string         `json:"name,omitempty"` // in the model
	Table    string         `json:"table"`
	Address  uint16         `json:"address"`
	Type     string         `json:"type"`
	Words    []string       `json:"words"` // hexadecimal, as they came over the wire
	Number   *energy.Value  `json:"value"`
	Unit     energy.Unit    `json:"unit,omitempty"`
	At       time.Time      `json:"at,omitzero"`
	Problem  string         `json:"problem,omitempty"`
	NotThere bool           `json:"absent,omitempty"` // the meter answered that it has no value
}

// probedMeter is a probe as programs read it.
type probedMeter struct {
	Meter     string           `json:"meter"`
	URL       string           `json:"url"`
	Unit      uint8            `json:"unit"`
	Model     string           `json:"model"`
	Begun     time.Time        `json:"begun"`
	Seconds   float64          `json:"seconds"`
	Requests  int              `json:"requests"`
	Base      *uint16          `json:"base,omitempty"`
	Registers []probedRow      `json:"registers"`
	Identity  []probedIdentity `json:"identity,omitempty"`
}

// probedIdentity is what a meter says it is.
type probedIdentity struct {
	What    string `json:"what"`
	Text    string `json:"text,omitempty"`
	Fits    bool   `json:"fits"`
	Problem string `json:"problem,omitempty"`
}

func newProbedMeter(line modbus.Config, model string, got *modbus.Probing) probedMeter {
	page := probedMeter{Meter: got.Meter, URL: line.URL, Unit: got.Unit, Model: model, Begun: got.Begun, Seconds: got.Took.Seconds(), Requests: got.Requests}
	if got.Located {
		page.Base = &got.Base
	}
	for _, r := range got.Registers {
		row := probedRow{Point: r.Point, Value: r.Name(), Table: string(r.Table), Address: r.Address, Type: string(r.Type), Words: hexWords(r.Words), At: r.At}
		if r.Err != nil {
			row.Problem, row.NotThere = r.Err.Error(), errors.Is(r.Err, registermap.ErrAbsent)
		} else {
			row.Number, row.Unit = &r.Value, r.Unit
		}
		page.Registers = append(page.Registers, row)
	}
	for _, i := range got.Identity {
		told := probedIdentity{What: i.What, Text: i.Text, Fits: i.Fits}
		if i.Err != nil {
			told.Problem = i.Err.Error()
		}
		page.Identity = append(page.Identity, told)
	}
	return page
}

func hexWords(words []uint16) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = fmt.Sprintf("%04X", w)
	}
	return texts
}

// showProbing shows what a meter said.
func (p *process) showProbing(line modbus.Config, model string, got *modbus.Probing) error {
	page := newProbedMeter(line, model, got)
	switch p.line.Output {
	case "json":
		return p.showJSON(page)
	case "csv":
		rows := [][]string{{"point", "name", "table", "address", "type", "words", "value", "unit", "at", "problem"}}
		for _, r := range page.Registers {
			row := []string{string(r.Point), r.Value, r.Table, fmt.Sprint(r.Address), r.Type, strings.Join(r.Words, " "), "", string(r.Unit), "", r.Problem}
			if r.Number != nil {
				row[6] = r.Number.String()
			}
			if !r.At.IsZero() {
				row[8] = r.At.Format(time.RFC3339Nano)
			}
			rows = append(rows, row)
		}
		return p.showCSV(rows)
	}
	fmt.Fprintf(p.stdout, "%s: unit %d at %s, %s\n", page.Meter, page.Unit, page.URL, page.Model)
	if page.Base != nil {
		fmt.Fprintf(p.stdout, "its registers begin at %d\n", *page.Base)
	}
	rows := [][]string{{"value", "register", "type", "words", "reads"}}
	for _, r := range page.Registers {
		row := []string{nameOfProbed(r), fmt.Sprintf("%s %d", r.Table, r.Address), r.Type, strings.Join(r.Words, " "), r.Problem}
		switch {
		case r.Number != nil:
			row[4] = r.Number.String() + " " + string(r.Unit)
		case r.NotThere:
			row[4] = "absent: the meter has no value"
		case len(r.Words) == 0:
			row[3] = "-"
		}
		rows = append(rows, row)
	}
	if err := columns(p.stdout, rows); err != nil {
		return err
	}
	for _, i := range page.Identity {
		fmt.Fprintln(p.stdout, shownIdentity(i))
	}
	_, err := fmt.Fprintf(p.stdout, "%s in %s\n", counted(page.Requests, "request", "requests"), got.Took.Round(time.Millisecond))
	return err
}

// nameOfProbed is the point that a register fills or, without one, what it measures.
func nameOfProbed(r probedRow) string {
	if r.Point != "" {
		return string(r.Point)
	}
	return r.Value
}

func shownIdentity(i probedIdentity) string {
	switch {
	case i.Problem != "":
		return fmt.Sprintf("%s: %s", i.What, i.Problem)
	case !i.Fits:
		return fmt.Sprintf("%s: %q, which meters of this model do not say", i.What, i.Text)
	}
	return fmt.Sprintf("%s: %q", i.What, i.Text)
}
