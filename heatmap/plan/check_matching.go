package plan

import (
	"fmt"
	"strings"

	"heatledger/heatmap"
	"heatledger/heatmap/demand"
	"heatledger/heatmap/match"
)

func (c *checker) demand(at path, d Demand) {
	c.one(at.to("heat_unit"), d.Heat, "kWh", "MWh", "GWh", "kWh/m", "MWh/m")
	c.one(at.to("peak_unit"), d.Peak, "kW", "MW")
	c.one(at.to("grade"), d.Grade, heatmap.Measured.String(), heatmap.Estimated.String(), heatmap.Declared.String())
	profiles := demand.DefaultProfiles()
	if at := at.to("profile"); c.given(at) && !profiles.Known(d.Profile) {
		c.one(at, string(d.Profile), texts(profiles.Codes())...)
	}
	if name := strings.ToLower(d.File); c.given(at.to("file")) && !strings.HasSuffix(name, ".geojson") && !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".gpkg") && !strings.HasSuffix(name, ".csv") && !strings.HasSuffix(name, ".xlsx") {
		c.fault(at.to("file"), fmt.Sprintf("%q is of no known form", d.File), "a file that ends with .geojson, .json, .gpkg, .csv or .xlsx is expected")
	}
}

// texts are codes as texts.
func texts[T ~string](codes []T) []string {
	list := make([]string, len(codes))
	for i, code := range codes {
		list[i] = string(code)
	}
	return list
}

// mostSizes is how many sizes of a storage are tried.
const mostSizes = 20

func (c *checker) matching() {
	m, at := c.scenario.Matching, path{"matching"}
	c.within(at.to("distance_m"), m.Distance, 0, 100000, false, " m")
	if m.Best < 0 {
		c.fault(at.to("best"), fmt.Sprintf("best is %d", m.Best), "the number of areas, or 0 for all, is expected")
	}
	c.one(at.to("by"), m.By, string(match.ByCost), string(match.ByDensity), string(match.ByCovered), string(match.ByDistance), string(match.ByHeat))
	if m.Best > 0 && len(m.Areas) > 0 {
		c.fault(at.to("areas"), "areas are named, and the best are asked for", "keep one of best and areas")
	}
	seen := map[string]bool{}
	for i, s := range m.Storages {
		at := at.to("storages", i)
		c.unique(at.to("id"), "storage", s.ID, seen)
		c.within(at.to("capacity_kwh"), s.Capacity, 0, 1e9, false, " kWh")
		c.within(at.to("charge_kw"), s.Charge, 0, 1e6, true, " kW")
		c.within(at.to("discharge_kw"), s.Discharge, 0, 1e6, true, " kW")
		c.within(at.to("loss_per_day"), s.Loss, 0, 0.99, true, "")
		if s.Temperature != nil {
			c.within(at.to("temperature_c"), *s.Temperature, 10, 160, true, " °C")
		}
		if len(s.Sizes) > mostSizes {
			c.fault(at.to("sizes_kwh"), fmt.Sprintf("%d sizes are to be tried", len(s.Sizes)), fmt.Sprintf("%d at most are expected: each is a match of the year", mostSizes))
		}
		for j, size := range s.Sizes {
			c.within(at.to("sizes_kwh", j), size, 0, 1e9, true, " kWh")
		}
		c.cost(at, s.Investment, s.Life, s.Upkeep, s.CostSource)
	}
	if b := m.Boiler; b != nil {
		at := at.to("boiler")
		c.within(at.to("power_kw"), b.Power, 0, 1e6, true, " kW")
		c.within(at.to("efficiency"), b.Efficiency, 0, 1.2, false, " (of the lower heating value)")
		c.within(at.to("fuel_eur_per_mwh"), b.Fuel, 0, 2000, true, " euros")
		c.within(at.to("emissions_g_per_kwh"), b.Emissions, 0, 2000, true, " g/kWh")
		c.cost(at, b.Investment, b.Life, b.Upkeep, b.CostSource)
	}
	if m.ReturnLimit != nil {
		c.within(at.to("return_limit_c"), *m.ReturnLimit, 0, 120, false, " °C")
	}
}
