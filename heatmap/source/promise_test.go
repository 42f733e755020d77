package source_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestWhatWasPromisedStandsBesideWhatCame(t *testing.T) {
	t.Parallel()
	april := berlin.Month(2025, time.April) // 720 hours
	series := func(power float64) heatmap.Series {
		return made(t, "made", april.From, time.Hour, heatmap.DemandLimited, each(720, func(int) float64 { return power }))
	}
	halfOf := func(power float64) heatmap.Series {
		return made(t, "half", april.From, time.Hour, heatmap.DemandLimited, each(720, func(i int) float64 {
			if i < 360 {
				return gone
			}
			return power
		}))
	}
	half := halfOf(5)
	contract := source.Contract{ID: "V-17", From: day(2025, 1, 1), To: day(2027, 1, 1), TakeOrPay: true}
	contract.Months[3] = 7200 // 10 kW throughout
	plain := contract
	plain.TakeOrPay = false
	for _, tt := range []struct {
		sentence        string
		contract        source.Contract
		flows           source.Flows
		kept            source.Kept
		short, payable  heatmap.KilowattHours
		taken, notGiven heatmap.KilowattHours
	}{
		{"as promised", contract, source.Flows{Delivered: series(10)}, source.InFull, 0, 0, 0, 0},
		{"less, and nothing else is known", contract, source.Flows{Delivered: series(6)}, source.KeptUnknown, 2880, 0, 0, 0},
		{"less, without take or pay", plain, source.Flows{Delivered: series(6), Available: series(12), Requested: series(6)}, source.FellShort, 2880, 0, 4320, 0},
		{"no more was asked for", contract, source.Flows{Delivered: series(6), Available: series(12), Requested: series(6)}, source.NotAsked, 2880, 2880, 4320, 0},
		{"more was asked for than came", contract, source.Flows{Delivered: series(6), Available: series(6), Requested: series(9)}, source.FellShort, 2880, 0, 0, 2160},
		{"less was asked for than came", contract, source.Flows{Delivered: series(6), Available: series(12), Requested: series(4)}, source.NotAsked, 2880, 2880, 4320, 0},
		{"held ready", contract, source.Flows{Delivered: series(6), Available: series(10)}, source.HeldReady, 2880, 2880, 2880, 0},
		{"not all of it was ready", contract, source.Flows{Delivered: series(6), Available: series(8)}, source.FellShort, 2880, 1440, 1440, 0},
		{"what was asked for is known for half a month", contract, source.Flows{Delivered: series(6), Requested: halfOf(5)}, source.KeptUnknown, 2880, 0, 0, 0},
		{"what was ready is known for half a month", contract, source.Flows{Delivered: series(6), Available: halfOf(30)}, source.KeptUnknown, 2880, 2880, 24 * 360, 0},
		{"half a month is known", contract, source.Flows{Delivered: half, Requested: series(5)}, source.KeptUnknown, 5400, 0, 0, 0},
	} {
		list, err := source.Fulfil(tt.contract, tt.flows, berlin)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %d months (%v)", tt.sentence, len(list), err)
		}
		m := list[0]
		if m.Kept != tt.kept || !near(float64(m.Short), float64(tt.short)) || !near(float64(m.Payable), float64(tt.payable)) ||
			!near(float64(m.NotTaken), float64(tt.taken)) || !near(float64(m.NotGiven), float64(tt.notGiven)) || m.Promised != 7200 {
			t.Errorf("%s: %+v", tt.sentence, m)
		}
	}
}

func TestTheRoundingOfSumsBreaksNoPromise(t *testing.T) {
	t.Parallel()
	april := berlin.Month(2025, time.April)
	quarters := func(power float64) heatmap.Series {
		return made(t, "made", april.From, energy.QuarterHour, heatmap.DemandLimited, each(2880, func(int) float64 { return power }))
	}
	less := quarters(5.4)
	contract := source.Contract{ID: "V-17", From: day(2025, 4, 1), To: day(2025, 5, 1), TakeOrPay: true}
	// 2,880 quarter-hours of 8.3 kW come to 5,976 kWh, as floating point adds them to
	// 0.0000003 Wh less.
	contract.Months[3] = 5976
	for _, tt := range []struct {
		sentence string
		flows    source.Flows
		want     source.Kept
		short    heatmap.KilowattHours
	}{
		{"delivered as promised", source.Flows{Delivered: quarters(8.3)}, source.InFull, 0},
		{"as much was ready as was promised", source.Flows{Delivered: less, Available: quarters(8.3)}, source.HeldReady, 2088},
		{"a watt-hour less was ready", source.Flows{Delivered: less, Available: quarters(8.3 - 0.001/720)}, source.FellShort, 2088},
		{"a watt-hour less was delivered", source.Flows{Delivered: quarters(8.3 - 0.001/720)}, source.KeptUnknown, 0.001},
		{"delivered what was asked for, in other hours", source.Flows{Delivered: less, Requested: made(t, "made", april.From, energy.QuarterHour, heatmap.DemandLimited, each(2880, func(i int) float64 { return 10.8 * float64(i%2) }))}, source.NotAsked, 2088},
	} {
		list, err := source.Fulfil(contract, tt.flows, berlin)
		if err != nil || len(list) != 1 || list[0].Kept != tt.want || !about(float64(list[0].Short), float64(tt.short), 1e-6) {
			t.Errorf("%s: %+v (%v), want %s and %v kWh short", tt.sentence, list, err, tt.want, tt.short)
		}
	}
}

func TestStepsOfAMonthAreComparedOneByOne(t *testing.T) {
	t.Parallel()
	from := berlin.Month(2025, time.April).From
	series := func(limit heatmap.Limit, power ...float64) heatmap.Series {
		return made(t, "made", from, time.Hour, limit, power)
	}
	h, c := series(heatmap.DemandLimited, 6, gone, 2, 4, 9).Header, series(heatmap.DemandLimited, 6, gone, 2, 4, 9).Columns()
	c.Unshaped = []heatmap.KilowattHours{heatmap.KilowattHours(gone), 11, heatmap.KilowattHours(gone), heatmap.KilowattHours(gone), heatmap.KilowattHours(gone)}
	delivered, err := heatmap.New(h, c)
	if err != nil {
		t.Fatal(err)
	}
	contract := source.Contract{ID: "V-17", From: day(2025, 4, 1), To: day(2025, 5, 1), TakeOrPay: true, LeastCoverage: 0.8}
	contract.Months[3] = 40 * 720 / 5
	list, err := source.Fulfil(contract, source.Flows{Delivered: delivered, Available: series(heatmap.SupplyLimited, 8, 8, 8, gone, 8), Requested: series(heatmap.DemandLimited, 7, 9, 2, 6, gone)}, berlin)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	// Not taken: 8 − 7, 8 − 2, 8 is less than 9 delivered. Not given: 7 − 6 and 6 − 4. The
	// hour without data has 11 kWh of unknown hours.
	m := list[0]
	if m.NotTaken != 7 || m.NotGiven != 3 || m.Delivered.Energy != 21+11 || m.Delivered.Coverage != 1 || !near(float64(m.Promised), 40) || !near(float64(m.Short), 8) || m.Payable != 7 {
		t.Errorf("%+v", m)
	}
	if m.Kept != source.NotAsked {
		t.Errorf("asked for 24 of 32 kWh: %s", m.Kept)
	}
}

func TestAContractCountsFromItsFirstDay(t *testing.T) {
	t.Parallel()
	year := berlin.Year(2025)
	s := made(t, "made", year.From, time.Hour, heatmap.DemandLimited, each(8760, func(int) float64 { return 10 }))
	contract := source.Contract{ID: "V-17", From: day(2025, 4, 16), To: day(2025, 7, 1)}
	for m := range contract.Months {
		contract.Months[m] = 7200
	}
	list, err := source.Fulfil(contract, source.Flows{Delivered: s}, berlin)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d months (%v)", len(list), err)
	}
	if m := list[0]; m.Month != time.April || !near(float64(m.Promised), 3600) || !near(float64(m.Delivered.Energy), 3600) || m.Delivered.Coverage != 1 {
		t.Errorf("the half of April: %+v", m)
	}
	if m := list[2]; m.Month != time.June || m.Period != berlin.Month(2025, time.June) {
		t.Errorf("the last month: %+v", m)
	}
	other := s.Within(energy.Period{From: s.At(0), To: s.At(100)})
	one := s.Within(energy.Period{From: s.At(0), To: s.At(1)})
	for _, flows := range []source.Flows{{Delivered: s, Available: other}, {Delivered: s, Requested: other}, {Delivered: s, Requested: one}} {
		if _, err := source.Fulfil(contract, flows, berlin); err == nil {
			t.Error("series of different hours are compared")
		}
	}
}
