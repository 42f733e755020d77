package shelf

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"heatledger/heatmap/demand"
	"heatledger/heatmap/plan"
)

// ErrOtherHours says that the hours of a plan's areas, computed again, are not those that
// the plan was made with: the program computes them otherwise by now.
var ErrOtherHours = errors.New("the hours of the areas are computed otherwise by now")

// Courses is the year over which a plan laid the heat of its areas, computed again from
// what was kept. It is held against the kept hours: what the chosen areas take and
// what is kept may differ by the losses of the network alone, which are the same in
// every hour; else it errs with [ErrOtherHours].
func (s *Shelf) Courses(ctx context.Context, saved Saved, r plan.Result) (*demand.Year, error) {
	text, err := s.Bytes(ctx, saved.Scenario)
	if err != nil {
		return nil, err
	}
	scenario, faults := plan.Parse(saved.Name+".yaml", text)
	if len(faults) > 0 {
		return nil, fmt.Errorf("read the scenario of fact %d: %w: %w", saved.Fact, ErrOtherHours, faults)
	}
	files := map[string][]byte{}
	if w := scenario.Weather; w != nil {
		i := slices.IndexFunc(saved.Files, func(h Held) bool { return h.Path == w.File })
		if i < 0 {
			return nil, fmt.Errorf("the weather of fact %d was not kept: %w", saved.Fact, ErrOtherHours)
		}
		if files[w.File], err = s.Bytes(ctx, saved.Files[i]); err != nil {
			return nil, err
		}
	}
	year, err := scenario.Courses(files)
	if err != nil {
		return nil, fmt.Errorf("lay out fact %d again: %w: %w", saved.Fact, ErrOtherHours, err)
	}
	kept, err := s.Bytes(ctx, saved.Hours)
	if err != nil {
		return nil, err
	}
	if !sameHours(year, r, kept) {
		return nil, fmt.Errorf("fact %d: %w", saved.Fact, ErrOtherHours)
	}
	return year, nil
}

// sameHours tells whether what the chosen areas take by a year is the load of a kept
// table of hours, but for losses that are the same in every hour. The table is to a watt.
func sameHours(year *demand.Year, r plan.Result, kept []byte) bool {
	taken := make([]float64, year.Hours())
	for _, a := range r.Areas {
		if !a.Chosen {
			continue
		}
		shares, err := year.Shares(demand.Profile(a.Profile))
		if err != nil {
			return false
		}
		for h, share := range shares {
			taken[h] += a.Heat * share
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(kept)).ReadAll()
	if err != nil || len(rows) != len(taken)+1 {
		return false
	}
	column := slices.Index(rows[0], "load_kw")
	if column < 0 {
		return false
	}
	least, most, greatest := math.Inf(1), math.Inf(-1), 0.0
	for h, row := range rows[1:] {
		load, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			return false
		}
		least, most, greatest = min(least, load-taken[h]), max(most, load-taken[h]), max(greatest, load)
	}
	return least > -0.01 && most-least <= 0.002+1e-7*greatest
}
