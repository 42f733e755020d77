package kpi_test

import (
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// weight is a thermal import factor.
func weight(t *testing.T, value string, from, to energy.Date, year int) registry.Fact {
	t.Helper()
	f := registry.Fact{Name: kpi.ThermalFactor, From: from, To: to, Year: year}
	if err := f.Value.UnmarshalText([]byte(value)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheVolumeOfImportedColdIsNoEnergy(t *testing.T) {
	t.Parallel()
	water := func(p *registry.Point) { p.Quantity = energy.WaterVolume }
	cold := func(p *registry.Point) { p.Quantity = energy.HeatEnergy }
	p := centre().with("cold", energy.ThermalImport, 2.5, cold).with("cold-water", energy.ThermalImport, 10, water)
	if f, ok := p.figure(t, "pue"); !ok || f.Value != (32.5+2.5)/25 {
		t.Errorf("PUE with 2.5 kWh of cold in 10 m³ of water = %v, %v, want %v", f.Value, ok, (32.5+2.5)/25)
	}
}

func TestImportedColdIsWeightedByTheFactorOfItsDay(t *testing.T) {
	t.Parallel()
	none, may, year := energy.Date{}, june.AddDays(-10), energy.Date{Year: 2025, Month: 1, Day: 1}
	p := newPlant().with("it", energy.ITLoad, 25).with("cold", energy.ThermalImport, 10, func(p *registry.Point) { p.Quantity = energy.HeatEnergy })
	p.site.Facts = []registry.Fact{weight(t, "0.5", none, may, 0), weight(t, "0.4", may, june, 0), weight(t, "0.25", none, none, 2025)}
	books := kpi.NewBooks(p.site)
	for _, tt := range []struct {
		date energy.Date
		want int64
	}{
		{year, 250}, {may.AddDays(-1), 500}, {may, 400}, {june.AddDays(-1), 400}, {june, kpi.Unity},
		{year.AddDays(-1), kpi.Unity}, {year.AddDays(364), 250}, {year.AddDays(365), kpi.Unity},
	} {
		pair, ok := books.Of("pue", 1, tt.date)
		if !ok || len(pair.Numerator) != 1 || pair.Numerator[0].Factor != tt.want {
			t.Errorf("cold on %s = %+v, want weight %d", tt.date, pair.Numerator, tt.want)
		}
	}
}
