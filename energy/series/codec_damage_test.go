package series

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"heatledger/energy"
)

// damaged are copies of a body with one byte changed, cut off, doubled or added.
func damaged(body []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for i := range body {
			for _, flip := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
				b := slices.Clone(body)
				b[i] ^= flip
				if !yield(b) {
					return
				}
			}
			if !yield(slices.Clone(body[:i])) || !yield(slices.Insert(slices.Clone(body), i, body[i])) || !yield(slices.Delete(slices.Clone(body), i, i+1)) {
				return
			}
		}
		yield(append(slices.Clone(body), 0))
	}
}

// said is all that readings say.
func said(dst []byte, rs []energy.Reading) []byte {
	for _, r := range rs {
		m, e := r.Value.Mantissa()
		for _, x := range []int64{r.At.UnixMicro(), int64(r.Length), int64(r.Quality), m, int64(e), int64(math.Float64bits(r.Value.Float64()))} {
			dst = binary.AppendVarint(dst, x)
		}
		dst = strconv.AppendBool(dst, r.Value.IsDecimal())
	}
	return dst
}

// A checksum finds nearly every damage; behind it a body that is nonsense is
// refused or read as what it says, in no more time and memory than its count
// of readings asks for. Which of both is promised too: an archive that is read
// today is read tomorrow.
func TestADamagedBodyWithTheRightChecksumIsRefusedOrReadAsEver(t *testing.T) {
	t.Parallel()
	for k, kind := range valueKinds() {
		if strings.HasPrefix(kind.name, "float32") && k%8 != 0 {
			continue
		}
		name := "damaged/" + strings.ReplaceAll(kind.name, " ", "-")
		var outcomes []byte
		for _, n := range []int{1, 2, 9} {
			body, _, err := openBlock(EncodeReadings(nil, kind.readings(uint64(k), n, k%len(intervalKinds()))), versionReadings)
			if err != nil {
				t.Fatal(err)
			}
			for b := range damaged(body) {
				if count, _ := binary.Uvarint(b); count > 4*uint64(n)+4 {
					continue // long lines of nothing new
				}
				rs, err := DecodeReadings(resealed(versionReadings, b))
				if (err == nil) == (rs == nil) || err != nil && !errors.Is(err, ErrCorrupt) {
					t.Fatalf("%x: %d readings with error %v", b, len(rs), err)
				}
				outcomes = append(said(outcomes, rs), '.')
			}
		}
		promised(t, name, outcomes)
	}
}

func TestADamagedBodyOfRunsWithTheRightChecksumIsRefusedOrReadAsEver(t *testing.T) {
	t.Parallel()
	runs := somePoint()
	for name, runs := range map[string][]Run{"point": runs, "in-turn": runs[2:4], "withdrawal": runs[5:6], "reason": runs[6:]} {
		body, _, err := openBlock(EncodeRuns(nil, runs), versionRuns)
		if err != nil {
			t.Fatal(err)
		}
		var outcomes []byte
		for b := range damaged(body) {
			if count, _ := binary.Uvarint(b); count > 40 {
				continue
			}
			back, err := DecodeRuns(resealed(versionRuns, b))
			if err != nil && (back != nil || !errors.Is(err, ErrCorrupt)) {
				t.Fatalf("%x: %d runs with error %v", b, len(back), err)
			}
			for _, r := range back {
				for _, x := range []int64{r.Seq, r.RecordedAt.UnixMilli(), int64(r.Source), int64(r.Rank), r.Replaces.From.UnixMicro(), r.Replaces.To.UnixMicro()} {
					outcomes = binary.AppendVarint(outcomes, x)
				}
				outcomes = said(append(outcomes, r.Reason...), r.Readings)
			}
			outcomes = append(strconv.AppendBool(outcomes, err == nil), '.')
		}
		promised(t, "damaged-runs/"+name, outcomes)
	}
}

func TestADamagedColumnIsRefusedOrReadAsEver(t *testing.T) {
	t.Parallel()
	for _, kind := range columnKinds() {
		var outcomes []byte
		for i, n := range []int{1, 2, 3, 9, 40} {
			b := appendColumn(nil, kind.numbers(uint64(i), n, 7<<(5*i)))
			for b := range damaged(b) {
				c := cursor{rest: b}
				col := c.column(n)
				if c.err != nil && (col.xs != nil || col.first != 0 || col.step != 0) {
					t.Fatalf("%x: a column with error %v", b, c.err)
				}
				if c.err == nil {
					for _, x := range append(listed(col, n), int64(len(c.rest))) {
						outcomes = binary.AppendVarint(outcomes, x)
					}
				}
				outcomes = append(outcomes, '.')
			}
		}
		promised(t, "damaged-column/"+kind.name, outcomes)
	}
}

// blocks counts the blocks that b consists of, and what the first one holds.
func blocks(t *testing.T, b []byte, version byte) (n int, first uint64) {
	t.Helper()
	for ; len(b) > 0; n++ {
		body, rest, err := openBlock(b, version)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			first, _ = binary.Uvarint(body)
		}
		b = rest
	}
	return n, first
}

func TestABlockOfAnotherVersionOrNoBlockIsRefused(t *testing.T) {
	t.Parallel()
	good := goodParts().block()
	for name, b := range map[string][]byte{
		"another version":      resealed(3, good[2:len(good)-4]),
		"runs":                 EncodeRuns(nil, somePoint()),
		"a wrong checksum":     append(slices.Clone(good[:len(good)-1]), good[len(good)-1]^1),
		"a cut checksum":       good[:len(good)-1],
		"a length beyond":      {versionReadings, 200, 1, 0},
		"a good one, then not": append(slices.Clone(good), 1, 2, 3),
	} {
		if rs, err := DecodeReadings(b); !errors.Is(err, ErrCorrupt) || rs != nil {
			t.Errorf("%s: %d readings, error %v", name, len(rs), err)
		}
	}
	if body, rest, err := openBlock(good[:len(good)-1], versionReadings); !errors.Is(err, ErrCorrupt) || body != nil || rest != nil {
		t.Errorf("a block that was cut is opened as %x and %x: %v", body, rest, err)
	}
}

func TestZerosOfRiceCodeAreWrittenOverWhatWasThere(t *testing.T) {
	t.Parallel()
	xs := []int64{9, 9, 9}
	if size, ok := readRice([]byte{riceZeros}, xs); size != 1 || !ok || !slices.Equal(xs, []int64{0, 0, 0}) {
		t.Errorf("%v from %d bytes, %v", xs, size, ok)
	}
}

func TestAfterAFaultACursorGivesZeros(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(c *cursor) bool{
		"a byte":          func(c *cursor) bool { return c.byte() == 0 },
		"a number":        func(c *cursor) bool { return c.uvarint() == 0 },
		"a signed number": func(c *cursor) bool { return c.varint() == 0 },
		"a count":         func(c *cursor) bool { return c.count(5) == 0 },
		"bytes":           func(c *cursor) bool { return c.bytes(1) == nil },
	} {
		for i := range 2 {
			c := cursor{}
			for range i + 1 {
				if !read(&c) || !errors.Is(c.err, ErrCorrupt) || c.rest != nil {
					t.Errorf("%s of nothing, read %d times: %+v", name, i+1, c)
				}
			}
		}
	}
	for n, want := range map[uint64]int{5: 5, 6: 0} {
		if c := (cursor{rest: uvarint(n)}); c.count(5) != want || (c.err == nil) != (want == 5) {
			t.Errorf("a count of %d where 5 are allowed: error %v", n, c.err)
		}
	}
	if c := (cursor{rest: []byte{7}}); c.byte() != 7 || c.err != nil || len(c.rest) != 0 {
		t.Errorf("the last byte: %+v", c)
	}
}
