package mscons

import (
	"fmt"
	"time"

	"heatledger/energy"
)

// Quality is the qualifier of a QTY (UN/EDIFACT 6063).
type Quality string

// Definition says what a qualifier means, and how sure that is.
type Definition struct {
	Quality   Quality
	Meaning   energy.Quality // energy.Missing: there is no usable value
	Taken     bool           // false: it is no metered value of its own
	Confirmed bool           // false: no edition of the handbook that says so was seen
}

// Qualities lists the qualifiers that are known (BO4E; the MSCONS handbook in
// force was not seen, so none is confirmed).
func Qualities() []Definition {
	return []Definition{
		{"220", energy.Measured, true, false},
		{"67", energy.Substitute, true, false},
		{"201", energy.Substitute, true, false}, // proposed substitute
		{"20", energy.Missing, true, false},     // not usable
		{"Z18", energy.Declared, true, false},   // provisional: becomes true or substitute
		{"187", energy.Missing, false, false},   // forecast
		{"79", energy.Missing, false, false},    // sum of others
	}
}

func (q Quality) definition() (Definition, bool) {
	for _, d := range Qualities() {
		if d.Quality == q {
			return d, true
		}
	}
	return Definition{}, false
}

// Known tells whether a value of this quality is taken.
func (q Quality) Known() bool { d, ok := q.definition(); return ok && d.Taken }

// Meaning is the quality of a reading.
func (q Quality) Meaning() energy.Quality { d, _ := q.definition(); return d.Meaning }

// unitOf is the unit of a code (UN/ECE Recommendation 20).
func unitOf(code string) (energy.Unit, bool) {
	switch code {
	case "KWH":
		return energy.KilowattHour, true
	case "MWH":
		return "MWh", true
	case "WHR":
		return "Wh", true
	case "KWT":
		return energy.Kilowatt, true
	case "MAW":
		return "MW", true
	case "MTQ":
		return energy.CubicMetre, true
	case "CEL":
		return energy.DegreeCelsius, true
	}
	return "", false
}

// parseTime reads the time of a DTM: 303 has its offset, 203 and 102 have none.
func parseTime(text, form string) (t time.Time, local bool, err error) {
	switch form {
	case "303":
		for _, layout := range []string{"200601021504-07", "200601021504-0700"} {
			if t, err := time.Parse(layout, text); err == nil {
				return t.UTC(), false, nil
			}
		}
		if len(text) == 15 && text[12:] == "UTC" {
			t, err = time.Parse("200601021504", text[:12])
			if err == nil {
				return t, false, nil
			}
		}
	case "203":
		if t, err = time.Parse("200601021504", text); err == nil {
			return t, true, nil
		}
	case "102":
		if t, err = time.Parse("20060102", text); err == nil {
			return t, true, nil
		}
	}
	return time.Time{}, false, fmt.Errorf("%.40q is no time of form %.8q", text, form)
}
