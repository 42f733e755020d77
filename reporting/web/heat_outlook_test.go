package web_test

import (
	"iter"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
)

// TestContractedGrowthStandsBesideThePast: nord gives 300 kW from January to May 2025,
// and a contract adds 400 kW from the middle of July on.
func TestContractedGrowthStandsBesideThePast(t *testing.T) {
	t.Parallel()
	o := newHeatTown(t, "anna", "petra", "paula")
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, strings.Replace(heatYAML, "    commitments:\n", "    facts: [{name: heat_growth_contracted_kw, value: 400, from: 2025-07-16, document: V-17}]\n    commitments:\n", 1))
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for point, step := range map[energy.PointID]int64{"nord/delivered": 50, "nord/rejected": 25} {
		counter := func(yield func(energy.Reading) bool) {
			for n, at := int64(0), c.Month(2025, 1).From; !at.After(c.Month(2025, 5).To) && yield(energy.Reading{At: at, Value: energy.Decimal(n*step, 0), Quality: energy.Measured}); n++ {
				at = at.Add(energy.QuarterHour)
			}
		}
		if _, err := intake.New(l, intake.Options{}).Backfill(t.Context(), "file", "nord", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) { yield(point, counter) }); err != nil {
			t.Fatal(err)
		}
	}
	o.close(t, "nord")

	const months = "?period=2025"
	for _, login := range []string{"anna", "petra"} {
		who := o.person(t).in(login)
		var sheet struct {
			Outlook struct {
				Says   string
				Growth []struct {
					From, Contract string
					Power          float64 `json:"power_kw"`
				}
				Months []struct {
					Month string
					P50   float64 `json:"p50_kw"`
					With  float64 `json:"with_growth_p50_kw"`
				}
			}
		}
		who.read("/api/v1/heat/sources/nord"+months, &sheet)
		if g := sheet.Outlook.Growth; len(g) != 1 || g[0].From != "2025-07-16" || g[0].Contract != "V-17" || g[0].Power != 400 || !strings.Contains(sheet.Outlook.Says, "V-17") {
			t.Errorf("%s: contracted is %+v: %s", login, g, sheet.Outlook.Says)
		}
		// Sixteen of the 31 days of July.
		for i, want := range []float64{0, 400 * 16. / 31, 400} {
			if m := sheet.Outlook.Months[i]; m.P50 != 300 || m.With-300-want > 1e-9 || want-m.With+300 > 1e-9 {
				t.Errorf("%s: %s brings %v, with growth %v, want %v more than 300", login, m.Month, m.P50, m.With, want)
			}
		}
		var list []struct {
			Site   string
			Growth *float64 `json:"growth_contracted_kw"`
		}
		who.read("/api/v1/heat/sources"+months, &list)
		if len(list) == 0 {
			t.Errorf("%s sees no source", login)
		}
		for _, s := range list {
			if (s.Growth != nil) != (s.Site == "nord") || s.Growth != nil && *s.Growth != 400 {
				t.Errorf("%s: growth of %s is %v", login, s.Site, s.Growth)
			}
		}
		page := who.get("/heat/nord?lang=en&period=2025").text
		if !strings.Contains(page, "from 16 July 2025 on 400.0 kW more (V-17)") || !strings.Contains(page, "P50 with growth, kW") {
			t.Errorf("%s: the page does not say what was contracted", login)
		}
	}
	public := o.person(t).in("paula")
	for _, path := range []string{"/api/v1/heat/sources" + months, "/heat/west?lang=en&period=2025"} {
		if text := public.get(path).text; strings.Contains(text, "V-17") || strings.Contains(text, "with growth") || strings.Contains(text, `"growth_contracted_kw":400`) {
			t.Errorf("everybody sees what was contracted, at %s", path)
		}
	}
}
