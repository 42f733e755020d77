package planning

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"heatledger/heatmap/source"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// outlook is what the months to come are expected to bring, with what that rests on.
func (p *printer) outlook() {
	o := p.Sheet.Outlook
	if o == nil || len(o.Months) == 0 {
		return
	}
	b := document.Block{Heading: p.say("sheet_outlook", nil), Paragraph: OutlookSays(p.lang, *o), Columns: []document.Column{
		{Title: p.say("sheet_month", nil), Width: 1}, {Title: "P90, kW", Width: 1, Right: true}, {Title: "P50, kW", Width: 1, Right: true}, {Title: "P10, kW", Width: 1, Right: true}}}
	if len(o.Growth) > 0 {
		for _, of := range []string{"P90", "P50", "P10"} {
			b.Columns = append(b.Columns, document.Column{Title: p.say("sheet_with_growth", map[string]string{"of": of}), Width: 1, Right: true})
		}
	}
	for _, m := range o.Months {
		row := append([]string{p.month(m.Year, m.Month)}, p.band(m)...)
		if len(o.Growth) > 0 {
			row = append(row, p.band(m.With())...)
		}
		b.Rows = append(b.Rows, row)
	}
	p.add(b)
}

// band are P90, P50 and P10 of a month.
func (p *printer) band(m source.Expected) []string {
	low, high := "–", "–"
	if m.HasBand {
		low, high = p.number(float64(m.P90), 1), p.number(float64(m.P10), 1)
	}
	return []string{low, p.number(float64(m.P50), 1), high}
}

// OutlookSays says what an outlook rests on: its method and how it did on the past, that
// it knows no seasons where it does not, and where it resorted to something else.
func OutlookSays(lang words.Lang, o source.Outlook) string {
	say := func(name string, values map[string]string) string { return words.Heat(lang, name, values) }
	said := []string{say("sheet_outlook_lead", map[string]string{"method": say("forecast_"+string(o.Method), nil)})}
	switch why := say("why_"+string(o.NoSeason), nil); {
	case o.Method.Seasonal():
	case o.NoSeason != "":
		said = append(said, say("sheet_outlook_level_why", map[string]string{"why": why}))
	default:
		said = append(said, say("sheet_outlook_level", nil))
	}
	if o.Why == "" {
		said = append(said, say("sheet_outlook_tried", map[string]string{"trials": strconv.Itoa(o.Trials), "error": words.Share(lang, o.Error)}))
	} else {
		said = append(said, say("sheet_outlook_notried", map[string]string{"why": say("why_"+string(o.Why), nil)}))
	}
	for _, f := range []source.Fallback{source.OtherDistances, source.NoSuchMonth} {
		months := slices.DeleteFunc(slices.Clone(o.Months), func(m source.Expected) bool { return !slices.Contains(m.Fallbacks, f) })
		if len(months) == 0 {
			continue
		}
		least := slices.MinFunc(months, func(a, b source.Expected) int { return a.Least - b.Least }).Least
		farthest := slices.MaxFunc(months, func(a, b source.Expected) int { return a.Farthest - b.Farthest }).Farthest
		said = append(said, say("sheet_outlook_"+string(f), map[string]string{"months": monthsSaid(lang, months), "least": strconv.Itoa(least), "farthest": strconv.Itoa(farthest)}))
	}
	if len(o.Growth) > 0 {
		said = append(said, say("sheet_outlook_growth", map[string]string{"changes": growthSaid(lang, o.Growth)}))
	}
	return strings.Join(said, " ")
}

// growthSaid is what was contracted, each with its contract.
func growthSaid(lang words.Lang, growth []source.Growth) string {
	var changes []string
	for _, g := range growth {
		key := "sheet_growth_more"
		if g.Power < 0 {
			key = "sheet_growth_less"
		}
		change := words.Heat(lang, key, map[string]string{"day": words.Date(lang, g.From), "power": words.Number(lang, math.Abs(float64(g.Power)), 1)})
		if g.Contract != "" {
			change += " (" + g.Contract + ")"
		}
		changes = append(changes, change)
	}
	return strings.Join(changes, "; ")
}

// monthsSaid are months in words, those that follow one another by the first and the
// last.
func monthsSaid(lang words.Lang, months []source.Expected) string {
	number := func(m source.Expected) int { return 12*m.Year + int(m.Month) }
	name := func(m source.Expected) string { return words.Month(lang, m.Year, m.Month) }
	var runs []string
	for i := 0; i < len(months); {
		end := i
		for end+1 < len(months) && number(months[end+1]) == number(months[end])+1 {
			end++
		}
		if end > i {
			runs = append(runs, words.Heat(lang, "months_from_to", map[string]string{"from": name(months[i]), "to": name(months[end])}))
		} else {
			runs = append(runs, name(months[i]))
		}
		i = end + 1
	}
	return strings.Join(runs, ", ")
}
