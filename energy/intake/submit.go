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
	// Withdraw takes the rows back, with Correction as the reason, where what is
	// known still says what they say.
	Withdraw bool
	Rows     []Row
	// Rejected are rows that could not even be read.
	Rejected []Rejection
	// Stream hands over rows in place of Rows and Rejected, so that a million of
	// them need not be held twice. What it returns Submit returns.
	Stream func(take func(Row), reject func(Rejection)) error
	// Most is how many rejections are named; further ones are only counted. 0: all.
	Most int
	// Review looks at what would change and asks about what is strange. What is
	// not explained keeps the submission from being taken.
	Review    bool
	Explained []Explanation
	// Also is called in the transaction of the facts, before they are numbered,
	// where there are any; what else is to be known with them is written there,
	// at the sites of the receipt's facts.
	Also func(ctx context.Context, facts map[energy.SiteID]*store.Fact, receipt Receipt) error
	// Allowed tells whether the submitter may write to a site; nil = all.
	Allowed func(energy.SiteID) bool
	// AllowedPoint tells the same of a point, where the submitter's rights go by
	// points; it stands in place of Allowed.
	AllowedPoint func(energy.PointID) bool
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
	Further   int                     `json:"rejected_further,omitempty"` // rejected rows that are not named
	Receipt   string                  `json:"receipt"`                    // names what was handed in and what came of it
	Facts     map[energy.SiteID]int64 `json:"facts"`                      // the fact each site's part became
	Digest    string                  `json:"digest"`                     // SHA-256 of what was handed in; the public ledger covers it with each fact

	// Of a submission that was reviewed.
	Questions []Question    `json:"questions,omitempty"`
	Months    []MonthChange `json:"months,omitempty"`
	Days      []DayChange   `json:"days,omitempty"`
	Changes   []ValueChange `json:"changes,omitempty"`
}

// Refused tells whether a row was rejected.
func (r Receipt) Refused() bool { return len(r.Rejected)+r.Further > 0 }

// Open are the questions that nobody has explained.
func (r Receipt) Open() (open []Question) {
	for _, q := range r.Questions {
		if q.Explanation == "" {
			open = append(open, q)
		}
	}
	return open
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
	ctx = store.AsOwner(ctx) // what a row contradicts is known here, whoever may see it
	r, err := in.ledger.Registry(ctx)
	if err != nil {
		return Receipt{}, err
	}
	check := &checking{registry: r, submission: s, now: in.now(), rejected: rejections{most: s.Most}}
	if err := check.rows(); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Missing: check.missing, Duplicate: check.duplicate, Facts: map[energy.SiteID]int64{}}
	check.rejected.give(&receipt)
	if receipt.Refused() && !s.Partial {
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
		return in.takeAll(ctx, check, sites, facts, &receipt)
	})
	if err != nil && !errors.Is(err, store.ErrNothing) {
		return Receipt{}, fmt.Errorf("take a submission of %s: %w", s.Source, err)
	}
	if receipt.Refused() && !s.Partial {
		receipt.Accepted, receipt.Withdrawn = 0, 0
	}
	for site, head := range heads {
		receipt.Facts[site] = head.Seq
		in.taken(site)
	}
	return receipt.signed(s), nil
}

// takeAll makes the rows of all sites facts, or errs with store.ErrNothing.
func (in *Intake) takeAll(ctx context.Context, check *checking, sites []energy.SiteID, facts map[energy.SiteID]*store.Fact, receipt *Receipt) error {
	s := check.submission
	receipt.Accepted, receipt.Withdrawn, receipt.Duplicate = 0, 0, check.duplicate
	receipt.Questions, receipt.Months, receipt.Days, receipt.Changes = nil, nil, nil, nil
	rejected := check.rejected.clone()
	var told []energy.SiteID // sites of which something becomes known
	for _, site := range sites {
		part := &part{fact: facts[site], submission: s, points: check.sites[site], rejected: &rejected}
		if err := part.take(ctx); err != nil {
			return fmt.Errorf("take readings of %s: %w", site, err)
		}
		receipt.Accepted += part.accepted
		receipt.Duplicate += part.duplicate
		receipt.Withdrawn += part.withdrawn
		receipt.Changes = append(receipt.Changes, part.changes...)
		if part.accepted+part.withdrawn == 0 {
			continue
		}
		told = append(told, site)
		if !s.Review {
			continue
		}
		review, err := in.review(ctx, check, site, facts[site])
		if err != nil {
			return fmt.Errorf("look at what changes at %s: %w", site, err)
		}
		receipt.Questions = append(receipt.Questions, review.questions...)
		receipt.Months = append(receipt.Months, review.months...)
		receipt.Days = append(receipt.Days, review.days...)
	}
	rejected.give(receipt)
	if s.DryRun || receipt.Refused() && !s.Partial || receipt.Accepted+receipt.Withdrawn == 0 || len(receipt.Open()) > 0 {
		return store.ErrNothing
	}
	if s.Also == nil {
		return nil
	}
	answer := *receipt
	answer.Facts = map[energy.SiteID]int64{}
	for _, site := range told {
		answer.Facts[site] = facts[site].Seq
	}
	return s.Also(ctx, facts, answer.signed(s))
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
