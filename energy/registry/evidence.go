package registry

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"heatledger/energy"
)

// Evidence is a document that proves something: of a guarantee of origin every
// field the rules ask for, of the others their dates and facts.
type Evidence struct {
	ID       string       `yaml:"id,required" json:"id"`
	Kind     EvidenceKind `yaml:"kind,required" json:"kind"`
	Title    string       `yaml:"title" json:"title,omitzero"`
	Document string       `yaml:"document" json:"document,omitzero"` // where the paper is
	Digest   string       `yaml:"digest" json:"digest,omitzero"`     // sha256:… of the document

	// Of a guarantee of origin. Each of its MWh is used once, across all sites
	// and years: allocations share out the volume, ids show double use.
	IDs          IDRange      `yaml:"ids" json:"ids,omitzero"`
	Plant        string       `yaml:"plant" json:"plant,omitzero"`
	Technology   string       `yaml:"technology" json:"technology,omitzero"`
	Country      string       `yaml:"country" json:"country,omitzero"` // ISO 3166-1, two letters
	Produced     Month        `yaml:"produced" json:"produced,omitzero"`
	Supplier     string       `yaml:"supplier" json:"supplier,omitzero"`
	Cancellation Cancellation `yaml:"cancellation" json:"cancellation,omitzero"`
	SupplyYear   int          `yaml:"supply_year" json:"supply_year,omitzero"`
	Beneficiary  string       `yaml:"beneficiary" json:"beneficiary,omitzero"` // id of an [Operator]
	VolumeMWh    int64        `yaml:"volume_mwh" json:"volume_mwh,omitzero"`
	Allocations  []Allocation `yaml:"allocations" json:"allocations,omitempty"`

	// Guarantees are the ids of the guarantees of origin that came with the
	// electricity of a purchase agreement.
	Guarantees []string `yaml:"guarantees" json:"guarantees,omitempty"`
	// Profile is the energy of a granular certificate, or of a purchase agreement
	// by profile, for the one site that Sites names.
	Profile *Profile `yaml:"profile" json:"profile,omitempty"`
	// Issuer and Device are those of a granular certificate (EnergyTag).
	Issuer string  `yaml:"issuer" json:"issuer,omitzero"`
	Device *Device `yaml:"device" json:"device,omitempty"`
	// CarbonGPerKWh is the intensity of a mix in g CO2eq/kWh, of the supply year.
	CarbonGPerKWh Number `yaml:"carbon_g_per_kwh" json:"carbon_g_per_kwh,omitzero"`

	// Of the other kinds: whom they concern, when they hold, and what the rule
	// that asks for them wants to know.
	Sites []energy.SiteID   `yaml:"sites" json:"sites,omitempty"`
	From  energy.Date       `yaml:"from" json:"from,omitzero"` // valid on the days [From, To)
	To    energy.Date       `yaml:"to" json:"to,omitzero"`
	Facts map[string]Scalar `yaml:"facts" json:"facts,omitempty"`
}

// EvidenceKind is what a piece of evidence is.
type EvidenceKind string

// The kinds the rules ask for.
const (
	// GuaranteeOfOrigin: one MWh each, cancelled by the supplier (HkRNDV).
	GuaranteeOfOrigin EvidenceKind = "guarantee_of_origin"
	// GranularCertificate: of an interval of an hour or less (EnergyTag).
	GranularCertificate EvidenceKind = "granular_certificate"
	// SoldGuarantee: of own generation, sold to others: the energy is no longer
	// green for the sites it names (Delegated Regulation (EU) 2024/1364, Annex II,
	// E_RES-OS).
	SoldGuarantee EvidenceKind = "sold_guarantee"
	// HeatGuarantee: of a MWh of heat, waste heat included (HkNRG § 4, GWKHV).
	HeatGuarantee EvidenceKind = "heat_guarantee"
	// SupplierMix: the intensity of what a supplier sold to the sites it names
	// (EnWG § 42); ResidualMix: that of what nobody has a claim to, for all sites.
	SupplierMix EvidenceKind = "supplier_mix"
	ResidualMix EvidenceKind = "residual_mix"
	// PowerPurchase: a contract with a plant, by volume or profile.
	PowerPurchase EvidenceKind = "power_purchase_agreement"
	// Offer: of waste heat to a network operator (EnEfG § 11 Abs. 3 Nr. 3).
	Offer EvidenceKind = "offer"
	// Agreement: with a municipality or network operator (EnEfG § 11 Abs. 3 Nr. 2).
	Agreement EvidenceKind = "agreement"
	// Certificate: of a management system, ISO 50001 or EMAS (EnEfG § 12).
	Certificate EvidenceKind = "certificate"
	// CalibrationReport: that a meter shows what it should.
	CalibrationReport EvidenceKind = "calibration"
	// Report: what was sent to an authority or published, of a year (EnEfG § 13).
	Report EvidenceKind = "report"
	// Contract: any other contract with the municipality.
	Contract EvidenceKind = "contract"
	// OtherEvidence: whatever else was handed in.
	OtherEvidence EvidenceKind = "other"
)

// Profile are Wh of intervals of equal length, one after the other.
type Profile struct {
	From    time.Time `yaml:"from,required" json:"from"`
	Minutes int       `yaml:"minutes,required" json:"minutes"` // 15, 30 or 60
	Wh      []int64   `yaml:"wh,required" json:"wh"`
}

// To is the end of the last interval.
func (p Profile) To() time.Time {
	return p.From.Add(time.Duration(len(p.Wh)*p.Minutes) * time.Minute)
}

// Within is the energy in Wh of the intervals that lie in [from, to) as a whole.
func (p Profile) Within(from, to time.Time) (wh int64) {
	step := time.Duration(p.Minutes) * time.Minute
	if step <= 0 || !from.Before(to) {
		return 0
	}
	first := max(0, int((from.Sub(p.From)+step-1)/step))
	for i := first; i < len(p.Wh); i++ {
		if p.From.Add(time.Duration(i+1) * step).After(to) {
			break
		}
		wh += p.Wh[i]
	}
	return wh
}

// Device is what a granular certificate says of the plant that produced, or of
// the store that gave back.
type Device struct {
	ID           string      `yaml:"id" json:"id,omitzero"`
	CapacityKW   Number      `yaml:"capacity_kw" json:"capacity_kw,omitzero"`
	Commissioned energy.Date `yaml:"commissioned" json:"commissioned,omitzero"`
	Source       string      `yaml:"source" json:"source,omitzero"` // "solar", "wind onshore"
	Storage      bool        `yaml:"storage" json:"storage,omitzero"`
}

// Cancellation is the registry's record that a guarantee was used up.
type Cancellation struct {
	Reference string      `yaml:"reference" json:"reference,omitzero"`
	On        energy.Date `yaml:"on" json:"on,omitzero"`
}

// Allocation gives whole MWh of a guarantee to a site.
type Allocation struct {
	Site energy.SiteID `yaml:"site,required" json:"site"`
	MWh  int64         `yaml:"mwh,required" json:"mwh"`
}

// Scalar is a fact of evidence as it was written: number, date, text.
type Scalar string

// UnmarshalText takes any scalar.
func (s *Scalar) UnmarshalText(text []byte) error { *s = Scalar(text); return nil }

// IDRange are the guarantees of origin from First to Last, both included. The
// zero IDRange is none.
type IDRange struct{ First, Last string }

// UnmarshalText reads "DE-1..DE-9" or a single id.
func (r *IDRange) UnmarshalText(text []byte) error {
	first, last, isRange := strings.Cut(string(text), "..")
	if !isRange {
		last = first
	}
	parsed := IDRange{First: strings.TrimSpace(first), Last: strings.TrimSpace(last)}
	if parsed.First == "" || isRange && parsed.Count() == 0 {
		return fmt.Errorf("%q is no range of guarantees: FIRST..LAST is expected, with equal beginnings and as many digits at the end", text)
	}
	*r = parsed
	return nil
}

// MarshalText writes "FIRST..LAST".
func (r IDRange) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String is the range as files write it.
func (r IDRange) String() string {
	if r.First == r.Last {
		return r.First
	}
	return r.First + ".." + r.Last
}

// Count is the number of guarantees, one MWh each; 0 for none.
func (r IDRange) Count() int64 {
	if r.First == r.Last {
		return min(int64(len(r.First)), 1)
	}
	prefix, first := splitID(r.First)
	otherPrefix, last := splitID(r.Last)
	if prefix != otherPrefix || len(first) != len(last) || first > last {
		return 0
	}
	from, _ := new(big.Int).SetString(first, 10)
	to, _ := new(big.Int).SetString(last, 10)
	n := to.Sub(to, from)
	if !n.IsInt64() || n.Int64() > maxMWh {
		return 0
	}
	return n.Int64() + 1
}

// maxMWh bounds volumes to what no country produces, so that sums cannot overflow.
const maxMWh = 1_000_000_000_000

// Overlaps tells whether a guarantee is in both ranges.
func (r IDRange) Overlaps(o IDRange) bool {
	prefix, _ := splitID(r.First)
	other, _ := splitID(o.First)
	return r.First != "" && prefix == other && len(r.First) == len(o.First) && r.First <= o.Last && o.First <= r.Last
}

// splitID parts an id from the digits it ends with.
func splitID(id string) (prefix, number string) {
	prefix = strings.TrimRight(id, "0123456789")
	return prefix, id[len(prefix):]
}
