package intake_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
)

// read collects what a body holds.
func read(body string, format intake.Format) (rows []intake.Row, rejected []intake.Rejection, err error) {
	err = intake.Read(strings.NewReader(body), "file", format,
		func(r intake.Row) { rows = append(rows, r) }, func(r intake.Rejection) { rejected = append(rejected, r) })
	return rows, rejected, err
}

func TestAFileIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		body     string
		format   intake.Format
		want     intake.Row
	}{
		{"a counter with an offset", "point,at,value\nhafen/grid,2025-06-03T02:00:00+02:00,41250000.0\n", intake.CSV,
			intake.Row{Number: 2, Point: "hafen/grid", At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(412500000, -1), Quality: energy.Measured}},
		{"columns in another order, with a byte order mark and blanks", "\xef\xbb\xbfvalue, unit ,at,point,quality\n 1.5 ,MWh, 2025-06-03T00:00:00Z ,hafen/grid,substitute\n", intake.CSV,
			intake.Row{Number: 2, Point: "hafen/grid", At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(15, -1), Unit: "MWh", Quality: energy.Substitute}},
		{"an interval", "point,from,to,value\nhafen/bill,2025-05-01T00:00:00+02:00,2025-06-01T00:00:00+02:00,7\n", intake.CSV,
			intake.Row{Number: 2, Point: "hafen/bill", At: time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC), Length: 31 * 24 * time.Hour, Value: energy.Decimal(7, 0), Quality: energy.Measured}},
		{"a row that says there is no value", "point,at,value,quality\nhafen/grid,2025-06-03T00:00:00Z,,missing\n", intake.CSV,
			intake.Row{Number: 2, Point: "hafen/grid", At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Quality: energy.Missing, Absent: true}},
		{"JSON keeps every digit", `[{"point":"hafen/grid","at":"2025-06-03T00:00:00Z","value":123456789012345.678}]`, intake.JSON,
			intake.Row{Number: 1, Point: "hafen/grid", At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(123456789012345678, -3), Quality: energy.Measured}},
	} {
		rows, rejected, err := read(tt.body, tt.format)
		if err != nil || len(rejected) != 0 || len(rows) != 1 || rows[0] != tt.want {
			t.Errorf("%s: %+v, rejected %v, %v, want %+v", tt.sentence, rows, rejected, err, tt.want)
		}
	}
}

func TestAFileInAnotherFormIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		body     string
		format   intake.Format
		line     int
		word     string // of the problem
	}{
		{"nothing", "", intake.CSV, 1, "empty"},
		{"semicolons", "point;at;value\n", intake.CSV, 1, "semicolons"},
		{"a misspelt column", "point,at,valeu\n", intake.CSV, 1, "valeu"},
		{"a doubled column", "point,at,value,value\n", intake.CSV, 1, "twice"},
		{"neither instant nor interval", "point,value\n", intake.CSV, 1, "either"},
		{"both", "point,at,from,to,value\n", intake.CSV, 1, "either"},
		{"an open quote", "point,at,value\n\"hafen/grid,2025-06-03T00:00:00Z,1\n", intake.CSV, 2, "quot"},
		{"an object in place of a list", `{"point":"hafen/grid"}`, intake.JSON, 1, "no JSON list"},
		{"a line without an end", "point,at,value\n" + strings.Repeat("0", 200_000), intake.CSV, 2, "longer"},
		{"a list that ends too early", `[{"point":"hafen/grid","at":"2025-06-03T00:00:00Z","value":1}`, intake.JSON, 0, "element"},
	} {
		_, _, err := read(tt.body, tt.format)
		var faults energy.Faults
		if !errors.As(err, &faults) || faults[0].Line != tt.line || !strings.Contains(faults[0].Problem, tt.word) || faults[0].Remedy == "" {
			t.Errorf("%s: %v, want a fault in line %d about %q with a remedy", tt.sentence, err, tt.line, tt.word)
		}
	}
}

func TestABadRowIsNamedAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		row      string
		column   string
		code     intake.Code
	}{
		{"no site", "grid,2025-06-03T00:00:00Z,1", "point", intake.CodePoint},
		{"local time", "hafen/grid,2025-10-26T02:30:00,1", "at", intake.CodeTime},
		{"a German date", "hafen/grid,03.06.2025 00:00,1", "at", intake.CodeTime},
		{"a decimal comma", "hafen/grid,2025-06-03T00:00:00Z,\"1,5\"", "value", intake.CodeValue},
		{"thousands separators", "hafen/grid,2025-06-03T00:00:00Z,\"1,234,567\"", "value", intake.CodeValue},
		{"no number", "hafen/grid,2025-06-03T00:00:00Z,NaN", "value", intake.CodeValue},
		{"infinity", "hafen/grid,2025-06-03T00:00:00Z,1e999", "value", intake.CodeValue},
		{"an empty value", "hafen/grid,2025-06-03T00:00:00Z,", "value", intake.CodeValue},
		{"a column too many", "hafen/grid,2025-06-03T00:00:00Z,1,5", "", intake.CodeSyntax},
	} {
		rows, rejected, err := read("point,at,value\n"+tt.row+"\nhafen/grid,2025-06-03T00:15:00Z,2\n", intake.CSV)
		if err != nil || len(rows) != 1 || len(rejected) != 1 {
			t.Errorf("%s: %d rows, rejected %v, %v, want one of each", tt.sentence, len(rows), rejected, err)
			continue
		}
		if r := rejected[0]; r.Row != 2 || r.Column != tt.column || r.Code != tt.code || r.Reason == "" || r.Hint == "" {
			t.Errorf("%s: %+v, want row 2, column %q, code %s, a reason and a hint", tt.sentence, r, tt.column, tt.code)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("point,at,value\nhafen/grid,2025-06-03T00:00:00Z,1\n", 0)
	f.Add("\xef\xbb\xbfpoint,from,to,value,unit,quality\nhafen/grid,2025-06-03T00:00:00Z,2025-06-03T00:15:00Z,-1.5e3,MWh,substitute\n", 0)
	f.Add(`[{"point":"hafen/grid","at":"2025-06-03T00:00:00Z","value":"1"},{}]`, 1)
	f.Add("{\"point\":\"hafen/grid\",\"from\":\"2025-06-03T00:00:00Z\",\"to\":\"x\",\"value\":1}\n{}\n", 2)
	f.Fuzz(func(t *testing.T, body string, form int) {
		format := []intake.Format{intake.CSV, intake.JSON, intake.NDJSON}[uint(form)%3]
		rows, rejected, _ := read(body, format)
		for _, row := range rows {
			if row.Point.Check() != nil || row.At.IsZero() || row.Length < 0 || !row.Absent && !row.Value.Finite() {
				t.Errorf("a row that means nothing was taken: %+v", row)
			}
		}
		for _, r := range rejected {
			if r.Code == "" || r.Reason == "" || r.Hint == "" {
				t.Errorf("a row was rejected without saying why: %+v", r)
			}
		}
	})
}
