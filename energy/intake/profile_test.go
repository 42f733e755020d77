package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/intake"
)

func berlin(t interface{ Fatal(...any) }) energy.Calendar {
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

// readProfile collects what a load profile holds.
func readProfile(body string, p intake.Profile) (rows []intake.Row, rejected []intake.Rejection, err error) {
	err = intake.ReadProfile(strings.NewReader(body), "file", intake.CSV, p,
		func(r intake.Row) { rows = append(rows, r) }, func(r intake.Rejection) { rejected = append(rejected, r) })
	return rows, rejected, err
}

func TestAProfileIsLabelledAtEitherBorder(t *testing.T) {
	t.Parallel()
	start := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		sentence string
		profile  intake.Profile
		times    [2]string // of the first two rows
		length   time.Duration
	}{
		{"at the start, with offset", intake.Profile{Label: intake.LabelStart}, [2]string{"2025-06-03T00:00:00+02:00", "2025-06-03T00:15:00+02:00"}, energy.QuarterHour},
		{"at the end, with offset", intake.Profile{Label: intake.LabelEnd}, [2]string{"2025-06-03T00:15:00+02:00", "2025-06-03T00:30:00+02:00"}, energy.QuarterHour},
		{"at the end, in local time", intake.Profile{Label: intake.LabelEnd, Zone: berlin(t)}, [2]string{"03.06.2025 01:00", "03.06.2025 02:00"}, time.Hour},
		{"at the start, of a stated step", intake.Profile{Label: intake.LabelStart, Step: energy.QuarterHour, Zone: berlin(t)}, [2]string{"2025-06-03 00:00", "2025-06-03 00:45"}, energy.QuarterHour},
		{"at the end, from midnight as 24:00", intake.Profile{Label: intake.LabelEnd, Step: 24 * time.Hour, Zone: berlin(t)}, [2]string{"2025-06-03 24:00", "2025-06-04 24:00"}, 24 * time.Hour},
	} {
		rows, rejected, err := readProfile(fmt.Sprintf("point,at,value\nhafen/bill,%s,1\nhafen/bill,%s,2\n", tt.times[0], tt.times[1]), tt.profile)
		if err != nil || len(rejected) > 0 || len(rows) != 2 || !rows[0].At.Equal(start) || rows[0].Length != tt.length || rows[1].Length != tt.length {
			t.Errorf("%s: %+v, %v, %v", tt.sentence, rows, rejected, err)
		}
	}
}

func TestAProfileWithoutACommonStepIsRefused(t *testing.T) {
	t.Parallel()
	for _, times := range [][]string{{"2025-06-03T00:00:00Z"}, {"2025-06-03T00:00:00Z", "2025-06-03T00:15:00Z", "2025-06-03T00:35:00Z"}} {
		body := "point,at,value\n"
		for _, at := range times {
			body += "hafen/bill," + at + ",1\n"
		}
		var faults energy.Faults
		if _, _, err := readProfile(body, intake.Profile{Label: intake.LabelEnd}); !errors.As(err, &faults) || !strings.Contains(faults[0].Problem, "hafen/bill") || faults[0].Remedy == "" {
			t.Errorf("%v: %v, want a fault that names the point", times, err)
		}
	}
}

func TestLocalTimesOfClockChangesAreToldApartOrRejected(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		times    string // of the rows, at the start of a quarter-hour
		want     string // in UTC, or "-" where the row is rejected
	}{
		{"both passes in their order", "01:45 02:00 02:15 02:30 02:45 02:00 02:15 02:30 02:45 03:00", "23:45 00:00 00:15 00:30 00:45 01:00 01:15 01:30 01:45 02:00"},
		{"a file that begins in the first pass", "02:30 02:45 02:00 02:15", "00:30 00:45 01:00 01:15"},
		{"hours", "01:00 02:00 02:00 03:00", "23:00 00:00 01:00 02:00"},
		{"one pass only", "01:45 02:00 02:15 02:30 02:45 03:00", "23:45 - - - - 02:00"},
		{"times that jump to and fro", "02:00 02:00 02:15 02:15", "- - - -"},
		{"marks in any order", "02:15B 02:15A 02:30_B", "01:15 00:15 01:30"},
		{"names of the times", "02:15_MESZ 02:15_MEZ 02:30_CEST", "00:15 01:15 00:30"},
	} {
		body := "point,at,value\n"
		for _, at := range strings.Fields(tt.times) {
			body += "hafen/bill,2025-10-26 " + strings.ReplaceAll(at, "_", " ") + ",1\n"
		}
		rows, rejected, err := readProfile(body, intake.Profile{Label: intake.LabelStart, Step: energy.QuarterHour, Zone: berlin(t)})
		got := make([]string, len(strings.Fields(tt.want)))
		for _, r := range rows {
			got[r.Number-2] = r.At.Format("15:04")
		}
		for _, r := range rejected {
			if got[r.Row-2] = "-"; r.Column != "at" || r.Code != intake.CodeTime || r.Hint == "" {
				t.Errorf("%s: %+v", tt.sentence, r)
			}
		}
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, %v; want %s", tt.sentence, got, err, tt.want)
		}
	}
	rows, rejected, err := readProfile("point,at,value\nhafen/bill,2025-03-30 01:45,1\nhafen/bill,2025-03-30 02:00,2\nhafen/bill,30.03.2025 02:45,3\nhafen/bill,2025-03-30 03:00,4\n",
		intake.Profile{Label: intake.LabelStart, Step: energy.QuarterHour, Zone: berlin(t)})
	if err != nil || len(rows) != 2 || len(rejected) != 2 || rejected[0].Row != 3 || rejected[0].Column != "at" || rejected[1].Row != 4 || rows[1].At.Sub(rows[0].At) != energy.QuarterHour {
		t.Errorf("the hour that is skipped in spring: %+v, %+v, %v; rows 3 and 4 are expected to be rejected", rows, rejected, err)
	}
}

func TestIntervalsOfTheClockAreReadInBothPasses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, body, want string }{
		{"quarter-hours by the strict clock", "01:45,02:00 02:00,02:15 02:15,02:30 02:30,02:45 02:45,02:00 02:00,02:15 02:15,02:30 02:30,02:45 02:45,03:00",
			"23:45+15m0s 00:00+15m0s 00:15+15m0s 00:30+15m0s 00:45+15m0s 01:00+15m0s 01:15+15m0s 01:30+15m0s 01:45+15m0s"},
		{"hours as the clock shows their length", "01:00,02:00 02:00,03:00 02:00,03:00 03:00,04:00", "23:00+1h0m0s 00:00+1h0m0s 01:00+1h0m0s 02:00+1h0m0s"},
		{"the whole day has 25 hours", "00:00,24:00", "22:00+25h0m0s"},
	} {
		body := "point,from,to,value\n"
		for _, interval := range strings.Fields(tt.body) {
			from, to, _ := strings.Cut(interval, ",")
			body += "hafen/bill,2025-10-26 " + from + ",2025-10-26 " + to + ",1\n"
		}
		rows, rejected, err := readProfile(body, intake.Profile{Zone: berlin(t)})
		var got []string
		for _, r := range rows {
			got = append(got, r.At.Format("15:04")+"+"+r.Length.String())
		}
		if err != nil || len(rejected) != 0 || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, %v, %v", tt.sentence, got, rejected, err)
		}
	}
}

// TestEveryDayOfAProfileComesBack writes days of quarter-hours as a network
// operator would, and reads them.
func TestEveryDayOfAProfileComesBack(t *testing.T) {
	t.Parallel()
	calendar := berlin(t)
	special := []energy.Date{{Year: 2025, Month: 3, Day: 29}, {Year: 2025, Month: 10, Day: 25}, {Year: 2024, Month: 2, Day: 28}, {Year: 2024, Month: 12, Day: 30}}
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SampledFrom(special).Draw(t, "day")
		label := rapid.SampledFrom([]intake.Label{intake.LabelStart, intake.LabelEnd}).Draw(t, "label")
		layout := rapid.SampledFrom([]string{"2006-01-02 15:04", "02.01.2006 15:04:05", "2006-01-02T15:04"}).Draw(t, "layout")
		p := energy.Period{From: calendar.Day(first).From, To: calendar.Day(first.AddDays(2)).To}
		body := "point,at,value\n"
		for at := p.From; at.Before(p.To); at = at.Add(energy.QuarterHour) {
			shown := at
			if label == intake.LabelEnd {
				shown = at.Add(energy.QuarterHour)
			}
			body += "hafen/bill," + shown.In(calendar.Location).Format(layout) + ",1\n"
		}
		rows, rejected, err := readProfile(body, intake.Profile{Label: label, Zone: calendar})
		if err != nil || len(rejected) > 0 || len(rows) != int(p.Length()/energy.QuarterHour) {
			t.Fatalf("%d rows, rejected %v, %v", len(rows), rejected, err)
		}
		for i, r := range rows {
			if !r.At.Equal(p.From.Add(time.Duration(i)*energy.QuarterHour)) || r.Length != energy.QuarterHour {
				t.Fatalf("row %d is %s and %s long", r.Number, r.At, r.Length)
			}
		}
	})
}

func TestAProfileWithTooManyRowsIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	body := "point,at,value\nhafen/bill,2025-06-03 00:00,1\nhafen/bill,2025-06-03 00:15,1\nhafen/bill,2025-06-03 00:30,1\n"
	rows, _, err := readProfile(body, intake.Profile{Label: intake.LabelEnd, Zone: berlin(t), Most: 2})
	if !errors.Is(err, intake.ErrRows) || len(rows) != 0 {
		t.Errorf("%d rows, %v; want none and ErrRows", len(rows), err)
	}
	if rows, _, err = readProfile(body, intake.Profile{Label: intake.LabelEnd, Zone: berlin(t), Most: 3}); err != nil || len(rows) != 3 {
		t.Errorf("%d rows, %v; want all 3", len(rows), err)
	}
}
