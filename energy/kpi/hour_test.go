package kpi_test

import (
	"testing"
	"time"

	"heatledger/energy"
	energygrid "heatledger/energy/grid"
	"heatledger/energy/kpi"
)

func TestAnHourIsGreenUpToItsLoad(t *testing.T) {
	t.Parallel()
	hourly := named(t, "green_share_hourly")
	for _, tt := range []struct {
		sentence                string
		own, load, grid, bought energy.Amount
		green, of               energy.Amount
	}{
		{"own generation", 4, 10, 6, 0, 4, 10},
		{"certificates fill what the grid gave", 4, 10, 6, 100, 10, 10},
		{"but no more than was drawn", 4, 10, 5, 100, 9, 10},
		{"and no more than there are", 4, 10, 6, 2, 6, 10},
		{"own surplus is not green twice", 20, 10, 5, 5, 10, 10},
		{"more exported than generated is nothing used", -3, 10, 10, 4, 4, 10},
		{"what passes on to others is not drawn", 4, 10, -3, 5, 4, 10},
		{"without load nothing is green", 4, -2, 5, 5, 0, 0},
		{"nor without anything", 0, 0, 0, 0, 0, 0},
	} {
		green, load := hourly.Hour(kpi.Pair{}, kpi.Hour{Sum: kpi.Sum{Numerator: tt.own, Denominator: tt.load, Limit: tt.grid}, Certified: tt.bought})
		if green != tt.green || load != tt.of {
			t.Errorf("%s: %d of %d, want %d of %d", tt.sentence, green, load, tt.green, tt.of)
		}
	}
}

func TestAnHourThatOnlyPassesOnDrawsNothing(t *testing.T) {
	t.Parallel()
	from := berlin.Day(june).From
	for name, want := range map[string]energy.Amount{"grid_renewable_share": 0, "cue_location": -70} {
		above, below := named(t, name).Hour(kpi.Pair{}, kpi.Hour{From: from, Sum: kpi.Sum{Numerator: -70, Denominator: -70}})
		if above != 0 || below != want {
			t.Errorf("%s of an hour in which more was passed on than drawn = %d over %d, want 0 over %d", name, above, below, want)
		}
	}
	dirtiest := from
	for h := range 24 * 365 {
		if at := from.Add(time.Duration(h-24*180) * time.Hour); energygrid.At(at).Direct > energygrid.At(dirtiest).Direct {
			dirtiest = at
		}
	}
	for _, passedOn := range []energy.Amount{0, -1, -70} {
		if above, _ := named(t, "cue_location").Hour(kpi.Pair{}, kpi.Hour{From: dirtiest, Sum: kpi.Sum{Numerator: passedOn}}); above != 0 {
			t.Errorf("%d mWh from the grid at %v g/kWh emit %d", passedOn, energygrid.At(dirtiest).Direct, above)
		}
	}
	direct := float64(energygrid.At(from).Direct)
	if above, _ := named(t, "cue_location").Hour(kpi.Pair{}, kpi.Hour{From: from, Sum: kpi.Sum{Numerator: 1_000_000}}); !near(float64(above), direct*1000) {
		t.Errorf("1 kWh at %v g/kWh emits %d mg", direct, above)
	}
}

func TestSurplusOfAQuarterHourDoesNotHelpTheOtherThree(t *testing.T) {
	t.Parallel()
	p := newPlant().with("grid", energy.GridImport, 10).with("pv", energy.OnsiteRenewable, 0).with("export", energy.GridExport, 0)
	pv, grid, export := p.days["hafen/pv"], p.days["hafen/grid"], p.days["hafen/export"]
	for q := 0; q < 96; q += 4 { // in the first quarter of each hour the sun gives 40 kWh, of which 30 leave
		pv.Values[q], grid.Values[q], export.Values[q] = 40*unit, 0, 30*unit
	}
	if f, _ := p.figure(t, "green_share_quarter_hourly"); !near(f.Value, 0.25) || f.Denominator.Float64() != 960 {
		t.Errorf("by the quarter-hour = %v of %v kWh, want a quarter of 960", f.Value, f.Denominator)
	}
	for name, certified := range map[string]energy.Amount{"green_share_quarter_hourly": 5 * unit, "green_share_hourly": 20 * unit} {
		d := named(t, name)
		pair, _ := d.Of(p.site, 0, kpi.On(june))
		sum := d.Sum(pair, berlin.Day(june), p.days, nil, func(energy.Period) energy.Amount { return certified })
		want := energy.Amount(24 * (10 + 3*5) * unit) // a quarter-hour with certificates of 5 kWh in each of the other three
		if name == "green_share_hourly" {
			want = 24 * (10 + 20) * unit
		}
		if sum.Numerator != want || sum.Limit != 0 {
			t.Errorf("%s with certificates: %d, limit %d, want %d, and no limit: it was applied hour by hour", name, sum.Numerator, sum.Limit, want)
		}
	}
}
