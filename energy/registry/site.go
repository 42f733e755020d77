package registry

import "heatledger/energy"

// Site is a data centre, server room or network node with everything that
// belongs to it.
type Site struct {
	ID         energy.SiteID   `yaml:"id,required" json:"id"`
	Name       string          `yaml:"name,required" json:"name"`
	Kind       energy.SiteKind `yaml:"kind" json:"kind"` // default data_centre
	Type       SiteType        `yaml:"type" json:"type,omitzero"`
	Operator   string          `yaml:"operator" json:"operator,omitzero"` // id of an [Operator]
	PublicBody bool            `yaml:"public_body" json:"public_body,omitzero"`
	Address    Address         `yaml:"address" json:"address,omitzero"`
	Location   *Location       `yaml:"location" json:"location,omitzero"`
	Timezone   string          `yaml:"timezone" json:"timezone,omitzero"` // IANA name; beats the municipality's
	// Timezones are the zones the site changed to, by time. Before the first holds
	// Timezone, or the municipality's.
	Timezones []Timezone `yaml:"timezones" json:"timezones,omitempty"`

	// InOperationSince is the first day of operation, by which the law tells
	// old sites from new (EnEfG § 11).
	InOperationSince energy.Date `yaml:"in_operation_since" json:"in_operation_since,omitzero"`
	// ConnectedLoadKW is the non-redundant nominal connected load in kW (EnEfG
	// § 3 Nr. 24), ITLoadKW the rated IT load in kW.
	ConnectedLoadKW Number `yaml:"connected_load_kw" json:"connected_load_kw,omitzero"`
	ITLoadKW        Number `yaml:"it_load_kw" json:"it_load_kw,omitzero"`
	// From and To bound the days [From, To) for which the site is kept here.
	From energy.Date `yaml:"from" json:"from,omitzero"`
	To   energy.Date `yaml:"to" json:"to,omitzero"`

	// Limits are limits of the validation of this site.
	Limits Limits `yaml:"limits" json:"limits,omitzero"`

	Meters    []Meter    `yaml:"meters" json:"meters,omitempty"`
	HeatPumps []HeatPump `yaml:"heat_pumps" json:"heat_pumps,omitempty"`
	Facts     []Fact     `yaml:"facts" json:"facts,omitempty"`
	// Declarations are values of statutory forms as the operator stated them.
	Declarations []Declaration `yaml:"declarations" json:"declarations,omitempty"`
	Events       []Event       `yaml:"events" json:"events,omitempty"`
	Commitments  []Commitment  `yaml:"commitments" json:"commitments,omitempty"`
}

// Timezone is a zone that holds from the beginning of the local day From on, by
// the zone before, until the next one.
type Timezone struct {
	Zone string      `yaml:"zone,required" json:"zone"` // IANA name
	From energy.Date `yaml:"from,required" json:"from"`
}

// SiteType is the business of a data centre (Delegated Regulation (EU)
// 2024/1364, Annex I 1 d).
type SiteType string

// The types of data centre.
const (
	Enterprise SiteType = "enterprise"
	Colocation SiteType = "colocation"
	CoHosting  SiteType = "co-hosting"
)

// Address is where a site stands.
type Address struct {
	Street   string `yaml:"street" json:"street,omitzero"`
	Postcode string `yaml:"postcode" json:"postcode,omitzero"` // 5 digits
	Town     string `yaml:"town" json:"town,omitzero"`
	LAU      string `yaml:"lau" json:"lau,omitzero"` // code of the local administrative unit; in Germany the AGS
}

// Location is a place in WGS 84, in degrees.
type Location struct {
	Lat float64 `yaml:"lat,required" json:"lat"`
	Lon float64 `yaml:"lon,required" json:"lon"`
}

// HeatPump is a plant that upgrades the heat of a site. Its boundary decides
// which side counts as reused heat and whether its electricity is the site's.
type HeatPump struct {
	ID       string   `yaml:"id,required" json:"id"`
	Boundary Boundary `yaml:"boundary,required" json:"boundary"`
	// ExclusiveUpgrade: it serves nothing but the upgrade of waste heat, so that
	// § 11 Abs. 2 S. 3 EnEfG leaves its electricity out. The duty chiller does not.
	ExclusiveUpgrade bool           `yaml:"exclusive_upgrade" json:"exclusive_upgrade,omitzero"`
	Electricity      energy.PointID `yaml:"electricity" json:"electricity,omitzero"` // what it consumes
	Source           energy.PointID `yaml:"source" json:"source,omitzero"`           // heat it takes
	Sink             energy.PointID `yaml:"sink" json:"sink,omitzero"`               // heat it gives
}

// Boundary tells on which side of the site's boundary a plant stands.
type Boundary string

// The sides.
const (
	Inside  Boundary = "inside"
	Outside Boundary = "outside"
)

// Fact is something true of a site that no meter gives, as the operator declares
// it: floor areas, storage, refrigerants. It holds for the days [From, To), or
// for the calendar year Year.
type Fact struct {
	Name     string      `yaml:"name,required" json:"name"`
	Value    FactValue   `yaml:"value,required" json:"value"`
	Unit     string      `yaml:"unit" json:"unit,omitzero"`
	From     energy.Date `yaml:"from" json:"from,omitzero"`
	To       energy.Date `yaml:"to" json:"to,omitzero"`
	Year     int         `yaml:"year" json:"year,omitzero"`
	Document string      `yaml:"document" json:"document,omitzero"` // where it is written
}

// ID tells a fact from the others of its site: its name and when it begins.
func (f Fact) ID() string {
	switch {
	case f.Year != 0:
		return f.Name + "@" + yearText(f.Year)
	case f.From != energy.Date{}:
		return f.Name + "@" + f.From.String()
	}
	return f.Name
}

// days are the days [from, to) for which the fact holds; the zero Date is open.
func (f Fact) days() (from, to energy.Date) {
	if f.Year != 0 {
		return energy.Date{Year: f.Year, Month: 1, Day: 1}, energy.Date{Year: f.Year + 1, Month: 1, Day: 1}
	}
	return f.From, f.To
}
