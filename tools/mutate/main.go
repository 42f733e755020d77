// Command mutate tests the tests of a package: it changes the code in one place
// at a time (a mutant) and asks whether a test of the package notices. A mutant
// that no test notices (a survivor) is either a test that is missing or a change
// that means nothing; the latter stand in testdata/mutants.txt of the package,
// each with the reason. A survivor that is not listed is an error, and so is a
// listed one that is noticed or no longer exists.
//
// All mutants are compiled into one test binary and chosen by the environment
// (mutant schemata), so that each costs a run and no compilation; what cannot be
// written so (constants) is compiled for itself. No source file is touched: the
// changed ones are overlaid. A mutant is shown only to the tests that reach it.
//
//	go -C tools run ./mutate [-jobs 2] [-only REGEXP] DIRECTORY…
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
)

// errSurvivors says that the tests or the list need work; the table says where.
var errSurvivors = errors.New("mutants survive, or the list of equivalent ones is out of date")

// options are what the command line says.
type options struct {
	jobs   int            // mutants tried at a time
	checks int            // of a property test of pgregory.net/rapid
	only   *regexp.Regexp // matched against "file:line function"; nil for all
	keep   string         // folder that keeps what was compiled; "" for a temporary one
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	flags.IntVar(&o.jobs, "jobs", 1, "mutants tried at a time")
	flags.IntVar(&o.checks, "checks", 20, "checks of each property test")
	flags.StringVar(&o.keep, "keep", "", "folder that keeps the overlaid files and the binary")
	only := flags.String("only", "", "try only mutants whose \"file:line function\" matches this expression")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	if *only != "" {
		var err error
		if o.only, err = regexp.Compile(*only); err != nil {
			return fmt.Errorf("read -only: %w", err)
		}
	}
	if flags.NArg() == 0 {
		return errors.New("read the command line: name the directory of at least one package")
	}
	var failed error
	for _, dir := range flags.Args() {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return fmt.Errorf("find package %s: %w", dir, err)
		}
		if err := try(ctx, dir, o, out); errors.Is(err, errSurvivors) {
			failed = err
		} else if err != nil {
			return fmt.Errorf("mutate %s: %w", dir, err)
		}
	}
	return failed
}

// try makes and tries the mutants of one package.
func try(ctx context.Context, dir string, o options, out io.Writer) error {
	listed, err := readListed(filepath.Join(dir, "testdata", "mutants.txt"))
	if err != nil {
		return err
	}
	p, err := load(ctx, dir)
	if err != nil {
		return err
	}
	p.find()
	work := o.keep
	if work == "" {
		if work, err = os.MkdirTemp("", "mutate"); err != nil {
			return fmt.Errorf("make a folder to compile in: %w", err)
		}
		defer os.RemoveAll(work)
	}
	b, err := p.compile(ctx, work)
	if err != nil {
		return err
	}
	tests, err := b.tests(ctx, o)
	if err != nil {
		return err
	}
	mutants := p.chosen(o.only)
	if err := b.kill(ctx, mutants, tests, o, tellSurvivors(out, listed)); err != nil {
		return err
	}
	return report(out, p, mutants, listed, o.only == nil)
}
