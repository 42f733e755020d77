package series

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
)

// register is a kind of number that meters give.
type register string

const (
	counters     register = "counter of 0.1 kWh"
	floats       register = "power, float32"
	wattFloats   register = "power, float32 in W kept in kW"
	prints       register = "power, float32 printed in a file"
	scaledPowers register = "power, integer of 0.1 kW"
	steady       register = "constant"
)

// registerDay is a day of a noisy load of so many kW (1 % noise, 6 % over the
// day), read each step, as a register of that kind gives it.
func registerDay(kind register, kW float64, step, jitter time.Duration, n int) []energy.Reading {
	rnd := rand.New(rand.NewPCG(1, uint64(kW)))
	at, counter := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), 1e6*rnd.Float64()
	rs := make([]energy.Reading, n)
	for i := range rs {
		day := 1 + 0.06*math.Sin(2*math.Pi*float64(i)*step.Hours()/24)
		power := kW * day * (1 + 0.01*rnd.NormFloat64())
		counter += power * step.Hours()
		rs[i] = energy.Reading{At: at, Quality: energy.Measured}
		switch kind {
		case counters:
			rs[i].Value = energy.Decimal(int64(counter*10), -1)
		case floats:
			rs[i].Value = energy.Float(float64(float32(power)))
		case wattFloats:
			rs[i].Value = energy.Float(float64(float32(power * 1000))).Shift(-3)
		case prints:
			rs[i].Value, _ = energy.ParseValue(strconv.FormatFloat(float64(float32(power)), 'g', -1, 32))
		case scaledPowers:
			rs[i].Value = energy.Decimal(int64(math.Round(power*10)), -1)
		case steady:
			rs[i].Value = energy.Decimal(4200, -1)
		}
		if jitter > 0 {
			rs[i].At = at.Add(time.Duration(rnd.Int64N(int64(jitter))).Truncate(time.Millisecond))
		}
		at = at.Add(step)
	}
	return rs
}

func TestReadingsTakeFewBytes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind   register
		jitter time.Duration
		n      int
		most   float64 // bytes a reading
	}{
		{counters, 0, 86_400, 0.15}, {counters, 0, 1_000, 0.4}, {counters, 5 * time.Millisecond, 86_400, 0.55},
		{floats, 0, 86_400, 2.5}, {floats, 0, 1_000, 2.6}, {floats, 5 * time.Millisecond, 86_400, 2.9},
		{wattFloats, 0, 86_400, 2.5}, {prints, 0, 86_400, 2.75},
		{scaledPowers, 0, 86_400, 1.15}, {scaledPowers, 0, 1_000, 1.25},
		{steady, 0, 86_400, 0.001},
	} {
		for _, kW := range []float64{120, 540, 930} {
			rs := registerDay(test.kind, kW, time.Second, test.jitter, test.n)
			b := EncodeReadings(nil, rs)
			each := float64(len(b)) / float64(test.n)
			if each > test.most {
				t.Errorf("%s at %.0f kW, %d readings, jitter %v: %.3f bytes each, more than %.3f", test.kind, kW, test.n, test.jitter, each, test.most)
			}
			back, err := DecodeReadings(b)
			if err != nil || !sameReadings(rs, back) {
				t.Fatalf("%s does not come back: %v", test.kind, err)
			}
		}
	}
}

func TestManyRunsOfADayTakeHardlyMoreThanOne(t *testing.T) {
	t.Parallel()
	for _, kind := range []register{counters, floats} {
		rs := registerDay(kind, 540, time.Second, 0, 86_400)
		rnd := rand.New(rand.NewPCG(3, 4))
		var runs []Run
		for i := 0; i < len(rs); i += 60 {
			runs = append(runs, Run{
				Seq: int64(len(runs)*7 + 100), RecordedAt: rs[i].At.Add(time.Minute + time.Duration(rnd.Int64N(400))*time.Millisecond),
				Source: 3, Rank: 1, Readings: rs[i : i+60],
			})
		}
		one, many := len(EncodeRuns(nil, []Run{{Seq: 1, Readings: rs}})), len(EncodeRuns(nil, runs))
		if more := float64(many-one) / 86_400; more > 0.1 {
			t.Errorf("%s: %.3f bytes a reading more in 1,440 runs (%d against %d bytes)", kind, more, many, one)
		}
	}
}
