package web

import (
	"net/url"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// pooledRow is a figure of all sites together, in words and in both ways.
type pooledRow struct {
	Name, Weighted, Ratio, Sites, Coverage, Substitute, Category string
}

// pooledRows puts together the figures of the sites; those that no site has are
// left out.
func (p *page) pooledRows(lists [][]kpi.Figure) []pooledRow {
	var rows []pooledRow
	for _, name := range kpi.Poolable() {
		weighed := make([]kpi.Weighed, len(lists))
		for i, figures := range lists {
			weighed[i] = kpi.Weigh(figures, name)
		}
		all := kpi.Pool(weighed)
		if !all.OK {
			continue
		}
		row := pooledRow{Name: p.T("kpi:" + all.Name), Weighted: p.pooledValue(all.Weighted, all.Unit), Ratio: p.pooledValue(all.Ratio, all.Unit),
			Sites: p.T("pooled.of", strconv.Itoa(all.Sites), strconv.Itoa(all.Of)), Coverage: p.Percent(all.EnergyCoverage), Substitute: p.Percent(all.SubstituteShare)}
		switch {
		case all.Category > 0:
			row.Category = p.T("category", strconv.Itoa(all.Category))
		case name == kpi.AnnualPUE:
			row.Category = p.T("pooled.categories")
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *page) pooledValue(v float64, unit energy.Unit) string {
	if unit == energy.One {
		return p.Number(v, 3)
	}
	return p.Number(v, 3) + " " + string(unit)
}

// pooledCSV is the address of the figures of all sites together.
func pooledCSV(year int) string {
	return "/api/v1/kpis?" + url.Values{"period": {strconv.Itoa(year)}, "format": {"csv"}}.Encode()
}
