package document

import (
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// noBreak is the blank between a number and its unit.
const noBreak = "\u00a0"

// decimal writes f with digits behind the decimal sign, and groups of three
// before it: "1.234,5" in German, "1,234.5" in English.
func (l Lang) decimal(f float64, digits int) string {
	text := strconv.FormatFloat(f, 'f', digits, 64)
	sign := ""
	if text[0] == '-' {
		sign, text = "−", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	group, point := ",", "."
	if l == German {
		group, point = ".", ","
	}
	var out strings.Builder
	out.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out.WriteString(group)
		}
		out.WriteRune(digit)
	}
	if fraction != "" {
		out.WriteString(point + fraction)
	}
	return out.String()
}

// amount writes a value with its unit; "–" where there is none.
func (l Lang) amount(v energy.Value, ok bool, unit energy.Unit) string {
	if !ok {
		return "–"
	}
	digits := 0
	if f := v.Float64(); f > -100 && f < 100 && f != 0 {
		digits = 2
	}
	return l.decimal(v.Float64(), digits) + noBreak + string(unit)
}

// percent writes a share, 0 to 1. What is not whole is never rounded up to it.
func (l Lang) percent(share float64) string {
	text := l.decimal(share*100, 1)
	if full := l.decimal(100, 1); share < 1 && text == full {
		text = "> " + l.decimal(99.9, 1)
	}
	return text + noBreak + "%"
}

// ratio writes a figure or a dash.
func (l Lang) ratio(f float64, ok bool) string {
	if !ok {
		return "–"
	}
	return l.decimal(f, 3)
}

// date writes a day as people do: "03.06.2025", "3 June 2025".
func (l Lang) date(d energy.Date) string {
	if l == German {
		return d.UTC().Format("02.01.2006")
	}
	return d.UTC().Format("2 January 2006")
}

// figure writes a figure's value: shares in per cent, other ratios with three
// digits, the rest with its unit.
func (l Lang) figure(f kpi.Figure) string {
	switch {
	case !f.OK:
		return "–"
	case strings.HasSuffix(f.Name, "_share") || strings.HasPrefix(f.Name, "green_share"):
		return l.percent(f.Value)
	case f.Unit == energy.One || f.Unit == "":
		return l.ratio(f.Value, true)
	case f.Value > -100 && f.Value < 100:
		return l.decimal(f.Value, 3) + noBreak + string(f.Unit)
	}
	return l.decimal(f.Value, 0) + noBreak + string(f.Unit)
}

// sides writes what a figure divides, or the amount it is.
func (l Lang) sides(f kpi.Figure) string {
	text := l.amount(f.Numerator, f.NumeratorUnit != "", f.NumeratorUnit)
	if f.DenominatorUnit != "" {
		text += " / " + l.amount(f.Denominator, true, f.DenominatorUnit)
	}
	return text
}
