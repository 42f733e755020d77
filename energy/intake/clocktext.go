package intake

import (
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
)

// fields are the numbers of a text and the marks between them: "01.02.2025
// 00:15" is 1 2 2025 0 15 and ".. :". A text with anything else has none.
func fields(text string) (numbers []int, widths []int, between string, ok bool) {
	var store [8]int
	var wide [8]int
	var marks [8]byte
	numbers, widths = store[:0], wide[:0]
	n := 0
	for i := 0; i < len(text); {
		start, value := i, 0
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			value = value*10 + int(text[i]-'0')
			i++
		}
		if i == start || i-start > 4 || len(numbers) == len(store) {
			return nil, nil, "", false
		}
		numbers, widths = append(numbers, value), append(widths, i-start)
		if i < len(text) {
			marks[n] = text[i]
			n++
			if i++; i == len(text) || strings.IndexByte(".-/ :T", marks[n-1]) < 0 {
				return nil, nil, "", false
			}
			for marks[n-1] == ' ' && i < len(text) && text[i] == ' ' {
				i++
			}
		}
	}
	return numbers, widths, string(marks[:n]), len(numbers) > 0
}

// wallText reads a local date, a time of day or both. A time alone has the date
// 1899-12-30, as in workbooks. 24:00 is the midnight that ends the day. slashed
// tells that day and month cannot be told apart.
func wallText(text string) (wall time.Time, date, clock, slashed, ok bool) {
	n, w, between, ok := fields(text)
	if !ok {
		return wall, false, false, false, false
	}
	year, month, day := 1899, 12, 30
	switch {
	case len(n) >= 3 && strings.HasPrefix(between, "--") && w[0] == 4:
		year, month, day, date = n[0], n[1], n[2], true
	case len(n) >= 3 && strings.HasPrefix(between, ".."):
		day, month, year, date = n[0], n[1], n[2], true
		if w[2] == 2 {
			year += 2000
		} else if w[2] != 4 {
			return wall, false, false, false, false
		}
	case len(n) >= 3 && strings.HasPrefix(between, "//"):
		return wall, true, len(n) > 3, true, true
	}
	if date {
		n, between = n[3:], between[min(3, len(between)):]
	}
	switch {
	case len(n) == 0 && date:
	case len(n) == 2 && between == ":", len(n) == 3 && between == "::":
		clock = true
	default:
		return wall, false, false, false, false
	}
	hour, minute, second := 0, 0, 0
	if clock {
		hour, minute = n[0], n[1]
		if len(n) == 3 {
			second = n[2]
		}
	}
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || hour == 24 && minute+second > 0 || minute > 59 || second > 59 {
		return wall, false, false, false, false
	}
	midnight := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if midnight.Day() != day {
		return wall, false, false, false, false
	}
	return midnight.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second), date, clock, false, true
}

const timeRemedy = "write local times such as 26.10.2025 02:15 or 2025-10-26 02:15, with A or B behind in the hour that is run twice; or RFC 3339 with offset"

// momentOf reads the time of a cell, or of a cell with a date and one with a
// time of day. hint is "" when it is one.
func momentOf(cell, clock sheet.Cell, zone energy.Calendar) (m moment, hint string) {
	if cell.Kind == sheet.Text && len(cell.Text) > 10 && (cell.Text[10] == 'T' || strings.HasSuffix(cell.Text, "Z")) {
		if t, hint := parseInstant(cell.Text); hint == "" {
			return moment{instants: []time.Time{t}}, ""
		}
	}
	pass := -1
	wall, date, hour, hint := wallOf(cell, &pass)
	if hint != "" {
		if t, offset := parseOffset(cell.Text); offset {
			return moment{instants: []time.Time{t}}, ""
		}
		return m, hint
	}
	if clock.Kind != sheet.Empty {
		time, otherDate, isClock, hint := wallOf(clock, &pass)
		if hint != "" || !isClock || otherDate || hour || !date {
			return m, "a date and a time of day are expected"
		}
		wall = wall.Add(time.Sub(zeroDay()))
	}
	if !date {
		return m, "the day is missing: " + timeRemedy
	}
	if zone.Location == nil {
		return m, "the zone of the times is not stated: state zone, such as Europe/Berlin, or write times with their offset"
	}
	return localMoment(zone, wall, pass)
}

// zeroDay is the date of a time of day alone.
func zeroDay() time.Time { return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) }

// wallOf is what a cell shows; pass is set where it says which of two.
func wallOf(cell sheet.Cell, pass *int) (wall time.Time, date, clock bool, hint string) {
	switch cell.Kind {
	case sheet.Moment:
		wall = cell.Wall
		date = wall.Sub(zeroDay()) >= 24*time.Hour
		return wall.Round(time.Second), date, !date || !wall.Equal(wall.Truncate(24*time.Hour)), ""
	case sheet.Text:
	case sheet.Empty:
		return wall, false, false, "the cell is empty: " + timeRemedy
	default:
		return wall, false, false, timeRemedy
	}
	text := cell.Text
	if last := text[len(text)-1]; last < '0' || last > '9' {
		var p int
		if text, p = withoutPass(text); p >= 0 {
			*pass = p
		}
	}
	wall, date, clock, slashed, ok := wallText(text)
	switch {
	case slashed:
		return wall, false, false, "it is open which is the day and which the month: write 26.10.2025 or 2025-10-26"
	case !ok:
		return wall, false, false, timeRemedy
	}
	return wall, date, clock, ""
}

// parseOffset reads forms with an offset that are near to RFC 3339.
func parseOffset(text string) (t time.Time, ok bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Microsecond), true
		}
	}
	return t, false
}
