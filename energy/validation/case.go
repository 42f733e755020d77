package validation

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/series"
)

// cases are the notes that reading a counter gave: falls and jumps that nobody
// has explained yet, and readings that were left out. A wrap that the registry
// declares, an exchange and a confirmed reset are in order.
func (d Delivery) cases() []Finding {
	var all []Finding
	for _, n := range series.NewTrack(d.Visible, d.Rules).Notes() {
		code, ok := caseOf(n.Code)
		p := energy.Period{From: n.From, To: n.To}
		if !ok || !touches(p, d.Period) {
			continue
		}
		// What happens again and again is one finding, from the first before to the last after.
		if i := slices.IndexFunc(all, func(f Finding) bool {
			return f.Code == code && f.Args["why"].Text == whyOf(code, n) && p.From.Sub(f.Period.To) <= d.Limits.Together
		}); i >= 0 {
			f := &all[i]
			f.Period.To = latest(f.Period.To, p.To)
			f.Args["count"] = count(int(f.Args["count"].Number) + times(code, n))
			if _, steps := f.Args["after"]; steps {
				f.Args["after"] = of(d.Rules.Quantity, n.After)
			}
			continue
		}
		args := Args{"count": count(times(code, n))}
		if code == ReadingUnusable {
			args["why"] = name(whyOf(code, n))
		} else {
			args["before"], args["after"] = of(d.Rules.Quantity, n.Before), of(d.Rules.Quantity, n.After)
		}
		all = append(all, d.finding(code, p, args))
	}
	return all
}

// caseOf is what a note is here; ok is false for what is in order.
func caseOf(note series.Code) (code Code, ok bool) {
	switch note {
	case series.NoteFall:
		return CounterFell, true
	case series.NoteJump:
		return CounterJumped, true
	case series.NoteReturn:
		return CounterReturned, true
	case series.NoteLost:
		return LostAtExchange, true
	case series.NoteGlitch:
		return CounterGlitch, true
	case series.NoteSuspect, series.NoteRange, series.NoteLength, series.NoteOverlap, series.NoteDouble:
		return ReadingUnusable, true
	}
	return "", false
}

// whyOf is why a reading was left out; "" for steps of a counter.
func whyOf(code Code, n series.Note) string {
	if code == ReadingUnusable {
		return string(n.Code)
	}
	return ""
}

// times is how often a note says that something happened.
func times(code Code, n series.Note) int {
	if code == ReadingUnusable {
		return n.Count
	}
	return 1
}
