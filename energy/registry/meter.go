package registry

import "heatledger/energy"

// Meter is an instrument, real or (where its points are formulas) virtual.
type Meter struct {
	ID           energy.MeterID `yaml:"id,required" json:"id"`
	Manufacturer string         `yaml:"manufacturer" json:"manufacturer,omitzero"`
	Model        string         `yaml:"model" json:"model,omitzero"`
	Serial       string         `yaml:"serial" json:"serial,omitzero"` // of the instrument that hangs there now
	Accuracy     Accuracy       `yaml:"accuracy" json:"accuracy,omitzero"`
	Transformers Transformers   `yaml:"transformers" json:"transformers,omitzero"`
	Verification Verification   `yaml:"verification" json:"verification,omitzero"`
	Points       []Point        `yaml:"points" json:"points,omitempty"`
}

// Accuracy is what the instrument is good for: a class, or a percentage of the
// value. A heat meter's class 1, 2 or 3 (EN 1434-1) also needs its nominal flow
// and its least temperature difference.
type Accuracy struct {
	Class         string `yaml:"class" json:"class,omitzero"` // "0.5", "0.2S", "B", "2"
	Percent       Number `yaml:"percent" json:"percent,omitzero"`
	QP            Number `yaml:"qp" json:"qp,omitzero"`                           // nominal flow, m³/h
	DeltaThetaMin Number `yaml:"delta_theta_min" json:"delta_theta_min,omitzero"` // K
}

// Transformers are the instrument transformers before a meter: their ratios
// (800 for 4000/5 A) and their class.
type Transformers struct {
	CT    Number `yaml:"ct" json:"ct,omitzero"`
	VT    Number `yaml:"vt" json:"vt,omitzero"`
	Class string `yaml:"class" json:"class,omitzero"`
}

// Verification says who vouches for the instrument, and until when. Values
// after Until are flagged.
type Verification struct {
	Regime Regime      `yaml:"regime" json:"regime,omitzero"`
	Until  energy.Date `yaml:"until" json:"until,omitzero"`
}

// Regime is the kind of a verification.
type Regime string

// The regimes: conformity under the Measuring Instruments Directive 2014/32/EU,
// a calibration, or neither.
const (
	MID         Regime = "mid"
	Calibration Regime = "calibration"
	Unverified  Regime = "none"
)

// Point is one quantity of a meter.
type Point struct {
	ID       energy.PointID    `yaml:"id,required" json:"id"`
	Quantity energy.Quantity   `yaml:"quantity,required" json:"quantity"`
	Role     energy.Role       `yaml:"role" json:"role,omitzero"`
	Series   energy.SeriesKind `yaml:"series" json:"series"` // default: that of the quantity
	Use      energy.Use        `yaml:"use" json:"use"`       // default primary
	// Category says where the IT load is measured: 1 UPS output, 2 PDU output,
	// 3 IT input (EN 50600-4-2). 0 for every other role.
	Category int `yaml:"category" json:"category,omitzero"`
	// Customer is whose energy the point measures, or the share of it that is his
	// (EnEfG § 15): a name of the registry's own, "" for nobody's alone.
	Customer string `yaml:"customer" json:"customer,omitzero"`
	// Parent is the point that measures this one's energy too.
	Parent energy.PointID `yaml:"parent" json:"parent,omitzero"`
	// DeductFrom is the it_load point whose meter also carries this load, which
	// is none of IT: it is taken off there.
	DeductFrom energy.PointID `yaml:"deduct_from" json:"deduct_from,omitzero"`
	// Resolution is the step of the register: where it exceeds 5 % of a
	// quarter-hour's energy, the shape comes from the power series of the same
	// meter and role. Modulus is the amount at which a counter wraps to zero. Both
	// are in a unit of the quantity.
	Resolution Measure `yaml:"resolution" json:"resolution,omitzero"`
	Modulus    Measure `yaml:"modulus" json:"modulus,omitzero"`
	// Formula or Share make the point a virtual one: it is calculated.
	Formula Formula `yaml:"formula" json:"formula,omitzero"`
	Share   *Share  `yaml:"share" json:"share,omitzero"`
	// Substitute orders substitute values for the gaps between values.
	Substitute Substitute `yaml:"substitute" json:"substitute,omitzero"`
	// Limits are limits of the validation of this point; they beat the site's.
	Limits Limits `yaml:"limits" json:"limits,omitzero"`
	// From and To bound the days [From, To) on which the point counts.
	From energy.Date `yaml:"from" json:"from,omitzero"`
	To   energy.Date `yaml:"to" json:"to,omitzero"`
}

// Virtual tells whether the point is calculated from others.
func (p Point) Virtual() bool { return len(p.Formula.Terms) > 0 || p.Share != nil }

// Share makes a point the part of another one: a shared chiller, a mixed
// building, a tenant.
type Share struct {
	Of energy.PointID `yaml:"of,required" json:"of"` // what is shared
	By energy.PointID `yaml:"by" json:"by,omitzero"` // the point whose amount, over that of its parent, is the share
	// Fallback is the share, 0…1, used without By or where By has no values.
	Fallback Number      `yaml:"fallback" json:"fallback,omitzero"`
	Basis    string      `yaml:"basis" json:"basis,omitzero"` // why this share: "floor area", "contract, annex 2"
	From     energy.Date `yaml:"from" json:"from,omitzero"`
}
