// Package grid knows the German electricity grid hour by hour: what a kilowatt
// hour emitted and how much of it was renewable. It knows no sites and no
// meters.
//
// Its data are those of the German-Luxembourg bidding zone in 2021, 2023 and
// 2024, from Electricity Maps under the ODbL 1.0 (SOURCES.md). An hour of
// another year is answered with an hour of the nearest of these, moved by whole
// weeks so that weekday, hour (UTC) and season stay: [Hour.Moved] says so, and
// whoever shows the number has to say so too.
package grid

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// GramsPerKilowattHour is a carbon intensity in g CO2eq/kWh.
type GramsPerKilowattHour float64

// Hour is one hour of the grid.
type Hour struct {
	From time.Time // the measured hour, in UTC
	// Direct counts what the power stations emit, LifeCycle also how they and
	// their fuels came to be.
	Direct, LifeCycle GramsPerKilowattHour
	Renewable         float64 // share of consumption, 0…1
	Estimated         bool    // by the source, where the grid operators gave nothing
	Year              int     // in which it was measured
	Moved             bool    // it stands for an hour of another year
}

//go:embed de-lu.csv.gz
var compressed string

// hours are all hours of each measured year, read at the first question.
var hours = sync.OnceValue(read)

// Years are the measured years, ascending.
func Years() []int { return []int{2021, 2023, 2024} }

// At is the hour that holds t, or the one that stands for it.
func At(t time.Time) Hour {
	t = t.UTC().Truncate(time.Hour)
	year := nearest(t.Year())
	moved := t
	if year != t.Year() {
		moved = move(t, year)
	}
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	h := hours()[year][int(moved.Sub(first)/time.Hour)]
	h.From, h.Year, h.Moved = moved, year, year != t.Year()
	return h
}

// nearest is the measured year next to year; of two the later, whose power
// stations are more like those of today.
func nearest(year int) int {
	best := 0
	for _, y := range Years() {
		if best == 0 || abs(y-year) <= abs(best-year) {
			best = y
		}
	}
	return best
}

// move gives the same hour and weekday of year, next to the same date.
func move(t time.Time, year int) time.Time {
	to := time.Date(year, t.Month(), t.Day(), t.Hour(), 0, 0, 0, time.UTC)
	days := (int(t.Weekday()) - int(to.Weekday()) + 7) % 7
	if days > 3 {
		days -= 7
	}
	to = to.AddDate(0, 0, days)
	switch { // the first and last days of January and December may slip out
	case to.Year() < year:
		to = to.AddDate(0, 0, 7)
	case to.Year() > year:
		to = to.AddDate(0, 0, -7)
	}
	return to
}

// read unpacks what was built in. A fault in it is one of the program itself.
func read() map[int][]Hour {
	years, err := parse([]byte(compressed))
	if err != nil {
		panic(fmt.Sprintf("read the built-in hours of the grid: %v", err))
	}
	return years
}

func parse(data []byte) (map[int][]Hour, error) {
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	years := map[int][]Hour{}
	year := 0
	lines := bufio.NewScanner(plain)
	for lines.Scan() {
		line := lines.Text()
		if text, ok := strings.CutPrefix(line, "#"); ok {
			if year, err = strconv.Atoi(text); err != nil {
				return nil, err
			}
			continue
		}
		hour, err := parseHour(line)
		if err != nil {
			return nil, fmt.Errorf("hour %d of %d: %w", len(years[year]), year, err)
		}
		years[year] = append(years[year], hour)
	}
	for _, y := range Years() {
		first := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		if n := int(first.AddDate(1, 0, 0).Sub(first) / time.Hour); len(years[y]) != n {
			return nil, fmt.Errorf("%d hours of %d where %d are expected", len(years[y]), y, n)
		}
	}
	return years, lines.Err()
}

// parseHour reads "449.07,526.77,29.43," or the same with an e at its end.
func parseHour(line string) (Hour, error) {
	fields := strings.Split(line, ",")
	if len(fields) != 4 {
		return Hour{}, fmt.Errorf("%d fields where 4 are expected", len(fields))
	}
	var numbers [3]float64
	for i := range numbers {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || math.IsNaN(n) || n < 0 {
			return Hour{}, fmt.Errorf("%q is no intensity or share", fields[i])
		}
		numbers[i] = n
	}
	return Hour{Direct: GramsPerKilowattHour(numbers[0]), LifeCycle: GramsPerKilowattHour(numbers[1]),
		Renewable: numbers[2] / 100, Estimated: fields[3] == "e"}, nil
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
