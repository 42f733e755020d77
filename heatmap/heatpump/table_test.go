package heatpump_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/heatmap/heatpump"
)

const maker = `source_in_c,sink_out_c,heat_kw,electricity_kw
20,60,800,200
20,80,700,250
30,60,1000,200
30,80,900,250
`

func read(t testing.TB, text string) *heatpump.Table {
	t.Helper()
	table, err := heatpump.ReadTable(strings.NewReader(text), "maker.csv")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func at(source, sink energy.Celsius, load float64) heatpump.Conditions {
	return heatpump.Conditions{SourceIn: source, SourceOut: source - 5, SinkIn: sink - 20, SinkOut: sink, Load: load}
}

func TestAMakersTableIsLinearBetweenItsEntries(t *testing.T) {
	t.Parallel()
	table := read(t, maker)
	for _, tt := range []struct {
		sentence      string
		at            heatpump.Conditions
		cop, capacity float64
	}{
		{"an entry", at(20, 80, 1), 2.8, 700},
		{"in the middle of four", at(25, 70, 1), (4 + 2.8 + 5 + 3.6) / 4, 850},
		{"on an edge", at(20, 65, 1), 4 - 1.2/4, 775},
		{"below full load nothing is known to change", at(30, 60, 0.3), 5, 1000},
	} {
		got, err := table.Point(tt.at)
		if err != nil || !near(got.COP, tt.cop) || !near(float64(got.Capacity), tt.capacity) {
			t.Errorf("%s: %+v (%v), want %v and %v kW", tt.sentence, got, err, tt.cop, tt.capacity)
		}
	}
	for _, c := range []heatpump.Conditions{at(19.9, 60, 1), at(30.1, 60, 1), at(25, 59.9, 1), at(25, 80.1, 1), at(25, 70, 0), at(25, 70, 1.1)} {
		var beyond *heatpump.RangeError
		if got, err := table.Point(c); !errors.As(err, &beyond) {
			t.Errorf("%+v is outside of the table and gives %+v (%v)", c, got, err)
		}
	}
	bent := read(t, "\ufeffSource_in_C, sink_out_c ,COP\n20,60,4\n30,60,4.2\n40,60,5\n20,80,2\n30,80,3\n40,80,3.2\n")
	for c, want := range map[heatpump.Conditions]float64{at(30, 60, 1): 4.2, at(35, 60, 1): 4.6, at(25, 60, 1): 4.1, at(35, 70, 1): (4.6 + 3.1) / 2, at(40, 80, 1): 3.2} {
		if got, err := bent.Point(c); err != nil || !near(got.COP, want) || got.Capacity != 0 {
			t.Errorf("from %v to %v °C: %+v (%v), want %v", c.SourceIn, c.SinkOut, got, err, want)
		}
	}
	one := read(t, "source_in_c,sink_out_c,load,cop\n30,60,0.5,4\n")
	if got, err := one.Point(at(30, 60, 1)); err == nil {
		t.Errorf("a table of half load only says %+v of full load", got)
	}
	if got, err := one.Point(at(30, 60, 0.5)); err != nil || got.COP != 4 {
		t.Errorf("a table of half load says %+v of half load (%v)", got, err)
	}
	loads := read(t, "source_in_c,sink_out_c,load,cop,heat_kw\n30,60,0.5,4,400\n30,60,1,5,800\n")
	if got, err := loads.Point(at(30, 60, 0.75)); err != nil || !near(got.COP, 4.5) || got.Capacity != 800 {
		t.Errorf("at three quarters: %+v (%v)", got, err)
	}
	if got, err := loads.Point(at(30, 60, 0.4)); err == nil {
		t.Errorf("below the least load of the table: %+v", got)
	}
}

func TestATableOfThreeCoordinates(t *testing.T) {
	t.Parallel()
	// cop = source/10 + (100 − sink)/20 + load, linear in each, in any order of rows.
	var rows []string
	for _, source := range []float64{10, 20, 40} {
		for _, sink := range []float64{60, 70, 80, 100} {
			for _, load := range []float64{0.25, 0.5, 0.8} {
				rows = append(rows, fmt.Sprintf("%v,%v,%v,%v,%v", sink, load, source, source/100+(100-sink)/100+load+1, load*1000+source*load*10))
			}
		}
	}
	slices.Reverse(rows)
	table := read(t, "sink_out_c,load,source_in_c,cop,heat_kw\n"+strings.Join(rows, "\n"))
	rapid.Check(t, func(rt *rapid.T) {
		source, sink, load := rapid.Float64Range(10, 40).Draw(rt, "source"), rapid.Float64Range(60, 100).Draw(rt, "sink"), rapid.Float64Range(0.25, 0.8).Draw(rt, "load")
		got, err := table.Point(at(energy.Celsius(source), energy.Celsius(sink), load))
		if err != nil || !near(got.COP, source/100+(100-sink)/100+load+1) || !near(float64(got.Capacity), 1000+source*10) {
			rt.Fatalf("source %v, sink %v, load %v: %+v (%v)", source, sink, load, got, err)
		}
	})
}

func TestATableStaysBetweenItsEntries(t *testing.T) {
	t.Parallel()
	table := read(t, maker)
	rapid.Check(t, func(rt *rapid.T) {
		c := at(energy.Celsius(rapid.Float64Range(20, 30).Draw(rt, "source")), energy.Celsius(rapid.Float64Range(60, 80).Draw(rt, "sink")), 1)
		if got, err := table.Point(c); err != nil || got.COP < 2.8-1e-9 || got.COP > 5+1e-9 || got.Capacity < 700-1e-9 || got.Capacity > 1000+1e-9 {
			rt.Fatalf("%+v: %+v (%v)", c, got, err)
		}
	})
}

func TestEveryFaultOfATableHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ sentence, text, want string }{
		{"an empty file", "", "maker.csv: the file is empty: a header with source_in_c, sink_out_c and cop is expected"},
		{"no rows", "source_in_c,sink_out_c,cop\n", "maker.csv: the table has no rows: a row for each source and sink temperature is expected"},
		{"semicolons", "source_in_c;sink_out_c;cop\n", "maker.csv:1:1: semicolons between the columns: commas between the columns and points in numbers are expected"},
		{"a misspelt column", "source_in_c,sink_ou_c,cop\n", `maker.csv:1:13: unknown column "sink_ou_c": source_in_c, sink_out_c, load, cop, heat_kw or electricity_kw is expected
maker.csv:1:1: no column sink_out_c: a header with source_in_c, sink_out_c and cop is expected`},
		{"no cop", "source_in_c,sink_out_c,heat_kw\n", "maker.csv:1:1: no column cop: cop, or heat_kw and electricity_kw, is expected"},
		{"a column twice", "source_in_c,sink_out_c,cop,cop\n", `maker.csv:1:28: a second column "cop": each column once is expected`},
		{"words and empty cells", "source_in_c,sink_out_c,cop\n20,warm,3\n20,80,\n", `maker.csv:2:4: "warm" is no number: digits with a point, such as 12.5, are expected
maker.csv:3:7: "" is no number: digits with a point, such as 12.5, are expected`},
		{"a row that is too short", "source_in_c,sink_out_c,cop\n20,60\n", "maker.csv:2:1: 2 values: 3, as in the header, are expected"},
		{"kelvins", "source_in_c,sink_out_c,cop\n293,353,3\n", `maker.csv:2:1: source_in_c is 293: a temperature from -50 to 150 °C is expected
maker.csv:2:5: sink_out_c is 353: a temperature from -50 to 250 °C is expected`},
		{"no heat pump", "source_in_c,sink_out_c,cop\n20,60,0.9\n", "maker.csv:2:7: a COP of 0.9: more than 1 is expected: a heat pump gives more heat than it takes electricity"},
		{"better than ideal", "source_in_c,sink_out_c,cop\n20,60,8.4\n", "maker.csv:2:7: a COP of 8.4 from 20 to 60 °C: less than 8.33, which an ideal machine reaches, is expected"},
		{"heat and electricity that are not the cop", "source_in_c,sink_out_c,heat_kw,electricity_kw,cop\n20,60,800,200,5\n", "maker.csv:2:15: a COP of 5 beside 800 kW of heat and 200 kW of electricity: 4 is expected"},
		{"columns changed about", "source_in_c,sink_out_c,heat_kw,electricity_kw\n20,60,200,800\n", "maker.csv:2:11: a COP of 0.25: more than 1 is expected: a heat pump gives more heat than it takes electricity"},
		{"a hole", "source_in_c,sink_out_c,cop\n20,60,4\n20,80,3\n30,60,5\n", "maker.csv: no row for source 30, sink 80 °C and load 1: each combination is expected: nothing is guessed between what is not there"},
		{"a row twice", "source_in_c,sink_out_c,cop\n20,60,4\n20,60,3\n", "maker.csv:3:1: source 20, sink 60 °C and load 1 once more: one row is expected; the other is line 2"},
		{"a row twice, and one more fault behind it", "source_in_c,sink_out_c,cop\n20,60,4\n20,60,3\n20,60,2\n", "maker.csv:3:1: source 20, sink 60 °C and load 1 once more: one row is expected; the other is line 2\nmaker.csv:4:1: source 20, sink 60 °C and load 1 once more: one row is expected; the other is line 2"},
		{"holes of loads", "source_in_c,sink_out_c,load,cop\n20,60,0.5,4\n20,60,1,4\n20,70,1,3\n30,60,1,5\n30,70,1,4\n30,70,0.5,4\n", "maker.csv: no row for source 20, sink 70 °C and load 0.5: each combination is expected: nothing is guessed between what is not there\nmaker.csv: no row for source 30, sink 60 °C and load 0.5: each combination is expected: nothing is guessed between what is not there"},
		{"a load above all", "source_in_c,sink_out_c,load,cop\n20,60,1.5,4\n", "maker.csv:2:7: load is 1.5: a share above 0 and up to 1 is expected"},
		{"heat without end", "source_in_c,sink_out_c,cop,heat_kw\n20,60,4,1e7\n", "maker.csv:2:9: heat_kw is 1e7: a heat above 0 kW is expected"},
		{"no electricity", "source_in_c,sink_out_c,heat_kw,electricity_kw\n20,60,100,0\n", "maker.csv:2:11: electricity_kw is 0: an electric power above 0 kW is expected"},
		{"a load in per cent", "source_in_c,sink_out_c,load,cop\n20,60,50,4\n", "maker.csv:2:7: load is 50: a share above 0 and up to 1 is expected"},
		{"a heating rod", "source_in_c,sink_out_c,cop\n20,60,1\n", "maker.csv:2:7: a COP of 1: more than 1 is expected: a heat pump gives more heat than it takes electricity"},
		{"as good as ideal", "source_in_c,sink_out_c,cop\n26.85,126.85,4\n", "maker.csv:2:14: a COP of 4 from 26.85 to 126.85 °C: less than 4, which an ideal machine reaches, is expected"},
		{"semicolons with a row", "source_in_c;sink_out_c;cop\n20;60;4\n", "maker.csv:1:1: semicolons between the columns: commas between the columns and points in numbers are expected"},
		{"one column", "source_in_c\n", "maker.csv:1:1: no column sink_out_c: a header with source_in_c, sink_out_c and cop is expected\nmaker.csv:1:1: no column cop: cop, or heat_kw and electricity_kw, is expected"},
		{"two rows that are too short", "source_in_c,sink_out_c,cop\n20,60\n20\n", "maker.csv:2:1: 2 values: 3, as in the header, are expected\nmaker.csv:3:1: 1 values: 3, as in the header, are expected"},
		{"a row twice, over two lines", "source_in_c,sink_out_c,cop\n20,60,4\n\"20\n\",60,3\n", "maker.csv:3:1: source 20, sink 60 °C and load 1 once more: one row is expected; the other is line 2"},
		{"just too cold and too hot", "source_in_c,sink_out_c,cop\n-50.5,-50.5,3\n150.5,250.5,3\n", `maker.csv:2:1: source_in_c is -50.5: a temperature from -50 to 150 °C is expected
maker.csv:2:7: sink_out_c is -50.5: a temperature from -50 to 250 °C is expected
maker.csv:3:1: source_in_c is 150.5: a temperature from -50 to 150 °C is expected
maker.csv:3:7: sink_out_c is 250.5: a temperature from -50 to 250 °C is expected`},
		{"just too much heat, electricity and COP", "source_in_c,sink_out_c,heat_kw,electricity_kw,cop\n80,60,1000000.5,1000000.5,1000.5\n80,70,1000,1,-0.5\n", `maker.csv:2:7: heat_kw is 1000000.5: a heat above 0 kW is expected
maker.csv:2:17: electricity_kw is 1000000.5: an electric power above 0 kW is expected
maker.csv:2:27: cop is 1000.5: a number is expected
maker.csv:3:14: cop is -0.5: a number is expected`},
		{"a quotation mark that never ends", "source_in_c,sink_out_c,cop\n20,\"60,4\n", `maker.csv:2:10: this is no CSV: extraneous or missing " in quoted-field`},
	} {
		_, err := heatpump.ReadTable(strings.NewReader(tt.text), "maker.csv")
		var faults energy.Faults
		if !errors.As(err, &faults) || faults.Error() != tt.want {
			t.Errorf("%s:\n%v\nwant\n%s", tt.sentence, err, tt.want)
		}
	}
}

func TestTheBoundsOfATableAreInIt(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"source_in_c,sink_out_c,cop\n-50,250,1.5\n",
		"source_in_c,sink_out_c,cop\n150,-50,1000\n",
		"source_in_c,sink_out_c,heat_kw,electricity_kw\n80,60,1000000,999999.5\n",
		"source_in_c,sink_out_c,load,cop\n80,60,1,4\n",
		"source_in_c,sink_out_c,heat_kw,electricity_kw,cop\n20,60,390,100,4\n",
	} {
		read(t, text)
	}
}

func TestMoreThanAnyMakerPrintsIsRefused(t *testing.T) {
	t.Parallel()
	grid := func(sources, sinks int) energy.Faults { // each of them once, so that most combinations lack
		var b strings.Builder
		b.WriteString("source_in_c,sink_out_c,cop\n")
		for i := range max(sources, sinks) {
			fmt.Fprintf(&b, "%v,%v,1.5\n", float64(i%sources)/10, 60+float64(i%sinks)/100)
		}
		_, err := heatpump.ReadTable(strings.NewReader(b.String()), "maker.csv")
		var faults energy.Faults
		if !errors.As(err, &faults) {
			t.Fatalf("%d sources and %d sinks: %v", sources, sinks, err)
		}
		return faults
	}
	if f := grid(11, 9091); len(f) != 1 || f[0].Line != 0 || f[0].Column != 0 || !strings.HasPrefix(f[0].Problem, "100001 combinations") {
		t.Errorf("100,001 combinations: %d faults, %+v", len(f), f[0])
	}
	if f := grid(250, 400); len(f) != 100_000-400 || strings.Contains(f[0].Problem, "combinations") {
		t.Errorf("100,000 combinations: %d faults, %+v", len(f), f[0])
	}
}

func TestAFileThatBreaksOffIsNamed(t *testing.T) {
	t.Parallel()
	for sentence, r := range map[string]io.Reader{
		"at once":          iotest.ErrReader(io.ErrUnexpectedEOF),
		"within the table": io.MultiReader(strings.NewReader("source_in_c,sink_out_c,cop\n20,60,4\n"), iotest.ErrReader(io.ErrUnexpectedEOF)),
	} {
		_, err := heatpump.ReadTable(r, "maker.csv")
		var faults energy.Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Line != 0 || faults[0].Column != 0 || !strings.Contains(faults[0].Remedy, io.ErrUnexpectedEOF.Error()) {
			t.Errorf("%s: %v", sentence, err)
		}
	}
	for _, text := range []string{"", "source_in_c,sink_out_c,cop\n", "source_in_c,sink_out_c,cop\n20,60,4\n20,80,3\n30,60,5\n"} {
		_, err := heatpump.ReadTable(strings.NewReader(text), "maker.csv")
		var faults energy.Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Line != 0 || faults[0].Column != 0 {
			t.Errorf("a fault of the whole of %q stands at a line: %+v", text, faults)
		}
	}
}

// FuzzReadTable: whatever a file holds, there is a table that answers for its
// entries, or faults.
func FuzzReadTable(f *testing.F) {
	f.Add(maker)
	f.Add("source_in_c,sink_out_c,load,cop\n20,60,0.5,4\n20,60,1,4\n")
	f.Add("\ufeffsource_in_c, sink_out_c ,cop\r\n20,60,4\r\n")
	f.Add("source_in_c,sink_out_c,cop\n1e308,NaN,Inf\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := heatpump.ReadTable(strings.NewReader(text), "f.csv")
		if (table == nil) == (err == nil) {
			t.Fatalf("table %v beside %v", table, err)
		}
		if table == nil {
			return
		}
		if p, err := table.Point(at(20, 60, 1)); err == nil && !(p.COP > 1 && p.Capacity >= 0) {
			t.Fatalf("%+v", p)
		}
	})
}
