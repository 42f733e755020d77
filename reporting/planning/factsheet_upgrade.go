package planning

import (
	"strconv"
	"strings"

	"heatledger/energy/registry"
	"heatledger/heatmap/heatpump"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// upgrade is what a heat pump makes of the heat, where one was asked about, and what it
// does to the figures of the data centre.
func (p *printer) upgrade() {
	u := p.Sheet.Upgrade
	if u == nil {
		return
	}
	values := map[string]string{"flow": p.degrees(u.Flow), "back": p.degrees(u.Back), "basis": p.basis(u.Basis), "known": words.Share(p.lang, float64(u.Known)/float64(max(1, u.Of)))}
	b := document.Block{Heading: p.say("part_upgrade", nil), Paragraph: p.say("upgrade_lead", values), Columns: p.columns(true, "sheet_figure", "sheet_value")}
	row := func(name, value string) { b.Rows = append(b.Rows, []string{p.say(name, nil), value}) }
	if cop, ok := u.COP(); ok {
		row("upgrade_cop", p.number(cop, 2))
	}
	row("upgrade_taken", p.amount(u.Taken)+" MWh")
	row("upgrade_electricity", p.amount(u.Totals.Electricity)+" MWh")
	row("upgrade_heat", p.amount(u.Heat)+" MWh")
	row("upgrade_unused", p.amount(u.Unused)+" MWh")
	row("upgrade_direct", p.number(u.Emissions.Direct/1000, 1)+" t")
	row("upgrade_life_cycle", p.number(u.Emissions.LifeCycle/1000, 1)+" t")
	if u.Emissions.Moved > 0 {
		b.Paragraph += " " + p.say("upgrade_moved", map[string]string{"amount": p.amount(u.Emissions.Moved)})
	}
	p.add(b)
	if len(p.Effects) > 0 {
		p.effects()
	}
}

// basis is what the machine's figures rest on; of the machine that a request asks about,
// by Lorenz, there are words.
func (p *printer) basis(text string) string {
	grade, ok := strings.CutPrefix(text, "lorenz, quality grade ")
	grade, asked := strings.CutSuffix(grade, " (request:quality)")
	quality, err := strconv.ParseFloat(grade, 64)
	if !ok || !asked || err != nil {
		return text
	}
	return p.say("upgrade_lorenz", map[string]string{"quality": p.number(quality, 2)})
}

// effects are PUE and ERF before and after, on either side of the boundary.
func (p *printer) effects() {
	b := document.Block{Heading: p.say("upgrade_effects", nil), Paragraph: p.say("upgrade_effects_lead", nil),
		Columns: p.columns(true, "upgrade_boundary", "upgrade_pue", "upgrade_pue_law", "upgrade_erf")}
	figures := func(name string, f heatpump.Figures) {
		b.Rows = append(b.Rows, []string{name, p.number(f.PUE, 3), p.number(f.PUEEnEfG, 3), words.Share(p.lang, f.ERF)})
	}
	figures(p.say("upgrade_without", nil), p.Effects[0].Before)
	for _, e := range p.Effects {
		name := "upgrade_outside"
		if e.Boundary == registry.Inside {
			name = "upgrade_inside"
		}
		figures(p.say(name, nil), e.After)
	}
	p.add(b)
}
