// Command bench measures how good the collector is, as ratios to a peer that
// reads the same simulated devices in the same run: Telegraf with inputs.modbus
// and outputs.file, and for what the database takes a table with a row for each
// reading. Times are printed and never asserted; a ratio says what a machine
// does not.
//
//	go run ./fieldbus/bench -program bin/heatledger [-small] [-rounds 3] [SECTION…]
//
// It needs a PostgreSQL for the section ingest, and the Go module proxy the
// first time, to build Telegraf.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"
)

// roleDevices is the first argument of the process that is the devices.
const roleDevices = "devices"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 2 && args[0] == roleDevices {
		return simulate(args[1], os.Stdin, out)
	}
	b := &bench{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&b.program, "program", "bin/heatledger", "the heatledger to measure")
	flags.BoolVar(&b.small, "small", false, "a twentieth of the devices: to try the bench")
	flags.IntVar(&b.rounds, "rounds", 3, "alternating runs of which the median is taken")
	profile := flags.String("cpuprofile", "", "a file for the profile of this process, which is the one that ingests")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *profile != "" {
		file, err := os.Create(*profile)
		if err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		defer file.Close() //nolint:errcheck // a profile that is not whole is noticed by its reader
		if err := pprof.StartCPUProfile(file); err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	if slices.ContainsFunc(chosen, func(s section) bool { return s.peer }) {
		if b.telegraf, err = buildTelegraf(ctx); err != nil {
			return err
		}
	}
	centre, err := hang()
	if err != nil {
		return err
	}
	defer centre.Close() //nolint:errcheck // nobody was ever answered
	b.centre = centre.Addr()
	var problems []error
	for _, s := range chosen {
		begun := time.Now()
		lines, err := s.run(b, ctx)
		fmt.Fprintf(out, "\n%s: %s (%s)\n\n", s.name, s.what, time.Since(begun).Round(time.Second))
		if len(lines) > 0 {
			if err := write(out, lines); err != nil {
				return fmt.Errorf("print the results: %w", err)
			}
		}
		if err != nil { // the other sections are worth their time all the same
			problems = append(problems, fmt.Errorf("measure %s: %w", s.name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(problems...)
}

// choose gives the sections of these names; all without any.
func choose(names []string) ([]section, error) {
	all := sections()
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, s := range all {
		known = append(known, s.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no section %q: %s are known", name, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(all, func(s section) bool { return !slices.Contains(names, s.name) }), nil
}
