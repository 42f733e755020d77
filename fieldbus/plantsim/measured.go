package plantsim

import (
	_ "embed" // measured courses travel with the binary
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed data/ukpn-monthly-utilisation.csv
var monthsCSV string

//go:embed data/mghpcc-shutdown.csv
var shutdownCSV string

//go:embed data/heat-demand-by-hour.csv
var demandCSV string

// measured are the courses that sites follow, as multiples of 1.
type measured struct {
	shapes   map[string]*shape           // over the day, by kind of site
	months   map[string]*months          // over the months, by voltage level
	shutdown [quartersPerDay + 1]float64 // of the IT load on the day of a yearly shutdown, at quarter-hours of UTC
	demand   [2][24]float64              // of the heat taken, by local hour: October to April, May to September
}

// loadMeasured reads all of them.
func loadMeasured() (*measured, error) {
	m := &measured{months: map[string]*months{}}
	var err error
	if m.shapes, err = loadShapes(); err != nil {
		return nil, err
	}
	if err = m.loadMonths(); err != nil {
		return nil, fmt.Errorf("read the measured utilisation by month: %w", err)
	}
	if err = m.loadShutdown(); err != nil {
		return nil, fmt.Errorf("read the measured shutdown: %w", err)
	}
	if err = m.loadDemand(); err != nil {
		return nil, fmt.Errorf("read the measured heat demand: %w", err)
	}
	return m, nil
}

// rowsOf are the rows of a CSV file without its header.
func rowsOf(text string) (header []string, rows [][]string, err error) {
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	return all[0], all[1:], nil
}

// months is a course over the months; the mean of the column is 1.
type months struct {
	first  int // months since year 0
	course []float64
}

// loadMonths reads a column for each voltage level: months follow each other.
func (m *measured) loadMonths() error {
	header, rows, err := rowsOf(monthsCSV)
	if err != nil {
		return err
	}
	first, err := time.Parse("2006-01", rows[0][0])
	if err != nil {
		return err
	}
	for i, name := range header[1:] {
		level, sum := &months{first: first.Year()*12 + int(first.Month()) - 1}, 0.0
		for _, row := range rows {
			x, err := strconv.ParseFloat(row[i+1], 64)
			if err != nil {
				return err
			}
			level.course, sum = append(level.course, x), sum+x
		}
		for j := range level.course {
			level.course[j] *= float64(len(rows)) / sum
		}
		m.months[strings.TrimSuffix(name, " Import")] = level
	}
	return nil
}

// at is the course at t. A month's mean stands at its middle, straight lines
// between them.
func (m *months) at(t time.Time) float64 {
	y, month, _ := t.Date()
	begin := time.Date(y, month, 1, 0, 0, 0, 0, time.UTC)
	in := t.Sub(begin).Hours() / begin.AddDate(0, 1, 0).Sub(begin).Hours()
	n := y*12 + int(month) - 1
	if in < 0.5 {
		n, in = n-1, in+1
	}
	a, b := m.month(n), m.month(n+1)
	return a + (b-a)*(in-0.5)
}

// month is the nth month's mean; outside the span that of the nearest year
// which has the month.
func (m *months) month(n int) float64 {
	for n < m.first {
		n += 12
	}
	for n >= m.first+len(m.course) {
		n -= 12
	}
	return m.course[n-m.first]
}

// shutdownReference are the minutes before the fall that make 1.
const shutdownReference = 150

// loadShutdown takes the mean of the quarter-hour around each knot, so that no
// minute decides.
func (m *measured) loadShutdown() error {
	_, rows, err := rowsOf(shutdownCSV)
	if err != nil {
		return err
	}
	if len(rows) != quartersPerDay*minutesPerQuarter {
		return fmt.Errorf("%d minutes, not a day of them", len(rows))
	}
	watts := make([]float64, len(rows))
	for i, row := range rows {
		if watts[i], err = strconv.ParseFloat(row[3], 64); err != nil {
			return err
		}
	}
	reference := mean(watts[:shutdownReference])
	for q := range m.shutdown {
		middle := q * minutesPerQuarter
		m.shutdown[q] = mean(watts[max(0, middle-7):min(len(watts), middle+8)]) / reference
	}
	return nil
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

func (m *measured) loadDemand() error {
	_, rows, err := rowsOf(demandCSV)
	if err != nil {
		return err
	}
	if len(rows) != 24 {
		return fmt.Errorf("%d hours, not a day of them", len(rows))
	}
	for h, row := range rows {
		for season := range m.demand {
			if m.demand[season][h], err = strconv.ParseFloat(row[season+1], 64); err != nil {
				return err
			}
		}
	}
	return nil
}

// demandAt is the course of the heat demand at a local quarter-hour, with
// straight lines between the middles of hours.
func (m *measured) demandAt(local time.Time) float64 {
	season := 1
	if slices.Contains([]time.Month{1, 2, 3, 4, 10, 11, 12}, local.Month()) {
		season = 0
	}
	hours := &m.demand[season]
	h, minute := local.Hour(), local.Minute()
	if minute < 30 {
		h, minute = (h+23)%24, minute+60
	}
	a, b := hours[h], hours[(h+1)%24]
	return a + (b-a)*float64(minute-30)/60
}
