package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy/store"
	"heatledger/heatmap"
	"heatledger/heatmap/geo"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/features"
	"heatledger/reporting/features/cql2"
)

// seenPlans are the results of the plans that the caller may see, of each the latest
// version or the one that is asked for, read once for a request.
type seenPlans struct {
	server *Server
	page   *page
	list   []seenPlan
	read   bool
}

// seenPlan is a plan with what it came to.
type seenPlan struct {
	shelf.Saved
	result plan.Result
}

// planCollections are the areas and networks of the plans that the caller may see.
func (s *Server) planCollections(p *page) []features.Collection {
	plans := &seenPlans{server: s, page: p}
	return []features.Collection{areaFeatures{plans}, networkFeatures{plans}}
}

// get reads the plans when they are first asked for.
func (c *seenPlans) get(ctx context.Context) ([]seenPlan, error) {
	if c.read {
		return c.list, nil
	}
	saved, err := c.server.plansSeen(c.page.request.WithContext(ctx), c.page.who)
	if err != nil {
		return nil, err
	}
	for _, one := range saved {
		if !c.asked(one) {
			continue
		}
		result, err := c.server.plans.Result(store.AsOwner(ctx), one)
		if err != nil {
			return nil, fmt.Errorf("read plan %s: %w", one.Name, err)
		}
		c.list = append(c.list, seenPlan{one, result})
	}
	c.read = true
	return c.list, nil
}

// planNumber is the property by which the features of one version of a plan are asked
// for: the number of the fact by which it was kept.
const planNumber = "plan_number"

// asked tells whether the request is about a version of a plan: by its number in the
// query or in the id of a feature, by a filter that speaks of numbers, and else if it
// is the latest of its name.
func (c *seenPlans) asked(saved shelf.Saved) bool {
	query := c.page.request.URL.Query()
	number := query.Get(planNumber)
	if id := c.page.request.PathValue("feature"); id != "" {
		number, _, _ = strings.Cut(id, ".")
	}
	switch {
	case number != "":
		return number == strconv.FormatInt(saved.Fact, 10)
	case strings.Contains(query.Get("filter"), planNumber):
		return true
	}
	return saved.SupersededBy == 0
}

// featureID is that of a part of a plan: begun with the plan's number, it names the same
// thing for ever.
func (s seenPlan) featureID(part string) string { return strconv.FormatInt(s.Fact, 10) + "." + part }

// during is the time that a plan is of.
func (s seenPlan) during() features.Time {
	return features.Time{Known: true, From: s.result.From, To: s.result.From.Add(time.Duration(s.result.Hours)*time.Hour - time.Second)}
}

// yesNo makes a column of what is true or false.
func yesNo[T any](p *page, name string, value func(T) bool) column[T] {
	return column[T]{p.field(name, cql2.Boolean, "", nil), func(one T) any { return value(one) }}
}

// planColumns say of which plan something is.
func planColumns[T any](p *page, of func(T) seenPlan) []column[T] {
	return []column[T]{
		textual(p, "plan", nil, func(one T) string { return of(one).Name }).first(),
		numeric(p, planNumber, "", func(one T) *float64 { return new(float64(of(one).Fact)) }).whole().first(),
		textual(p, "citation", nil, func(one T) string { return of(one).Citation() }),
		numeric(p, "year", "", func(one T) *float64 { return new(float64(of(one).Year)) }).whole(),
	}
}

// areaFeatures are the areas of demand of plans, with their place in the ranking.
type areaFeatures struct{ *seenPlans }

type seenArea struct {
	plan.Area
	of seenPlan
}

// columns are what a plan says of an area.
func (c areaFeatures) columns() []column[seenArea] {
	p := c.page
	type a = seenArea
	return append(planColumns(p, func(one a) seenPlan { return one.of }),
		textual(p, "area", nil, func(one a) string { return one.ID }).first(),
		textual(p, "name", nil, func(one a) string { return one.Name }).first(),
		textual(p, "grade", nil, func(one a) string { return one.Grade }),
		numeric(p, "heat_kwh", "kWh", func(one a) *float64 { return &one.Heat }).first(),
		numeric(p, "peak_kw", "kW", func(one a) *float64 { return &one.Peak }),
		numeric(p, "connections", "", func(one a) *float64 { return new(float64(one.Connections)) }).whole(),
		textual(p, "profile", nil, func(one a) string { return one.Profile }),
		numeric(p, "rank", "", func(one a) *float64 {
			if one.Rank == 0 {
				return nil
			}
			return new(float64(one.Rank))
		}).whole().first(),
		yesNo(p, "chosen", func(one a) bool { return one.Chosen }),
		textual(p, "out_of_reach", nil, func(one a) string { return one.OutOfReach }),
		numeric(p, "to_source_m", "m", func(one a) *float64 { return one.Metres }),
		numeric(p, "covered_share", "", func(one a) *float64 { return one.Covered }).first(),
		numeric(p, "density_mwh_per_m", "MWh/m", func(one a) *float64 { return one.Density }),
		numeric(p, "density_mwh_per_ha", "MWh/ha", func(one a) *float64 { return one.HeatDensity }),
		numeric(p, "rank_eur_per_mwh", "€/MWh", func(one a) *float64 { return one.CostPerMWh }))
}

// About implements [features.Collection].
func (c areaFeatures) About() features.About {
	p := c.page
	return features.About{ID: "demand_areas", Title: p.T("ogc.areas"), Description: p.T("ogc.areas.says"), Fields: fieldsOf(c.columns())}
}

// Features implements [features.Collection].
func (c areaFeatures) Features(ctx context.Context) (list []features.Feature, err error) {
	plans, err := c.get(ctx)
	columns := c.columns()
	for _, one := range plans {
		for _, area := range one.result.Areas {
			list = append(list, features.Feature{ID: one.featureID(area.ID), Geometry: outlineOf(area), Time: one.during(), Values: valuesOf(columns, seenArea{area, one})})
		}
	}
	return list, err
}

// outlineOf is the outline of an area, or where it lies if it has none.
func outlineOf(area plan.Area) geo.Geometry {
	if len(area.Outline) == 0 {
		return geo.Point{X: area.Longitude, Y: area.Latitude}
	}
	var outline geo.MultiPolygon
	for _, polygon := range area.Outline {
		var rings geo.Polygon
		for _, ring := range polygon {
			rings = append(rings, lineThrough(ring))
		}
		outline = append(outline, rings)
	}
	return outline
}

// lineThrough is the line through positions of longitude and latitude.
func lineThrough(positions [][2]float64) geo.Line {
	line := make(geo.Line, len(positions))
	for i, at := range positions {
		line[i] = geo.Point{X: at[0], Y: at[1]}
	}
	return line
}

// networkFeatures are the pieces of the networks of plans. A sketch is an estimate,
// whatever its sources rest on.
type networkFeatures struct{ *seenPlans }

type seenPiece struct {
	plan.Piece
	of seenPlan
}

// columns are what a plan says of a piece of trench.
func (c networkFeatures) columns() []column[seenPiece] {
	p := c.page
	type s = seenPiece
	return append(planColumns(p, func(one s) seenPlan { return one.of }),
		textual(p, "grade", grades(), func(s) string { return heatmap.Estimated.String() }),
		textual(p, "street", nil, func(one s) string { return one.Street }).first(),
		yesNo(p, "connector", func(one s) bool { return one.Connector }),
		numeric(p, "dn", "mm", func(one s) *float64 { return new(float64(one.DN)) }).whole().first(),
		numeric(p, "length_m", "m", func(one s) *float64 { return &one.Metres }).first(),
		numeric(p, "power_kw", "kW", func(one s) *float64 { return &one.Power }).first(),
		numeric(p, "velocity_m_s", "m/s", func(one s) *float64 { return &one.Velocity }),
		numeric(p, "gradient_pa_m", "Pa/m", func(one s) *float64 { return &one.Gradient }),
		numeric(p, "loss_w_m", "W/m", func(one s) *float64 { return &one.Loss }))
}

// About implements [features.Collection].
func (c networkFeatures) About() features.About {
	p := c.page
	return features.About{ID: "networks", Title: p.T("ogc.networks"), Description: p.T("ogc.networks.says"), Shape: geo.KindLine, Fields: fieldsOf(c.columns())}
}

// Features implements [features.Collection].
func (c networkFeatures) Features(ctx context.Context) (list []features.Feature, err error) {
	plans, err := c.get(ctx)
	columns := c.columns()
	for _, one := range plans {
		if one.result.Network == nil {
			continue
		}
		for i, piece := range one.result.Network.Pieces {
			list = append(list, features.Feature{ID: one.featureID(strconv.Itoa(i + 1)), Geometry: lineThrough(piece.Line), Time: one.during(), Values: valuesOf(columns, seenPiece{piece, one})})
		}
	}
	return list, err
}
