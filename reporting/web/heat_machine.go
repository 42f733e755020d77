package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"heatledger/energy/kpi"
	"heatledger/heatmap"
	"heatledger/heatmap/heatpump"
)

// heatMachineForm asks about a heat pump on the page of a source.
type heatMachineForm struct {
	Fields []heatMachineField
	Hidden []namedChoice // what else the address says
	Asked  bool
}

// heatMachineField is a number of the form, as it was written.
type heatMachineField struct{ Name, Label, Value, Example string }

// machineParameters are those of an address that ask about a heat pump.
func machineParameters() []string {
	return []string{"target_c", "target_return_c", "quality", "spread_k"}
}

// heatMachineForm is the form with what was asked for; nil where no hour may be seen.
func (p *page) heatMachineForm(of heatSourceAsked, query url.Values) *heatMachineForm {
	if of.hours.Len() == 0 {
		return nil
	}
	form := &heatMachineForm{Asked: query.Get("quality") != "", Hidden: []namedChoice{{Name: "period", Value: of.span.Label}}}
	if p.InURL() {
		form.Hidden = append(form.Hidden, namedChoice{Name: "lang", Value: string(p.Lang)})
	}
	examples := map[string]string{"target_c": "70", "target_return_c": "45", "quality": "0.5", "spread_k": "8"}
	for _, name := range machineParameters() {
		form.Fields = append(form.Fields, heatMachineField{name, p.T("heat.machine." + name), query.Get(name), examples[name]})
	}
	return form
}

// machineQuery is the part of a query that asks about a heat pump, to be put behind
// another one.
func machineQuery(query url.Values) string {
	var b strings.Builder
	for _, name := range machineParameters() {
		if value := query.Get(name); value != "" {
			b.WriteString("&" + name + "=" + url.QueryEscape(value))
		}
	}
	return b.String()
}

// heatEffects are those of the heat pump on PUE and ERF, for whoever may read the site;
// none where the figures of the period are not known.
func (s *Server) heatEffects(ctx context.Context, p *page, of heatSourceAsked) ([]heatpump.Effect, error) {
	if of.sheet.Upgrade == nil || !p.who.reach("read").Touches(of.sheet.Site) {
		return nil, nil
	}
	figures, _, err := s.options.Ledger.Figures(ctx, of.sheet.Site, of.span.Label, time.Time{})
	if err != nil {
		return nil, err
	}
	find := func(names ...string) (kpi.Figure, bool) {
		i := slices.IndexFunc(figures, func(f kpi.Figure) bool { return slices.Contains(names, f.Name) && f.OK })
		if i < 0 {
			return kpi.Figure{}, false
		}
		return figures[i], true
	}
	pue, known := find("pue", "ipue")
	if !known {
		return nil, nil
	}
	centre := heatpump.Centre{EDC: heatmap.KilowattHours(pue.Numerator.Float64()), EIT: heatmap.KilowattHours(pue.Denominator.Float64())}
	if erf, known := find("erf"); known {
		centre.Reuse = heatmap.KilowattHours(erf.Numerator.Float64())
		if delivered, known := find("heat_delivered"); known { // is part of every supply
			centre.Replaced = min(centre.Reuse, heatmap.KilowattHours(delivered.Numerator.Float64()))
		}
	}
	effects, err := heatpump.Effects(centre, of.sheet.Upgrade.Totals, true)
	if err != nil { // an IT energy of none, or more than all: no figures to move
		return nil, nil
	}
	return effects[:], nil
}
