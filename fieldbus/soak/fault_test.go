package soak

import (
	"context"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
)

// heap takes everything.
type heap struct{}

func (heap) Collect(context.Context, []energy.PointReading) error { return nil }

// now is when the readings of these tests arrive.
func now() time.Time { return time.Now().UTC().Add(-time.Second).Truncate(time.Microsecond) }

func TestWhatAServerNeverGaveIsFoundOut(t *testing.T) {
	t.Parallel()
	at := now()
	stamp := at.Add(-100 * time.Millisecond).UnixMilli()
	own, other := sourceOf(1, 1, 0, 0), sourceOf(1, 1, 1, 0)
	read := func(point string, at time.Time, v energy.Value) energy.PointReading {
		return energy.PointReading{Point: energy.PointID(point), Reading: energy.Reading{At: at, Value: v, Quality: energy.Measured}}
	}
	whole := func(stamp int64) energy.PointReading { return read("a/whole", at, own.value(stamp)) }
	next := func(v energy.Value) energy.PointReading { return read("a/whole", at.Add(time.Millisecond), v) }
	for _, c := range []struct {
		is       string
		readings []energy.PointReading
		want     string // in the fault; empty: none
	}{
		{"what proves itself is believed", []energy.PointReading{whole(stamp), read("a/inverse", at, sourceOf(1, 1, 0, 1).value(stamp)),
			read("a/double", at, sourceOf(1, 1, 0, 2).value(stamp)), read("a/half", at, sourceOf(1, 1, 0, 3).value(stamp)), next(own.value(stamp + 1))}, ""},
		{"an answer to an older question", []energy.PointReading{whole(stamp - 2000)}, "old, 1.15s at most"},
		{"the value of another register", []energy.PointReading{read("a/whole", at, other.value(stamp))}, "it is that of a/other"},
		{"zero", []energy.PointReading{read("a/whole", at, energy.Decimal(0, 0))}, "proves nothing"},
		{"one bit", []energy.PointReading{read("a/whole", at, energy.Decimal(stamp<<22|int64(own.proof(stamp)&0x3FFFFF)^1<<40, 0))}, "proves nothing"},
		{"a half of nobody", []energy.PointReading{read("a/half", at, energy.Decimal(12345, 0))}, "nothing that key"},
		{"a double that is cut", []energy.PointReading{read("a/double", at, energy.Float(sourceOf(1, 1, 0, 2).value(stamp).Float64()/2))}, "proves nothing"},
		{"values of two answers as one", []energy.PointReading{whole(stamp), read("a/inverse", at, sourceOf(1, 1, 0, 1).value(stamp+1))}, "is torn"},
		{"the same value again", []energy.PointReading{whole(stamp), next(own.value(stamp))}, "not after the value before"},
		{"a value from before", []energy.PointReading{whole(stamp), next(own.value(stamp - 5))}, "not after the value before"},
		{"a second reading of one instant", []energy.PointReading{whole(stamp), whole(stamp + 1)}, "is not after the reading before"},
		{"a reading of the future", []energy.PointReading{read("a/whole", at.Add(time.Minute), own.value(stamp+60_000))}, "in the future"},
		{"a point that nobody reads", []energy.PointReading{read("b/whole", at, own.value(stamp))}, "is invented"},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			a := newAccount(newChronicle())
			a.spool = heap{}
			for place, name := range formNames {
				a.points[energy.PointID("a/"+name)] = &pointAccount{source: sourceOf(1, 1, 0, place), line: "a", meter: "a", patience: timeout + slack}
			}
			a.points["a/other"] = &pointAccount{source: other, line: "a", meter: "a", block: 1, patience: timeout + slack}
			if err := a.Collect(t.Context(), c.readings); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(a.faults, "\n")
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("faults %q, want %q among them", got, c.want)
			}
		})
	}
}
