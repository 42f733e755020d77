package series

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// anyValue draws decimals and floats with their extremes, NaN payloads included.
func anyValue() *rapid.Generator[energy.Value] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Decimal(rapid.Int64().Draw(t, "mantissa"), rapid.Int8().Draw(t, "exp"))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Decimal(rapid.Int64Range(0, 99999).Draw(t, "mantissa"), rapid.Int8Range(-3, 1).Draw(t, "exp"))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Float(math.Float64frombits(rapid.Uint64().Draw(t, "bits")))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Float(float64(math.Float32frombits(rapid.Uint32().Draw(t, "bits"))))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value { // watts of a float32 register, in kW
			return energy.Float(float64(rapid.Float32Range(0, 1e6).Draw(t, "watts"))).Shift(-3)
		}),
		rapid.SampledFrom([]energy.Value{
			{}, energy.Decimal(10, -2), energy.Decimal(math.MinInt64, 127), energy.Decimal(math.MaxInt64, -128),
			energy.Float(math.Inf(1)), energy.Float(math.Inf(-1)), energy.Float(math.NaN()),
			energy.Float(math.Copysign(0, -1)), energy.Float(math.Float64frombits(0x7ff0000000000001)),
			energy.Float(math.SmallestNonzeroFloat64), energy.Float(math.MaxFloat64),
		}),
	)
}

func anyReading() *rapid.Generator[energy.Reading] {
	return rapid.Custom(func(t *rapid.T) energy.Reading {
		at := rapid.OneOf(
			rapid.Int64Range(1_700_000_000, 1_700_003_600).AsAny(),
			rapid.Int64Range(-62_135_596_800, 253_402_300_799).AsAny()).Draw(t, "at").(int64)
		return energy.Reading{
			At: time.Unix(at, 1000*rapid.SampledFrom([]int64{0, 0, 1, 1000, 250_000, 999_999}).Draw(t, "µs")).UTC(),
			Length: time.Microsecond * time.Duration(rapid.SampledFrom([]int64{0, 0, 900e6, 86_400e6, 1,
				math.MaxInt64 / 1000}).Draw(t, "length")),
			Value:   anyValue().Draw(t, "value"),
			Quality: energy.Quality(rapid.Uint8().Draw(t, "quality")),
		}
	})
}

// sameReadings compares to the bit: NaN equals NaN of the same payload, 1.50 differs from 1.5.
func sameReadings(a, b []energy.Reading) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] { // Value holds bits, so == is exact
			return false
		}
	}
	return true
}

func TestWhateverReadingsAreEncodedComeBackToTheBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rs := rapid.SliceOfN(anyReading(), 0, 300).Draw(t, "readings")
		back, err := DecodeReadings(EncodeReadings(nil, rs))
		if err != nil {
			t.Fatal(err)
		}
		if !sameReadings(rs, back) {
			t.Fatalf("got %v, want %v", back, rs)
		}
	})
}

func TestLongBlocksAreSplitAndJoined(t *testing.T) {
	t.Parallel()
	rs := make([]energy.Reading, blockReadings+10)
	for i := range rs {
		rs[i] = energy.Reading{At: time.Unix(int64(i), 0).UTC(), Value: energy.Decimal(int64(i/7), -1), Quality: energy.Measured}
	}
	back, err := DecodeReadings(EncodeReadings([]byte{}, rs))
	if err != nil || !sameReadings(rs, back) {
		t.Fatalf("%d readings came back as %d (%v)", len(rs), len(back), err)
	}
}

func TestEncodingAppendsToWhatIsThere(t *testing.T) {
	t.Parallel()
	rs := sampleReadings(50)
	got := EncodeReadings([]byte("head"), rs)
	if !bytes.Equal(got, append([]byte("head"), EncodeReadings(nil, rs)...)) {
		t.Error("the bytes depend on what stands before them")
	}
	if len(EncodeReadings(nil, nil)) != 0 || len(EncodeRuns(nil, nil)) != 0 {
		t.Error("nothing takes bytes")
	}
}

// sampleReadings mixes what a block may hold: a float stretch in a decimal series,
// a change of exponent, a doubtful reading, a gap.
func sampleReadings(n int) []energy.Reading {
	rs := make([]energy.Reading, n)
	at := time.Date(2024, 10, 26, 22, 0, 0, 0, time.UTC)
	for i := range rs {
		at = at.Add(time.Second)
		r := energy.Reading{At: at, Value: energy.Decimal(4_613_864+int64(i*3/2), -1), Quality: energy.Measured}
		switch {
		case i%17 == 0:
			r.Value = energy.Decimal(46_138_640+int64(i*15), -2)
		case i > n/2 && i < n/2+9:
			r.Value = energy.Float(461_386.5 + float64(i)/7)
		case i == 5:
			r.Quality, at = energy.Suspect, at.Add(time.Hour)
		}
		rs[i] = r
	}
	return rs
}

func TestADamagedBlockGivesAnErrorAndNoReading(t *testing.T) {
	t.Parallel()
	b := EncodeReadings(nil, sampleReadings(200))
	for i := range b {
		for _, flip := range []byte{1, 0x80, 0xff} {
			b[i] ^= flip
			if rs, err := DecodeReadings(b); !errors.Is(err, ErrCorrupt) || rs != nil {
				t.Fatalf("byte %d changed by %#x: %d readings, error %v", i, flip, len(rs), err)
			}
			b[i] ^= flip
		}
	}
	for n := 1; n < len(b); n++ {
		if rs, err := DecodeReadings(b[:n]); !errors.Is(err, ErrCorrupt) || rs != nil {
			t.Fatalf("cut after %d of %d bytes: %d readings, error %v", n, len(b), len(rs), err)
		}
	}
	if _, err := DecodeReadings(append(bytes.Clone(b), 0)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a byte too many: error %v", err)
	}
	if _, err := DecodeReadings(EncodeRuns(nil, []Run{{Seq: 1}})); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a block of runs read as readings: error %v", err)
	}
}

func anyRun() *rapid.Generator[Run] {
	return rapid.Custom(func(t *rapid.T) Run {
		r := Run{
			Seq:        rapid.Int64Range(1, 40).Draw(t, "seq"),
			RecordedAt: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "recorded")).UTC(),
			Source:     rapid.Int32().Draw(t, "source"),
			Rank:       rapid.Int16().Draw(t, "rank"),
			Reason:     rapid.SampledFrom([]string{"", "register misread", "Zähler vertauscht"}).Draw(t, "reason"),
		}
		start := rapid.Int64Range(0, 50).Draw(t, "start")
		for range rapid.IntRange(0, 6).Draw(t, "readings") {
			r.Readings = append(r.Readings, energy.Reading{At: time.Unix(start, 0).UTC(), Value: anyValue().Draw(t, "value")})
			start += rapid.Int64Range(0, 9).Draw(t, "step")
		}
		if rapid.Bool().Draw(t, "corrects") {
			from := rapid.Int64Range(-5, 100).Draw(t, "from")
			r.Replaces = energy.Period{From: time.Unix(from, 0).UTC(), To: time.Unix(from, 1000*rapid.Int64Range(0, 99e6).Draw(t, "to")).UTC()}
		}
		return r
	})
}

func TestWhateverRunsAreEncodedComeBackBySeq(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		runs := rapid.SliceOfNDistinct(anyRun(), 0, 12, func(r Run) int64 { return r.Seq }).Draw(t, "runs")
		back, err := DecodeRuns(EncodeRuns(nil, runs))
		if err != nil {
			t.Fatal(err)
		}
		want := map[int64]Run{}
		for _, r := range runs {
			want[r.Seq] = r
		}
		for i, r := range back {
			if i > 0 && back[i-1].Seq >= r.Seq {
				t.Fatalf("run %d follows run %d", r.Seq, back[i-1].Seq)
			}
			w := want[r.Seq]
			if !sameReadings(r.Readings, w.Readings) {
				t.Fatalf("readings of run %d: got %v, want %v", r.Seq, r.Readings, w.Readings)
			}
			r.Readings, w.Readings = nil, nil
			if !reflect.DeepEqual(r, w) {
				t.Fatalf("got %+v, want %+v", r, w)
			}
		}
		if len(back) != len(runs) {
			t.Fatalf("%d runs came back of %d", len(back), len(runs))
		}
	})
}

func TestADamagedBlockOfRunsGivesAnErrorAndNoRun(t *testing.T) {
	t.Parallel()
	rs := sampleReadings(90)
	b := EncodeRuns(nil, []Run{
		{Seq: 3, RecordedAt: time.UnixMilli(1e12), Source: 7, Rank: 2, Readings: rs[:40]},
		{Seq: 9, RecordedAt: time.UnixMilli(1e12 + 60_123), Source: 7, Rank: 2, Readings: rs[30:]},
		{Seq: 12, Replaces: energy.Period{From: rs[3].At, To: rs[9].At}, Reason: "misread"},
	})
	for i := range b {
		b[i] ^= 0x10
		if runs, err := DecodeRuns(b); !errors.Is(err, ErrCorrupt) || runs != nil {
			t.Fatalf("byte %d changed: %d runs, error %v", i, len(runs), err)
		}
		b[i] ^= 0x10
		if runs, err := DecodeRuns(b[:i]); i > 0 && (!errors.Is(err, ErrCorrupt) || runs != nil) {
			t.Fatalf("cut after %d bytes: %d runs, error %v", i, len(runs), err)
		}
	}
}

// resealed repairs the checksum of a damaged block, so that the fuzzer reaches
// what lies behind it.
func resealed(version byte, body []byte) []byte {
	b := binary.AppendUvarint([]byte{version}, uint64(len(body)))
	b = append(b, body...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

func FuzzDecodeReadings(f *testing.F) {
	for _, n := range []int{1, 60, 400} {
		b := EncodeReadings(nil, sampleReadings(n))
		body, _, err := openBlock(b, versionReadings)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, b := range [][]byte{b, resealed(versionReadings, b)} {
			rs, err := DecodeReadings(b)
			if err != nil {
				if !errors.Is(err, ErrCorrupt) || rs != nil {
					t.Fatalf("%d readings with error %v", len(rs), err)
				}
				continue
			}
			back, err := DecodeReadings(EncodeReadings(nil, rs))
			if err != nil || !sameReadings(rs, back) {
				t.Fatalf("what was decoded does not come back: %v", err)
			}
		}
	})
}

func FuzzDecodeRuns(f *testing.F) {
	rs := sampleReadings(90)
	b := EncodeRuns(nil, []Run{
		{Seq: 3, Rank: 2, Readings: rs[:40]}, {Seq: 9, Readings: rs[30:]},
		{Seq: 12, Replaces: energy.Period{From: rs[3].At, To: rs[9].At}, Reason: "misread"},
	})
	body, _, err := openBlock(b, versionRuns)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(body)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, b := range [][]byte{b, resealed(versionRuns, b)} {
			runs, err := DecodeRuns(b)
			if err != nil && (!errors.Is(err, ErrCorrupt) || runs != nil) {
				t.Fatalf("%d runs with error %v", len(runs), err)
			}
		}
	})
}
