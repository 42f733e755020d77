package ledger_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
)

// The readings of a case come in any order and in any batches, with closings in
// between: the figures are the same to the last byte, also when all is computed
// once more.
func TestOrderAndBatchesOfArrivalChangeNoFigure(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"green-hour-by-hour-and-by-quarter", "heat-delivered-above-a-temperature", "a-gap-counts-in-the-period-that-contains-it",
		"green-month-by-month", "heat-delivered-by-the-meters-registers", "ppue-of-a-mixed-building", "a-sum-is-as-good-as-its-meters"} {
		folder := filepath.Join("testdata/figures", name)
		want, src := readWant(t, folder)
		for seed := range uint64(2) {
			t.Run(fmt.Sprintf("%s, %d", name, seed), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, 1))
				l := plantOf(t, folder, func(rows []intake.Row) (parts [][]intake.Row) {
					random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
					for len(rows) > 0 {
						n := 1 + random.IntN(len(rows))
						parts, rows = append(parts, rows[:n]), rows[n:]
					}
					return parts
				})
				if got := want.of(t, l, time.Time{}); !bytes.Equal(got, src) {
					t.Errorf("figures are\n%s\nwant\n%s", got, src)
				}
				if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
					t.Fatal(err)
				}
				if again := want.of(t, l, time.Time{}); !bytes.Equal(again, src) {
					t.Errorf("computed once more they are\n%s\nwant\n%s", again, src)
				}
			})
		}
	}
}

// Numerators and denominators of the days of a month, and of the months of a
// year, add up to those of the whole, for every figure that is a sum.
func TestTheSumOfThePartsIsTheWhole(t *testing.T) {
	t.Parallel()
	l := year(t)
	sides := func(periods ...string) map[string][2]energy.Amount {
		sum := map[string][2]energy.Amount{}
		for _, period := range periods {
			figures, _, err := l.Figures(t.Context(), "hafen", period, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range figures {
				if f.Name == kpi.InterimPUE {
					f.Name = kpi.AnnualPUE
				}
				s := sum[f.Name]
				for i, v := range []energy.Value{f.Numerator, f.Denominator} {
					amount, err := energy.ActiveEnergyImport.Fixed(v)
					if err != nil {
						t.Fatal(err)
					}
					s[i] += amount
				}
				sum[f.Name] = s
			}
		}
		return sum
	}
	var days, months []string
	for d := (energy.Date{Year: 2025, Month: 3, Day: 1}); d.Month == 3; d = d.AddDays(1) { // 31 days, one of 23 hours
		days = append(days, d.String())
	}
	for m := range 12 {
		months = append(months, fmt.Sprintf("2025-%02d", m+1))
	}
	compared := map[string]bool{}
	for _, tt := range []struct {
		parts []string
		whole string
	}{{days, "2025-03"}, {months, "2025"}} {
		parts, whole := sides(tt.parts...), sides(tt.whole)
		for name, sum := range parts {
			if name == "full_load_hours" { // its denominator is a power
				continue
			}
			compared[name] = true
			if whole[name] != sum {
				t.Errorf("%s: the parts of %s add up to %v, the whole is %v", name, tt.whole, sum, whole[name])
			}
		}
	}
	for _, name := range []string{"pue", "erf", "wue_1", "wue_2", "cue_location", "green_share_hourly", "green_share_quarter_hourly", "green_share_monthly", "heat_delivered", "heat_delivered_flow_temperature"} {
		if !compared[name] {
			t.Errorf("%s was not compared", name)
		}
	}
}

func TestSeveralSitesAreWeightedAndAsOne(t *testing.T) {
	t.Parallel()
	l := year(t)
	p, err := l.Pooled(t.Context(), []energy.SiteID{"hafen", "hafen"}, "erf", "2025", time.Time{})
	if err != nil || !p.OK || p.Sites != 2 || p.Weighted != p.Ratio || p.EDC != 2*130*8760 || p.Numerator != 2*26*8760 {
		t.Errorf("%+v, %v, want twice the same site: 0.2 of twice its E_DC", p, err)
	}
	if p, err = l.Pooled(t.Context(), []energy.SiteID{"hafen"}, "ppue", "2025", time.Time{}); err != nil || p.OK || p.Of != 1 {
		t.Errorf("%+v, %v, want none of one site", p, err)
	}
	if _, err = l.Pooled(t.Context(), []energy.SiteID{"nowhere"}, "erf", "2025", time.Time{}); err == nil {
		t.Error("a site that is not there is pooled")
	}
}

func TestFiguresOfSeveralSitesAreThoseOfThatTime(t *testing.T) {
	t.Parallel()
	l := year(t)
	metrics, sites := []string{"pue", "erf", "ref"}, []energy.SiteID{"hafen", "nowhere"}
	if all, _, err := l.PooledAll(t.Context(), sites, metrics, "2025", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil || len(all) != 3 || all[0].OK || all[0].Of != 2 {
		t.Errorf("before anything was known: %+v, %v; want nothing, of two sites", all, err)
	}
	then, facts, err := l.PooledAll(t.Context(), sites[:1], metrics, "2025", time.Now())
	if err != nil || !then[0].OK || !then[1].OK || facts[0] == 0 {
		t.Fatalf("%+v, %v", then, err)
	}
	if now, _, err := l.PooledAll(t.Context(), sites[:1], metrics, "2025", time.Time{}); err != nil || !slices.Equal(now, then) {
		t.Errorf("now %+v, %v; as known a moment ago %+v", now, err, then)
	}
	if day, _, err := l.PooledAll(t.Context(), sites[:1], metrics, "2025-06-03", time.Time{}); err != nil || !day[1].OK || day[2].OK {
		t.Errorf("on a day: %+v, %v; an ERF, and no REF, which guarantees of a year join", day, err)
	}
}
