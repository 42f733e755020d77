// Package document writes what is printed, filed and checked by others: the
// yearly report of a site as a tagged PDF, as a workbook whose formulas can be
// recomputed, and as CSV. [Gather] asks the ledger; everything after that is
// pure: the same [Yearly] gives the same bytes. It knows figures and points,
// but neither HTTP nor schedules.
package document

import (
	"errors"
	"fmt"

	"heatledger/energy"
)

// Lang is a language documents are written in.
type Lang string

// The languages.
const (
	German  Lang = "de"
	English Lang = "en"
)

// Langs lists the languages.
func Langs() []Lang { return []Lang{German, English} }

// Known tells whether documents are written in l.
func (l Lang) Known() bool { return l == German || l == English }

// ErrNothing says that a site has no readings in a year.
var ErrNothing = errors.New("no readings")

// NothingError says of which site and year nothing is known, and what is.
// It is [ErrNothing].
type NothingError struct {
	Site  energy.SiteID
	Year  int
	Years []int // first and last year with readings; empty: there are none at all
}

// Error names the years there are.
func (e *NothingError) Error() string {
	if len(e.Years) < 2 {
		return fmt.Sprintf("report %s of %d: no readings at all: import some, or let heatledger collect them", e.Site, e.Year)
	}
	return fmt.Sprintf("report %s of %d: no readings in that year: they reach from %d to %d", e.Site, e.Year, e.Years[0], e.Years[1])
}

// Unwrap is [ErrNothing].
func (e *NothingError) Unwrap() error { return ErrNothing }
