package modbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/fieldbus/registermap"
)

// Found is a unit that is on a line.
type Found struct {
	Unit   uint8
	Answer string        // what it said first: "answers", or the exception
	Took   time.Duration // of that answer
	Likely []Likeness    // models it may be, of the best evidence there is; none: it fits no model
	Halted string        // why no more was asked; empty: everything was
}

// Likeness is a model that a unit may be, and what speaks for it.
type Likeness struct {
	Model    string
	Grade    Grade
	Evidence []string // such as `product name "UMG 96RM" at holding 911`
	Missing  int      // registers of the model that are refused, or hold what cannot be
}

// Grade is how much speaks for a likeness.
type Grade uint8

// The grades. They are what was seen, no certainty: makers share register maps,
// and a gateway may answer in the place of its meters.
const (
	Readable   Grade = iota + 1 // all its registers answer with values that are possible
	Plausible                   // and the frequency it gives is that of the grid
	Identified                  // an identity register, or a SunSpec block, says so
)

// String is the grade in a word.
func (g Grade) String() string {
	return [...]string{"", "readable", "plausible", "identified"}[g]
}

// Scan asks each of the units whether it is there, one question at a time, and
// those that are what they are by the maps of models. Everything is read, nothing
// written. A unit is there when it answers a request for holding register 0, also
// with an exception; one for which a gateway says that it did not respond is not.
// A unit that is silent to addresses it does not have is not found.
//
// Report is told of each unit in turn, with nil where nobody answered; it may be
// nil. The error says that there is no connection, or that it was lost for good;
// what was found until then is returned beside it.
func Scan(ctx context.Context, c Config, units []uint8, models []*registermap.Model, report func(unit uint8, found *Found)) ([]Found, error) {
	ask, err := newInquirer(c)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	defer ask.line.close()
	var all []Found
	for _, unit := range units {
		s := scanned{inquirer: ask, unit: unit, seen: map[field]probeAnswer{}}
		found, err := s.look(ctx, models)
		if err != nil {
			return all, fmt.Errorf("scan unit %d: %w", unit, err)
		}
		if found != nil {
			all = append(all, *found)
		}
		if report != nil {
			report(unit, found)
		}
	}
	return all, nil
}

// scanned is one unit that is looked at.
type scanned struct {
	*inquirer
	unit uint8
	seen map[field]probeAnswer // each address is asked for once
	end  error                 // it, or the line, no longer answers
}

// look is what is at the unit; nil: nobody.
func (s *scanned) look(ctx context.Context, models []*registermap.Model) (*Found, error) {
	_, err := s.read(ctx, registermap.Holding, 0, 1)
	var refused exception
	switch {
	case s.lost(ctx) != nil:
		return nil, s.lost(ctx)
	case err == nil:
	case unheard(err):
		return nil, nil
	default:
		errors.As(err, &refused)
	}
	found := &Found{Unit: s.unit, Answer: "answers", Took: s.took}
	if refused != 0 {
		found.Answer = refused.Error()
	}
	for _, m := range models {
		if likely, ok := s.compare(ctx, m); ok {
			found.Likely = append(found.Likely, likely)
		}
		if s.end != nil {
			found.Halted = s.end.Error()
			break
		}
	}
	found.Likely = strongest(found.Likely)
	return found, s.lost(ctx)
}

// strongest keeps what has the best evidence: beside a meter that names itself,
// others that its numbers would fit are no news, nor those that lack registers
// beside one that has all.
func strongest(all []Likeness) []Likeness {
	weight := func(l Likeness) int {
		if l.Missing > 0 {
			return 2 * int(l.Grade)
		}
		return 2*int(l.Grade) + 1
	}
	best := 0
	for _, l := range all {
		best = max(best, weight(l))
	}
	return slices.DeleteFunc(all, func(l Likeness) bool { return weight(l) < best })
}

// lost is why nothing more can be asked on the line at all.
func (s *scanned) lost(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if errors.As(s.end, new(downError)) {
		return s.end
	}
	return nil
}

// dialTries is how often a scan connects again when a gateway refuses, which
// some do for a moment after a connection was closed.
const dialTries = 3

// read asks for registers of the unit, each once.
func (s *scanned) read(ctx context.Context, t registermap.Table, address, count int) ([]uint16, error) {
	f := field{t, address, count}
	if got, known := s.seen[f]; known {
		return got.words, got.err
	}
	if s.end != nil {
		return nil, s.end
	}
	words, at, err := s.ask(ctx, s.unit, limits{}.alone(0, f))
	for try := 1; try < dialTries && errors.As(err, new(downError)); try++ {
		until, _ := s.line.down(time.Now())
		if sleep(ctx, time.Until(until)) != nil {
			break
		}
		words, at, err = s.ask(ctx, s.unit, limits{}.alone(0, f))
	}
	if err != nil && unheard(err) {
		s.end = err
	}
	s.seen[f] = probeAnswer{words, at, err}
	return words, err
}
