package network

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"heatledger/energy"
)

func TestFaultsOfTables(t *testing.T) {
	t.Parallel()
	const pipes, prices = "dn,outer_mm,wall_mm,casing_mm,velocity_m_s,u_w_per_m_k,source\n", "dn,paved_eur_per_m,unpaved_eur_per_m,source\n"
	for _, row := range []struct{ name, pipes, prices, place, problem string }{
		{"an empty table", "", "", "1:1", "the table is empty"},
		{"only a header", pipes, "", "1:1", "no sizes"},
		{"another header", "dn,outer\n", "", "1:4", `the column "outer" is not known`},
		{"a decimal comma", pipes + "25,33,7,2.3,90,1.1,,x\n", "", "2:1", "the row has 8 fields"},
		{"a text", pipes + "25,33.7,2.3,90,fast,,x\n", "", "2:16", `velocity_m_s is "fast"`},
		{"NaN", pipes + "25,33.7,2.3,90,NaN,,x\n", "", "2:16", `velocity_m_s is "NaN"`},
		{"a wall too thick", pipes + "25,33.7,20,90,1,,x\n", "", "2:9", "the wall is thicker"},
		{"a casing too small", pipes + "25,33.7,2,30,1,,x\n", "", "2:11", "the casing is smaller"},
		{"no source", pipes + "25,33.7,2,90,1,,\n", "", "2:17", "the source is missing"},
		{"sizes out of order", pipes + "32,42.4,2.6,110,1,,x\n25,33.7,2,90,1,,x\n", "", "3:1", "DN 25 comes after DN 32"},
		{"a quote", pipes + "25,33.7,\"2,90\n", "", "2:15", "quote"},
		{"no prices", "", prices, "1:1", "no prices"},
		{"a price twice", "", prices + "25,700,500,x\n25,700,500,x\n", "3:1", "DN 25 stands twice"},
		{"a price without source", "", prices + "25,700,500,\n", "2:12", "the source is missing"},
		{"the same size twice", pipes + "25,33.7,2,90,1,,x\n25,43.7,2,90,1,,x\n", "", "3:1", "DN 25 comes after DN 25"},
		{"a larger size that is narrower", pipes + "25,33.7,2,90,1,,x\n32,33.0,2,90,1,,x\n", "", "3:1", "DN 32 comes after DN 25"},
		{"a pipe without bore", pipes + "25,40,20,90,1,,x\n", "", "2:7", "the wall is thicker"},
		{"a casing that is the pipe", pipes + "25,40,2,40,1,,x\n", "", "2:9", "the casing is smaller"},
		{"a U value of nothing", pipes + "25,40,2,90,1,0,x\n", "", "2:14", "u_w_per_m_k is \"0\""},
		{"standing water", pipes + "25,40,2,90,0,,x\n", "", "2:12", "velocity_m_s is \"0\""},
		{"no wall", pipes + "25,40,0,90,1,,x\n", "", "2:7", "wall_mm is \"0\""},
		{"a price of nothing", "", prices + "25,0,500,x\n", "2:4", `paved_eur_per_m is "0"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var faults energy.Faults
			if row.prices != "" {
				_, faults = ReadPrices("t.csv", []byte(row.prices))
			} else {
				_, faults = ReadPipes("t.csv", []byte(row.pipes))
			}
			if len(faults) == 0 {
				t.Fatal("no fault")
			}
			f := faults[0]
			if got := fmt.Sprintf("%d:%d", f.Line, f.Column); got != row.place || !strings.Contains(f.Problem, row.problem) || f.Remedy == "" {
				t.Errorf("%v, want %s at %s", f, row.problem, row.place)
			}
		})
	}
	if got := (Prices{40: {}}).Missing(Pipes{{DN: 65}, {DN: 40}, {DN: 25}}); !slices.Equal(got, []int{25, 65}) {
		t.Errorf("missing: %v", got)
	}
	stated, faults := ReadPipes("t.csv", []byte(pipes+"25,33.7,2.3,90,1.1,0.31,a catalogue\n"))
	if len(faults) > 0 || stated[0].Loss(DefaultAssumptions()) != 0.31 {
		t.Errorf("a stated U value: %+v, %v", stated, faults)
	}
}

func FuzzReadPipes(f *testing.F) {
	f.Add([]byte(pipesCSV))
	f.Add([]byte("dn,outer_mm,wall_mm,casing_mm,velocity_m_s,u_w_per_m_k,source\n25,33.7,2.3,90,1.1,,\"x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		pipes, faults := ReadPipes("f", src)
		if (len(pipes) == 0) == (len(faults) == 0) {
			t.Fatalf("%d sizes, %d faults", len(pipes), len(faults))
		}
		for _, p := range pipes {
			if u := p.Loss(DefaultAssumptions()); !(p.Inner() > 0 && u > 0 && !math.IsInf(u, 0)) {
				t.Fatalf("%+v loses %g", p, u)
			}
		}
	})
}
