package web

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/words"
)

// comparison is of plans side by side; the first is what the others are held against.
type comparison struct {
	*page
	saved   []shelf.Saved
	results []plan.Result
}

// name is how sentences call a plan.
func (c comparison) name(i int) string {
	return c.T("plans.fact", strconv.FormatInt(c.saved[i].Fact, 10))
}

// mostNamed is how many areas a sentence names.
const mostNamed = 12

// names is a list of names, the first of many.
func (c comparison) names(list []string) string {
	if len(list) <= mostNamed {
		return strings.Join(list, ", ")
	}
	return c.T("plans.compare.andmore", strings.Join(list[:mostNamed], ", "), strconv.Itoa(len(list)-mostNamed))
}

// add adds a row whose cells may say how they differ, unless none does.
func (g *compareGroup) add(row compareRow) {
	row.Differs = slices.ContainsFunc(row.Cells, func(cell compareCell) bool { return cell.Change != "" })
	if !row.Differs {
		g.Same++
		return
	}
	g.Rows = append(g.Rows, row)
}

// areas says which areas are in one plan and not in another, which are served in one
// and not in another, and of which the plans know different things.
func (c comparison) areas() compareGroup {
	g := compareGroup{ID: "areas", Title: c.T("plans.areas"), Lead: c.T("plans.compare.differing")}
	of := make([]map[string]plan.Area, len(c.results))
	var ids []string
	var heats []float64
	for i, r := range c.results {
		of[i] = map[string]plan.Area{}
		for _, a := range r.Areas {
			of[i][a.ID] = a
			heats = append(heats, a.Heat)
			if !slices.Contains(ids, a.ID) {
				ids = append(ids, a.ID)
			}
		}
	}
	slices.Sort(ids)
	for i := 1; i < len(of); i++ {
		g.Says = append(g.Says, c.areasSaid(i, ids, of[0], of[i])...)
	}
	energies := c.energies(heats...)
	for _, id := range ids {
		row := compareRow{Name: id}
		base, there := of[0][id]
		for i := range of {
			a, here := of[i][id]
			if here {
				row.Name = areaName(a)
			}
			cell := compareCell{Text: c.T("plans.compare.notin")}
			if here {
				cell.Text = c.status(a) + ", " + energies.Text(a.Heat)
			}
			switch {
			case here != there:
				cell.Change = c.T("plans.differs")
			case here:
				cell.Change = c.areaChange(base, a, energies)
			}
			row.Cells = append(row.Cells, cell)
		}
		g.add(row)
	}
	return g
}

// areasSaid are the sentences about the areas of a plan and of the first.
func (c comparison) areasSaid(i int, ids []string, base, other map[string]plan.Area) (says []string) {
	var onlyBase, onlyOther, servedBase, servedOther, demand []string
	both := 0
	for _, id := range ids {
		a, inBase := base[id]
		b, inOther := other[id]
		switch {
		case inBase && inOther:
			both++
			if a.Chosen && !b.Chosen {
				servedBase = append(servedBase, areaName(a))
			}
			if b.Chosen && !a.Chosen {
				servedOther = append(servedOther, areaName(b))
			}
			if a.Heat != b.Heat {
				demand = append(demand, areaName(b))
			}
		case inBase:
			onlyBase = append(onlyBase, areaName(a))
		case inOther:
			onlyOther = append(onlyOther, areaName(b))
		}
	}
	text := c.T("plans.compare.areas.both", c.name(0), c.name(i), strconv.Itoa(both))
	for _, part := range []struct {
		key, of string
		names   []string
	}{{"only", c.name(0), onlyBase}, {"only", c.name(i), onlyOther}, {"served", c.name(0), servedBase}, {"served", c.name(i), servedOther}} {
		if len(part.names) > 0 {
			text += " " + c.T("plans.compare.areas."+part.key, part.of, c.names(part.names))
		}
	}
	if len(demand) > 0 {
		text += " " + c.T("plans.compare.areas.demand", c.names(demand))
	}
	if len(onlyBase)+len(onlyOther)+len(servedBase)+len(servedOther)+len(demand) == 0 {
		text += " " + c.T("plans.compare.areas.same")
	}
	return []string{text}
}

// status says whether an area is served, and why it is out of reach.
func (c comparison) status(a plan.Area) string {
	switch {
	case a.Chosen:
		return c.T("plans.served")
	case a.OutOfReach != "":
		return words.Plan(c.lang(), "reach_"+a.OutOfReach, nil)
	}
	return c.T("plans.notserved")
}

// areaChange says what differs of an area; "": nothing.
func (c comparison) areaChange(base, a plan.Area, energies words.Energies) string {
	var parts []string
	if c.status(base) != c.status(a) {
		parts = append(parts, c.status(a))
	}
	if text := c.moreOrLess(a.Heat-base.Heat, energies); text != "" {
		parts = append(parts, text)
	}
	for _, part := range []struct {
		key     string
		differs bool
		text    string
	}{
		{"grade", base.Grade != a.Grade, c.code("grade", a.Grade)},
		{"profile", base.Profile != a.Profile, a.Profile},
		{"connections", base.Connections != a.Connections, strconv.Itoa(a.Connections)},
		{"demand.source", base.Origin != a.Origin, a.Origin},
	} {
		if part.differs {
			parts = append(parts, c.T("plans."+part.key)+": "+part.text)
		}
	}
	if base.Longitude != a.Longitude || base.Latitude != a.Latitude || !reflect.DeepEqual(base.Outline, a.Outline) {
		parts = append(parts, c.T("plans.compare.moved"))
	}
	return strings.Join(parts, "; ")
}

// sources says which sources are in one plan and not in another, and what of each is
// different.
func (c comparison) sources() compareGroup {
	g := compareGroup{ID: "sources", Title: c.T("plans.sources"), Lead: c.T("plans.compare.differing")}
	var ids []string
	var heats []float64
	for _, r := range c.results {
		for _, s := range r.Sources {
			heats = append(heats, s.Offered, s.Direct+s.Stored)
			if !slices.Contains(ids, s.ID) {
				ids = append(ids, s.ID)
			}
		}
	}
	energies := c.energies(heats...)
	for _, id := range ids {
		row := compareRow{Name: id}
		var base *plan.Given
		for i, r := range c.results {
			var source *plan.Given
			if j := slices.IndexFunc(r.Sources, func(s plan.Given) bool { return s.ID == id }); j >= 0 {
				source = &r.Sources[j]
				row.Name = c.sourceName(*source)
			}
			if i == 0 {
				base = source
			}
			row.Cells = append(row.Cells, c.sourceCell(base, source, energies))
		}
		g.add(row)
	}
	return g
}

// sourceCell says what a plan has of a source, and how it differs from the first.
func (c comparison) sourceCell(base, source *plan.Given, energies words.Energies) compareCell {
	cell := compareCell{Text: c.T("plans.compare.notin")}
	if source != nil {
		cell.Text = c.T("plans.compare.source", c.code("grade", source.Grade), energies.Text(source.Offered), energies.Text(source.Direct+source.Stored))
	}
	switch {
	case base == nil && source == nil:
		return cell
	case base == nil || source == nil:
		cell.Change = c.T("plans.differs")
		return cell
	}
	var parts []string
	if base.Grade != source.Grade {
		parts = append(parts, c.T("plans.grade")+": "+c.code("grade", source.Grade))
	}
	for _, part := range []struct {
		key  string
		more float64
	}{{"plans.offered", source.Offered - base.Offered}, {"plans.given", source.Direct + source.Stored - base.Direct - base.Stored}} {
		if text := c.moreOrLess(part.more, energies); text != "" {
			parts = append(parts, c.T(part.key)+": "+text)
		}
	}
	cell.Change = strings.Join(parts, "; ")
	return cell
}

// moreOrLess says by how much an energy differs; "": not so that it shows.
func (c comparison) moreOrLess(more float64, energies words.Energies) string {
	switch {
	case energies.Text(math.Abs(more)) == energies.Text(0):
		return ""
	case more > 0:
		return c.T("plans.more", energies.Text(more))
	}
	return c.T("plans.less", energies.Text(-more))
}

// inputs says which files and sites differ, and how: another content, as known at
// another fact, or not used at all.
func (c comparison) inputs() compareGroup {
	g := compareGroup{ID: "inputs", Title: c.T("plans.inputs"), Lead: c.T("plans.compare.inputs")}
	type named struct{ use, name string }
	var list []named
	for _, r := range c.results {
		for _, in := range r.Inputs {
			if one := (named{in.Use, in.Name}); !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	for _, one := range list {
		row := compareRow{Name: c.T("plans.use:"+one.use) + ": " + one.name}
		if one.use == "site" {
			row.Name = c.T("plans.use:site") + ": " + c.siteName(energy.SiteID(one.name))
		}
		var base *plan.Input
		for i, r := range c.results {
			var input *plan.Input
			if j := slices.IndexFunc(r.Inputs, func(in plan.Input) bool { return in.Use == one.use && in.Name == one.name }); j >= 0 {
				input = &r.Inputs[j]
			}
			if i == 0 {
				base = input
			}
			row.Cells = append(row.Cells, c.inputCell(i, base, input))
		}
		g.add(row)
	}
	g.texts(c.page, c.T("plans.year"), c.each(func(i int) string { return strconv.Itoa(c.results[i].Year) }))
	g.texts(c.page, c.T("plans.method"), c.each(func(i int) string { return strconv.Itoa(c.results[i].Method) }))
	return g
}

// each are the texts of all plans.
func (c comparison) each(of func(i int) string) (texts []string) {
	for i := range c.results {
		texts = append(texts, of(i))
	}
	return texts
}

// inputCell says what a plan has of an input, and how it differs from the first.
func (c comparison) inputCell(i int, base, input *plan.Input) compareCell {
	const shown = 12
	if input == nil {
		cell := compareCell{Text: c.T("plans.compare.unused")}
		if base != nil {
			cell.Change = c.T("plans.differs")
		}
		return cell
	}
	cell := compareCell{Text: "SHA-256 " + input.Digest[:shown] + "…"}
	for _, rest := range c.saved[i].Sites {
		if input.Use == "site" && string(rest.Site) == input.Name {
			cell.Text = c.T("plans.compare.asof", strconv.FormatInt(rest.Fact, 10), c.Date(c.Calendar.Date(rest.At)))
		}
	}
	if j := slices.IndexFunc(c.results[0].Inputs, func(in plan.Input) bool { return in.Digest == input.Digest && in.Use == input.Use }); base == nil && j >= 0 {
		cell.Change = c.T("plans.compare.renamed", c.results[0].Inputs[j].Name)
		return cell
	}
	switch {
	case base == nil:
		cell.Change = c.T("plans.differs")
	case base.Digest != input.Digest && input.Use == "site":
		cell.Change = c.T("plans.compare.otherhours")
	case base.Digest != input.Digest:
		cell.Change = c.T("plans.compare.othercontent")
	}
	return cell
}
