package series

import (
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
)

// From eight bits a number on, header included, what repeats may be packed, and
// is where that is shorter.
func TestAColumnOfAByteANumberIsPackedWhereThatIsShorter(t *testing.T) {
	t.Parallel()
	for n, form := range map[int]byte{92: columnRice, 93: columnZstd, 94: columnZstd} {
		xs := make([]int64, n)
		for i := range xs {
			xs[i] = int64(i%3) * 20
		}
		us := make([]uint64, n-1)
		p, _ := forecast(xs)
		p.residuals(xs, us)
		riced := len(appendRice(appendVarint([]byte{columnRice, 0, 0}, p.slope), us))
		if n == 93 && riced != n {
			t.Fatalf("%d numbers take %d bytes of Rice code, want as many as numbers", n, riced)
		}
		if b := appendColumn(nil, xs); b[0] != form || form == columnRice != (riced > n) {
			t.Errorf("%d numbers, %d bytes of Rice code: form %d in %d bytes, want form %d", n, riced, b[0], len(b), form)
		}
	}
}

// Whoever reads an archive needs no more memory for it than this.
func TestAPackedColumnLooksBackOn256KiB(t *testing.T) {
	t.Parallel()
	xs := make([]int64, 200_000)
	for i := range xs {
		xs[i] = int64(i*i%7) << 20 // differences of three bytes and more
	}
	c := cursor{rest: packColumn(xs, make([]uint64, len(xs)-1))}
	form, _, length := c.byte(), c.varint(), c.uvarint()
	frame := c.bytes(c.uvarint())
	var header zstd.Header
	if err := header.Decode(frame); err != nil || form != columnZstd || length < 1<<19+1 || header.WindowSize != 1<<18 {
		t.Errorf("form %d, %d bytes under zstd with a window of %d bytes (error %v), want one of %d", form, length, header.WindowSize, err, 1<<18)
	}
}

// stretched are two runs of these counts, so many readings, and stretches of them.
func stretched(readings int, counts, positions, lengths []int64) []byte {
	block := EncodeReadings(nil, make([]energy.Reading, readings))
	b := runsBody([]int64{0, 0}, []int64{0, 0}, counts, uvarint(uint64(len(block)))...)
	b = binary.AppendUvarint(append(b, block...), uint64(len(positions)))
	return resealed(versionRuns, appendColumn(appendColumn(b, positions), lengths))
}

func TestEveryReadingOfABlockOfRunsBelongsToARun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sentence                  string
		ok                        bool
		readings                  int
		counts, positions, length []int64
	}{
		{"the first run has the reading", true, 1, []int64{1, 0}, []int64{0}, []int64{1}},
		{"the second run has the reading", true, 1, []int64{0, 1}, []int64{1}, []int64{1}},
		{"the reading is counted and dealt to nobody", false, 1, []int64{1, 0}, nil, nil},
		{"the reading is counted and a stretch of none is dealt", false, 1, []int64{1, 0}, []int64{0}, []int64{0}},
		{"the reading is neither counted nor dealt", false, 1, []int64{0, 0}, nil, nil},
		{"the reading is not counted, and dealt", false, 1, []int64{0, 0}, []int64{0}, []int64{1}},
		{"two readings, and a stretch of none behind them", true, 2, []int64{2, 0}, []int64{0, 1}, []int64{2, 0}},
		{"two readings, and a stretch of none before them", true, 2, []int64{0, 2}, []int64{0, 1}, []int64{0, 2}},
		{"two readings, one of which is dealt", false, 2, []int64{2, 0}, []int64{0}, []int64{1}},
		{"two readings, one of which is dealt to nobody", false, 2, []int64{1, 0}, []int64{0}, []int64{1}},
		{"the reading is dealt to the other run", false, 1, []int64{1, 0}, []int64{1}, []int64{1}},
	} {
		runs, err := DecodeRuns(stretched(test.readings, test.counts, test.positions, test.length))
		if (err == nil) != test.ok || (runs != nil) != test.ok {
			t.Errorf("%s: %d runs, error %v", test.sentence, len(runs), err)
		}
		for i, run := range runs {
			if int64(len(run.Readings)) != test.counts[i] {
				t.Errorf("%s: run %d has %d readings, want %d", test.sentence, i, len(run.Readings), test.counts[i])
			}
		}
	}
}
