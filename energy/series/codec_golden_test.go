package series

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
)

// The public ledger holds digests of blocks, and archives hold blocks of years
// ago: what is written of given readings today must be written the same
// tomorrow, and what a block says must stay what it says. The lines of
// testdata/encodings.txt were made once; a line is never changed, only added
// (a test prints the line it misses).
const encodingsFile = "testdata/encodings.txt"

// longestShown is how many bytes of an encoding the file shows; of a longer one
// it holds the length and the digest.
const longestShown = 320

// promised compares bytes with those the file promises under a name.
func promised(t *testing.T, name string, b []byte) {
	t.Helper()
	line := name + " " + hex.EncodeToString(b)
	if len(b) > longestShown {
		line = fmt.Sprintf("%s %d bytes sha256:%x", name, len(b), sha256.Sum256(b))
	}
	f, err := os.Open(encodingsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if was, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			if lines.Text() != line {
				t.Errorf("%s was promised as\n%s\nand is\n%s", name, was, strings.TrimPrefix(line, name+" "))
			}
			return
		}
	}
	t.Errorf("%s promises nothing of this:\n%s", encodingsFile, line)
}

// columnLengths are about the sizes of a group, of the room without memory and
// of the sample a forecast is chosen by.
func columnLengths() []int {
	return []int{1, 2, 3, 4, 7, 30, 62, 63, 64, 65, 66, 96, 127, 128, 129, 130, 190, 255, 256, 257, 300}
}

func TestColumnsAreWrittenAsEver(t *testing.T) {
	t.Parallel()
	for _, kind := range columnKinds() {
		var all []byte
		for _, bits := range []int{0, 1, 2, 3, 5, 8, 12, 20, 28, 36, 44, 52, 59} {
			for i, n := range columnLengths() {
				xs := kind.numbers(uint64(100*bits+i), n, 1<<bits)
				b := appendColumn(nil, xs)
				c := cursor{rest: b}
				if col := c.column(n); c.err != nil || len(c.rest) > 0 || !slices.Equal(listed(col, n), xs) {
					t.Fatalf("%s of %d numbers does not come back: %v", kind.name, n, c.err)
				}
				all = append(all, b...)
			}
			if kind.name == "any" {
				break
			}
		}
		promised(t, "columns/"+kind.name, all)
		promised(t, "column/"+kind.name, appendColumn(nil, kind.numbers(1, 150, 20)))
	}
}

func listed(c column, n int) []int64 {
	xs := make([]int64, n)
	for i := range xs {
		xs[i] = c.at(i)
	}
	return xs
}

func TestLongColumnsAreWrittenAsEver(t *testing.T) {
	t.Parallel()
	var all []byte
	for _, kind := range columnKinds() {
		for i, n := range []int{4096, 4097, 9000} {
			all = appendColumn(all, kind.numbers(uint64(i), n, 40))
		}
	}
	// the middle decides: what comes before and after is of another kind
	for _, parts := range [][3]int{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {3, 4, 9}, {9, 2, 3}} {
		var xs []int64
		for _, k := range parts {
			xs = append(xs, columnKinds()[k].numbers(7, 4000, 25)...)
		}
		all = appendColumn(all, xs)
	}
	promised(t, "columns/long", all)
	// the sample begins with the second number: a first one far off does not decide
	offAt := func(n, at int) []int64 {
		xs := columnKinds()[0].numbers(3, n, 25)
		for i := range at + 1 {
			xs[i] -= 1 << 50
		}
		return xs
	}
	promised(t, "columns/first-number-far-off", appendColumn(nil, offAt(4098, 0)))
	promised(t, "columns/first-two-numbers-far-off", appendColumn(nil, offAt(4099, 1)))
	// steps of six bytes each: more than the window that zstd looks back on
	promised(t, "columns/longer-than-the-window", appendColumn(nil, columnKinds()[8].numbers(1, 60_000, 1<<40)))
}

// Where an escape of 88 bits just decides between two parameters.
func TestRiceParametersAreChosenAsEver(t *testing.T) {
	t.Parallel()
	promised(t, "rice/an-escape-is-too-dear", appendRice(nil, []uint64{
		1, 399, 6, 7, 4, 2, 6, 3, 6, 0, 2, 2, 0, 3, 2, 7, 5, 2, 8, 5, 3, 3, 2, 5, 3, 6, 7, 1, 0, 1, 7, 3, 4, 4, 5, 8, 1, 5, 7, 6, 373, 0, 0,
	}))
	promised(t, "rice/an-escape-is-just-cheap-enough", appendRice(nil, []uint64{
		7, 5, 7, 2, 3, 7, 1, 3, 7, 6, 6, 3, 4, 6, 4, 0, 1, 4, 4, 0, 6, 3, 0, 2, 371, 5, 1, 5, 5, 6, 4, 7, 5, 0, 6, 2, 7, 6, 2, 3, 2, 5, 4, 0,
	}))
}

func TestNothingIsForetoldOfASingleNumber(t *testing.T) {
	t.Parallel()
	for _, xs := range [][]int64{nil, {5}} {
		if p, cost := forecast(xs); p != (predictor{}) || cost != 0 {
			t.Errorf("%v: %+v for %d bits", xs, p, cost)
		}
		predictor{}.residuals(xs, nil)
	}
}

func TestReadingsAreWrittenAsEver(t *testing.T) {
	t.Parallel()
	for k, kind := range valueKinds() {
		var all []byte
		for i, n := range []int{1, 2, 3, 20, 65, 129} {
			rs := kind.readings(uint64(i), n, (i+k)%len(intervalKinds()))
			b := EncodeReadings(nil, rs)
			if back, err := DecodeReadings(b); err != nil || !sameReadings(rs, back) {
				t.Fatalf("%d readings of %s do not come back: %v", n, kind.name, err)
			}
			all = append(all, b...)
		}
		name := strings.ReplaceAll(kind.name, " ", "-")
		promised(t, "readings/"+name, all)
		promised(t, "reading/"+name, EncodeReadings(nil, kind.readings(3, 6, k%len(intervalKinds()))))
	}
}

func TestReadingsOfEveryRhythmAreWrittenAsEver(t *testing.T) {
	t.Parallel()
	for i, kind := range intervalKinds() {
		name := strings.ReplaceAll(kind.name, " ", "-")
		promised(t, "rhythm/"+name, EncodeReadings(nil, valueKinds()[0].readings(5, 12, i)))
	}
	odd := valueKinds()[0].readings(5, 12, 0)
	odd[7].At = odd[7].At.Add(time.Second)
	promised(t, "rhythm/one-off-by-a-second", EncodeReadings(nil, odd))
	odd[7].At = odd[7].At.Add(time.Microsecond)
	promised(t, "rhythm/one-off-by-a-microsecond", EncodeReadings(nil, odd))
}

// somePoint is what became known about a point: two runs that lie apart, two that
// interlock, a correction with and one without readings.
func somePoint() []Run {
	rs := valueKinds()[1].readings(9, 60, 1)
	return []Run{
		{Seq: 12, RecordedAt: time.UnixMilli(1_730_000_060_123).UTC(), Source: 7, Rank: 2, Readings: rs[10:20]},
		{Seq: 3, RecordedAt: time.UnixMilli(1_730_000_000_000).UTC(), Source: 7, Rank: 2, Readings: rs[:10]},
		{Seq: 15, RecordedAt: time.UnixMilli(1_730_000_100_001).UTC(), Source: -1, Rank: -5, Readings: []energy.Reading{rs[20], rs[22], rs[24]}},
		{Seq: 16, RecordedAt: time.UnixMilli(1_730_000_100_001).UTC(), Source: 1 << 30, Rank: 3, Readings: []energy.Reading{rs[21], rs[22], rs[23]}},
		{Seq: 20, RecordedAt: time.UnixMilli(1_730_000_200_000).UTC(), Replaces: energy.Period{From: rs[3].At, To: rs[9].At}, Reason: "register misread", Readings: rs[3:5]},
		{Seq: 21, RecordedAt: time.UnixMilli(1_730_000_300_000).UTC(), Replaces: energy.Period{From: rs[30].At, To: rs[39].At}},
		{Seq: 22, RecordedAt: time.UnixMilli(1_730_000_300_000).UTC(), Reason: "Zähler vertauscht"},
	}
}

func TestRunsAreWrittenAsEver(t *testing.T) {
	t.Parallel()
	runs := somePoint()
	promised(t, "runs/point", EncodeRuns(nil, runs))
	if runs[0].Seq != 12 || runs[1].Seq != 3 {
		t.Error("the caller's runs were put in another order")
	}
	promised(t, "runs/one", EncodeRuns(nil, runs[:1]))
	promised(t, "runs/withdrawal", EncodeRuns(nil, runs[5:6]))
	promised(t, "runs/backwards", EncodeRuns(nil, []Run{{Seq: 1, Readings: runs[0].Readings[1:2]}, {Seq: 2, Readings: runs[0].Readings[:1]}}))
	promised(t, "runs/in-turn", EncodeRuns(nil, runs[2:4]))
}
