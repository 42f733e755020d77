package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
)

// Number writes x with so many decimals: "1,62" and "4.500", or "1.62" and
// "4,500".
func Number(l Lang, x float64, decimals int) string {
	digits := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	group, point := ".", ","
	if l == English {
		group, point = ",", "."
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if fraction != "" {
		whole += point + fraction
	}
	if x < 0 && strings.Trim(digits, "0.") != "" {
		return "\u2212" + whole
	}
	return whole
}

// Figure writes the value of a metric as people know it: shares in per cent,
// energy in the unit that makes it short, ratios with two decimals.
func Figure(l Lang, metric string, x float64, unit energy.Unit) string {
	if unit == energy.One && isShare(metric) {
		return Share(l, x)
	}
	return Amount(l, x, unit)
}

// Share writes a share of 0 to 1 in per cent. It never rounds what is less
// than everything up to 100 %.
func Share(l Lang, x float64) string {
	percent := x * 100
	decimals := 0
	if rounded := math.Round(percent); math.Abs(percent-rounded) > 0.049 || rounded == 100 && percent < 100-1e-9 {
		decimals = 1
	}
	text := Number(l, percent, decimals)
	if percent < 100-1e-9 && math.Round(percent*10) >= 1000 {
		text = Number(l, math.Floor(percent*10)/10, 1)
	}
	if l == English {
		return text + "%"
	}
	return text + "\u00a0%"
}

// Amount writes a number with its unit; kWh become MWh or GWh where that is shorter.
func Amount(l Lang, x float64, unit energy.Unit) string {
	decimals := 2
	if unit == energy.One || unit == "" {
		return Number(l, x, 2)
	}
	x, unit = scaled(x, unit)
	switch size := math.Abs(x); {
	case size == math.Trunc(size) && (unit == energy.Kilowatt || unit == "MWh" || unit == "h" || unit == "K·d"):
		decimals = 0
	case size >= 1000:
		decimals = 0
	case size >= 100:
		decimals = 1
	}
	return Number(l, x, decimals) + "\u00a0" + string(unit)
}

// scaled makes MWh or GWh of kWh where that is shorter.
func scaled(x float64, unit energy.Unit) (float64, energy.Unit) {
	switch size := math.Abs(x); {
	case unit == energy.KilowattHour && size >= 1e6:
		return x / 1e6, "GWh"
	case unit == energy.KilowattHour && size >= 1e3:
		return x / 1e3, "MWh"
	}
	return x, unit
}

// finest is the most decimals by which two values are told apart.
const finest = 9

// Moved writes the value of a metric before and after, as [Figure] does, with as many
// digits as it takes to see that they differ.
func Moved(l Lang, metric string, before, after float64, unit energy.Unit) (was, is string) {
	was, is = Figure(l, metric, before, unit), Figure(l, metric, after, unit)
	for decimals := 2; was == is && before != after && decimals <= finest; decimals++ {
		was, is = precise(l, metric, before, unit, decimals), precise(l, metric, after, unit, decimals)
	}
	return was, is
}

// precise is a value of a metric with so many decimals.
func precise(l Lang, metric string, x float64, unit energy.Unit, decimals int) string {
	switch {
	case unit == energy.One && isShare(metric) && l == English:
		return Number(l, x*100, decimals) + "%"
	case unit == energy.One && isShare(metric):
		return Number(l, x*100, decimals) + "\u00a0%"
	case unit == energy.One || unit == "":
		return Number(l, x, decimals)
	}
	x, unit = scaled(x, unit)
	return Number(l, x, decimals) + "\u00a0" + string(unit)
}

// Date writes a day: "1. Juli 2027", "1 July 2027".
func Date(l Lang, d energy.Date) string {
	name := text(l, fmt.Sprintf("month:m%d", d.Month))
	if l == English {
		return fmt.Sprintf("%d %s %d", d.Day, name, d.Year)
	}
	return fmt.Sprintf("%d. %s %d", d.Day, name, d.Year)
}

// Month writes a month: "Juli 2027".
func Month(l Lang, year int, m time.Month) string {
	return text(l, fmt.Sprintf("month:m%d", m)) + " " + strconv.Itoa(year)
}

// MonthName writes a month without its year: "Juli".
func MonthName(l Lang, m time.Month) string { return text(l, fmt.Sprintf("month:m%d", m)) }

// Period names a period: "2025", "Juni 2025", "zwölf Monate bis Juni 2025", or
// its first and last day.
func Period(l Lang, s commitment.Span) string { return periodOf(l, s.Label) }

// periodOf names the period of a label.
func periodOf(l Lang, label string) string {
	if month, ok := strings.CutPrefix(label, "P12M/"); ok {
		return fill(text(l, "period:rolling"), map[string]string{"month": periodOf(l, month)})
	}
	if first, next, ok := strings.Cut(label, "/"); ok {
		from, errFrom := energy.ParseDate(first)
		to, errTo := energy.ParseDate(next)
		if errFrom == nil && errTo == nil {
			return Date(l, from) + " – " + Date(l, to.AddDays(-1))
		}
	}
	if day, err := energy.ParseDate(label + "-01"); err == nil {
		return Month(l, day.Year, day.Month)
	}
	return label
}

// isShare tells the metrics that people know in per cent.
func isShare(metric string) bool {
	return metric == "erf" || metric == "ref" || strings.HasPrefix(metric, "green_share")
}

// quality is the weight of a language in Accept-Language: 1 where none is given.
func quality(parameters string) float64 {
	_, text, ok := strings.Cut(parameters, "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
