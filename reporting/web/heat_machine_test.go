package web_test

import (
	"iter"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
)

const machineYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - id: kai
    name: Kai
    meters:
      - {id: kai-main, points: [{id: kai/grid, quantity: active_energy_import, role: grid_import, use: primary}]}
      - {id: kai-ups, points: [{id: kai/it, quantity: active_energy_import, role: it_load, category: 1}]}
      - id: kai-heat
        points:
          - {id: kai/delivered, quantity: heat_energy, role: heat_delivered}
          - {id: kai/flow, quantity: flow_temperature, role: heat_delivered}
          - {id: kai/return, quantity: return_temperature, role: heat_delivered}
`

// TestAHeatPumpIsAskedAboutOnThePage asks, with German commas, what a heat pump makes of
// the 800 kW of the IT from 30 to 20 °C, lifted to 70 from 45 °C. By Lorenz at half of
// what is possible: T̄ of the sink 330.49 K, of the source 298.12 K, COP 0.5·330.49/32.37 =
// 5.10. So 800 kW take 195 kW: inside, a PUE of 1,000/800 becomes 1,195/800, and of 1,195
// kW 995 are reused, those 400 kW among them that are delivered today.
func TestAHeatPumpIsAskedAboutOnThePage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, true)
	l := ledger.New(o.store, "Europe/Berlin")
	promise(t, l, machineYAML)
	c, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p := c.Month(2025, 1)
	for point, of := range map[energy.PointID][2]int64{"kai/grid": {250, 0}, "kai/it": {200, 0}, "kai/delivered": {100, 0}, "kai/flow": {0, 30}, "kai/return": {0, 20}} {
		list := func(yield func(energy.Reading) bool) {
			for n, at := int64(0), p.From; !at.After(p.To) && yield(energy.Reading{At: at, Value: energy.Decimal(n*of[0]+of[1], 0), Quality: energy.Measured}); n++ {
				at = at.Add(energy.QuarterHour)
			}
		}
		_, err := intake.New(l, intake.Options{}).Backfill(t.Context(), "file", "kai", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) { yield(point, list) })
		if err != nil {
			t.Fatal(err)
		}
	}
	o.close(t, "kai")
	o.account(t, "anna", access.Grant{Role: access.Office, Everywhere: true})
	anna := o.person(t).in("anna")
	text := strings.ReplaceAll(anna.get("/heat/kai?lang=de&period=2025-01&target_c=70&target_return_c=45&quality=0,5").text, "\u00a0", " ")
	for _, want := range []string{"nach Lorenz, mit dem Gütegrad 0,50", "5,10<", "1,250<", "1,494<", "83,3 %", "80 %", "Wirkung auf PUE und ERF", `value="0,5"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if t.Failed() {
		at := strings.Index(text, "Eine Wärmepumpe, die")
		t.Logf("%.3000s", text[max(0, at):])
	}
	if got := anna.get("/heat/kai?lang=de&period=2025-01&target_c=70&quality=0,5"); got.code != 422 {
		t.Errorf("half a heat pump is answered %d", got.code)
	}
}
