package spool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// step delivers the next batch of a lane, if there is one and its time has come.
// The error is why it failed, or why it is to be done again.
func (c *courier) step(ctx context.Context, k laneKey) (outcome, error) {
	c.mu.Lock()
	i, known := c.state.index[k]
	if !known || !c.state.lanes[i].pending() || c.state.lanes[i].attempt.again.After(time.Now()) {
		c.mu.Unlock()
		return idle, nil
	}
	l := c.state.lanes[i]
	next, last, hint := l.next(), l.last, l.at
	asking := next == l.ask
	c.mu.Unlock()

	at, ok, err := c.locate(k, next, hint)
	switch {
	case err != nil:
		return c.fail(l, err)
	case asking && (!ok || at.ordinal != next || c.epochOf(l, next).source != c.id.source):
		c.mu.Lock()
		l.answered() // there is nothing to ask with
		c.mu.Unlock()
		return delivered, nil
	case !ok: // the rest of the lane is not on disk any more
		return c.bridge(ctx, l, last+1)
	case at.ordinal != next:
		return c.bridge(ctx, l, at.ordinal)
	}
	c.mu.Lock()
	l.at = at
	if !asking {
		l.oldest = at.first
	}
	c.mu.Unlock()
	answer, as, err := c.send(ctx, l, at)
	return c.settle(ctx, l, at, as, answer, err)
}

// send makes a batch durable and takes it to the centre.
func (c *courier) send(ctx context.Context, l *lane, at located) (energy.Delivery, epochStart, error) {
	var w *workspace
	select {
	case w = <-c.slots:
	case <-ctx.Done():
		return energy.Delivery{}, epochStart{}, ctx.Err()
	}
	defer func() { c.slots <- w }()
	as := c.epochOf(l, at.ordinal)
	// Here alone a batch becomes what it is for ever: not before it is on disk
	// may anyone see it under its sequence.
	if err := c.log.sync(logEnd{at.number, at.to}); err != nil {
		return energy.Delivery{}, as, err
	}
	readings, err := c.read(at, w)
	if err != nil {
		return energy.Delivery{}, as, err
	}
	answer, err := c.to.Deliver(ctx, energy.Batch{
		Site: at.site, Source: as.source, Epoch: as.epoch, Lane: at.lane,
		Sequence: at.ordinal - as.base, Readings: readings,
	})
	return answer, as, err
}

// settle draws the consequence of the centre's answer.
func (c *courier) settle(ctx context.Context, l *lane, at located, as epochStart, answer energy.Delivery, err error) (outcome, error) {
	sequence := at.ordinal - as.base
	var behind *energy.BehindError
	switch {
	case err == nil && answer.Upto < sequence:
		// It took the batch and says that it does not have it: believe the mark.
		behind = &energy.BehindError{Upto: answer.Upto}
		return c.rewind(l, at, as, behind)
	case err == nil:
		return c.acknowledge(l, at, as, answer)
	case errors.As(err, &behind):
		return c.rewind(l, at, as, behind)
	case errors.Is(err, energy.ErrConflict):
		err = fmt.Errorf("batch %d of epoch %s: %w", sequence, as.epoch, err)
		return c.beginEpoch(l, at.before, epochStart{base: at.ordinal - 1}, err)
	case errors.Is(err, errDamaged):
		c.forget(l, at)
		return c.fail(l, err)
	case ctx.Err() != nil: // and the batch may be there all the same
		return idle, err // it was told to stop: nobody's failure
	}
	return c.fail(l, err)
}

// acknowledge marks a batch as delivered.
func (c *courier) acknowledge(l *lane, at located, as epochStart, answer energy.Delivery) (outcome, error) {
	c.mu.Lock()
	last := l.last
	c.mu.Unlock()
	if as.base+answer.Upto > last && as == c.newestEpoch(l) {
		// Someone else counts in this epoch: a copy of this spool, or this
		// spool before its folder was restored from a copy. What this one cuts
		// would be taken for what the other one delivered.
		base, total := at.ordinal, at.before+at.count
		c.mu.Lock()
		if at.ordinal <= l.acknowledged {
			base, total = l.acknowledged, l.delivered
		} else if answer.Duplicate {
			base, total = base-1, at.before
		}
		c.mu.Unlock()
		return c.beginEpoch(l, total, epochStart{base: base}, fmt.Errorf("centre has batches up to %d of epoch %s, of which %d were cut here",
			answer.Upto, as.epoch, last-as.base))
	}
	c.mu.Lock()
	known := at.ordinal <= l.acknowledged
	if at.ordinal == l.ask {
		l.answered()
	}
	c.mu.Unlock()
	if !known {
		c.mark(l, at.ordinal, at.before+at.count)
	}
	c.mu.Lock()
	problem, since := l.attempt.problem, l.attempt.since
	recovered := l.attempt.succeed(at.ordinal)
	c.mu.Unlock()
	if recovered {
		c.options.Log.Info("delivery works again", "site", l.site, "lane", laneName(l.lane), "after", time.Since(since).Round(time.Second), "was", problem)
	}
	return delivered, nil
}

// epochOf is lane.epochOf under the mutex.
func (c *courier) epochOf(l *lane, ordinal uint64) epochStart {
	c.mu.Lock()
	defer c.mu.Unlock()
	return l.epochOf(ordinal)
}

// newestEpoch is the epoch in which the lane's next batch will be cut.
func (c *courier) newestEpoch(l *lane) epochStart {
	c.mu.Lock()
	defer c.mu.Unlock()
	return l.epochs[len(l.epochs)-1]
}

// mark sets how far a lane is delivered. When the log does not take the mark
// (the disk is full), the state has it all the same and it is written later;
// after a crash before that the centre is asked again.
func (c *courier) mark(l *lane, ordinal, total uint64) {
	e := markEntry{laneKey: l.laneKey, ordinal: ordinal, total: total, at: c.options.Now().UnixMicro()}
	if err := c.appendMark(e); err != nil {
		c.mu.Lock()
		c.state.applyMark(e)
		c.unmarked = true
		c.mu.Unlock()
		c.options.Log.Debug("delivery is not marked on disk", "site", l.site, "err", err)
	}
}

// fail leaves the batch for later.
func (c *courier) fail(l *lane, err error) (outcome, error) {
	c.mu.Lock()
	first := l.attempt.failures == 0
	reason, permanent := refusal(err)
	told := slices.ContainsFunc(c.state.lanes, func(o *lane) bool { return o.attempt.refusal == reason })
	l.attempt.fail(time.Now(), err)
	again := l.attempt.again
	c.mu.Unlock()
	switch {
	case permanent && !told: // of many lanes that are refused for one reason one says so
		c.options.Log.Error("the centre refuses batches until a person acts; they stay queued", "site", l.site, "why", reason, "again", again.UTC())
	case permanent:
		c.options.Log.Debug("the centre refuses batches", "site", l.site, "lane", laneName(l.lane), "err", err)
	case first:
		c.options.Log.Warn("batches are queued", "site", l.site, "lane", laneName(l.lane), "err", err)
	default:
		c.options.Log.Debug("batches stay queued", "site", l.site, "lane", laneName(l.lane), "err", err)
	}
	return failed, err
}

// forget drops what is known of a batch's place, which proved damaged.
func (c *courier) forget(l *lane, at located) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.newest.ordinal == at.ordinal {
		l.newest = located{}
	}
}

// rewind begins again behind what the centre has of the epoch. It was restored
// from a backup then: every lane asks whether its last batch is still there.
func (c *courier) rewind(l *lane, at located, as epochStart, behind *energy.BehindError) (outcome, error) {
	if behind.Upto+1 >= at.ordinal-as.base {
		return c.fail(l, fmt.Errorf("batch %d of epoch %s: contradictory answer: %w", at.ordinal-as.base, as.epoch, behind))
	}
	target := as.base + behind.Upto
	c.mu.Lock()
	// A centre that says so again and again is asked ever more rarely: only what
	// goes beyond the old mark counts as success.
	l.attempt.high = max(l.attempt.high, l.acknowledged)
	l.attempt.fail(time.Now(), behind)
	c.mu.Unlock()
	next, ok, err := c.locate(l.laneKey, target+1, located{})
	if err != nil {
		return c.fail(l, err)
	}
	if !ok {
		return c.fail(l, fmt.Errorf("batch %d: %w", at.ordinal, errDamaged))
	}
	c.options.Log.Warn("centre asks for batches again", "site", l.site, "lane", laneName(l.lane), "from", next.ordinal, "to", at.ordinal)
	if next.ordinal == target+1 {
		c.mark(l, target, next.before)
		c.inquire()
		return again, behind
	}
	c.options.Log.Error("centre asks for batches that are not kept any more", "site", l.site, "lane", laneName(l.lane),
		"from", target+1, "to", next.ordinal-1)
	c.inquire()
	return c.beginEpoch(l, next.before, epochStart{base: next.ordinal - 1}, behind)
}

// inquire makes all lanes ask what the centre still has.
func (c *courier) inquire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.state.lanes {
		l.ask = l.epochEnd(0)
	}
	for _, of := range c.dictionary.sites {
		of.nudge()
	}
}

// beginEpoch counts what follows from's base from 1 in a new epoch, durably;
// the lane counts as delivered up to there, which is total readings.
func (c *courier) beginEpoch(l *lane, total uint64, from epochStart, why error) (outcome, error) {
	from.epoch, from.source = energy.NewEpoch(), c.id.source
	e := epochEntry{laneKey: l.laneKey, total: total, epochStart: from}
	now := c.options.Now().UnixMicro()
	err := c.log.append(&c.state, &c.mu, kindEpoch,
		func(dst []byte, synced int64) []byte { e.synced = synced; return e.append(dst) },
		func(uint64, int64, int64) { c.state.applyEpoch(e, now) })
	if err == nil {
		err = c.log.sync(c.log.end())
	}
	if err != nil {
		return c.fail(l, err)
	}
	c.mu.Lock()
	l.ask = l.epochEnd(0) // the centre may lack the end of the epoch before
	l.attempt.fail(time.Now(), why)
	c.mu.Unlock()
	c.options.Log.Warn("a new epoch begins", "site", l.site, "lane", laneName(l.lane), "epoch", e.epoch, "why", why)
	return again, why
}

// bridge gets over batches that are not on disk any more: those behind the last
// delivered one and before next. That last one is delivered once more to hear
// whether the centre has them; if not, what follows begins a new epoch, for an
// epoch has no holes.
func (c *courier) bridge(ctx context.Context, l *lane, next uint64) (outcome, error) {
	following, ok, err := c.locate(l.laneKey, next, located{})
	if err != nil {
		return c.fail(l, err)
	}
	c.mu.Lock()
	before, base, bridged := l.acknowledged, l.epochOf(l.acknowledged+1).base, l.epochOf(next).base == next-1
	total, had := l.total, l.delivered
	c.mu.Unlock()
	if ok {
		total = following.before
	}
	if bridged { // an earlier rewind came this way
		c.mark(l, next-1, total)
		return delivered, nil
	}
	if before > base {
		at, ok, err := c.locate(l.laneKey, before, located{})
		if err == nil && ok && at.ordinal == before {
			answer, as, err := c.send(ctx, l, at)
			if err != nil {
				return c.settle(ctx, l, at, as, answer, err)
			}
			if as.base+answer.Upto >= next-1 {
				c.mark(l, next-1, total)
				return delivered, nil
			}
		}
	}
	why := fmt.Errorf("batches %d to %d: %w", before+1, next-1, errDamaged)
	c.options.Log.Error("batches are lost", "site", l.site, "lane", laneName(l.lane), "readings", total-had, "err", why)
	return c.beginEpoch(l, total, epochStart{base: next - 1, lost: total - had}, why)
}
