package series

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"heatledger/energy"
)

// dice are numbers that are the same on every machine and in every year.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 2024))} }

// noise is a whole number about zero, ±8·size at most, most often near it.
func (d dice) noise(size int64) (sum int64) {
	for range 8 {
		sum += d.Int64N(2*size+1) - size
	}
	return sum
}

// columnKind is a kind of column: what the next number is after the last.
type columnKind struct {
	name string
	next func(d dice, i int, size int64, last int64) int64
}

func columnKinds() []columnKind {
	return []columnKind{
		{"level", func(d dice, _ int, size, _ int64) int64 { return 5*size + d.noise(size) }},
		{"walk", func(d dice, _ int, size, last int64) int64 { return last + d.noise(size) }},
		{"counter", func(d dice, _ int, size, last int64) int64 { return last + 9*size + d.noise(size) }},
		{"drift", func(d dice, i int, size, _ int64) int64 { return int64(i)*(size/3+1) + d.noise(size) }},
		{"wander", func(d dice, i int, size, _ int64) int64 { // a slow wave under noise
			phase := int64(i % 64)
			return min(phase, 64-phase)*(size/4+1) + d.noise(size/2+1)
		}},
		{"steps", func(d dice, i int, size, last int64) int64 { // constant for a while
			if i%23 == 0 {
				return d.noise(size)
			}
			return last
		}},
		{"rare", func(d dice, i int, size, _ int64) int64 { // long nothing, then something
			if i%150 > 140 {
				return d.noise(size)
			}
			return 0
		}},
		{"outliers", func(d dice, i int, size, last int64) int64 {
			if i%31 == 30 {
				return math.MaxInt64 - d.Int64N(size+1)
			}
			return d.noise(size)
		}},
		{"pattern", func(_ dice, i int, size, _ int64) int64 { return int64(i*i%7) * size }},
		{"turning", func(d dice, i int, size, last int64) int64 { // a load that rises and falls
			if i%40 < 20 {
				return last + size*int64(i%40) + d.noise(size/8+1)
			}
			return last - size*int64(i%40-20) + d.noise(size/8+1)
		}},
		{"any", func(d dice, _ int, _, _ int64) int64 { return int64(d.Uint64()) }},
	}
}

func (k columnKind) numbers(seed uint64, n int, size int64) []int64 {
	d := newDice(seed)
	xs := make([]int64, n)
	last := size * 100
	for i := range xs {
		last = k.next(d, i, size, last)
		xs[i] = last
	}
	return xs
}

// readingsKind are readings of a kind of value.
type readingsKind struct {
	name  string
	value func(d dice, i int) energy.Value
}

// trimmed is m·10^e without trailing zeros, as files print numbers.
func trimmed(m int64, e int8) energy.Value {
	for m != 0 && m%10 == 0 {
		m, e = m/10, e+1
	}
	return energy.Decimal(m, e)
}

func parsed(d dice, f float32) energy.Value {
	v, err := energy.ParseValue(strconv.FormatFloat(float64(f), 'g', -1, 32))
	if err != nil {
		panic(err)
	}
	return v
}

func valueKinds() []readingsKind {
	kinds := []readingsKind{
		{"counter", func(d dice, i int) energy.Value { return energy.Decimal(46_138_640+int64(i)*15+d.noise(2), -1) }},
		{"trimmed counter", func(d dice, i int) energy.Value { return trimmed(4_613_864_000+int64(i)*1500+100*d.noise(2), -4) }},
		{"trimmed level", func(d dice, i int) energy.Value { return trimmed(5*d.noise(400), -3) }},
		{"two registers", func(d dice, i int) energy.Value {
			if i%17 == 0 {
				return energy.Decimal(46_138_640+int64(i)*15, -2)
			}
			return energy.Decimal(4_613_864+int64(i)*3/2, -1)
		}},
		{"eighteen digits apart", func(d dice, i int) energy.Value { return energy.Decimal(d.noise(1)+5, int8(i%2*18-9)) }},
		{"nineteen digits apart", func(d dice, i int) energy.Value { return energy.Decimal(d.noise(1)+5, int8(i%2*19-9)) }},
		{"too long to scale", func(d dice, i int) energy.Value {
			return energy.Decimal(math.MaxInt64/10+int64(i%2), int8(-i%3))
		}},
		{"too long to scale, negative", func(d dice, i int) energy.Value {
			return energy.Decimal(-math.MaxInt64/10-int64(i%2), int8(-i%3))
		}},
		{"just short enough to scale", func(d dice, i int) energy.Value {
			if i%2 == 0 {
				return energy.Decimal(math.MaxInt64/10, 1)
			}
			return energy.Decimal(math.MaxInt64/10*10-d.Int64N(3), 0)
		}},
		{"just short enough to scale, negative", func(d dice, i int) energy.Value {
			if i%2 == 0 {
				return energy.Decimal(-math.MaxInt64/10, 1)
			}
			return energy.Decimal(-math.MaxInt64/10*10+d.Int64N(3), 0)
		}},
		{"ascending exponents", func(d dice, i int) energy.Value { return energy.Decimal(700, int8(i-20)) }},
		{"exponents one apart", func(d dice, i int) energy.Value { return energy.Decimal(700-int64(i), int8(i%100-50)) }},
		{"prints", func(d dice, i int) energy.Value { return parsed(d, 541.4+float32(d.noise(300))/256) }},
		{"prints of small numbers", func(d dice, i int) energy.Value { return parsed(d, float32(d.noise(3000))/4096/1024) }},
		{"prints of large numbers", func(d dice, i int) energy.Value { return parsed(d, float32(d.noise(1<<40))*64) }},
		{"any decimals", func(d dice, i int) energy.Value {
			return energy.Decimal(int64(d.Uint64())>>d.IntN(64), int8(d.IntN(7)-3))
		}},
		{"decimals of every exponent", func(d dice, i int) energy.Value {
			return energy.Decimal(int64(d.Uint64())>>d.IntN(64), int8(d.IntN(256)-128))
		}},
		{"zeros of changing exponent", func(d dice, i int) energy.Value { return energy.Decimal(0, int8(i%5-2)) }},
		{"doubles", func(d dice, i int) energy.Value { return energy.Float(461_386.5 + float64(i)/7) }},
		{"any doubles", func(d dice, i int) energy.Value { return energy.Float(math.Float64frombits(d.Uint64())) }},
		{"any singles", func(d dice, i int) energy.Value {
			return energy.Float(float64(math.Float32frombits(d.Uint32())))
		}},
		{"payloads", func(d dice, i int) energy.Value {
			return energy.Float(math.Float64frombits(0x7ff0000000000001<<uint(i%40) | uint64(i%2)<<63))
		}},
		{"single payloads", func(d dice, i int) energy.Value {
			return energy.Float(math.Float64frombits(0x7ff<<52 | uint64(1)<<(29+i%23) | uint64(i%2)<<63))
		}},
		{"extremes", func(d dice, i int) energy.Value {
			return []energy.Value{
				{}, energy.Decimal(math.MinInt64, 127), energy.Decimal(math.MaxInt64, -128),
				energy.Float(math.Inf(1)), energy.Float(math.Inf(-1)), energy.Float(math.NaN()),
				energy.Float(math.Copysign(0, -1)), energy.Float(math.SmallestNonzeroFloat64), energy.Float(math.MaxFloat64),
			}[i%9]
		}},
		{"singles and decimals", func(d dice, i int) energy.Value {
			if i%5 < 2 {
				return energy.Float(float64(float32(d.noise(900)) / 8))
			}
			return energy.Decimal(d.noise(900), -1)
		}},
		{"one double", func(d dice, i int) energy.Value {
			if i == 2 {
				return energy.Float(0.1)
			}
			return energy.Decimal(int64(i), -1)
		}},
	}
	for exp := int8(-20); exp <= 20; exp++ { // float32 kept with fixed places, two registers in turn
		kinds = append(kinds, readingsKind{fmt.Sprintf("float32 to 10^%d", exp), func(d dice, i int) energy.Value {
			e := exp + int8(i%2)
			f := float64(float32(d.noise(1<<20)+1<<22) * 1024)
			if e < 0 {
				f /= 1 << 30
			}
			for range max(e, 0) {
				f *= 10
			}
			f = float64(float32(f))
			m := f * math.Pow10(-int(e))
			if e > 0 {
				m = f / math.Pow10(int(e))
			}
			if m = math.RoundToEven(m); math.Abs(m) < 1<<62 {
				return energy.Decimal(int64(m), e)
			}
			return energy.Decimal(int64(f), 0)
		}})
	}
	for n := -20; n <= 20; n++ { // float32 registers kept in another unit
		kinds = append(kinds, readingsKind{fmt.Sprintf("float32 × 10^%d", n), func(d dice, i int) energy.Value {
			return energy.Float(float64(float32(d.noise(1<<20)) / 64)).Shift(n)
		}})
	}
	return append(kinds, []readingsKind{ // at the end, for what is promised of a kind depends on its place
		{"eighteen digits apart, of one size", func(d dice, i int) energy.Value {
			if i%2 == 0 {
				return energy.Decimal(5, 9)
			}
			return energy.Decimal(5e18-d.Int64N(9), -9)
		}},
		{"one size only where it overflows", func(d dice, i int) energy.Value {
			if i%7 == 0 {
				return energy.Decimal(1<<62, 0)
			}
			return energy.Decimal(1<<61, 1) // ten times 2^61 is 2^62 but for a bit that is lost
		}},
		{"one size only where it overflows, negative", func(d dice, i int) energy.Value {
			if i%7 == 0 {
				return energy.Decimal(-1<<62, 0)
			}
			return energy.Decimal(-1<<61, 1)
		}},
		{"prints of fixed places", func(d dice, i int) energy.Value { return energy.Decimal((1025+2*d.Int64N(500))*48828125, -11) }},
		{"prints too large", func(d dice, i int) energy.Value {
			if i%2 == 0 {
				return energy.Decimal(1<<62, 0)
			}
			return energy.Decimal(5, -1)
		}},
		{"the last payload", func(d dice, i int) energy.Value {
			return energy.Float(math.Float64frombits(0xfff<<52 | uint64(1<<23-1-i%2)<<29))
		}},
	}...)
}

// intervals are how instants and lengths run.
func intervalKinds() []struct {
	name         string
	step, length time.Duration
	jitter       time.Duration // in multiples of which an instant is off
} {
	return []struct {
		name         string
		step, length time.Duration
		jitter       time.Duration
	}{
		{"quarter-hours", 15 * time.Minute, 15 * time.Minute, 0},
		{"minutes", time.Minute, 0, time.Minute},
		{"seconds", time.Second, time.Second, time.Second},
		{"tenths", time.Second, 100 * time.Millisecond, 100 * time.Millisecond},
		{"hundredths", time.Second, 10 * time.Millisecond, 10 * time.Millisecond},
		{"milliseconds", time.Second, time.Millisecond, time.Millisecond},
		{"tenths of milliseconds", time.Second, 100 * time.Microsecond, 100 * time.Microsecond},
		{"microseconds", 10 * time.Second, time.Microsecond, time.Microsecond},
	}
}

func (k readingsKind) readings(seed uint64, n, interval int) []energy.Reading {
	d := newDice(seed)
	kind := intervalKinds()[interval]
	at := time.Date(2024, 10, 26, 22, 0, 0, 0, time.UTC)
	rs := make([]energy.Reading, n)
	for i := range rs {
		rs[i] = energy.Reading{At: at, Length: kind.length, Value: k.value(d, i), Quality: energy.Measured}
		if i%41 == 40 {
			rs[i].Quality = energy.Suspect
		}
		at = at.Add(kind.step + kind.jitter*time.Duration(d.Int64N(3)))
	}
	return rs
}
