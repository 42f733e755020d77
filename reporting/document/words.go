package document

import (
	"fmt"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// words are everything a report says in one language.
type words struct {
	lang Lang
	// Formats: of a site's name and a year, the last of a page and the count.
	title, subject, page string
	months               [12]string

	// Labels of the head, and its answers.
	site, operator, address, period, asKnown, dataVersion, status string
	final, provisional                                            string // the latter of a day

	// Headings of chapters and sheets.
	figures, chart, monthly, points, missing, verify            string
	overview, monthsSheet, daysSheet, pointsSheet, qualitySheet string

	// Headings of columns.
	figure, value, numerator, denominator, coverage, energyKnown, ownTime, substitute, uncertainty, standard, note string
	month, year, gridImport, totalEnergy, itEnergy, other                                                          string
	point, meter, model, quantity, role, unit, amount, accuracy                                                    string
	from, to, day, quality, days                                                                                   string

	// Parts of cells; class and category are formats.
	class, category, until, notStated, unknown string

	// Sentences and formats of sentences.
	intro, noFigure, nothingMissing, gapsSay, recompute string
	chartSays, chartLeast, chartGap                     string
	moreGaps, unstated, digest                          string
	checkpointLabel, checkpointSays, checkpointNone     string

	// Words for codes; in notes %s is the note's value.
	roles      map[energy.Role]string
	quantities map[energy.Quantity]string
	names      map[string]string
	notes      map[string]string
	qualities  map[energy.Quality]string
	regimes    map[string]string
}

// in are the words of a language.
func in(l Lang) (words, error) {
	switch l {
	case German:
		return german(), nil
	case English:
		return english(), nil
	}
	return words{}, fmt.Errorf("write a report in %q: no such language, there are de and en", string(l))
}

// name is what a figure is called, with its category.
func (w words) name(f kpi.Figure) string {
	name, ok := w.names[f.Name]
	if !ok {
		name = f.Name
	}
	if f.Category > 0 {
		name += ", " + fmt.Sprintf(w.category, f.Category)
	}
	return name
}

// notesOf are the sentences of a figure's notes; a code without a sentence is
// shown as it is.
func (w words) notesOf(f kpi.Figure) []string {
	var says []string
	for _, note := range f.Notes {
		code, value, _ := strings.Cut(note, "=")
		if whole, ok := w.notes[note]; ok {
			note = whole
		} else if format, ok := w.notes[code]; ok {
			note = strings.ReplaceAll(format, "%s", value)
		}
		says = append(says, note)
	}
	return says
}

// or is the word for a key, or the key itself.
func or[K ~string](words map[K]string, key K) string {
	if word, ok := words[key]; ok {
		return word
	}
	return string(key)
}

// status of a report in words, with the reason.
func (w words) statusOf(y Yearly) string {
	if y.Final {
		return w.final
	}
	return fmt.Sprintf(w.provisional, w.lang.date(lastDay(y.Period, y.Location)))
}

// checkpointState says what of the public ledger stands behind the report.
func (w words) checkpointState(y Yearly) string {
	if y.Checkpoint == "" {
		return w.checkpointNone
	}
	return w.checkpointSays
}

// known is the instant of a report, local, to the minute.
func (w words) knownAt(y Yearly) string {
	t := y.AsKnown.In(y.Location)
	d := energy.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	return w.lang.date(d) + t.Format(", 15:04 ") + "(" + y.AsKnown.UTC().Format(time.RFC3339) + ")"
}

// lastDay is the last local day of a period.
func lastDay(p energy.Period, l *time.Location) energy.Date {
	return energy.Calendar{Location: l}.Date(p.To.Add(-time.Nanosecond))
}

// accuracyOf says how exact a point's meter is.
func (w words) accuracyOf(p Point) string {
	var parts []string
	if p.Class != "" {
		parts = append(parts, fmt.Sprintf(w.class, p.Class))
	}
	if p.HasPercent {
		parts = append(parts, "±"+w.lang.decimal(p.Percent, 2)+noBreak+"%")
	}
	if len(parts) == 0 {
		parts = append(parts, w.notStated)
	}
	if p.Regime != "" {
		parts = append(parts, or(w.regimes, p.Regime))
	}
	if (p.Until != energy.Date{}) {
		parts = append(parts, w.until+" "+w.lang.date(p.Until))
	}
	return strings.Join(parts, ", ")
}
