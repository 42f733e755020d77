package disclosure

import (
	_ "embed"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

//go:embed thresholds.yaml
var thresholdsText []byte

// Threshold is an amount below which nothing need be reported to the platform
// for waste heat.
type Threshold struct {
	Code      string      `yaml:"code,required" json:"code"`
	Scope     string      `yaml:"scope,required" json:"scope"` // plant, site, company
	Value     float64     `yaml:"value,required" json:"value"`
	Unit      energy.Unit `yaml:"unit,required" json:"unit"`
	Source    string      `yaml:"source,required" json:"source"`
	State     energy.Date `yaml:"state,required" json:"state"`
	Confirmed bool        `yaml:"confirmed" json:"confirmed"` // in a primary text
}

// Thresholds are those of the platform for waste heat.
func Thresholds() ([]Threshold, error) {
	var file struct {
		Thresholds []Threshold `yaml:"thresholds,required"`
	}
	if _, faults := strictyaml.Decode("thresholds.yaml", thresholdsText, &file); len(faults) > 0 {
		return nil, fmt.Errorf("read the thresholds of the platform: %w", faults)
	}
	return file.Thresholds, nil
}

// under puts a threshold beside a value in its unit: the field says "below" or
// "not_below", and is missing where the value is.
func (b *builder) under(t Threshold, value float64, ok bool, from *Field) *Field {
	f := b.field(t.Code, "§ 17 (4)")
	f.Unconfirmed = !t.Confirmed
	f.Notes = []string{fmt.Sprintf("threshold=%g %s, %s, %s", t.Value, t.Unit, t.Source, t.State)}
	if from != nil {
		f.Sources, f.Missing, f.EnergyCoverage, f.IntervalCoverage = from.Sources, from.Missing, from.EnergyCoverage, from.IntervalCoverage
	}
	if !ok {
		return f
	}
	f.Value, f.Basis = Text("not_below"), Calculated
	if from != nil && from.Basis != "" {
		f.Basis = from.Basis
	}
	if value < t.Value {
		f.Value = Text("below")
	}
	return f
}
