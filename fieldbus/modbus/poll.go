package modbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"heatledger/energy"
)

// poll is one reading of the values of a task.
type poll struct {
	driver *Driver
	task   *task
	meter  *meter

	answers  map[int]answer // by field
	heard    time.Time      // of the last answer, an exception included; zero: none
	requests int64
	errors   int64
	last     error // the last that went wrong
	reopened bool  // a broken connection was made anew
	extra    int   // requests beyond the plan, to find what is refused
}

// answer is what a field held, and when.
type answer struct {
	words []uint16
	at    time.Time
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
	m, now := p.meter, time.Now()
	usual, retried := m.memory.readable(p.task.fields, now)
	requests := plan(m.fields, usual, m.limits, m.memory.avoid(m.fields, now))
	m.memory.doubtful(requests)
	for _, i := range retried {
		requests = append(requests, alone(i, m.fields[i]))
	}
	for _, q := range requests {
		if _, err := p.read(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// read brings the fields of q, dividing q where the unit refuses it. Clean says
// that nothing was refused. An error ends the poll.
func (p *poll) read(ctx context.Context, q request) (clean bool, err error) {
	m := p.meter
	words, at, err := p.ask(ctx, q)
	var refused exception
	switch {
	case err == nil:
		for _, i := range q.fields {
			f := m.fields[i]
			p.answers[i] = answer{words[f.address-q.address : f.end()-q.address], at}
		}
		m.memory.accept(q.fields)
		return true, nil
	case !errors.As(err, &refused) || refused.busy() || refused.relayed():
		p.unanswered(ctx, q, err)
		return false, err
	case len(q.fields) == 1:
		p.refuse(q, err, at)
		return false, nil
	case p.extra >= effort:
		return false, nil
	}
	p.extra += 2
	left, right, border := q.split(m.fields)
	cleanLeft, err := p.read(ctx, left)
	if err != nil {
		return false, err
	}
	cleanRight, err := p.read(ctx, right)
	if cleanLeft && cleanRight { // neither part was the reason, so it is what joins them
		m.memory.borders[border] = at
	}
	return false, err
}

// ask puts q to the unit: again after a moment when it is busy, and once more
// over a new connection when the old one turns out to be broken.
func (p *poll) ask(ctx context.Context, q request) (words []uint16, at time.Time, err error) {
	for attempt := 0; ; attempt++ {
		words, err = p.driver.line.read(ctx, p.meter.Unit, q)
		at = time.Now()
		if ctx.Err() != nil && err != nil {
			return nil, at, err
		}
		p.requests++
		if err == nil {
			p.heard = at
			return words, at, nil
		}
		p.errors++
		p.last = fmt.Errorf("read %d of %s %d: %w", q.count, q.table, q.address, err)
		var refused exception
		if errors.As(err, &refused) {
			if !refused.relayed() {
				p.heard = at
			}
			if !refused.busy() || attempt >= busyTries {
				return nil, at, err
			}
			if err := sleep(ctx, busyPause<<(2*attempt)); err != nil {
				return nil, at, err
			}
			continue
		}
		if errors.Is(err, errNoAnswer) || errors.As(err, new(downError)) || p.reopened {
			return nil, at, err
		}
		p.reopened = true
	}
}

// refuse puts the only field of q in quarantine.
func (p *poll) refuse(q request, reason error, at time.Time) {
	text := fmt.Sprintf("%v at %s %d", reason, q.table, q.address)
	if p.meter.memory.refuse(q.fields[0], text, at, again()) {
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

// reading is the value of v. The error is a *refusal when one of its registers
// is in quarantine, and errNotAsked when the poll did not come to it.
func (p *poll) reading(v value) (energy.PointReading, error) {
	register := v.Register
	if v.unit >= 0 {
		code, err := p.answer(v.unit)
		if err != nil {
			return energy.PointReading{}, err
		}
		unit, err := v.UnitFrom.Decode(code.words)
		if err != nil {
			return energy.PointReading{}, err
		}
		register = register.In(unit)
	}
	got, err := p.answer(v.field)
	if err != nil {
		return energy.PointReading{}, err
	}
	number, err := register.Decode(got.words)
	if err != nil {
		return energy.PointReading{}, err
	}
	return energy.PointReading{Point: v.Point, Reading: energy.Reading{
		At: got.at.UTC().Truncate(time.Microsecond), Value: number, Quality: energy.Measured,
	}}, nil
}

// answer is what field i held in this poll.
func (p *poll) answer(i int) (answer, error) {
	if refused := p.meter.memory.refused[i]; refused != nil {
		return answer{}, refused
	}
	got, asked := p.answers[i]
	if !asked {
		return answer{}, errNotAsked
	}
	return got, nil
}

// log notes the poll.
func (p *poll) log(readings int, took time.Duration) {
	p.driver.log.Debug("meter was read", slog.String("meter", p.meter.ID), slog.Int("readings", readings),
		slog.Int64("requests", p.requests), slog.Duration("took", took))
}
