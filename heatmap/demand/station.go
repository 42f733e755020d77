package demand

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
)

// ClimateOptions say what temperatures a file holds.
type ClimateOptions struct {
	Name   string // of the place; "" is the file's name
	Source string // whose they are, with their year
}

// ReadClimate reads hourly outdoor temperatures and tells by what the file holds
// which of three forms it has:
//
//   - CSV with the header at,temperature_c: RFC 3339, the beginning of each hour.
//   - hourly air temperature of a station of Deutscher Wetterdienst
//     (produkt_tu_stunde_….txt): MESS_DATUM as YYYYMMDDHH in UTC, TT_TU in °C, -999 where
//     there is none. The value of hour x is read at (x-1):50, as the description of the data
//     says, and is taken for the hour that ends at x.
//   - a test reference year of Deutscher Wetterdienst (edition of 2016, TRY…dat): below a line
//     "***" the columns RW, HW, MM, DD, HH (1 to 24 in Central European Time), t and more, as
//     its header lists them. It stands for any year.
//
// What is wrong is named with its line; then there is no climate. Hours that are
// missing are not known; see [NewYear] for how many may be.
func ReadClimate(file string, src []byte, o ClimateOptions) (Climate, energy.Faults) {
	r := &station{file: file, hours: make(map[int64]float64)}
	text := string(bytes.TrimPrefix(src, []byte("\uFEFF")))
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	typical := false
	switch head := strings.ToUpper(lines[0]); {
	case len(src) > 64<<20:
		r.fault(0, "the file is too large for hours of temperature", "at most 64 MB are read")
	case strings.Contains(head, "MESS_DATUM") && strings.Contains(head, "TT_TU"):
		r.product(lines)
	case strings.Contains(strings.ToUpper(text[:min(len(text), 16<<10)]), "***"):
		typical = true
		r.reference(lines)
	default:
		r.table(lines)
	}
	if len(r.faults) == 0 && len(r.hours) < 24 {
		r.fault(0, fmt.Sprintf("there are temperatures of %d hours", len(r.hours)), "those of a year are expected")
	}
	first, last := r.span()
	if len(r.hours) > 0 && last-first >= mostHours {
		r.fault(0, fmt.Sprintf("the hours span %d years", (last-first)/8766), "those of some years are expected: is a year mistyped?")
	}
	if len(r.faults) > 0 {
		return Climate{}, r.faults
	}
	c := r.climate(first, last)
	c.Name, c.Source, c.Typical = o.Name, o.Source, typical
	if c.Name == "" {
		c.Name = file
	}
	return c, nil
}

// station is a file of temperatures on its way in.
type station struct {
	file   string
	hours  map[int64]float64 // by hours since 1970
	faults energy.Faults
}

// maxClimateFaults is how many lines are described.
const maxClimateFaults = 100

func (r *station) fault(line int, problem, remedy string) {
	if len(r.faults) < maxClimateFaults {
		r.faults = append(r.faults, energy.Fault{File: r.file, Line: line, Problem: problem, Remedy: remedy})
	}
}

// keep notes a temperature.
func (r *station) keep(line int, at time.Time, text string) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case err != nil || math.IsNaN(x):
		r.fault(line, fmt.Sprintf("%q is no temperature", short(text)), "degrees with a decimal point are expected")
		return
	case x < -60 || x > 60:
		r.fault(line, fmt.Sprintf("%s °C are no outdoor temperature", show(x)), "-60 to 60 °C are expected; leave out what is not known")
		return
	case !at.Equal(at.Truncate(time.Hour)):
		r.fault(line, at.Format(time.RFC3339)+" is within an hour", "the beginnings of hours are expected")
		return
	}
	key := at.Unix() / 3600
	if _, twice := r.hours[key]; twice {
		r.fault(line, "the hour "+at.UTC().Format(time.RFC3339)+" stands twice", "keep one")
		return
	}
	r.hours[key] = x
}

// mostHours are those of two hundred years.
const mostHours = 200 * 8766

// span is the first and the last hour.
func (r *station) span() (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	for key := range r.hours {
		first, last = min(first, key), max(last, key)
	}
	return first, last
}

// climate are the hours without holes; what is not there is not known.
func (r *station) climate(first, last int64) Climate {
	c := Climate{From: time.Unix(first*3600, 0).UTC(), Hours: make([]energy.Celsius, last-first+1)}
	for i := range c.Hours {
		c.Hours[i] = energy.Celsius(math.NaN())
		if x, ok := r.hours[first+int64(i)]; ok {
			c.Hours[i] = energy.Celsius(x)
		}
	}
	return c
}

// table reads our own form.
func (r *station) table(lines []string) {
	if strings.ReplaceAll(strings.TrimSpace(strings.ToLower(lines[0])), " ", "") != "at,temperature_c" {
		r.fault(1, fmt.Sprintf("the header is %q", short(lines[0])), "at,temperature_c is expected, or a file of hourly temperatures or a test reference year of Deutscher Wetterdienst")
		return
	}
	for i, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		when, what, _ := strings.Cut(line, ",")
		at, err := time.Parse(time.RFC3339, strings.TrimSpace(when))
		if err != nil {
			r.fault(i+2, fmt.Sprintf("%q is no time", short(when)), "RFC 3339 with offset is expected: 2025-01-01T00:00:00+01:00")
			continue
		}
		r.keep(i+2, at.UTC(), what)
	}
}

// product reads the hours of a station of DWD.
func (r *station) product(lines []string) {
	when, what := -1, -1
	for i, name := range strings.Split(lines[0], ";") {
		switch strings.ToUpper(strings.TrimSpace(name)) {
		case "MESS_DATUM":
			when = i
		case "TT_TU":
			what = i
		}
	}
	for i, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		fields := strings.Split(line, ";")
		if len(fields) <= max(when, what) || when < 0 || what < 0 {
			r.fault(i+2, "the line is too short", "as many fields as in the header are expected")
			continue
		}
		at, err := time.Parse("2006010215", strings.TrimSpace(fields[when]))
		if err != nil {
			r.fault(i+2, fmt.Sprintf("%q is no time", short(fields[when])), "YYYYMMDDHH is expected")
			continue
		}
		if x, err := strconv.ParseFloat(strings.TrimSpace(fields[what]), 64); err == nil && x <= -999 {
			continue // not measured
		}
		r.keep(i+2, at.Add(-time.Hour), fields[what])
	}
}

// reference reads a test reference year; its hours are put into 2001, which is no
// leap year.
func (r *station) reference(lines []string) {
	zone := time.FixedZone("CET", 3600)
	below := false
	for i, line := range lines {
		fields := strings.Fields(line)
		if !below || len(fields) == 0 {
			below = below || strings.HasPrefix(strings.TrimSpace(line), "***")
			continue
		}
		if len(fields) < 6 {
			r.fault(i+1, "the line is too short", "columns RW HW MM DD HH t … are expected")
			continue
		}
		var date [3]int
		for k := range date {
			n, err := strconv.Atoi(fields[2+k])
			if err != nil {
				n = -1
			}
			date[k] = n
		}
		at := time.Date(2001, time.Month(date[0]), date[1], date[2]-1, 0, 0, 0, zone)
		if date[2] < 1 || date[2] > 24 || int(at.Month()) != date[0] || at.Day() != date[1] {
			r.fault(i+1, fmt.Sprintf("%q is no hour of a year", strings.Join(fields[2:5], " ")), "month, day and hour from 1 to 24 are expected")
			continue
		}
		r.keep(i+1, at.UTC(), fields[5])
	}
	if !below {
		r.fault(0, "there is no line *** above the hours", "a test reference year as Deutscher Wetterdienst publishes it is expected")
	}
}
