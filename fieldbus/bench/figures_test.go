package main

import (
	"math"
	"testing"
)

func TestFiguresAreReadFromWhatGoTestPrints(t *testing.T) {
	t.Parallel()
	found := reported("goos: linux\ncpu: AMD EPYC\n" +
		"BenchmarkAssessACity/years=6-2 \t 3\t 816623992 ns/op\t 88.50 MiB-peak\t 438666229 B/op\t 1603785 allocs/op\n" +
		"BenchmarkAYearOfAPoint   \t      30\t   1175604 ns/op\t  18134091 peer-ns/op\nPASS\n")
	of := figureOf{scale: millisecond, bench: "AYearOfAPoint", ours: "ns/op", peer: "peer", goal: atMost(figure, 1.5)}
	if l := of.line(found); math.Abs(l.ours-1.175604) > 1e-9 || math.Abs(l.peer-18.134091) > 1e-9 || l.reached() != "yes" {
		t.Errorf("a year of a point: %+v", l)
	}
	memory := figureOf{scale: 1, bench: "AssessACity/years=6", ours: "MiB-peak", with: "AssessACity/years=1", peer: "MiB-peak", goal: atMost(ratio, 1.1)}
	if l := memory.line(found); l.ours != 88.5 || !math.IsNaN(l.peer) || l.reached() != "no" {
		t.Errorf("memory without a run to compare with: %+v, want no goal reached", l)
	}
}

func TestEachFigureSaysWhatItIsComparedWith(t *testing.T) {
	t.Parallel()
	for _, run := range figureRuns(false) {
		for _, f := range run.figures {
			if f.goal.of == ratio && (f.peer == "" || f.who == "") {
				t.Errorf("%q has a goal for a ratio, and no peer", f.what)
			}
		}
	}
}
