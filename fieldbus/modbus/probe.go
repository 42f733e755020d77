package modbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// Probing is what one meter said when it was asked once.
type Probing struct {
	Meter     string
	Unit      uint8
	Begun     time.Time
	Took      time.Duration
	Requests  int
	Located   bool     // the map's addresses are relative, and Base was looked for
	Base      uint16   // where they begin
	Registers []Probed // in the order of the configuration
	Identity  []Told   // in the order of the model
}

// Answered tells whether the unit gave any answer, an exception included.
func (p *Probing) Answered() bool {
	heard := func(err error) bool { return err == nil || !errors.Is(err, errNotAsked) && !unheard(err) }
	return slices.ContainsFunc(p.Registers, func(r Probed) bool { return r.Words != nil || heard(r.Err) }) ||
		slices.ContainsFunc(p.Identity, func(i Told) bool { return heard(i.Err) })
}

// Probed is a register as the meter showed it.
type Probed struct {
	registermap.PointRegister
	At         time.Time    // of the answer
	Words      []uint16     // as they came over the wire; nil: none came
	Companions [][]uint16   // of its unit register and its scale register; nil: not read
	Value      energy.Value // in Unit, if Err is nil
	Unit       energy.Unit  // the canonical one
	Err        error        // why there is no value; [registermap.ErrAbsent] where the meter has none
}

// Told is what an identity register held.
type Told struct {
	registermap.IdentityRegister
	Text string
	Fits bool // it is what meters of the model hold
	Err  error
}

// Probe reads every register of one meter of c once, and then those by which it
// tells what it is. It opens a connection of its own for that and closes it:
// beside a driver that has the line, a gateway that takes one client refuses it.
// It asks one question at a time under the limits that the driver keeps, and a
// block that is refused register by register. A unit that twice gives no answer
// is left alone. The error says that there is no such meter or no connection;
// what the meter refuses stands beside its register.
func Probe(ctx context.Context, c Config, meter string, identity ...registermap.IdentityRegister) (*Probing, error) {
	i := slices.IndexFunc(c.Meters, func(m Meter) bool { return m.ID == meter })
	if i < 0 {
		return nil, fmt.Errorf("probe meter %s: connection %s has no such meter", meter, c.ID)
	}
	ask, err := newInquirer(c)
	if err != nil {
		return nil, fmt.Errorf("probe meter %s: %w", meter, err)
	}
	defer ask.line.close()
	p := prober{inquirer: ask, meter: c.Meters[i], limits: limitsOf(c.Meters[i].Limits, c.MaxRegisters), answers: map[field]probeAnswer{}}
	found := &Probing{Meter: meter, Unit: p.meter.Unit, Begun: time.Now().UTC()}
	if p.meter.Locate != nil {
		if found.Base, err = p.locate(ctx); err != nil {
			return nil, fmt.Errorf("probe meter %s: find its registers: %w", meter, err)
		}
		found.Located = true
	}
	if err := p.run(ctx, identity); err != nil {
		return nil, fmt.Errorf("probe meter %s: %w", meter, err)
	}
	found.Took, found.Requests = time.Since(found.Begun), ask.requests
	for _, r := range p.meter.Registers {
		found.Registers = append(found.Registers, p.probed(r))
	}
	for _, i := range identity {
		found.Identity = append(found.Identity, p.told(i))
	}
	return found, nil
}

// prober reads one meter.
type prober struct {
	*inquirer
	meter   Meter
	limits  limits
	answers map[field]probeAnswer
	mute    int // questions in a row without answer
}

// probeAnswer is what came when a field was asked for.
type probeAnswer struct {
	words []uint16
	at    time.Time
	err   error
}

// patienceOfProbe is how many questions in a row may go unanswered.
const patienceOfProbe = 2

// locate finds the block to which the addresses are relative, and moves the
// registers there.
func (p *prober) locate(ctx context.Context) (base uint16, err error) {
	base, err = p.meter.Locate(func(t registermap.Table, address uint16, count int) ([]uint16, error) {
		if p.mute >= patienceOfProbe {
			return nil, errNoAnswer
		}
		words, _, err := p.ask(ctx, p.meter.Unit, p.limits.alone(0, field{t, int(address), count}))
		if p.mute++; !unheard(err) {
			p.mute = 0
		}
		return words, err
	})
	if err != nil {
		return 0, err
	}
	p.meter.Registers = slices.Clone(p.meter.Registers)
	for i := range p.meter.Registers {
		moved, ok := p.meter.Registers[i].At(base)
		if !ok {
			return 0, fmt.Errorf("a block at %d ends beyond the last address %d", base, lastAddress)
		}
		p.meter.Registers[i].Register = moved
	}
	return base, nil
}

// run asks for everything once. The error says that there is no connection.
func (p *prober) run(ctx context.Context, identity []registermap.IdentityRegister) error {
	var fields []field
	add := func(f field) {
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	for _, r := range p.meter.Registers {
		add(field{r.Table, int(r.Address), r.Words()})
		for _, c := range r.Companions() {
			add(field{r.Table, int(c.Address), c.Words})
		}
	}
	wanted := make([]int, len(fields))
	for i := range fields {
		wanted[i] = i
	}
	for _, q := range plan(fields, wanted, terms{limits: p.limits}) {
		if err := p.block(ctx, q, fields); err != nil {
			return err
		}
	}
	for _, i := range identity {
		f := field{i.Table, int(i.Address), i.Words()}
		if err := p.block(ctx, p.limits.alone(0, f), []field{f}); err != nil {
			return err
		}
	}
	return nil
}

// block asks for the fields of q at once and, where the unit refuses that, for
// each alone.
func (p *prober) block(ctx context.Context, q request, fields []field) error {
	if p.mute >= patienceOfProbe {
		return nil
	}
	words, at, err := p.ask(ctx, p.meter.Unit, q)
	var refused exception
	switch {
	case ctx.Err() != nil && err != nil:
		return ctx.Err()
	case errors.As(err, new(downError)):
		return err
	case err != nil && unheard(err):
		p.mute++
	case errors.As(err, &refused) && len(q.fields) > 1:
		p.mute = 0
		for _, i := range q.fields {
			if err := p.block(ctx, p.limits.alone(i, fields[i]), fields); err != nil {
				return err
			}
		}
		return nil
	default:
		p.mute = 0
	}
	for _, i := range q.fields {
		f := fields[i]
		got := probeAnswer{at: at, err: err}
		if err == nil {
			got.words = words[f.address-q.address : f.end()-q.address]
		}
		p.answers[f] = got
	}
	return nil
}

// answer is what came for a field.
func (p *prober) answer(f field) probeAnswer {
	got, asked := p.answers[f]
	if !asked {
		got.err = errNotAsked
	}
	return got
}

// probed decodes a register with what its companions say.
func (p *prober) probed(r registermap.PointRegister) Probed {
	got := p.answer(field{r.Table, int(r.Address), r.Words()})
	out := Probed{PointRegister: r, At: got.at.UTC(), Words: got.words, Err: got.err}
	var missing error
	for _, c := range r.Companions() {
		beside := p.answer(field{r.Table, int(c.Address), c.Words})
		if beside.err != nil && missing == nil {
			missing = fmt.Errorf("register %d, which it needs: %w", c.Address, beside.err)
		}
		out.Companions = append(out.Companions, beside.words)
	}
	if out.Err == nil {
		out.Err = missing
	}
	if out.Err != nil {
		return out
	}
	if r.UnitAsked() {
		number, err := r.In(r.Quantity.Unit()).Decode(got.words)
		if out.Err = err; err == nil {
			out.Err = UnitUnknownError{number}
		}
		return out
	}
	if out.Register, out.Err = r.Resolve(out.Companions); out.Err != nil {
		return out
	}
	out.Unit = canonicalUnit(out.Register)
	out.Value, out.Err = out.Register.Decode(got.words)
	return out
}

// UnitUnknownError says that a register holds a number whose unit neither the map
// nor the meter tells: it is the one that the meter shows.
type UnitUnknownError struct{ Number energy.Value }

// Error names the number and what to do.
func (e UnitUnknownError) Error() string {
	return fmt.Sprintf("%s in a unit that the configuration must state: the one that the meter shows", e.Number)
}

// told reads an identity register.
func (p *prober) told(i registermap.IdentityRegister) Told {
	got := p.answer(field{i.Table, int(i.Address), i.Words()})
	if got.err != nil {
		return Told{IdentityRegister: i, Err: got.err}
	}
	text, err := i.Decode(got.words)
	return Told{IdentityRegister: i, Text: text, Fits: i.Fits(got.words), Err: err}
}

// canonicalUnit is the unit in which [registermap.Register.Decode] gives values.
func canonicalUnit(r registermap.Register) energy.Unit {
	if r.Quantity != "" {
		return r.Quantity.Unit()
	}
	for _, q := range energy.Quantities() {
		if r.Unit.Convertible(q.Unit()) {
			return q.Unit()
		}
	}
	return r.Unit
}
