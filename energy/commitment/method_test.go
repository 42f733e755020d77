package commitment

import (
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// part is a figure of heat, or of a ratio where it has a denominator.
func part(value, numerator, denominator float64) kpi.Figure {
	return kpi.Figure{OK: true, Value: value, Numerator: energy.Float(numerator), Denominator: energy.Float(denominator)}
}

func TestARestRelatesToThePartAsItDidAYearBefore(t *testing.T) {
	t.Parallel()
	heatMetric, _ := metricOf("heat_delivered")
	water, _ := metricOf("wue_2")
	for _, tt := range []struct {
		sentence        string
		metric          metric
		so, then, whole kpi.Figure
		want            float64
		ok              bool
	}{
		{"twice the heat of the same part", heatMetric, part(60, 0, 0), part(30, 0, 0), part(100, 0, 0), 200, true},
		{"a part of half a kWh", heatMetric, part(2, 0, 0), part(0.5, 0, 0), part(100, 0, 0), 400, true},
		{"a part without heat says nothing", heatMetric, part(60, 0, 0), part(0, 0, 0), part(100, 0, 0), 0, false},
		{"each side of a ratio for itself", water, part(3, 30, 10), part(2, 20, 10), part(4, 80, 20), 6, true}, // 30·4 over 10·2
		{"in another unit than the sides", water, part(3000, 30, 10), part(2000, 20, 10), part(4000, 80, 20), 6000, true},
		{"sides of less than one", water, part(3, 0.3, 0.1), part(2, 0.2, 0.1), part(4, 0.8, 0.2), 6, true},
		{"a ratio of less than one", water, part(0.5, 5, 10), part(0.5, 5, 10), part(0.25, 10, 40), 0.25, true},
		{"nothing above the line then", water, part(3, 30, 10), part(0, 0, 10), part(4, 80, 20), 0, false},
		{"nothing below it then", water, part(3, 30, 10), part(0, 20, 0), part(4, 80, 20), 0, false},
		{"nothing above it now", water, part(0, 0, 10), part(2, 20, 10), part(4, 80, 20), 0, false},
		{"nothing below it now", water, part(3, 30, 0), part(2, 20, 10), part(4, 80, 20), 0, false},
		{"less than nothing below it now", water, part(3, 30, -10), part(2, 20, 10), part(4, 80, 20), 0, false},
		{"less than nothing on every side", water, part(3, -30, -0.5), part(2, 20, 10), part(4, 80, -20), 0, false},
		{"nothing below it in the whole year", water, part(3, 30, 10), part(2, 20, 10), part(4, 80, 0), 0, false},
	} {
		got, ok := scale(tt.metric, tt.so, tt.then, tt.whole)
		if ok != tt.ok || !alike(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v, %v", tt.sentence, got, ok, tt.want, tt.ok)
		}
	}
	if got, ok := byLastYear(heatMetric, []course{{part: part(60, 0, 0)}}); ok || got != 0 {
		t.Errorf("without a year before: %v, %v", got, ok)
	}
}

func TestDegreeDaysToComeBringHeatLikeThoseThatCame(t *testing.T) {
	t.Parallel()
	heatMetric, _ := metricOf("heat_delivered")
	ratio, _ := metricOf("pue")
	now := func(so float64) course {
		c := course{part: part(100, 0, 0)}
		c.degrees.ok, c.degrees.part = true, so
		return c
	}
	before := func(part, whole float64, ok bool) course {
		c := course{}
		c.degrees.ok, c.degrees.part, c.degrees.whole = ok, part, whole
		return c
	}
	unknown := now(1000)
	unknown.degrees.ok = false
	for _, tt := range []struct {
		sentence string
		metric   metric
		courses  []course
		want     float64
		ok       bool
	}{
		{"a third is still to come, on average of two years", heatMetric, []course{now(1000), before(900, 1300, true), before(1100, 1700, true)}, 150, true},
		{"years whose weather is not known say nothing", heatMetric, []course{now(1000), before(0, 9999, false), before(1100, 1600, true)}, 150, true},
		{"the weather of the part is not known", heatMetric, []course{unknown, before(900, 1300, true)}, 0, false},
		{"no year before", heatMetric, []course{now(1000)}, 0, false},
		{"none whose weather is known", heatMetric, []course{now(1000), before(900, 1300, false)}, 0, false},
		{"what the weather does not drive", ratio, []course{now(1000), before(900, 1300, true)}, 0, false},
		{"a part without cold", heatMetric, []course{now(0), before(0, 0, true)}, 0, false},
		{"a tenth of the cold is enough", heatMetric, []course{now(100), before(100, 1000, true)}, 1000, true},
		{"less than a tenth is not", heatMetric, []course{now(99), before(100, 1000, true)}, 0, false},
		{"half a degree-day of less than five is enough", heatMetric, []course{now(0.5), before(0.5, 4, true)}, 800, true},
	} {
		got, ok := byDegreeDays(tt.metric, tt.courses)
		if ok != tt.ok || !alike(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v, %v", tt.sentence, got, ok, tt.want, tt.ok)
		}
	}
}
