package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heatledger/energy"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Submission is what somebody hands in at once.
type Submission struct {
	Source string // who hands it in: a token's name, a user
	// Key makes it repeatable: the same key is the same submission. The
	// caller uses the Idempotency-Key, or the SHA-256 of the body.
	Key string
	// Digest is the SHA-256 of what was handed in: the same key with another
	// digest is refused with ErrKey.
	Digest [sha256.Size]byte
	// Content is the SHA-256 of what was handed in alone, byte for byte, which
	// whoever handed it in can compute again; zero: Digest stands for it.
	Content [sha256.Size]byte
	// Correction is the reason for replacing what is known; "" for ordinary
	// readings. Each row replaces what is known at its own instant.
	Correction string
	// Replaces is the interval that a correction replaces for each point it
	// mentions, be it by a row of quality missing: what is known in it and not
	// said again is withdrawn. The zero Period replaces nothing but the rows'
	// own instants.
	Replaces energy.Period
	// Partial takes the good rows though others are rejected.
	Partial bool
	// DryRun checks everything and writes nothing.
	DryRun bool
	Rows   []Row
	// Rejected are rows that could not even be read.
	Rejected []Rejection
	// Allowed tells whether the submitter may write to a site; nil = all.
	Allowed func(energy.SiteID) bool
}

// ErrKey says that a key was used before for another submission.
var ErrKey = errors.New("the key was used before with other content: a key names one submission")

// Receipt says what became of a submission.
type Receipt struct {
	Accepted  int                     `json:"accepted"`
	Duplicate int                     `json:"duplicate"`
	Missing   int                     `json:"missing"`   // rows that say there is no value
	Withdrawn int                     `json:"withdrawn"` // readings a correction took back without a new value
	Rejected  []Rejection             `json:"rejected"`
	Receipt   string                  `json:"receipt"` // names what was handed in and what came of it
	Facts     map[energy.SiteID]int64 `json:"facts"`   // the fact each site's part became
	Digest    string                  `json:"digest"`  // SHA-256 of what was handed in; the public ledger covers it with each fact
}

// clockTolerance is how far ahead of ours a submitter's clock may be.
const clockTolerance = 5 * time.Minute

// earliest is before every meter whose readings could still matter; an older
// instant is a clock that was never set.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// importChunk is the number of readings of a point from which a submission is
// written as packed chunks at once.
const importChunk = 1000

// Submit checks a submission row by row against the registry and against what
// is known, and makes the good rows facts: all rows or none, unless Partial.
// Rows of all sites become facts in one transaction.
func (in *Intake) Submit(ctx context.Context, s Submission) (Receipt, error) {
	if err := checkReason(s.Correction); err != nil {
		return Receipt{}, err
	}
	r, err := in.ledger.Registry(ctx)
	if err != nil {
		return Receipt{}, err
	}
	check := &checking{registry: r, submission: s, now: in.now()}
	check.rows()
	receipt := Receipt{Rejected: check.rejected, Missing: check.missing, Duplicate: check.duplicate, Facts: map[energy.SiteID]int64{}}
	if len(check.rejected) > 0 && !s.Partial {
		return receipt.signed(s), nil
	}
	sites := slices.Sorted(maps.Keys(check.sites))
	if len(sites) == 0 {
		return receipt.signed(s), nil
	}
	if err := in.ensureSites(ctx, sites); err != nil {
		return Receipt{}, err
	}
	heads, err := in.store.AppendAll(ctx, sites, func(ctx context.Context, facts map[energy.SiteID]*store.Fact) error {
		receipt.Accepted, receipt.Withdrawn = 0, 0
		receipt.Duplicate, receipt.Rejected = check.duplicate, slices.Clone(check.rejected)
		for _, site := range sites {
			part := &part{fact: facts[site], submission: s, points: check.sites[site]}
			if err := part.take(ctx); err != nil {
				return fmt.Errorf("take readings of %s: %w", site, err)
			}
			receipt.Accepted += part.accepted
			receipt.Duplicate += part.duplicate
			receipt.Withdrawn += part.withdrawn
			receipt.Rejected = append(receipt.Rejected, part.rejected...)
		}
		if s.DryRun || len(receipt.Rejected) > 0 && !s.Partial || receipt.Accepted+receipt.Withdrawn == 0 {
			return store.ErrNothing
		}
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrNothing) {
		return Receipt{}, fmt.Errorf("take a submission of %s: %w", s.Source, err)
	}
	if len(receipt.Rejected) > 0 && !s.Partial {
		receipt.Accepted, receipt.Withdrawn = 0, 0
	}
	for site, head := range heads {
		receipt.Facts[site] = head.Seq
		in.taken(site)
	}
	return receipt.signed(s), nil
}

// content is the digest that the public ledger covers.
func (s Submission) content() [sha256.Size]byte {
	if s.Content == ([sha256.Size]byte{}) {
		return s.Digest
	}
	return s.Content
}

// checkReason errs for a reason that is no line of text.
func checkReason(reason string) error {
	if len(reason) > 500 || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl) {
		return energy.Faults{{Problem: "the reason of the correction is no line of text", Remedy: "at most 500 bytes of UTF-8 without control characters are expected"}}
	}
	return nil
}

// signed puts the rejections in the order of the rows and names the receipt.
func (r Receipt) signed(s Submission) Receipt {
	if r.Rejected == nil {
		r.Rejected = []Rejection{}
	}
	slices.SortStableFunc(r.Rejected, func(a, b Rejection) int { return cmp.Compare(a.Row, b.Row) })
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n%s\n%d %d %d %d\n", s.Source, s.Key, s.Correction, r.Accepted, r.Duplicate, r.Withdrawn, len(r.Rejected))
	for _, site := range slices.Sorted(maps.Keys(r.Facts)) {
		fmt.Fprintf(sum, "%s %d\n", site, r.Facts[site])
	}
	r.Receipt = hex.EncodeToString(sum.Sum(nil)[:16])
	content := s.content()
	r.Digest = hex.EncodeToString(content[:])
	return r
}

// checking sorts rows by site and point and checks each by itself.
type checking struct {
	registry   *registry.Registry
	submission Submission
	now        time.Time
	sites      map[energy.SiteID]map[energy.PointID][]numbered
	rejected   []Rejection
	missing    int
	duplicate  int // rows given twice alike
}

func (c *checking) rows() {
	c.sites = map[energy.SiteID]map[energy.PointID][]numbered{}
	c.rejected = slices.Clone(c.submission.Rejected)
	for _, row := range c.submission.Rows {
		reading, rejection := c.row(row)
		switch {
		case rejection != nil:
			c.rejected = append(c.rejected, *rejection)
		case row.Absent:
			c.missing++
			if !c.submission.Replaces.To.IsZero() { // it names a point of which all is withdrawn
				c.of(row.Point.Site())[row.Point] = c.of(row.Point.Site())[row.Point]
			}
		default:
			site := row.Point.Site()
			c.of(site)[row.Point] = append(c.of(site)[row.Point], numbered{Reading: reading, row: row.Number})
		}
	}
	for _, points := range c.sites {
		for point, rows := range points {
			points[point] = c.single(point, rows)
		}
	}
}

// of are the points of a site so far.
func (c *checking) of(site energy.SiteID) map[energy.PointID][]numbered {
	if c.sites[site] == nil {
		c.sites[site] = map[energy.PointID][]numbered{}
	}
	return c.sites[site]
}

// row checks one row against the registry.
func (c *checking) row(row Row) (energy.Reading, *Rejection) {
	reject := func(column string, code Code, reason, hint string) (energy.Reading, *Rejection) {
		return energy.Reading{}, &Rejection{Row: row.Number, Column: column, Code: code, Reason: reason, Hint: hint}
	}
	if c.submission.Allowed != nil && !c.submission.Allowed(row.Point.Site()) {
		return reject("point", CodeScope, fmt.Sprintf("you may not write to site %s", row.Point.Site()), "ask for a token of this site")
	}
	_, _, point, ok := c.registry.Point(row.Point)
	if !ok {
		return reject("point", CodePoint, fmt.Sprintf("the registry knows no point %s", row.Point), "check the spelling, or add the point to registry.yaml and apply it")
	}
	if point.Virtual() {
		return reject("point", CodeCalculated, fmt.Sprintf("%s is calculated from other points", row.Point), "hand in the readings of those")
	}
	if row.At.Before(earliest) {
		return reject("at", CodePast, fmt.Sprintf("%s is before any reading could be", row.At.Format(time.RFC3339)), "check the year")
	}
	if row.At.After(c.now.Add(clockTolerance)) || row.At.Add(row.Length).After(c.now.Add(clockTolerance)) {
		return reject("at", CodeFuture, fmt.Sprintf("%s has not come yet", row.At.Add(row.Length).Format(time.RFC3339)), "check the year and the clock")
	}
	if interval := point.Series == energy.Interval || point.Series == energy.Mean; interval != (row.Length > 0) {
		if interval {
			return reject("at", CodeForm, fmt.Sprintf("%s is a series of %s values", row.Point, point.Series), "give the columns from and to")
		}
		return reject("from", CodeForm, fmt.Sprintf("%s is a series of %s values", row.Point, point.Series), "give the column at")
	}
	if p := c.submission.Replaces; !p.To.IsZero() && !p.Contains(row.At) {
		return reject("at", CodeOutside, fmt.Sprintf("%s is outside of the interval that is replaced, %s", row.At.Format(time.RFC3339), p), "widen the interval, or leave the row out")
	}
	if row.Absent {
		return energy.Reading{}, nil
	}
	value, unit := row.Value, point.Quantity.Unit()
	if row.Unit != "" && row.Unit != unit {
		converted, err := energy.Convert(value, row.Unit, unit)
		if err != nil {
			return reject("unit", CodeUnit, err.Error(), fmt.Sprintf("%s is given in %s", point.Quantity, unit))
		}
		value = converted
	}
	if _, err := point.Quantity.Fixed(value); err != nil || !value.Finite() {
		return reject("value", CodeRange, fmt.Sprintf("%s %s is beyond what can be counted", value, unit), "check the unit")
	}
	return energy.Reading{At: row.At, Length: row.Length, Value: value, Quality: row.Quality}, nil
}

// single sorts the rows of a point and drops those given twice alike; of rows
// that contradict each other all but the first are rejected.
func (c *checking) single(point energy.PointID, rows []numbered) []numbered {
	slices.SortStableFunc(rows, func(a, b numbered) int { return a.At.Compare(b.At) })
	kept := rows[:0]
	for _, row := range rows {
		if n := len(kept) - 1; n >= 0 && kept[n].At.Equal(row.At) {
			if !kept[n].Same(row.Reading) {
				c.rejected = append(c.rejected, Rejection{Row: row.row, Column: "value", Code: CodeContradicted,
					Reason: fmt.Sprintf("row %d gives %s another value at %s", kept[n].row, point, row.At.Format(time.RFC3339Nano)),
					Hint:   "leave one of the two rows out"})
			} else {
				c.duplicate++
			}
			continue
		}
		kept = append(kept, row)
	}
	return kept
}
