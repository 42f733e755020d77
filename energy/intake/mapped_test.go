package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
)

// mappedSeries is a registry of one counter and one series of intervals.
func mappedSeries(id energy.PointID) (energy.SeriesKind, bool) {
	switch id {
	case "hafen/grid":
		return energy.Counter, true
	case "hafen/profile":
		return energy.Interval, true
	}
	return "", false
}

// readFile reads a file and gives its rows and rejections as lines.
func readFile(t *testing.T, file []byte, m intake.Mapping) (rows, rejected []string, err error) {
	t.Helper()
	err = intake.ReadFile(bytes.NewReader(file), int64(len(file)), m, mappedSeries, func(r intake.Row) {
		line := fmt.Sprintf("%d %s %s %s %s", r.Number, r.Point, r.At.Format("2006-01-02T15:04Z"), r.Value, r.Quality)
		if r.Length > 0 {
			line += " " + r.Length.String()
		}
		if r.Absent {
			line += " absent"
		}
		rows = append(rows, line)
	}, func(r intake.Rejection) { rejected = append(rejected, fmt.Sprintf("%s %s", r.Cell, r.Code)) })
	return rows, rejected, err
}

func columns(list ...string) (m []intake.MappedColumn) {
	for i, is := range list {
		what, point, _ := strings.Cut(is, "=")
		m = append(m, intake.MappedColumn{Column: sheet.Column(i + 1), Is: intake.Meaning(what), Point: energy.PointID(point)})
	}
	return m
}

func utf16le(text string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func TestATableIsReadAsItsMappingSays(t *testing.T) {
	t.Parallel()
	counter := intake.Mapping{Header: 1, Zone: "Europe/Berlin", Columns: columns("time", "value=hafen/grid")}
	profile := intake.Mapping{Header: 1, Zone: "Europe/Berlin", Label: intake.LabelEnd, Step: "15m", Columns: columns("date", "clock", "value=hafen/profile", "quality")}
	with := func(m intake.Mapping, change func(*intake.Mapping)) intake.Mapping { change(&m); return m }
	for _, c := range []struct {
		name           string
		file           string
		mapping        intake.Mapping
		rows, rejected string
	}{
		{"a decimal comma behind semicolons", "Zeit;Stand\n03.06.2025 00:00;12,5\n03.06.2025 01:00;13,25\n", counter,
			"2 hafen/grid 2025-06-02T22:00Z 12.5 measured|3 hafen/grid 2025-06-02T23:00Z 13.25 measured", ""},
		{"a decimal point behind commas", "t,v\n2025-06-03 00:00,12.5\n", counter, "2 hafen/grid 2025-06-02T22:00Z 12.5 measured", ""},
		{"tabs, a mark of UTF-8 and quotes", "\xef\xbb\xbft\tv\n\"03.06.2025 00:00\"\t\"7\"\n", counter, "2 hafen/grid 2025-06-02T22:00Z 7 measured", ""},
		{"UTF-16", string(utf16le("Zählerzeit;Stand\r\n03.06.2025 00:00;7\r\n")), counter, "2 hafen/grid 2025-06-02T22:00Z 7 measured", ""},
		{"a three-digit fraction that nothing settles is asked back", "t;v\n03.06.2025 00:00;1.234\n03.06.2025 01:00;5\n", counter,
			"3 hafen/grid 2025-06-02T23:00Z 5 measured", "B2 decimal_sign"},
		{"another number of the file settles it", "t;v\n03.06.2025 00:00;1.234\n03.06.2025 01:00;1234.5\n", counter,
			"2 hafen/grid 2025-06-02T22:00Z 1.234 measured|3 hafen/grid 2025-06-02T23:00Z 1234.5 measured", ""},
		{"numbers that contradict each other settle nothing", "t;v\n03.06.2025 00:00;1,5\n03.06.2025 01:00;2.5\n03.06.2025 02:00;1.234\n", counter,
			"2 hafen/grid 2025-06-02T22:00Z 1.5 measured|3 hafen/grid 2025-06-02T23:00Z 2.5 measured", "B4 decimal_sign"},
		{"a thousands separator nobody stated is asked back", "t;v\n03.06.2025 00:00;1.234,5\n", counter, "", "B2 thousands"},
		{"a thousands separator that was stated is taken", "t;v\n03.06.2025 00:00;1.234,5\n03.06.2025 01:00;1.23,5\n",
			with(counter, func(m *intake.Mapping) { m.Decimal, m.Thousands = ",", "." }), "2 hafen/grid 2025-06-02T22:00Z 1234.5 measured", "B3 bad_value"},
		{"NaN, Inf and words are no numbers", "t;v\n03.06.2025 00:00;NaN\n03.06.2025 01:00;-Inf\n03.06.2025 02:00;defekt\n", counter, "", "B2 bad_value|B3 bad_value|B4 bad_value"},
		{"intervals labelled at their end, with the operator's own qualities", "Datum;bis;kWh;Status\n03.06.2025;00:15;1,5;W\n03.06.2025;24:00;2,5;E\n03.06.2025;00:30;;F\n", profile,
			"2 hafen/profile 2025-06-02T22:00Z 1.5 measured 15m0s|3 hafen/profile 2025-06-03T21:45Z 2.5 substitute 15m0s|4 hafen/profile 2025-06-02T22:15Z 0 missing 15m0s absent", ""},
		{"a load profile is no row of a counter's standings", "Datum;bis;kWh;Status\n03.06.2025;00:15;1,5;W\n03.06.2025;00:30;2,5;W\n", with(profile, func(m *intake.Mapping) { m.Columns = columns("date", "clock", "value=hafen/grid", "quality") }),
			"", "A2 wrong_form|A3 wrong_form"},
		{"standings beside a load profile stay standings", "t;p;v\n03.06.2025 00:15;1,5;12,5\n", with(profile, func(m *intake.Mapping) { m.Columns = columns("time", "value=hafen/profile", "value=hafen/grid") }),
			"2 hafen/profile 2025-06-02T22:00Z 1.5 measured 15m0s|2 hafen/grid 2025-06-02T22:15Z 12.5 measured", ""},
		{"the hour that is run twice in its order", "t;v\n26.10.2025 01:30;1\n26.10.2025 02:00;2\n26.10.2025 02:30;3\n26.10.2025 02:00;4\n26.10.2025 02:30;5\n26.10.2025 03:00;6\n", counter,
			"2 hafen/grid 2025-10-25T23:30Z 1 measured|3 hafen/grid 2025-10-26T00:00Z 2 measured|4 hafen/grid 2025-10-26T00:30Z 3 measured|" +
				"5 hafen/grid 2025-10-26T01:00Z 4 measured|6 hafen/grid 2025-10-26T01:30Z 5 measured|7 hafen/grid 2025-10-26T02:00Z 6 measured", ""},
		{"an hour that is run twice and given once is asked back", "t;v\n26.10.2025 02:30;3\n26.10.2025 03:00;6\n26.10.2025 02:15B;4\n", counter,
			"3 hafen/grid 2025-10-26T02:00Z 6 measured|4 hafen/grid 2025-10-26T01:15Z 4 measured", "A2 ambiguous_time"},
		{"an hour that does not exist", "t;v\n30.03.2025 02:30;3\n", counter, "", "A2 bad_time"},
		{"American dates are asked back", "t;v\n03/06/2025 00:15;3\n", counter, "", "A2 bad_time"},
		{"local times without a zone are asked back", "t;v\n03.06.2025 00:15;3\n", with(counter, func(m *intake.Mapping) { m.Zone = "" }), "", "A2 bad_time"},
		{"our own form needs no mapping", "point;at;value\nhafen/grid;2025-06-03T00:00:00Z;5\nfremd;2025-06-03T00:00:00Z;5\n", intake.Mapping{},
			"2 hafen/grid 2025-06-03T00:00Z 5 measured", "A3 unknown_name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows, rejected, err := readFile(t, []byte(c.file), c.mapping)
			if err != nil || strings.Join(rows, "|") != c.rows || strings.Join(rejected, "|") != c.rejected {
				t.Errorf("rows %s\nrejected %s\nerr %v\nwant %s\nand %s", strings.Join(rows, "|"), strings.Join(rejected, "|"), err, c.rows, c.rejected)
			}
		})
	}
}

// workbook is a workbook that another program wrote.
func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatalf("write a workbook: %v", err)
	}
	return b.Bytes()
}

func TestAWorkbookIsReadCellByCell(t *testing.T) {
	t.Parallel()
	file := workbook(t, func(f *excelize.File) {
		style, _ := f.NewStyle(&excelize.Style{NumFmt: 22})
		for i, row := range [][]any{{"Zeit", "Stand"}, {time.Date(2025, 6, 3, 0, 15, 0, 0, time.UTC), 12.5}, {"03.06.2025 00:30", "13,5"}, {time.Date(2025, 6, 3, 0, 45, 0, 0, time.UTC), nil}, {time.Date(2025, 6, 3, 1, 0, 0, 0, time.UTC), true}} {
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
		_ = f.SetCellStyle("Sheet1", "A2", "A5", style)
		_ = f.SetCellFormula("Sheet1", "B4", "B2+B3")
	})
	rows, rejected, err := readFile(t, file, intake.Mapping{Header: 1, Zone: "Europe/Berlin", Columns: columns("time", "value=hafen/grid")})
	want := "2 hafen/grid 2025-06-02T22:15Z 12.5 measured|3 hafen/grid 2025-06-02T22:30Z 13.5 measured"
	if err != nil || strings.Join(rows, "|") != want || strings.Join(rejected, "|") != "B4 formula|B5 bad_cell" {
		t.Errorf("rows %v\nrejected %v\nerr %v", rows, rejected, err)
	}
}

// standingsWithExchange are readings of a counter that begins anew once.
func standingsWithExchange() string {
	var b strings.Builder
	for i := range 24 {
		fmt.Fprintf(&b, "03.06.2025 %02d:00;%d\n", i, (100+i*7)%180)
	}
	return b.String()
}

func TestATableIsRecognised(t *testing.T) {
	t.Parallel()
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range []struct{ name, file, want string }{
		{"a counter named by its meter", "Bericht;;\nZeitpunkt;hafen-main Zählerstand [MWh];Bemerkung\n03.06.2025 00:15;1,5;ok\n03.06.2025 00:30;1,6;ok\n",
			"header 2 decimal , zone Europe/Berlin A=time B=value hafen/grid MWh C=ignore"},
		{"the only point of the unit", "Datum;Uhrzeit;Wert kWh\n03.06.2025;00:15;10\n03.06.2025;00:30;20\n",
			"header 1 zone Europe/Berlin A=date B=clock C=value hafen/grid kWh"},
		{"amounts that rise and fall are no standings of the only counter", "Zeit bis;Wirkarbeit kWh\n03.06.2025 00:15;10,5\n03.06.2025 00:30;9,5\n03.06.2025 00:45;11,5\n03.06.2025 01:00;10,5\n",
			"header 1 decimal , zone Europe/Berlin label end step 15m A=time B=value hafen/grid kWh asks profile B1"},
		{"a load profile without a heading is asked which border its times are", "Zeit;Bezug kWh\n03.06.2025 00:00;10,5\n03.06.2025 00:15;9,5\n03.06.2025 00:30;11,5\n03.06.2025 00:45;10,5\n",
			"header 1 decimal , zone Europe/Berlin label start step 15m A=time B=value hafen/grid kWh asks profile B1 asks label "},
		{"a heading names the border, whosever the values are", "Zeit bis;Wert\n03.06.2025 00:15;10,5\n03.06.2025 00:30;9,5\n03.06.2025 00:45;11,5\n03.06.2025 01:00;10,5\n",
			"header 1 decimal , zone Europe/Berlin label end step 15m A=time B=value asks no_point B1"},
		{"standings stay standings under any heading", "Zeit bis;Wert kWh\n03.06.2025 00:15;10,5\n03.06.2025 00:30;11,5\n03.06.2025 00:45;12,5\n03.06.2025 01:00;13,5\n",
			"header 1 decimal , zone Europe/Berlin A=time B=value hafen/grid kWh"},
		{"an exchange of the meter makes no load profile of its standings", "Zeit;Wert kWh\n" + standingsWithExchange(), "header 1 zone Europe/Berlin A=time B=value hafen/grid kWh"},
		{"a number that may be either is asked about", "Zeit;grid\n03.06.2025 00:15;1.500\n", "header 1 zone Europe/Berlin A=time B=value hafen/grid asks decimal_sign B2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := intake.Propose(strings.NewReader(c.file), int64(len(c.file)), "", r.Sites, "Europe/Berlin", nil)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("header %d", p.Mapping.Header)
			for _, pair := range [][2]string{{"decimal", p.Mapping.Decimal}, {"zone", p.Mapping.Zone}, {"label", string(p.Mapping.Label)}, {"step", p.Mapping.Step}} {
				if pair[1] != "" {
					got += " " + pair[0] + " " + pair[1]
				}
			}
			for _, col := range p.Mapping.Columns {
				got += strings.TrimRight(fmt.Sprintf(" %s=%s %s %s", col.Column, col.Is, col.Point, col.Unit), " ")
			}
			for _, ask := range p.Asks {
				got += " asks " + ask.Code + " " + ask.Cell
			}
			if got != c.want {
				t.Errorf("proposed %s\nwant     %s", got, c.want)
			}
			if again, err := intake.Propose(strings.NewReader(c.file), int64(len(c.file)), "", r.Sites, "Europe/Berlin", map[string]intake.Mapping{"dcim": p.Mapping}); err != nil || again.Saved != "dcim" {
				t.Errorf("with the mapping saved: %+v, %v; want it to be used again", again, err)
			}
		})
	}
}

func TestAnInterchangeIsReadByItsPlaces(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("mscons/testdata/*.edi")
	if err != nil || len(files) == 0 {
		t.Fatalf("no interchange to read: %v", err)
	}
	file, err := os.ReadFile("mscons/testdata/profile.edi")
	if err != nil {
		t.Fatal(err)
	}
	rows, rejected, err := readFile(t, file, intake.Mapping{Zone: "Europe/Berlin", Names: map[string]energy.PointID{"DE0001234567890000000000000000001/1-1:1.29.0": "hafen/profile"}})
	want := "11 hafen/profile 2025-05-31T22:00Z 12.5 measured 15m0s|14 hafen/profile 2025-05-31T22:15Z 13.25 substitute 15m0s|17 hafen/profile 2025-05-31T22:30Z 0 missing 15m0s absent"
	if err != nil || strings.Join(rows, "|") != want || strings.Join(rejected, "|") != "segment 20 (QTY), byte 517 bad_quality|segment 25 (QTY), byte 623 unknown_name" {
		t.Errorf("rows %s\nrejected %q\nerr %v", strings.Join(rows, "|"), rejected, err)
	}
}
