package heatmap

import (
	"fmt"
	"time"

	"heatledger/energy"
)

// State is a German federal state by its code in ISO 3166-2 ("DE-HE" is Hesse). ""
// is none: then only the holidays that all states keep count.
type State string

// The states.
const (
	BadenWuerttemberg     State = "DE-BW"
	Bavaria               State = "DE-BY"
	Berlin                State = "DE-BE"
	Brandenburg           State = "DE-BB"
	Bremen                State = "DE-HB"
	Hamburg               State = "DE-HH"
	Hesse                 State = "DE-HE"
	MecklenburgVorpommern State = "DE-MV"
	LowerSaxony           State = "DE-NI"
	NorthRhineWestphalia  State = "DE-NW"
	RhinelandPalatinate   State = "DE-RP"
	Saarland              State = "DE-SL"
	Saxony                State = "DE-SN"
	SaxonyAnhalt          State = "DE-ST"
	SchleswigHolstein     State = "DE-SH"
	Thuringia             State = "DE-TH"
)

// ParseState reads a code; "" is the zero State.
func ParseState(code string) (State, error) {
	switch s := State(code); s {
	case "", BadenWuerttemberg, Bavaria, Berlin, Brandenburg, Bremen, Hamburg, Hesse, MecklenburgVorpommern,
		LowerSaxony, NorthRhineWestphalia, RhinelandPalatinate, Saarland, Saxony, SaxonyAnhalt, SchleswigHolstein, Thuringia:
		return s, nil
	}
	return "", fmt.Errorf("%q is no federal state: a code of ISO 3166-2 such as DE-HE is expected", code)
}

// holiday is a day that some states keep from a year on, and before another.
type holiday struct {
	code        string
	month       time.Month // 0: counted from Easter Sunday
	day         int        // of the month, or days after Easter Sunday
	from, until int        // years [from, until); 0 is open
	states      string     // codes without DE-; "" is all
}

// holidays is the table of public holidays on other days than Sundays (Easter
// Sunday and Whit Sunday, which Brandenburg names too, are Sundays anyway).
//
// Source: the holiday acts of the states (3 October: Unification Treaty Art. 2
// para. 2), as public tables give them; which state keeps what since when was
// compared with two of these, the acts themselves were not at hand (unconfirmed).
// Left out, for they hold in some municipalities of a state only: Corpus Christi in
// Saxony and Thuringia, the Peace Festival in Augsburg. Assumption of Mary is
// counted in all of Bavaria, though about 350 of its 2,056 municipalities do not
// keep it.
func holidays() [22]holiday {
	return [...]holiday{
		{code: "new_year", month: 1, day: 1},
		{code: "epiphany", month: 1, day: 6, states: "BW BY ST"},
		{code: "womens_day", month: 3, day: 8, from: 2019, states: "BE"},
		{code: "womens_day", month: 3, day: 8, from: 2023, states: "MV"},
		{code: "good_friday", day: -2},
		{code: "easter_monday", day: 1},
		{code: "labour_day", month: 5, day: 1},
		{code: "liberation_day", month: 5, day: 8, from: 2020, until: 2021, states: "BE"},
		{code: "liberation_day", month: 5, day: 8, from: 2025, until: 2026, states: "BE"},
		{code: "ascension", day: 39},
		{code: "whit_monday", day: 50},
		{code: "corpus_christi", day: 60, states: "BW BY HE NW RP SL"},
		{code: "assumption", month: 8, day: 15, states: "BY SL"},
		{code: "childrens_day", month: 9, day: 20, from: 2019, states: "TH"},
		{code: "german_unity", month: 10, day: 3, from: 1990},
		{code: "reformation", month: 10, day: 31, states: "BB MV SN ST TH"},
		{code: "reformation", month: 10, day: 31, from: 2017, until: 2018},
		{code: "reformation", month: 10, day: 31, from: 2018, states: "HB HH NI SH"},
		{code: "all_saints", month: 11, day: 1, states: "BW BY NW RP SL"},
		{code: "repentance", month: 11, day: 22, states: "SN"},
		{code: "christmas", month: 12, day: 25},
		{code: "second_christmas_day", month: 12, day: 26},
	}
}

// Holiday is the public holiday that the state keeps on the day, by its code; ok is
// false on other days. Christmas Eve and New Year's Eve are none.
func (s State) Holiday(d energy.Date) (code string, ok bool) {
	sunday := easter(d.Year)
	for _, h := range holidays() {
		if h.keptBy(s, d.Year) && h.in(d.Year, sunday) == d {
			return h.code, true
		}
	}
	return "", false
}

func (h holiday) keptBy(s State, year int) bool {
	if h.from != 0 && year < h.from || h.until != 0 && year >= h.until {
		return false
	}
	if h.states == "" {
		return true
	}
	for rest := h.states; len(rest) >= 2; rest = rest[min(3, len(rest)):] {
		if "DE-"+rest[:2] == string(s) {
			return true
		}
	}
	return false
}

// in is the holiday's day in a year whose Easter Sunday is given.
func (h holiday) in(year int, sunday energy.Date) energy.Date {
	switch {
	case h.month == 0:
		return sunday.AddDays(h.day)
	case h.code == "repentance": // the last Wednesday before 23 November
		d := energy.Date{Year: year, Month: h.month, Day: h.day}
		return d.AddDays(-((int(d.UTC().Weekday()) - int(time.Wednesday) + 7) % 7))
	}
	return energy.Date{Year: year, Month: h.month, Day: h.day}
}

// easter is Easter Sunday of the Gregorian calendar, by the anonymous rule of 1876
// (Meeus, Astronomical Algorithms, 2nd edition 1998, chapter 8).
func easter(year int) energy.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (b - (b+8)/25 + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return energy.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}
}
