package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/reporting/chart"
)

// language is the language of a page: ?lang=, else the one of German and
// English that Accept-Language prefers, else English.
func language(r *http.Request) (lang chart.Language, asked bool) {
	switch l := chart.Language(r.URL.Query().Get("lang")); l {
	case chart.German, chart.English:
		return l, true
	}
	best, lang := 0.0, chart.English
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";q=")
		name, _, _ = strings.Cut(name, "-")
		q, err := strconv.ParseFloat(weight, 64)
		if weight == "" {
			q, err = 1, nil
		}
		if l := chart.Language(name); err == nil && q > best && (l == chart.German || l == chart.English) {
			best, lang = q, l
		}
	}
	return lang, false
}

// speech says things in one language.
type speech struct {
	Lang  chart.Language
	words map[string]sentence
}

// T is the sentence of that key; args go where it has %s. A key without a
// sentence is a name: it is shown as it is.
func (s speech) T(key string, args ...any) string {
	found, ok := s.words[key]
	if !ok {
		if _, name, ok := strings.Cut(key, ":"); ok {
			return name
		}
		return key
	}
	text := found.en
	if s.Lang == chart.German {
		text = found.de
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Number writes v with so many digits behind the point.
func (s speech) Number(v float64, digits int) string { return chart.Number(s.Lang, v, digits) }

// Energy writes kWh in the unit a reader takes in at a glance.
func (s speech) Energy(kwh float64) string {
	switch {
	case math.IsNaN(kwh):
		return "–"
	case math.Abs(kwh) >= 10e6:
		return s.Number(kwh/1e6, 1) + " GWh"
	case math.Abs(kwh) >= 10e3:
		return s.Number(kwh/1e3, 0) + " MWh"
	}
	return s.Number(kwh, 0) + " kWh"
}

// Percent writes a ratio of 0 to 1. What is not quite all is never shown as all.
func (s speech) Percent(ratio float64) string {
	shown := ratio * 100
	if ratio < 1 && shown > 99.9 {
		shown = 99.9
	}
	if ratio == 1 {
		return "100 %"
	}
	return s.Number(shown, 1) + " %"
}

// Month names a month; Date a day; Instant a local time.
func (s speech) Month(m time.Month) string {
	if s.Lang == chart.German {
		return []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}[m-1]
	}
	return m.String()
}

// Date is a day as people write it in the language.
func (s speech) Date(d energy.Date) string {
	if s.Lang == chart.German {
		return fmt.Sprintf("%d. %s %d", d.Day, s.Month(d.Month), d.Year)
	}
	return fmt.Sprintf("%d %s %d", d.Day, s.Month(d.Month), d.Year)
}

// Instant is the local day and time of an instant, to the second; the zero one never
// was.
func (s speech) Instant(t time.Time, c energy.Calendar) string {
	if t.IsZero() {
		return s.T("never")
	}
	return s.Date(c.Date(t)) + ", " + c.Local(t).Format("15:04:05")
}
