package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool"
)

// heatledger is our own collector: the program itself. What it reads stays in
// its spool, for its centre hangs: it takes the connection and never answers.
type heatledger struct {
	program string
	centre  net.Addr
}

// hang opens a centre that never answers, nor even accepts: the system makes
// the connection by itself.
func hang() (net.Listener, error) {
	centre, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a centre that hangs: %w", err)
	}
	return centre, nil
}

// source is the name of the collector, which its spool bears.
const source = "bench"

func (heatledger) name() string { return "heatledger" }

// start writes the configuration and starts `heatledger collect`.
func (h heatledger) start(ctx context.Context, dir string, d *devices, group int, every time.Duration) (*client, error) {
	program, err := filepath.Abs(h.program)
	if err != nil {
		return nil, fmt.Errorf("find heatledger: %w", err)
	}
	if err := h.configure(dir, d.layouts[group], d.Ports[group], every); err != nil {
		return nil, fmt.Errorf("write the configuration of heatledger: %w", err)
	}
	return startClient(ctx, h.name(), dir, program, "--config", "config.yaml", "collect")
}

// configure writes registers of an own map: a model with forty active powers
// does not exist. Nothing is said of holes, so they are learned.
func (h heatledger) configure(dir string, l layout, ports []int, every time.Duration) (err error) {
	if err := os.WriteFile(filepath.Join(dir, "push.token"), []byte("0123456789abcdef0123456789abcdef\n"), 0o600); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, "config.yaml"))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	fmt.Fprintf(out, "data_dir: ./var\ncollector: {name: %s}\npush: {url: \"http://%s\", token_file: push.token}\nconnections:\n", source, h.centre)
	for device, port := range ports {
		fmt.Fprintf(out, "  - id: c%04d\n    modbus: {url: \"tcp://127.0.0.1:%d\"}\n    meters:\n", device, port)
		for unit := 1; unit <= l.Units; unit++ {
			fmt.Fprintf(out, "      - id: m%04d-%02d\n        unit: %d\n        every: %s\n        registers:\n", device, unit, unit, every)
			for value := range l.Values {
				fmt.Fprintf(out, "          - {point: %s, table: holding, address: %d, type: float32, unit: W}\n", l.point(device, unit, value), l.address(value))
			}
		}
	}
	return errors.Join(out.Flush(), file.Close())
}

// count reads what the spool holds, after the collector has ended.
func (heatledger) count(ctx context.Context, dir string, w window) (*stored, error) {
	s, err := spool.Open(filepath.Join(dir, "var", "spool"), spool.Options{Source: source, Log: slog.New(slog.DiscardHandler), Parallel: 1})
	if err != nil {
		return nil, fmt.Errorf("open the spool that was filled: %w", err)
	}
	found := &reader{stored: newStored(w)}
	if err := s.Drain(ctx, found); err != nil {
		return nil, errors.Join(fmt.Errorf("read the spool that was filled: %w", err), s.Close())
	}
	accounts := s.Stats()
	if err := s.Close(); err != nil {
		return nil, err
	}
	if accounts.Collected != found.total || accounts.Lost != 0 {
		return nil, fmt.Errorf("read the spool that was filled: it holds %d readings, its accounts say %d collected and %d lost", found.total, accounts.Collected, accounts.Lost)
	}
	return found.stored, nil
}

// reader is a centre that only counts. It is called by one site at a time.
type reader struct {
	*stored
	total int64
}

// Deliver takes a batch.
func (r *reader) Deliver(_ context.Context, b energy.Batch) (energy.Delivery, error) {
	for _, reading := range b.Readings {
		r.add(string(reading.Point), reading.At)
	}
	r.total += int64(len(b.Readings))
	return energy.Delivery{Upto: b.Sequence}, nil
}
