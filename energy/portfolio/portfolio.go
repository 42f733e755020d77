// Package portfolio sets the judgements of all sites side by side, by commitment:
// chosen, put in order, counted. It is pure, and it ranks nothing across what
// cannot be compared: values are put in order within one figure and one basis,
// measured beside measured and declared beside declared (FIGURES.md, "What may be
// published").
package portfolio

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// Row is one judgement, with what a reader wants to know of its site.
type Row struct {
	commitment.Assessment
	Name     string // of the site
	Kind     energy.SiteKind
	Operator registry.Operator // the zero Operator where the registry names none
	Title    string            // of the commitment
	// Latest is the last day that counts readings; the zero Date: there is none.
	Latest energy.Date
	// Complete is the part of the last twelve whole months whose energy is known,
	// over all roles that are counted.
	Complete commitment.Optional
}

// Presence is how complete a site is.
type Presence struct {
	Latest   energy.Date
	Complete commitment.Optional
}

// Rows are the judgements of sites as rows; those of rules that do not bind a
// site are left out.
func Rows(r *registry.Registry, judged map[energy.SiteID][]commitment.Assessment, present map[energy.SiteID]Presence) []Row {
	operators, titles := map[string]registry.Operator{}, map[string]string{}
	for _, o := range r.Operators {
		operators[o.ID] = o
	}
	for _, c := range r.Commitments {
		titles[c.ID] = c.Title
	}
	var rows []Row
	for _, site := range r.Sites {
		own := map[string]string{}
		for _, c := range site.Commitments {
			own[c.ID] = c.Title
		}
		at := present[site.ID]
		for _, a := range judged[site.ID] {
			if a.Verdict == commitment.NotApplicable {
				continue
			}
			rows = append(rows, Row{Assessment: a, Name: site.Name, Kind: site.Kind, Operator: operators[site.Operator],
				Title: cmp.Or(own[a.Commitment], titles[a.Commitment]), Latest: at.Latest, Complete: at.Complete})
		}
	}
	return rows
}

// Choice says which rows are wanted; what is empty chooses all.
type Choice struct {
	Metric   string // of the commitment: what is promised
	Verdict  commitment.Verdict
	Operator string
	Basis    commitment.Basis
	Kind     energy.SiteKind
	// Forecast: only what will be missed if nothing changes.
	Forecast bool
}

// Fits tells whether a row is chosen.
func (c Choice) Fits(r Row) bool {
	return (c.Metric == "" || r.Metric == c.Metric) && (c.Verdict == "" || r.Verdict == c.Verdict) && (c.Operator == "" || r.Operator.ID == c.Operator) &&
		(c.Basis == "" || r.Basis == c.Basis) && (c.Kind == "" || r.Kind == c.Kind) && (!c.Forecast || r.WillMiss())
}

// Select are the rows that are chosen.
func Select(rows []Row, c Choice) []Row {
	chosen := make([]Row, 0, len(rows))
	for _, r := range rows {
		if c.Fits(r) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

// WillMiss tells whether a commitment will be missed if all goes on as it does: a
// running period by its forecast, a later one by what the value is now.
func (r Row) WillMiss() bool {
	return r.Verdict == commitment.AtRisk || r.Verdict == commitment.NotDue && r.Margin.OK && r.Margin.Number < 0
}

// Order is a column by which rows are put in order.
type Order string

// The orders. Those of numbers compare within one figure and one basis only.
const (
	ByCommitment Order = "commitment" // then verdict and site
	BySite       Order = "site"
	ByOperator   Order = "operator"
	ByVerdict    Order = "verdict"
	ByValue      Order = "value"
	ByMargin     Order = "margin" // what is farthest from the promise first
	ByCoverage   Order = "coverage"
	BySettles    Order = "settles_on"
	ByLatest     Order = "last_reading"
)

// Orders lists all of them.
func Orders() []Order {
	return []Order{ByCommitment, BySite, ByOperator, ByVerdict, ByValue, ByMargin, ByCoverage, BySettles, ByLatest}
}

// Compares tells whether an order compares numbers, and so keeps to groups.
func (o Order) Compares() bool { return o == ByValue || o == ByMargin }

// Group names what rows of an order belong to: of numbers one figure in one unit
// and one basis, of commitments one figure, of all else everything.
type Group struct {
	Metric string
	Unit   energy.Unit
	Basis  commitment.Basis
}

// Of is the group of a row in an order.
func (o Order) Of(r Row) Group {
	switch {
	case o.Compares():
		return Group{r.Metric, r.Unit, r.Basis}
	case o == ByCommitment:
		return Group{Metric: r.Metric}
	}
	return Group{}
}

// Sort puts rows in order, in place. Downwards turns the order within each group,
// never that of the groups; what has no value comes last in its group either way.
func Sort(rows []Row, by Order, downwards bool) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		first, second := by.Of(a), by.Of(b)
		if c := cmp.Or(cmp.Compare(first.Metric, second.Metric), cmp.Compare(first.Unit, second.Unit), cmp.Compare(basisRank(first.Basis), basisRank(second.Basis))); c != 0 {
			return c
		}
		c, known := by.compare(a, b)
		if downwards && known {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(verdictRank(a.Verdict), verdictRank(b.Verdict)), strings.Compare(a.Name, b.Name), strings.Compare(string(a.Site), string(b.Site)),
			strings.Compare(a.Commitment, b.Commitment), strings.Compare(a.Rule, b.Rule), a.Period.From.Compare(b.Period.From), a.Period.To.Compare(b.Period.To))
	})
}

// compare compares two rows of a group; known is false where one of them has
// nothing to compare, which then comes last.
func (o Order) compare(a, b Row) (c int, known bool) {
	switch o {
	case BySite:
		return strings.Compare(a.Name, b.Name), true
	case ByOperator:
		return strings.Compare(a.Operator.Name, b.Operator.Name), true
	case ByVerdict:
		return cmp.Compare(verdictRank(a.Verdict), verdictRank(b.Verdict)), true
	case ByValue:
		return number(a.Value, b.Value)
	case ByMargin:
		return number(a.Margin, b.Margin)
	case ByCoverage:
		return number(a.EnergyCoverage, b.EnergyCoverage)
	case BySettles:
		return a.SettlesOn.Compare(b.SettlesOn), true
	case ByLatest:
		return a.Latest.Compare(b.Latest), true
	}
	return 0, true
}

func number(a, b commitment.Optional) (c int, known bool) {
	switch {
	case a.OK && b.OK:
		return cmp.Compare(a.Number, b.Number), true
	case a.OK:
		return -1, false
	case b.OK:
		return 1, false
	}
	return 0, false
}

// verdictRank puts first what somebody should look at.
func verdictRank(v commitment.Verdict) int {
	return slices.Index([]commitment.Verdict{commitment.Missed, commitment.AtRisk, commitment.Undetermined, commitment.NotDue, commitment.OnTrack, commitment.Met, commitment.Exempt}, v)
}

func basisRank(b commitment.Basis) int {
	return slices.Index([]commitment.Basis{commitment.Measured, commitment.Mixed, commitment.Declared}, b)
}

// Count says how many rows have a verdict.
type Count struct {
	Verdict commitment.Verdict
	Rows    int
}

// Counts are the verdicts of rows, in the order in which they are explained.
func Counts(rows []Row) (counts []Count) {
	for _, v := range commitment.Verdicts() {
		n := 0
		for _, r := range rows {
			if r.Verdict == v {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, Count{v, n})
		}
	}
	return counts
}

// Metrics are the figures that rows are about, in order.
func Metrics(rows []Row) (metrics []string) {
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.Metric] {
			seen[r.Metric] = true
			metrics = append(metrics, r.Metric)
		}
	}
	slices.Sort(metrics)
	return metrics
}

// Months are the twelve whole local months before a day.
func Months(on energy.Date) (from, to energy.Date) {
	return monthBefore(on, 12), energy.Date{Year: on.Year, Month: on.Month, Day: 1}
}

func monthBefore(on energy.Date, months int) energy.Date {
	t := time.Date(on.Year, on.Month-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return energy.Date{Year: t.Year(), Month: t.Month(), Day: 1}
}
