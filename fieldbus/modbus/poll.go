package modbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/registermap"
)

// poll is one reading of the values of a task. A socket makes one after the
// other with the same memory.
type poll struct {
	driver *Driver
	line   *connection
	task   *task
	meter  *meter

	times    []time.Time // when something was read; see meter.asked
	heard    time.Time   // the last answer, an exception included; zero: none
	requests int64
	errors   int64
	last     error // the last that went wrong
	reopened bool  // a broken connection was made anew
	extra    int   // requests beyond the plan, to find what is refused
	planned  bool  // the agenda is new
	tried    int64 // requests to try a hole
	mute     int64 // of those that were not answered
	held     []uint16
}

// begin makes p the poll of a task.
func (p *poll) begin(t *task) {
	*p = poll{driver: p.driver, line: p.line, task: t, meter: t.meter, times: p.times[:0], held: p.held}
	clear(p.meter.asked)
}

// A busy unit is asked again in the same poll, up to busyTries times after
// busyPause and four times as long, and then after comeBack.
const (
	busyTries = 2
	busyPause = 50 * time.Millisecond
	comeBack  = time.Second
)

// effort is how many requests beyond its plan a poll may make to find refused
// registers. One in a full block is found with a dozen; a unit that refuses
// everything must not hold the line for long, and is learned in several polls.
const effort = 24

// run asks for everything the task wants. It stops at the first question that
// is not answered, so that a silent unit costs the line one timeout.
func (p *poll) run(ctx context.Context) error {
	if err := p.locate(ctx); err != nil {
		return err
	}
	agenda, changed := p.task.current(time.Now())
	p.planned = changed
	for _, q := range agenda.requests {
		if _, err := p.read(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// read brings the fields of q, dividing q where the unit refuses it. Clean says
// that nothing was refused. An error ends the poll.
func (p *poll) read(ctx context.Context, q request) (clean bool, err error) {
	words, err := p.ask(ctx, q)
	if err != nil {
		return false, p.unread(ctx, q, err)
	}
	p.keep(q, words)
	return true, nil
}

// unread is what is done when q brought an error: the refused are divided and
// read in parts. It returns the error when that ends the poll.
func (p *poll) unread(ctx context.Context, q request, err error) error {
	m := p.meter
	var refused exception
	switch {
	case !errors.As(err, &refused) || refused.busy() || refused.relayed():
		p.unanswered(ctx, q, err)
		return err
	case len(q.fields) == 1:
		p.refuse(q, err)
		return nil
	case p.extra >= effort:
		return nil
	}
	p.extra += 2
	left, right, border := m.limits.split(m.fields, q)
	cleanLeft, err := p.read(ctx, left)
	if err != nil {
		return err
	}
	cleanRight, err := p.read(ctx, right)
	if cleanLeft && cleanRight { // neither part was the reason, so it is what joins them
		m.memory.border(border, time.Now())
	}
	return err
}

// keep notes what the fields of q held. The words are those of the line, which
// uses them again.
func (p *poll) keep(q request, words []uint16) {
	m := p.meter
	p.times = append(p.times, p.driver.wall().UTC().Truncate(time.Microsecond))
	for _, i := range q.fields {
		f := m.fields[i]
		copy(m.held(i), words[f.address-q.address:])
		m.asked[i] = uint16(len(p.times))
	}
	m.memory.accept(q.fields)
}

// ask puts q to the unit: again after a moment when it is busy, and once more
// over a new connection when the old one turns out to be broken. The words are
// good until the line is asked again.
func (p *poll) ask(ctx context.Context, q request) (words []uint16, err error) {
	for attempt := 0; ; attempt++ {
		words, err = p.line.read(ctx, p.meter.Unit, q)
		if ctx.Err() != nil && err != nil {
			return nil, err
		}
		p.requests++
		if err == nil {
			p.heard = p.driver.wall()
			return words, nil
		}
		p.errors++
		p.last = fmt.Errorf("read %d of %s %d: %w", q.count, q.table, q.address, err)
		var refused exception
		if errors.As(err, &refused) {
			if !refused.relayed() {
				p.heard = p.driver.wall()
			}
			if !refused.busy() || attempt >= busyTries {
				return nil, err
			}
			if err := sleep(ctx, busyPause<<(2*attempt)); err != nil {
				return nil, err
			}
			continue
		}
		if errors.Is(err, errNoAnswer) || errors.As(err, new(downError)) || p.reopened {
			return nil, err
		}
		p.reopened = true
	}
}

// try asks whether the hole of the agenda may be read along. Nothing it brings is
// a reading, and nothing that happens to it says anything of the meter's values.
func (p *poll) try(ctx context.Context) {
	m, o, now := p.meter, p.task.agenda.trial, time.Now()
	if o == nil || now.Before(m.memory.trial) {
		return
	}
	q := o.trial(m.limits, m.fields)
	_, err := p.line.read(ctx, m.Unit, q)
	if ctx.Err() != nil && err != nil {
		return
	}
	p.tried++
	p.planned = true
	var refused exception
	switch {
	case err == nil:
		m.memory.learn(o, readable, "", now, time.Time{})
		m.memory.trials = 0
		return
	case errors.As(err, new(downError)):
		return
	case !errors.As(err, &refused) || refused.relayed():
		// Silence, or worse: some units do not answer where they should refuse.
		p.mute++
		m.memory.learn(o, barred, err.Error(), now, now.Add(mutedFor))
		m.memory.hush(now)
	case refused.busy() && o.tries+1 < undecided:
		o.tries++
		m.memory.hush(now)
		return
	default:
		m.memory.learn(o, barred, err.Error(), now, now.Add(barredFor))
		m.memory.trials = 0
		return
	}
	p.driver.log.Info("a hole between registers is not answered", "meter", m.ID, "table", q.table, "from", o.from, "to", o.to-1, "err", err)
}

// refuse puts the only field of q in quarantine.
func (p *poll) refuse(q request, reason error) {
	text := fmt.Sprintf("%v at %s %d", reason, q.table, q.address)
	if p.meter.memory.refuse(q.fields[0], text, time.Now(), again()) {
		p.driver.log.Warn("register is set aside", "meter", p.meter.ID, "reason", text)
	}
}

// unanswered notes that q had no answer. That is the unit's silence, unless it
// answered other questions of the same poll: then it may be these registers.
func (p *poll) unanswered(ctx context.Context, q request, reason error) {
	var refused exception
	if ctx.Err() != nil || errors.As(reason, new(downError)) || errors.As(reason, &refused) && refused.busy() {
		return
	}
	if !p.meter.memory.missed(q.fields, !p.heard.IsZero()) {
		return
	}
	now := time.Now()
	text := fmt.Sprintf("%v at %s %d to %d", reason, q.table, q.address, q.end()-1)
	for _, i := range q.fields {
		p.meter.memory.refuse(i, text, now, anew())
	}
	p.driver.log.Warn("registers are set aside", "meter", p.meter.ID, "reason", text)
}

// errNotAsked says that a poll ended before it came to a field.
var errNotAsked = errors.New("not asked")

// reading is value n of the meter, and when it was read. The error is a *refusal
// when one of its registers is in quarantine, and errNotAsked when the poll did
// not come to it.
func (p *poll) reading(n int) (number energy.Value, at time.Time, err error) {
	v := &p.meter.values[n]
	register := v.register
	if needs := p.meter.needs[n]; needs != nil {
		if register, err = p.resolve(v, needs); err != nil {
			return number, at, err
		}
	}
	words, err := p.answer(v.field)
	if err != nil {
		return number, at, err
	}
	number, err = register.Decode(words)
	return number, p.times[p.meter.asked[v.field]-1], err
}

// resolve is the register of v as its companions explain it in this poll.
func (p *poll) resolve(v *value, needs *needs) (*registermap.Decoder, error) {
	p.held = p.held[:0]
	for _, i := range needs.fields {
		words, err := p.answer(i)
		if err != nil {
			return nil, err
		}
		p.held = append(p.held, words...)
	}
	if needs.resolved != nil && slices.Equal(p.held, needs.seen) {
		return needs.resolved, nil
	}
	companions := make([][]uint16, len(needs.fields))
	for k, i := range needs.fields {
		companions[k] = p.meter.held(i)
	}
	resolved, err := v.register.Resolve(companions)
	if err != nil {
		return nil, err
	}
	needs.seen, needs.resolved = slices.Clone(p.held), resolved.Decoder()
	return needs.resolved, nil
}

// answer is what field i held in this poll.
func (p *poll) answer(i int) ([]uint16, error) {
	if p.meter.asked[i] > 0 {
		return p.meter.held(i), nil
	}
	if refused := p.meter.memory.refused[i]; refused != nil {
		return nil, refused
	}
	return nil, errNotAsked
}

// log notes the poll.
func (p *poll) log(ctx context.Context, readings int, took time.Duration) {
	if p.driver.log.Enabled(ctx, slog.LevelDebug) {
		p.driver.log.LogAttrs(ctx, slog.LevelDebug, "meter was read", slog.String("meter", p.meter.ID), slog.Int("readings", readings),
			slog.Int64("requests", p.requests), slog.Duration("took", took))
	}
}
