package validation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/series"
	"heatledger/energy/validation"
)

// june2025 is the local month in Berlin.
func june2025() energy.Period {
	return energy.Period{From: time.Date(2025, 5, 31, 22, 0, 0, 0, time.UTC), To: time.Date(2025, 6, 30, 22, 0, 0, 0, time.UTC)}
}

// june is an instant of the month, in UTC.
func june(day, hour, minute int) time.Time {
	return time.Date(2025, 6, day, hour, minute, 0, 0, time.UTC)
}

type readings = map[energy.PointID][]energy.Reading

// between are the positions of the readings in [from, to).
func between(rs []energy.Reading, from, to time.Time) (int, int) {
	byTime := func(r energy.Reading, t time.Time) int { return r.At.Compare(t) }
	i, _ := slices.BinarySearchFunc(rs, from, byTime)
	j, _ := slices.BinarySearchFunc(rs, to, byTime)
	return i, j
}

// without leaves out the readings in [from, to).
func without(rs readings, point energy.PointID, from, to time.Time) {
	i, j := between(rs[point], from, to)
	rs[point] = slices.Delete(rs[point], i, j)
}

// times multiplies what is read from an instant on.
func times(rs readings, point energy.PointID, from time.Time, factor float64) {
	i, _ := between(rs[point], from, from)
	for k := range rs[point][i:] {
		r := &rs[point][i+k]
		r.Value = energy.Float(r.Value.Float64() * factor)
	}
}

// more counts so much more in each step of [from, to), and stays ahead.
func more(rs readings, point energy.PointID, from, to time.Time, amount float64) {
	i, j := between(rs[point], from, to)
	for k := range rs[point][i:] {
		r := &rs[point][i+k]
		r.Value = energy.Float(r.Value.Float64() + amount*float64(min(k, j-i)))
	}
}

// lifeCase is a plant in June of which one thing went wrong, as it does.
type lifeCase struct {
	sentence string
	registry []string // pairs of what is replaced in the registry
	spoil    func(rs readings)
	want     []string  // code, where, from, to (UTC)
	until    time.Time // when it is asked; not set: two days after the month
}

func lifeCases() []lifeCase {
	const allJune = " 05-31T22:00 06-30T22:00"
	return []lifeCase{
		{"all is well", nil, func(readings) {}, nil, time.Time{}},
		{"the gateway was down for three hours: the counter went on, the temperature is lost", nil, func(rs readings) {
			without(rs, "hafen/it", june(10, 8, 1), june(10, 11, 14))
			without(rs, "hafen/flow", june(10, 8, 1), june(10, 11, 14))
		}, []string{"gap_bridged hafen/it 06-10T08:00 06-10T11:15", "gap_unknown hafen/flow 06-10T08:00 06-10T11:15"}, time.Time{}},
		{"the meter operator put substitute values into the gap", nil, func(rs readings) {
			i, j := between(rs["hafen/flow"], june(10, 8, 0), june(10, 11, 0))
			for k := i; k < j; k++ {
				rs["hafen/flow"][k].Quality = energy.Substitute
			}
		}, []string{"gap_substituted hafen/flow 06-10T07:45 06-10T11:00"}, time.Time{}},
		{"three days of a temperature are too much of a month", nil, func(rs readings) { without(rs, "hafen/flow", june(10, 0, 1), june(13, 0, 0)) },
			[]string{"coverage_low hafen/flow 05-31T22:00 06-30T22:00", "gap_unknown hafen/flow 06-10T00:00 06-13T00:00"}, time.Time{}},
		{"a sensor has been silent since Midsummer", nil, func(rs readings) { without(rs, "hafen/return", june(24, 0, 1), june(30, 0, 0).AddDate(0, 1, 0)) },
			[]string{"silent hafen/return 06-24T00:00 06-30T19:00"}, june(30, 21, 0)},
		{"the gateway passes on the last value of a dead meter", nil, func(rs readings) {
			i, j := between(rs["hafen/it"], june(7, 6, 0), june(8, 12, 0))
			for k := i; k < j; k++ {
				rs["hafen/it"][k].Value = rs["hafen/it"][i].Value
			}
		}, []string{"counter_jumped hafen/it 06-08T11:45 06-08T12:00", "counter_stands hafen/it 06-07T06:00 06-08T11:45", "remainder hafen" + allJune}, time.Time{}},
		{"the centre is not in operation yet", []string{"connected_load_kw: 400", "connected_load_kw: 400\n    in_operation_since: 2025-06-15"}, func(rs readings) {
			for _, point := range []energy.PointID{"hafen/power"} {
				i, j := between(rs[point], june(2, 6, 0), june(8, 12, 0))
				for k := i; k < j; k++ {
					rs[point][k].Value = rs[point][i].Value
				}
			}
		}, []string{}, time.Time{}},
		{"the power of the feed hangs at its last value", nil, func(rs readings) {
			i, j := between(rs["hafen/power"], june(7, 6, 0), june(8, 12, 15))
			for k := i; k < j; k++ {
				rs["hafen/power"][k].Value = rs["hafen/power"][i].Value
			}
		}, []string{"level_frozen hafen/power 06-07T06:00 06-08T12:00"}, time.Time{}},
		{"a contract of 160 kW carries 125 % and more all the time, as one of 96 real sites did", []string{"connected_load_kw: 400", "connected_load_kw: 160"}, func(readings) {},
			[]string{"above_connection hafen/grid" + allJune, "above_connection hafen/it" + allJune, "above_connection hafen/power" + allJune}, time.Time{}},
		{"after a firmware update the power is in W", nil, func(rs readings) { times(rs, "hafen/power", june(16, 22, 0), 1000) },
			[]string{"above_connection hafen/power 06-16T21:45 06-30T22:00", "factor_thousand hafen/power 06-16T22:00 06-30T22:00"}, time.Time{}},
		{"last week's file was handed in again", nil, func(rs readings) {
			week := 7 * 24 * time.Hour
			i, j := between(rs["hafen/cooling"], june(8, 22, 0), june(15, 22, 0))
			before := int(week / energy.QuarterHour)
			shift := rs["hafen/cooling"][i].Value.Float64() - rs["hafen/cooling"][i-before].Value.Float64()
			for k := i; k <= j; k++ {
				v := rs["hafen/cooling"][k-before].Value.Float64() + shift
				rs["hafen/cooling"][k].Value = energy.Decimal(int64(v*1000+0.5), -3)
			}
		}, []string{"copied_days hafen/cooling 06-08T22:00 06-15T22:00"}, time.Time{}},
		{"the transformers of the UPS are entered with 3/2 of their ratio", nil, func(rs readings) { times(rs, "hafen/it", june(1, 0, 0).AddDate(0, -2, 0), 1.5) },
			[]string{"children_exceed hafen" + allJune, "pue_below_one hafen" + allJune}, time.Time{}},
		{"for three hours of an evening the IT meter counts another feed too", nil, func(rs readings) { more(rs, "hafen/it", june(10, 20, 0), june(10, 23, 0), 30) },
			[]string{"it_above_total hafen 06-10T20:00 06-10T23:00"}, time.Time{}},
		{"a pulse is worth ten of what was entered", nil, func(rs readings) { times(rs, "hafen/heat", june(1, 0, 0).AddDate(0, -2, 0), 30) },
			[]string{"heat_above_input hafen" + allJune, "heat_far_off_flow hafen/heat" + allJune}, time.Time{}},
		{"the sensors of the heat meter are swapped for others that do not pair", nil, func(rs readings) { times(rs, "hafen/heat", june(1, 0, 0).AddDate(0, -2, 0), 1.08) },
			[]string{"heat_off_flow hafen/heat" + allJune}, time.Time{}},
		{"the chillers were registered twice", []string{"      - id: canteen\n", "      - id: again\n        points: [{id: hafen/again, quantity: active_energy_import, role: cooling, parent: hafen/grid}]\n      - id: canteen\n"},
			func(rs readings) { rs["hafen/again"] = slices.Clone(rs["hafen/cooling"]) }, []string{"children_exceed hafen" + allJune}, time.Time{}},
		{"the chillers have no meter below the feed", []string{"role: cooling, parent: hafen/grid", "role: cooling"}, func(readings) {}, []string{"remainder hafen" + allJune}, time.Time{}},
		{"the bill is four per cent above the meter", nil, func(rs readings) { times(rs, "hafen/invoice", june(1, 0, 0).AddDate(0, -2, 0), 1.04) },
			[]string{"check_apart hafen/invoice" + allJune}, time.Time{}},
		{"the verification ended in the middle of the month", []string{"until: 2030-12-31", "until: 2025-06-15"}, func(readings) {},
			[]string{"verification_expired main 06-15T22:00 06-30T22:00"}, time.Time{}},
		{"it ends in summer", []string{"until: 2030-12-31", "until: 2025-08-31"}, func(readings) {}, []string{"verification_ends main 08-30T22:00 08-31T22:00"}, june(30, 21, 0)},
		{"a register was reset by a power cut and nobody said so", nil, func(rs readings) {
			i, _ := between(rs["hafen/canteen"], june(10, 8, 0), june(10, 8, 0))
			gone := rs["hafen/canteen"][i].Value.Float64()
			for k := range rs["hafen/canteen"][i:] {
				r := &rs["hafen/canteen"][i+k]
				r.Value = energy.Float(r.Value.Float64() - gone)
			}
		}, []string{"counter_fell hafen/canteen 06-10T07:45 06-10T08:00"}, time.Time{}},
		{"one telegram held a zero", nil, func(rs readings) {
			i, _ := between(rs["hafen/canteen"], june(10, 8, 0), june(10, 8, 0))
			rs["hafen/canteen"][i].Value = energy.Decimal(0, 0)
		}, []string{"counter_glitch hafen/canteen 06-10T08:00 06-10T08:00"}, time.Time{}},
		{"a register of a thousandfold is taken over when the unit changes", nil, func(rs readings) { times(rs, "hafen/cooling", june(29, 22, 0), 1000) },
			[]string{"counter_jumped hafen/cooling 06-29T21:45 06-30T22:00", "gap_unknown hafen/cooling 06-29T21:45 06-30T22:00"}, time.Time{}},
		{"the meter marks an hour as doubtful", nil, func(rs readings) {
			i, j := between(rs["hafen/canteen"], june(10, 8, 0), june(10, 8, 45))
			for k := i; k < j; k++ {
				rs["hafen/canteen"][k].Quality = energy.Suspect
			}
		}, []string{"reading_unusable hafen/canteen 06-10T08:00 06-10T08:30"}, time.Time{}},
		{"the plant stood still, and the registry knows", []string{"    meters:\n", "    events:\n      - {kind: outage, from: 2025-06-10T08:00:00Z, to: 2025-06-10T11:00:00Z, reason: switchgear}\n    meters:\n"},
			func(rs readings) { without(rs, "hafen/flow", june(10, 8, 1), june(10, 11, 14)) }, []string{"gap_in_outage hafen/flow 06-10T08:00 06-10T11:15"}, time.Time{}},
	}
}

func TestEachRuleFindsWhatHappensInLife(t *testing.T) {
	t.Parallel()
	period := june2025()
	from, until := period.From.AddDate(0, -1, 0), period.To.Add(48*time.Hour)
	clean := grow(usual(), from, until, energy.QuarterHour)
	for _, test := range lifeCases() {
		rs := readings{}
		for point, list := range clean {
			rs[point] = slices.Clone(list)
		}
		rs["hafen/invoice"] = invoices(rs["hafen/grid"], period)
		test.spoil(rs)
		p := newPlant(t, strings.NewReplacer(test.registry...).Replace(plantYAML), rs)
		asked := until
		if !test.until.IsZero() {
			asked = test.until
		}
		got := said(p.findings(t, period, asked))
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.sentence, got, test.want)
		}
	}
}

// deliveryCase is how a point's readings arrived.
type deliveryCase struct {
	sentence string
	runs     func(runs []series.Run) []series.Run
	want     []string
}

func deliveryCases() []deliveryCase {
	day := func(runs []series.Run, n int) *series.Run { return &runs[n] } // n = 2 is 2 June
	return []deliveryCase{
		{"a day comes after its end, each day", func(runs []series.Run) []series.Run { return runs }, nil},
		{"the operator sends a day that the collector has sent too", func(runs []series.Run) []series.Run {
			again := *day(runs, 10)
			again.Seq, again.Source, again.RecordedAt = 100, 2, again.RecordedAt.AddDate(0, 1, 0)
			return append(runs, again)
		}, []string{"read_twice hafen/it 06-10T00:00 06-10T23:45"}},
		{"and says something else", func(runs []series.Run) []series.Run {
			again := *day(runs, 10)
			again.Seq, again.Source, again.RecordedAt = 100, 2, again.RecordedAt.AddDate(0, 1, 0)
			again.Readings = slices.Clone(again.Readings[:2])
			again.Readings[1].Value = energy.Float(again.Readings[1].Value.Float64() + 0.01)
			return append(runs, again)
		}, []string{"contradicted hafen/it 06-10T00:15 06-10T00:15", "read_twice hafen/it 06-10T00:00 06-10T00:00"}},
		{"a correction is no contradiction", func(runs []series.Run) []series.Run {
			again := *day(runs, 10)
			again.Seq, again.RecordedAt = 100, again.RecordedAt.AddDate(0, 1, 0)
			again.Readings = slices.Clone(again.Readings[:1])
			again.Readings[0].Value = energy.Float(again.Readings[0].Value.Float64() + 0.01)
			again.Replaces = energy.Period{From: again.Readings[0].At, To: again.Readings[0].At.Add(time.Second)}
			return append(runs, again)
		}, nil},
		{"local time is taken for UTC: a reading is here two hours early", func(runs []series.Run) []series.Run {
			day(runs, 10).RecordedAt = day(runs, 10).RecordedAt.Add(-2 * time.Hour)
			return runs
		}, []string{"ahead_of_time hafen/it 06-10T22:00 06-10T23:45"}},
		{"a clock is two minutes fast", func(runs []series.Run) []series.Run {
			day(runs, 10).RecordedAt = day(runs, 10).RecordedAt.Add(-3 * time.Minute)
			return runs
		}, []string{"clock_ahead hafen/it 06-10T23:45 06-10T23:45"}},
		{"a forgotten day is handed in at the end of the month", func(runs []series.Run) []series.Run {
			late := *day(runs, 10)
			late.Seq, late.RecordedAt = 100, june(30, 23, 50)
			return append(slices.Delete(runs, 10, 11), late)
		}, []string{"came_late hafen/it 06-10T00:00 06-10T23:45"}},
		{"a live stream is always half an hour old", func(runs []series.Run) []series.Run { return stream(runs, 30*time.Minute) },
			[]string{"clock_behind hafen/it 05-31T22:00 06-30T21:45"}},
		{"a live stream is a minute old", func(runs []series.Run) []series.Run { return stream(runs, time.Minute) }, nil},
		{"a backlog of a month is delivered within an hour", func(runs []series.Run) []series.Run {
			runs = stream(runs, 0)
			for i := range runs {
				runs[i].RecordedAt = june(30, 22, 0).Add(time.Duration(i) * time.Second)
			}
			return runs
		}, nil},
	}
}

// stream delivers each reading as a fact of its own, so late.
func stream(runs []series.Run, late time.Duration) (live []series.Run) {
	for _, run := range runs {
		for _, r := range run.Readings {
			live = append(live, series.Run{Seq: int64(len(live) + 1), Source: 1, RecordedAt: r.At.Add(late), Readings: []energy.Reading{r}})
		}
	}
	return live
}

func TestEachRuleOfArrivalFindsWhatHappensInLife(t *testing.T) {
	t.Parallel()
	period := june2025()
	p := newPlant(t, plantYAML, grow(usual(), period.From, period.To.Add(-energy.QuarterHour), energy.QuarterHour))
	for _, test := range deliveryCases() {
		d := p.delivery("hafen/it", period, test.runs(p.runs("hafen/it")))
		got := validation.CheckDelivery(d)
		slices.Reverse(d.Runs)
		if again := validation.CheckDelivery(d); !slices.Equal(said(again), said(got)) {
			t.Errorf("%s: in another order of facts %q, not %q", test.sentence, said(again), said(got))
		}
		if !slices.Equal(said(got), append([]string{}, test.want...)) {
			t.Errorf("%s:\n got %q\nwant %q", test.sentence, said(got), test.want)
		}
	}
}
