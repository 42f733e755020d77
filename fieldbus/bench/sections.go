package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// bench is one run of the command.
type bench struct {
	program  string // heatledger
	telegraf string
	centre   net.Addr // of heatledger: it hangs
	small    bool     // short, with few devices: to try the bench itself
	rounds   int      // of alternating runs where a median is taken
}

// section measures one thing.
type section struct {
	name string
	what string
	peer bool // it needs Telegraf
	run  func(b *bench, ctx context.Context) ([]line, error)
}

func sections() []section {
	return []section{
		{"collector", "devices to durable storage: processor time and memory", true, (*bench).collector},
		{"requests", "requests and readings of a poll, by the layout of the registers", true, (*bench).requests},
		{"gateway", "many units behind few connections", true, (*bench).gateway},
		{"saturation", "as many readings a second as will go", true, (*bench).saturation},
		{"ingest", "spool to committed in PostgreSQL", false, (*bench).ingest},
		{"figures", "from readings to figures and verdicts", false, (*bench).figures},
		{"packages", "the benchmarks of the packages", false, (*bench).packages},
	}
}

// packages runs the benchmarks that stand beside the code.
func (b *bench) packages(ctx context.Context) ([]line, error) {
	run := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", ".", "-benchmem", "heatledger/...")
	run.Stdout, run.Stderr = os.Stdout, os.Stderr
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("run the benchmarks of the packages: %w", err)
	}
	return nil, nil
}

// on starts devices, does something with them and stops them.
func on(ctx context.Context, do func(d *devices) error, layouts ...layout) error {
	d, err := startDevices(ctx, layouts...)
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.stop())
}

// scaled is n, or less of it when the bench only tries itself.
func (b *bench) scaled(n int) int {
	if b.small {
		return max(1, n/20)
	}
	return n
}

func (b *bench) collector(ctx context.Context) (lines []line, err error) {
	l := layout{Name: "plain", Devices: b.scaled(2000), Units: 1, Values: 40, Stride: valueWords}
	err = on(ctx, func(d *devices) error {
		t := trial{devices: d, every: time.Second, settle: 6 * time.Second, span: 15 * time.Second}
		all, err := t.alternately(ctx, b.rounds, heatledger{b.program, b.centre}, telegraf{program: b.telegraf, optimization: "none"})
		if err != nil {
			return err
		}
		who := "Telegraf, outputs.file (no fsync)"
		both := func(what, unit string, g goal, figure func(result) float64) {
			lines = append(lines, line{what: what, unit: unit, ours: medianOf(all[0], figure), peer: medianOf(all[1], figure), who: who, goal: g})
		}
		title := fmt.Sprintf("%d devices × %d values at 1 s: ", l.Devices, l.Values)
		both(title+"processor time", "s per million stored", atMost(ratio, 0.45), result.cost)
		both(title+"resident memory", "MB", atMost(ratio, 0.4), func(r result) float64 { return megabytes(r.resident) })
		both(title+"resident memory, highest", "MB", goal{}, func(r result) float64 { return megabytes(r.highest) })
		both(title+"stored of what was due", "%", goal{}, func(r result) float64 { return 100 * r.share() })
		both(title+"requests per poll", "", goal{}, func(r result) float64 { return r.perPoll(l) })
		return nil
	}, l)
	return lines, err
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// perPoll is how many requests a poll of a unit took.
func (r result) perPoll(l layout) float64 {
	return float64(r.asked.Requests) / float64(l.Devices*l.Units*r.stored.window.slots())
}

// layouts of registers, from the kindest to the worst.
func (b *bench) layouts() []layout {
	devices := max(10, b.scaled(50))
	return []layout{
		{Name: "contiguous", Devices: devices, Units: 1, Values: 40, Stride: 2},
		{Name: "stride4", Devices: devices, Units: 1, Values: 40, Stride: 4},
		{Name: "stride10", Devices: devices, Units: 1, Values: 40, Stride: 10},
		{Name: "stride4-fifth", Devices: devices, Units: 1, Values: 40, Stride: 4, Refuse: 5},
		{Name: "stride4-all", Devices: devices, Units: 1, Values: 40, Stride: 4, Refuse: 1},
	}
}

// title says what the registers of a layout are like.
func (l layout) title() string {
	switch {
	case l.Stride == valueWords:
		return "contiguous registers"
	case l.Refuse == 1:
		return fmt.Sprintf("stride %d, every hole refused", l.Stride)
	case l.Refuse > 1:
		return fmt.Sprintf("stride %d, each %dth hole refused", l.Stride, l.Refuse)
	}
	return fmt.Sprintf("stride %d", l.Stride)
}

// requests runs all layouts beside each other: no processor time is measured.
func (b *bench) requests(ctx context.Context) ([]line, error) {
	layouts := b.layouts()
	lines := make([][]line, len(layouts))
	group, ctx := errgroup.WithContext(ctx)
	for i, l := range layouts {
		group.Go(func() error {
			return on(ctx, func(d *devices) (err error) {
				lines[i], err = b.requestsOf(ctx, d, l)
				return err
			}, l)
		})
	}
	err := group.Wait()
	return slices.Concat(lines...), err
}

// requestsOf compares the requests of a poll of one layout. Ours are counted
// when the holes are learned, which takes a poll for each of them.
func (b *bench) requestsOf(ctx context.Context, d *devices, l layout) (lines []line, err error) {
	t := trial{devices: d, every: 500 * time.Millisecond, settle: 3 * time.Second, span: 10 * time.Second}
	learned := t
	learned.settle += 2 * time.Duration(l.Values) * t.every
	ours, err := learned.alternately(ctx, 1, heatledger{b.program, b.centre})
	if err != nil {
		return nil, err
	}
	peers, err := t.alternately(ctx, 1, telegraf{program: b.telegraf, optimization: "none"}, telegraf{program: b.telegraf, optimization: "max_insert"})
	if err != nil {
		return nil, err
	}
	return requestLines(l, ours[0][0], peers[0][0], peers[1][0]), nil
}

// requestLines compare what a poll took and brought.
func requestLines(l layout, ours, none, filled result) []line {
	requests := func(what string, peer float64, who string, g goal) line {
		return line{what: l.title() + ": " + what, unit: "requests per poll", ours: ours.perPoll(l), peer: peer, who: who, goal: g}
	}
	readings := func(what string, peer float64, who string, g goal) line {
		return line{what: l.title() + ": " + what, unit: "% of the readings", ours: 100 * ours.share(), peer: peer, who: who, goal: g}
	}
	againstFilled := goal{}
	if filled.share() > 0.5 { // with nothing obtained its requests are no measure
		againstFilled = atMost(ratio, 1.05)
	}
	return []line{
		requests("asked", float64(l.minimum()), "the least possible", atMost(ratio, 1.05)),
		requests("asked", filled.perPoll(l), "Telegraf, max_insert", againstFilled),
		requests("asked", none.perPoll(l), "Telegraf, none", goal{}),
		readings("obtained", 100*filled.share(), "Telegraf, max_insert", atLeast(figure, 100)),
		readings("obtained", 100*none.share(), "Telegraf, none", goal{}),
	}
}

func (b *bench) gateway(ctx context.Context) (lines []line, err error) {
	l := layout{Name: "gateway", Devices: b.scaled(100), Units: 10, Values: 40, Stride: valueWords, Delay: 20 * time.Millisecond}
	err = on(ctx, func(d *devices) error {
		t := trial{devices: d, every: time.Second, settle: 4 * time.Second, span: 20 * time.Second}
		all, err := t.alternately(ctx, 1, heatledger{b.program, b.centre}, telegraf{program: b.telegraf, optimization: "none"})
		if err != nil {
			return err
		}
		ours, peer, who := all[0][0], all[1][0], "Telegraf, outputs.file"
		title := fmt.Sprintf("%d units behind %d connections at 1 s, 20 ms an answer: ", l.Devices*l.Units, l.Devices)
		missed := func(r result) float64 { return float64(r.expected-r.stored.kept) / float64(l.Values) }
		lines = append(lines,
			line{what: title + "slots missed", unit: fmt.Sprintf("of %d", ours.expected/l.Values), ours: missed(ours), peer: missed(peer), who: who, goal: atMost(figure, 0)},
			line{what: title + "processor time", unit: "s per million stored", ours: ours.cost(), peer: peer.cost(), who: who},
			line{what: title + "processors in use", ours: ours.cpu.Seconds() / t.span.Seconds(), peer: peer.cpu.Seconds() / t.span.Seconds(), who: who})
		return nil
	}, l)
	return lines, err
}

func (b *bench) saturation(ctx context.Context) (lines []line, err error) {
	// A million and a half a second are on offer: more than either can take.
	l := layout{Name: "flood", Devices: b.scaled(2500), Units: 1, Values: 62, Stride: valueWords}
	err = on(ctx, func(d *devices) error {
		t := trial{devices: d, every: 100 * time.Millisecond, settle: 5 * time.Second, span: 10 * time.Second}
		all, err := t.alternately(ctx, 1, heatledger{b.program, b.centre}, telegraf{program: b.telegraf, optimization: "none", buffer: 100_000})
		if err != nil {
			return err
		}
		ours, peer, who := all[0][0], all[1][0], "Telegraf, outputs.file, buffer of 100,000"
		title := fmt.Sprintf("%d devices × %d values at 100 ms: ", l.Devices, l.Values)
		lines = append(lines,
			line{what: title + "stored", unit: "readings/s", ours: ours.rate(), peer: peer.rate(), who: who, goal: atLeast(ratio, 4)},
			line{what: title + "stored of what was due", unit: "%", ours: 100 * ours.share(), peer: 100 * peer.share(), who: who},
			line{what: title + "processors in use", ours: ours.cpu.Seconds() / t.span.Seconds(), peer: peer.cpu.Seconds() / t.span.Seconds(), who: who},
			line{what: title + "processor time", unit: "s per million stored", ours: ours.cost(), peer: peer.cost(), who: who})
		return nil
	}, l)
	return lines, err
}
