package rows_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/spool/rows"

	"pgregory.net/rapid"
)

var noon = time.Date(2024, 6, 3, 12, 0, 0, 0, time.UTC)

func anyReading(t *rapid.T) energy.PointReading {
	value := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Decimal(rapid.Int64().Draw(t, "mantissa"), rapid.Int8().Draw(t, "exponent"))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value {
			return energy.Float(math.Float64frombits(rapid.Uint64().Draw(t, "bits")))
		}),
		rapid.Custom(func(t *rapid.T) energy.Value { return energy.Float(float64(rapid.Float32().Draw(t, "float32"))) }),
	)
	return energy.PointReading{
		Point: energy.PointID("north/" + rapid.StringMatching(`[a-z0-9][a-z0-9_-]{0,5}`).Draw(t, "point")),
		Reading: energy.Reading{
			At:      time.UnixMicro(rapid.Int64Range(math.MinInt64/4, math.MaxInt64/4).Draw(t, "at")).UTC(),
			Length:  time.Duration(rapid.Int64Range(-1, 3600e6).Draw(t, "length")) * time.Microsecond,
			Value:   value.Draw(t, "value"),
			Quality: energy.Quality(rapid.Byte().Draw(t, "quality")),
		},
	}
}

func TestReadingsComeBackBitForBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfN(rapid.Custom(anyReading), 0, 60).Draw(t, "readings")
		got, err := rows.Decode(nil, rows.AppendBody(nil, readings), "north", len(readings))
		if err != nil {
			t.Fatal(err)
		}
		want, have := energy.Batch{Readings: readings}.Digest(), energy.Batch{Readings: got}.Digest()
		if want != have {
			t.Fatalf("%v came back as %v", readings, got)
		}
		for i := range got {
			if !got[i].At.Equal(readings[i].At) || got[i].At.Location() != time.UTC || got[i].Length != readings[i].Length {
				t.Fatalf("reading %d: %v came back as %v", i, readings[i], got[i])
			}
		}
	})
}

func TestAPollTakesFewBytes(t *testing.T) {
	t.Parallel()
	var readings []energy.PointReading
	for poll := range 15 {
		for i := range 40 {
			readings = append(readings, energy.PointReading{
				Point: energy.PointID("north/p" + string(rune('a'+i/26)) + string(rune('a'+i%26))),
				Reading: energy.Reading{
					At:      noon.Add(time.Duration(poll) * time.Second),
					Value:   energy.Decimal(int64(2_000_000+poll*37+i), -1),
					Quality: energy.Measured,
				},
			})
		}
	}
	if perReading := float64(len(rows.AppendBody(nil, readings))) / float64(len(readings)); perReading > 6 {
		t.Errorf("%.1f bytes a reading, 6 are enough", perReading)
	}
}

func TestATableNamesOnlyWhatIsUsed(t *testing.T) {
	t.Parallel()
	used := []bool{false, true, false, true}
	body := rows.AppendNames(nil, []string{"a", "b", "c", "d"}, used)
	body, block := rows.AppendBlock(body, noon.UnixMicro(), 2)
	for _, point := range []uint64{3, 1} {
		r := energy.Reading{At: noon, Value: energy.Decimal(int64(point), 0), Quality: energy.Measured}
		body = block.Append(body, point, &r)
	}
	got, err := rows.Decode(nil, body, "north", 2)
	if err != nil || got[0].Point != "north/d" || got[1].Point != "north/b" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMalformedBodiesAreRefused(t *testing.T) {
	t.Parallel()
	one := rows.AppendBody(nil, []energy.PointReading{{Point: "north/a", Reading: energy.Reading{At: noon, Quality: energy.Measured}}})
	for name, body := range map[string][]byte{
		"nothing at all":                 {},
		"cut in the value":               one[:len(one)-1],
		"a head with unknown bits":       append(append([]byte{}, one[:len(one)-2]...), 0xFF, 0),
		"more names than bytes":          {200, 1},
		"a name with a slash":            {1, 0, 3, 'a', '/', 'b'},
		"more rows than bytes":           {1, 0, 1, 'a', 0, 100},
		"a row of a point between":       {2, 0, 1, 'a', 1, 1, 'b', 0, 1, sameButPoint, 4, 0},
		"a point that is not named":      {1, 0, 1, 'a', 0, 1, sameButPoint, 4, 0},
		"a point number beyond the last": {1, 0x80, 0x80, 0x80, 1, 1, 'a'},
		"a block without number":         {1, 0, 1, 'a', 0},
		"a length beyond a Duration":     {1, 0, 1, 'a', 0, 1, 0x0B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := rows.Decode(nil, body, "north", 100); !errors.Is(err, rows.ErrMalformed) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	t.Run("more readings than the limit", func(t *testing.T) {
		t.Parallel()
		if _, err := rows.Decode(nil, one, "north", 0); !errors.Is(err, rows.ErrMalformed) {
			t.Errorf("got %v", err)
		}
	})
}

// sameButPoint is a row's head that moves the point alone.
const sameButPoint = 0x0E

func FuzzDecode(f *testing.F) {
	f.Add([]byte{1, 0, 1, 'a', 0, 1, 0x0F, 4})
	f.Add(rows.AppendBody(nil, []energy.PointReading{
		{Point: "north/a", Reading: energy.Reading{At: noon, Value: energy.Float(1.1), Quality: energy.Suspect}},
		{Point: "north/b", Reading: energy.Reading{At: noon, Length: time.Hour, Value: energy.Float(0.5)}},
		{Point: "north/a", Reading: energy.Reading{At: noon, Value: energy.Decimal(-7, -3)}},
	}))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := rows.Decode(nil, body, "north", 1000)
		if err != nil {
			return
		}
		again, err := rows.Decode(nil, rows.AppendBody(nil, got), "north", len(got))
		if err != nil {
			t.Fatalf("what was decoded does not encode: %v", err)
		}
		if (energy.Batch{Readings: got}).Digest() != (energy.Batch{Readings: again}).Digest() {
			t.Fatalf("%v became %v", got, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	var readings []energy.PointReading
	for i := range 20000 {
		readings = append(readings, energy.PointReading{
			Point: energy.PointID("north/p" + string(rune('a'+i%20))),
			Reading: energy.Reading{At: noon.Add(time.Duration(i/20) * time.Second), Quality: energy.Measured,
				Value: energy.Decimal(int64(1_000_000+i), -1)},
		})
	}
	body := rows.AppendBody(nil, readings)
	var dst []energy.PointReading
	for b.Loop() {
		var err error
		if dst, err = rows.Decode(dst[:0], body, "north", len(readings)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(readings))/b.Elapsed().Seconds(), "readings/s")
	b.ReportMetric(float64(len(body))/float64(len(readings)), "bytes/reading")
}
