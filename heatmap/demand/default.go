package demand

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed sigmoid.csv
var sigmoidTable string

//go:embed weekdays.csv
var weekdayTable string

//go:embed hours.csv
var hourTable string

// DefaultProfiles are the standard load profiles of the German gas market: for
// single houses (HEF), blocks of flats (HMF) and twelve kinds of business, each in
// four variants: 03 and 04, the sigmoid functions of TU München for places with
// little and with much wind, and 33 and 34, the same with a linear part (SigLinDe).
// Where the numbers are from and which are unconfirmed: SOURCES.md beside them.
func DefaultProfiles() *Profiles { return defaultProfiles() }

var defaultProfiles = sync.OnceValue(func() *Profiles {
	p, err := readProfiles(sigmoidTable, weekdayTable, hourTable)
	if err != nil {
		panic("demand: read the profiles that are built in: " + err.Error())
	}
	return p
})

// readProfiles reads the three tables; every curve needs a row of weekdays and the
// hours of its type.
func readProfiles(sigmoid, weekdays, hours string) (*Profiles, error) {
	factors := make(map[string][7]float64)
	err := eachRow(weekdays, 1, 0, func(names []string, x []float64, _ []string) error {
		factors[names[0]] = [7]float64(x)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read weekdays: %w", err)
	}
	shares := make(map[string]*[7][24][intervals]float64)
	err = eachRow(hours, 1, 0, func(names []string, x []float64, _ []string) error {
		weekday, hour, of := int(x[0]), int(x[1]), shares[names[0]]
		if of == nil {
			of = new([7][24][intervals]float64)
			shares[names[0]] = of
		}
		if weekday < 0 || weekday > 7 || hour < 0 || hour > 23 {
			return fmt.Errorf("weekday %d, hour %d of %s: 0 to 7 and 0 to 23 are expected", weekday, hour, names[0])
		}
		for day := range of {
			if weekday == 0 || weekday == day+1 {
				of[day][hour] = [intervals]float64(x[2:])
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read hours: %w", err)
	}
	var curves []Curve
	err = eachRow(sigmoid, 1, 2, func(names []string, x []float64, last []string) error {
		kind := strings.TrimRight(names[0], "0123456789")
		factor, ok := factors[kind]
		if !ok || shares[kind] == nil {
			return fmt.Errorf("%s has no weekdays or no hours", names[0])
		}
		curves = append(curves, Curve{Profile: Profile(names[0]), A: x[0], B: x[1], C: x[2], D: x[3], MH: x[4], BH: x[5], MW: x[6], BW: x[7],
			Weekdays: factor, Hours: *shares[kind], Source: last[0], Confirmed: last[1] == "yes"})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read sigmoid functions: %w", err)
	}
	return NewProfiles(curves)
}
