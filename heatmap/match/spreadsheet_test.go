package match_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// aDay is two sources, three areas, a tank and a boiler over 24 hours, made up so that
// in some hours heat is left, in some it lacks, in some s2 takes a2 over from s1, in
// some s2 is too cold for a3 or the tank, and in two s1 is not known.
func aDay() match.Input {
	in := match.Input{From: newYear, Hours: 24,
		Sources: []match.Source{{ID: "s1", Flow: match.Course{80}}, {ID: "s2", Rank: 1}},
		Areas:   []match.Area{{ID: "a1"}, {ID: "a2"}, {ID: "a3", Flow: match.Course{60}}},
		Links:   []match.Link{{"s1", "a2", 100}, {"s1", "a1", 500}, {"s2", "a2", 200}, {"s2", "a3", 600}},
		Stores:  []match.Store{{ID: "tank", Capacity: 70, Charge: 16, Discharge: 12, Loss: 0.01, Start: 15, Temperature: heatmap.At(65)}},
		Boilers: []match.Boiler{{ID: "peak", Power: 26, Efficiency: 0.9}},
	}
	for h := range in.Hours {
		day := math.Sin(2 * math.Pi * float64(h-3) / 24)
		quarter := func(x float64) heatmap.Kilowatts { return heatmap.Kilowatts(math.Round(4*x) / 4) }
		s1 := quarter(24 - 4*day)
		if h == 5 || h == 8 {
			s1 = heatmap.Kilowatts(gone)
		}
		in.Sources[0].Heat, in.Sources[1].Heat = append(in.Sources[0].Heat, s1), append(in.Sources[1].Heat, quarter(16+float64(h%5)))
		in.Sources[1].Flow = append(in.Sources[1].Flow, energy.Celsius(58+h%10))
		in.Areas[0].Load, in.Areas[1].Load, in.Areas[2].Load = append(in.Areas[0].Load, quarter(14+10*day)), append(in.Areas[1].Load, quarter(16+12*day)), append(in.Areas[2].Load, quarter(11+9*day*day))
	}
	return in
}

// formulas are the columns of an hour in the order in which they stand, # for its row
// and @ for the one before. B to G are heat of s1 and s2, loads and the flow of s2.
var formulas = [][2]string{
	{"H", "MIN(N(B#),E#)"},                    // s1 to a2, its nearest
	{"I", "MIN(N(B#)-H#,D#)"},                 // s1 to a1
	{"J", "MIN(C#,E#-H#)"},                    // s2 to a2
	{"K", "IF(G#>=60,MIN(C#-J#,F#),0)"},       // s2 to a3
	{"L", "MIN(C#-J#-K#,H#,D#-I#)"},           // what s2 takes over at a2, for s1 to give to a1
	{"M", "I#+L#"},                            // s1 to a1 in the end
	{"N", "H#-L#"},                            // s1 to a2
	{"O", "J#+L#"},                            // s2 to a2
	{"P", "K#"},                               // s2 to a3
	{"Q", "Z@*(1-0.01)"},                      // in the tank, after its loss
	{"R", "MIN(Q#,12)"},                       // what it can give
	{"S", "MIN(R#,E#-N#-O#)"},                 // to a2
	{"T", "MIN(R#-S#,D#-M#)"},                 // to a1
	{"U", "MIN(R#-S#-T#,F#-P#)"},              // to a3
	{"V", "S#+T#+U#"},                         // all
	{"W", "MIN(70-(Q#-V#),16)"},               // room
	{"X", "MIN(N(B#)-M#-N#,W#)"},              // from s1
	{"Y", "IF(G#>=65,MIN(C#-O#-P#,W#-X#),0)"}, // from s2
	{"Z", "Q#-V#+X#+Y#"},                      // in the tank at the end
	{"AA", "D#-M#-T#"},                        // lacked by a1
	{"AB", "E#-N#-O#-S#"},
	{"AC", "F#-P#-U#"},
	{"AD", "MIN(26,AA#)"}, // the boiler to a1
	{"AE", "MIN(26-AD#,AB#)"},
	{"AF", "MIN(26-AD#-AE#,AC#)"},
	{"AG", "IF(B#=\"\",AA#,0)"}, // open: s1 is not known
	{"AH", "IF(B#=\"\",AB#,0)"},
	{"AI", "IF(AND(B#=\"\",OR(AND(O#>0,G#>=60),S#+T#>0)),AC#,0)"}, // what serves a1 or a2 could serve a3
}

// TestASpreadsheetMatchesADay lets a spreadsheet program that is not ours compute the
// day by formulas written for it alone.
func TestASpreadsheetMatchesADay(t *testing.T) {
	t.Parallel()
	in := aDay()
	r := matched(t, in)
	sheet := computed(t, in)
	const near = 1e-3 // kWh: losses are cut to grains here, and not there
	sums := map[string]float64{}
	for h := range in.Hours {
		for column, x := range sheet[h] {
			sums[column] += x
		}
		y := r.Hourly
		for column, ours := range map[string]heatmap.Kilowatts{
			"Z": heatmap.Kilowatts(y.Stores[0].In[h]), "V": y.FromStore[h], "X Y": y.ToStore[h], "M N O P": y.Direct[h], "AD AE AF": y.Boiler[h],
		} {
			theirs := 0.0
			for _, name := range strings.Fields(column) {
				theirs += sheet[h][name]
			}
			if math.Abs(float64(ours)-theirs) > near {
				t.Errorf("hour %d, %s: ours is %v, the spreadsheet's %v", h, column, ours, theirs)
			}
		}
	}
	flow := func(giver, area string) heatmap.KilowattHours {
		i := slices.IndexFunc(r.Flows, func(f match.Flow) bool { return f.Giver == giver && f.Area == area })
		if i < 0 {
			t.Fatalf("%s gives nothing to %s: the case tries nothing", giver, area)
		}
		return r.Flows[i].Energy
	}
	for column, ours := range map[string]heatmap.KilowattHours{
		"M": flow("s1", "a1"), "N": flow("s1", "a2"), "O": flow("s2", "a2"), "P": flow("s2", "a3"),
		"T": flow("tank", "a1"), "S": flow("tank", "a2"), "U": flow("tank", "a3"),
		"AD": flow("peak", "a1"), "AE": flow("peak", "a2"), "AF": flow("peak", "a3"),
		"AG": r.Areas[0].Open, "AH": r.Areas[1].Open, "AI": r.Areas[2].Open, "X": r.Sources[0].Stored, "Y": r.Sources[1].Stored,
	} {
		if math.Abs(float64(ours)-sums[column]) > near || ours == 0 {
			t.Errorf("%s: ours is %v, the spreadsheet's %v", column, ours, sums[column])
		}
	}
	moved := 0
	for h := range sheet {
		if sheet[h]["L"] > 0 {
			moved++
		}
	}
	if moved == 0 || r.Moved < moved || r.Total.Unmet == 0 || r.Total.Surplus == 0 {
		t.Errorf("%d hours are moved there, %d here; unmet %v, surplus %v", moved, r.Moved, r.Total.Unmet, r.Total.Surplus)
	}
}

// computed lets LibreOffice compute the hours, and gives each column by its name.
func computed(t *testing.T, in match.Input) []map[string]float64 {
	t.Helper()
	dir := t.TempDir()
	book := excelize.NewFile()
	defer book.Close()
	set := func(cell string, x float64) {
		if x == x { // what is not known stays empty
			if err := book.SetCellFloat("Sheet1", cell, x, -1, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	set("Z1", 15) // in the tank at the start
	for h := range in.Hours {
		row := strconv.Itoa(h + 2)
		for column, x := range map[string]float64{
			"A": float64(h), "B": float64(in.Sources[0].Heat[h]), "C": float64(in.Sources[1].Heat[h]),
			"D": float64(in.Areas[0].Load[h]), "E": float64(in.Areas[1].Load[h]), "F": float64(in.Areas[2].Load[h]), "G": float64(in.Sources[1].Flow[h]),
		} {
			set(column+row, x)
		}
		for _, f := range formulas {
			formula := strings.NewReplacer("#", row, "@", strconv.Itoa(h+1)).Replace(f[1])
			if err := book.SetCellFormula("Sheet1", f[0]+row, formula); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(dir, "day.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	const filter = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1`
	office := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--norestore", "--convert-to", filter, "--outdir", dir, path)
	if out, err := office.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice computes the workbook: %v (tools/setup test installs it)\n%s", err, out)
	}
	file, err := os.Open(filepath.Join(dir, "day-Sheet1.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != in.Hours+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	out := make([]map[string]float64, in.Hours)
	for h := range out {
		out[h] = map[string]float64{}
		for _, f := range formulas {
			n, err := excelize.ColumnNameToNumber(f[0])
			if err != nil {
				t.Fatal(err)
			}
			if out[h][f[0]], err = strconv.ParseFloat(rows[h+1][n-1], 64); err != nil {
				t.Fatal(fmt.Errorf("hour %d, column %s: %w", h, f[0], err))
			}
		}
	}
	return out
}
