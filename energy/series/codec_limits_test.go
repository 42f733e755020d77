package series

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

// parts are what a body of readings holds, each as its bytes.
type parts struct {
	count                                          uint64
	atUnit, at, lengthUnit, length, quality, value []byte
}

// goodParts are three readings.
func goodParts() parts {
	return parts{
		count: 3, atUnit: uvarint(1e6), at: column1(1_700_000_000, 1_700_000_060, 1_700_000_120),
		lengthUnit: uvarint(1e6), length: column1(60, 60, 60), quality: column1(1, 1, 1),
		value: decimals(column1(0, 0, 0), decimalPlain, column1(4, 5, 9)),
	}
}

func (p parts) block() []byte {
	return resealed(versionReadings, slices.Concat(uvarint(p.count), p.atUnit, p.at, p.lengthUnit, p.length, p.quality, p.value))
}

func uvarint(v uint64) []byte { return binary.AppendUvarint(nil, v) }

func column1(xs ...int64) []byte { return appendColumn(nil, xs) }

func decimals(exps []byte, form byte, numbers []byte) []byte {
	return slices.Concat([]byte{allDecimal}, exps, []byte{form}, numbers)
}

func binaries(form byte, n int64, numbers []byte) []byte {
	if form == binary32 {
		return slices.Concat([]byte{allBinary, form}, appendVarint(nil, n), numbers)
	}
	return slices.Concat([]byte{allBinary, form}, numbers)
}

// rice is a Rice column with these bytes behind the slope.
func rice(first int64, flags byte, slope int64, code ...byte) []byte {
	return append(appendVarint(append(appendVarint([]byte{columnRice}, first), flags), slope), code...)
}

// packed is a column under zstd that tells a length and holds these bytes.
func packedAs(first int64, length int, plain []byte) []byte {
	packed := packer().EncodeAll(plain, nil)
	return slices.Concat(appendVarint([]byte{columnZstd}, first), uvarint(uint64(length)), uvarint(uint64(len(packed))), packed)
}

func TestWhatABodyMaySayHasLimits(t *testing.T) {
	t.Parallel()
	const lengths = math.MaxInt64 / 1000
	for _, test := range []struct {
		name string
		ok   bool
		with func(p *parts)
	}{
		{"three readings", true, func(*parts) {}},
		{"no reading", false, func(p *parts) { *p = parts{} }},
		{"no reading, but all else", false, func(p *parts) {
			*p = parts{atUnit: uvarint(1), lengthUnit: uvarint(1), value: []byte{allDecimal, decimalPlain}}
		}},
		{"no reading, and no value", false, func(p *parts) { *p = parts{atUnit: uvarint(1), lengthUnit: uvarint(1)} }},
		{"fewer readings than it counts", false, func(p *parts) { p.count, p.value = 4, nil }},
		{"the least quality", true, func(p *parts) { p.quality = column1(0, 0, 0) }},
		{"a quality below the least", false, func(p *parts) { p.quality = column1(-1, -1, -1) }},
		{"the last quality", true, func(p *parts) { p.quality = column1(0, 7, 255) }},
		{"a quality beyond a byte", false, func(p *parts) { p.quality = column1(0, 7, 256) }},
		{"the longest length", true, func(p *parts) { p.lengthUnit, p.length = uvarint(1), column1(lengths, 0, -lengths) }},
		{"a length too long", false, func(p *parts) { p.lengthUnit, p.length = uvarint(1), column1(0, lengths+1, 0) }},
		{"a length too long backwards", false, func(p *parts) { p.lengthUnit, p.length = uvarint(1), column1(0, -lengths-1, 0) }},
		{"a length too long, and no value", false, func(p *parts) {
			p.lengthUnit, p.length, p.value = uvarint(1), column1(0, lengths+1, 0), nil
		}},
		{"a quality beyond a byte, and no value", false, func(p *parts) { p.quality, p.value = column1(0, 7, 256), nil }},
		{"a minute as unit", true, func(p *parts) { p.lengthUnit = uvarint(60e6) }},
		{"more than a minute as unit", false, func(p *parts) { p.lengthUnit = uvarint(60e6 + 1) }},
		{"no unit", false, func(p *parts) { p.atUnit = uvarint(0) }},
		{"a unit below nothing", false, func(p *parts) { p.atUnit = uvarint(math.MaxUint64) }},
		{"the last instant", true, func(p *parts) { p.at = column1(0, math.MaxInt64/1_000_000, 3) }},
		{"an instant beyond the last", false, func(p *parts) { p.at = column1(0, math.MaxInt64/1_000_000+1, 3) }},
		{"the first instant", true, func(p *parts) { p.at = column1(0, math.MinInt64/1_000_000, 3) }},
		{"an instant before the first", false, func(p *parts) { p.at = column1(0, math.MinInt64/1_000_000-1, 3) }},

		{"values of no form", false, func(p *parts) { p.value[0] = 3 }},
		{"values of no form, and nothing more", false, func(p *parts) { p.value = []byte{3} }},
		{"decimals of no form", false, func(p *parts) { p.value = decimals(column1(0, 0, 0), 3, column1(4, 5, 9)) }},
		{"the least exponents", true, func(p *parts) { p.value = decimals(column1(-128, -128, -128), 0, column1(4, 5, 9)) }},
		{"an exponent below", false, func(p *parts) { p.value = decimals(column1(-129, -128, -128), 0, column1(4, 5, 9)) }},
		{"the greatest exponents", true, func(p *parts) { p.value = decimals(column1(127, 127, 127), 0, column1(4, 5, 9)) }},
		{"an exponent beyond", false, func(p *parts) { p.value = decimals(column1(127, 128, 127), 0, column1(4, 5, 9)) }},
		{"18 digits apart", true, func(p *parts) { p.value = decimals(column1(-9, 9, 0), decimalScaled, column1(4, 5, 9)) }},
		{"19 digits apart", false, func(p *parts) { p.value = decimals(column1(-9, 10, 0), decimalScaled, column1(4, 5, 9)) }},
		{"19 digits apart that are not scaled", true, func(p *parts) { p.value = decimals(column1(-9, 10, 0), decimalPlain, column1(4, 5, 9)) }},
		{"prints of every exponent", true, func(p *parts) { p.value = decimals(column1(-128, 127, 0), decimalPrint, column1(4, 5, 9)) }},

		{"doubles", true, func(p *parts) { p.value = binaries(binary64, 0, column1(4, 5, 9)) }},
		{"singles", true, func(p *parts) { p.value = binaries(binary32, 0, column1(4, 5, 9)) }},
		{"floats of no form", false, func(p *parts) { p.value = binaries(2, 0, column1(4, 5, 9)) }},
		{"singles times 10^18", true, func(p *parts) { p.value = binaries(binary32, 18, column1(4, 5, 9)) }},
		{"singles times 10^19", false, func(p *parts) { p.value = binaries(binary32, 19, column1(4, 5, 9)) }},
		{"singles times 10^-18", true, func(p *parts) { p.value = binaries(binary32, -18, column1(4, 5, 9)) }},
		{"singles times 10^-19", false, func(p *parts) { p.value = binaries(binary32, -19, column1(4, 5, 9)) }},

		{"two forms", true, func(p *parts) { p.value = mixed(column1(0, 1, 0), 2, 1) }},
		{"two forms, one of which no reading has", false, func(p *parts) { p.value = mixed(column1(1, 1, 1), 0, 3) }},
		{"two forms, of which no reading has the other", false, func(p *parts) { p.value = mixed(column1(0, 0, 0), 3, 0) }},
		{"two forms, one of which no reading has, and nothing more", false, func(p *parts) { p.value = append([]byte{mixedForms}, column1(0, 0, 0)...) }},
		{"a third form", false, func(p *parts) { p.value = mixed(column1(0, 2, 0), 1, 2) }},
		{"a form before the first", false, func(p *parts) { p.value = mixed(column1(-1, 1, 1), 2, 1) }},
		{"a byte too many", false, func(p *parts) { p.value = append(p.value, 0) }},
		{"two bytes too many", false, func(p *parts) { p.value = append(p.value, 0, 0) }},
	} {
		p := goodParts()
		test.with(&p)
		rs, err := DecodeReadings(p.block())
		if test.ok && (err != nil || len(rs) != 3) || !test.ok && (!errors.Is(err, ErrCorrupt) || rs != nil) {
			t.Errorf("%s: %d readings, error %v", test.name, len(rs), err)
		}
	}
}

// mixed are so many decimals and floats of which forms say which is which.
func mixed(forms []byte, decimal, binary int) []byte {
	return slices.Concat([]byte{mixedForms}, forms,
		decimals(column1(make([]int64, decimal)...), decimalPlain, column1(make([]int64, decimal)...))[1:],
		binaries(binary64, 0, column1(make([]int64, binary)...))[1:])
}

func TestTheUnitOfInstantsAndLengthsIsAnyNumberUpToAMinute(t *testing.T) {
	t.Parallel()
	for _, unit := range []int64{1, 2, 3, 1000, 59_999_999, 60_000_000} {
		for name, numbers := range map[string][]int64{"a line": {7, 9, 11}, "none": {7, 9, 8}} {
			p := goodParts()
			p.atUnit, p.at = uvarint(uint64(unit)), column1(numbers...)
			rs, err := DecodeReadings(p.block())
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range numbers {
				if got := rs[i].At.UnixMicro(); got != x*unit {
					t.Errorf("number %d, %d, of %s in units of %d µs is %d µs", i, x, name, unit, got)
				}
			}
		}
	}
}

func TestWhatAColumnMaySayHasLimits(t *testing.T) {
	t.Parallel()
	ones := []byte{2, 2} // two differences of 1 as zigzag varints
	for _, test := range []struct {
		name string
		b    []byte
		want []int64 // nil where it is refused
	}{
		{"a line", []byte{columnLine, 6, 3}, []int64{3, 1, -1}},
		{"a line without its step", []byte{columnLine, 6}, nil},
		{"nothing", nil, nil},
		{"a form that is none", []byte{3, 6, 3}, nil},
		{"a number that does not end", []byte{columnLine, 0x80}, nil},
		{"a number longer than 64 bits", slices.Concat([]byte{columnLine}, slices.Repeat([]byte{0xff}, 10), []byte{1, 0}), nil},
		{"nothing but zeros behind the first", rice(5, 0, 0, riceZeros), []int64{5, 5, 5}},
		{"zeros on a slope", rice(5, 0, 2, riceZeros), []int64{5, 7, 9}},
		{"zeros on a slope, differenced", rice(5, 1<<7, 2, riceZeros), []int64{5, 7, 9}},
		{"no code", rice(5, 0, 0), nil},
		// parameter 0: 1 is "01" read from the low end, 2 is "001"
		{"1 and 2 in unary", rice(0, 0, 0, 0, 0b10010), []int64{0, -1, 0}},
		{"1 and 2 as differences", rice(0, 1<<7, 0, 0, 0b10010), []int64{0, -1, -1}},
		{"1 and 2 on a mean of two", rice(0, 1, 0, 0, 0b10010), []int64{0, -1, 0}},
		{"the longest memory", rice(0, 62, 0, 0, 0b10010), []int64{0, -1, 0}},
		{"a longer memory", rice(0, 63, 0, 0, 0b10010), nil},
		{"62 low bits", rice(0, 0, 0, 62, 1, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0, 0), []int64{0, 0, 0}},
		{"63 low bits", rice(0, 0, 0, 63, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), nil},
		{"24 zeros, a one and 64 plain bits", rice(0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2), []int64{0, 1, 1}},
		{"25 zeros", rice(0, 0, 0, 0, 0, 0, 0, 0b110, 0), nil},
		{"code that ends too soon", rice(0, 0, 0, 7, 1), nil},
		{"two steps of one, packed", packedAs(8, 2, ones), []int64{8, 9, 10}},
		{"packed of another length", packedAs(8, 1, ones), nil},
		{"packed of a longer length", packedAs(8, 3, ones), nil},
		{"one step too few, packed", packedAs(8, 1, ones[:1]), nil},
		{"one step too many, packed", packedAs(8, 3, []byte{2, 2, 2}), nil},
		{"the longest steps, packed", packedAs(8, 20, slices.Repeat([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, 2)), []int64{8, 8 + math.MinInt64, 8}},
		{"more than the longest steps, packed", packedAs(8, 21, slices.Repeat([]byte{2}, 21)), nil},
		{"what is no zstd frame", []byte{columnZstd, 16, 2, 4, 1, 2, 3, 4}, nil},
		{"a frame that is cut", []byte{columnZstd, 16, 2, 40, 1, 2, 3, 4}, nil},
	} {
		c := cursor{rest: test.b}
		col := c.column(3)
		switch {
		case test.want == nil:
			if !errors.Is(c.err, ErrCorrupt) || col.xs != nil || col.first != 0 || col.step != 0 || c.rest != nil {
				t.Errorf("%s: read as %v with error %v and %d bytes left", test.name, listed(col, 3), c.err, len(c.rest))
			}
		case c.err != nil || !slices.Equal(listed(col, 3), test.want):
			t.Errorf("%s: read as %v, error %v, want %v", test.name, listed(col, 3), c.err, test.want)
		}
	}
}

func TestTheLimitsOfAColumnAreThoseOfItsNumbers(t *testing.T) {
	t.Parallel()
	steps := []int64{0, 1, -1, 7, -7, 1 << 43, -1 << 43, 1<<44 - 1, 1 << 44, -1 << 44, 1<<44 + 1, -1<<44 + 1, 1 << 45, 1 << 50, 1 << 60, 1 << 62, math.MaxInt64, math.MinInt64}
	for _, first := range steps {
		for _, step := range steps {
			for _, n := range []int{1, 2, 3, 4, 40} {
				line := column{first: first, step: step}
				xs := listed(line, n)
				for _, c := range []column{line, {xs: xs}} {
					if least, most := c.limits(n); least != slices.Min(xs) || most != slices.Max(xs) {
						t.Fatalf("%d numbers from %d by %d: %d to %d, want %d to %d", n, first, step, least, most, slices.Min(xs), slices.Max(xs))
					}
				}
			}
		}
	}
	for _, xs := range [][]int64{{5}, {5, 9}, {5, -9, 2}, {-5, -9, -2}, {1, 2, 3, -4}} {
		if least, most := (column{xs: xs}).limits(len(xs)); least != slices.Min(xs) || most != slices.Max(xs) {
			t.Errorf("%v: %d to %d", xs, least, most)
		}
	}
}

func TestBlocksOfReadingsAndRunsHold262144(t *testing.T) {
	t.Parallel()
	const most = 262_144
	at := time.Unix(1_700_000_000, 0).UTC()
	rs, runs := make([]energy.Reading, most+1), make([]Run, most+1)
	for i := range rs {
		rs[i], runs[i] = energy.Reading{At: at}, Run{Seq: int64(i), RecordedAt: at}
	}
	readings, b := EncodeReadings(nil, rs), EncodeRuns(nil, runs)
	if n, first := blocks(t, readings, versionReadings); n != 2 || first != most {
		t.Errorf("%d readings: %d blocks, the first of %d", len(rs), n, first)
	}
	if n, first := blocks(t, b, versionRuns); n != 2 || first != most {
		t.Errorf("%d runs: %d blocks, the first of %d", len(rs), n, first)
	}
	if back, err := DecodeRuns(b); err != nil || len(back) != most+1 || back[most].Seq != most {
		t.Errorf("%d runs come back as %d: %v", most+1, len(back), err)
	}
	tooMany := goodParts()
	tooMany.count, tooMany.value = most+1, decimals(column1(0, 0), 0, column1(0, 0))
	tooMany.at, tooMany.length, tooMany.quality = column1(0, 0), column1(0, 0), column1(0, 0)
	if rs, err := DecodeReadings(tooMany.block()); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a block of %d readings: %d, error %v", most+1, len(rs), err)
	}
}

// runsBody are two runs without readings, of these flags and counts, and what
// stands behind.
func runsBody(source, flags, counts []int64, behind ...byte) []byte {
	b := slices.Concat(uvarint(2), column1(1, 2), column1(0, 0), appendColumn(nil, source), column1(0, 0), appendColumn(nil, flags))
	if counts != nil {
		b = append(b, appendColumn(nil, counts)...)
	}
	return append(b, behind...)
}

func TestWhatABodyOfRunsMaySayHasLimits(t *testing.T) {
	t.Parallel()
	none := []int64{0, 0}
	for _, test := range []struct {
		name string
		ok   bool
		body []byte
	}{
		{"two runs", true, runsBody(none, none, none, 0, 0)},
		{"a source beyond 32 bits", false, runsBody([]int64{0, 1 << 31}, none, none, 0, 0)},
		{"a source beyond 32 bits, and nothing more", false, runsBody([]int64{0, 1 << 31}, none, nil)},
		{"a flag that is none", false, runsBody(none, []int64{4, 4}, none, 0, 0)},
		{"readings that are corrupt", false, runsBody(none, none, none, 1, 9, 0)},
		{"more readings than there are", false, runsBody(none, none, []int64{5, 0}, 0, 0)},
		{"more than there are and less than none", false, runsBody(none, none, []int64{5, -5}, 0, 0)},
		{"less than none and one", false, runsBody(none, none, []int64{-1, 1}, 0, 0)},
		{"a stretch of readings that are not there", false, runsBody(none, none, none, 0, 1, 0, 0, 0, 0, 0, 0)},
		{"a byte too many", false, runsBody(none, none, none, 0, 0, 0)},
	} {
		runs, err := DecodeRuns(resealed(versionRuns, test.body))
		if test.ok && (err != nil || len(runs) != 2) || !test.ok && (!errors.Is(err, ErrCorrupt) || runs != nil) {
			t.Errorf("%s: %d runs, error %v", test.name, len(runs), err)
		}
	}
}
