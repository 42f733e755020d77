package registry

import (
	"fmt"

	"heatledger/energy"
)

// Declaration is one value of a statutory form as the operator stated it, of a
// calendar year: to the municipality, or in a register that others publish. It
// stands beside what is metered here and never replaces it.
type Declaration struct {
	To    Recipient   `yaml:"to,required" json:"to"`
	Year  int         `yaml:"year,required" json:"year"`
	Field string      `yaml:"field,required" json:"field"` // code of the form's field: enefg-2f
	Value FactValue   `yaml:"value,required" json:"value"`
	Unit  string      `yaml:"unit" json:"unit,omitzero"`
	On    energy.Date `yaml:"on" json:"on,omitzero"` // day on which it was stated or published
	// Document is where it is written: a file, the number of a report, an address.
	Document string `yaml:"document" json:"document,omitzero"`
}

// Recipient is whom a value was stated to.
type Recipient string

// The recipients: the municipality; the federal register of data centres
// (EnEfG § 14), the platform for waste heat (§ 17) and the database of the Union
// (Delegated Regulation (EU) 2024/1364), where they were published.
const (
	ToMunicipality    Recipient = "municipality"
	ToFederalRegister Recipient = "federal_register"
	ToHeatPlatform    Recipient = "heat_platform"
	ToUnionDatabase   Recipient = "union_database"
)

// Recipients lists them.
func Recipients() []Recipient {
	return []Recipient{ToMunicipality, ToFederalRegister, ToHeatPlatform, ToUnionDatabase}
}

// ID tells a declaration from the others of its site.
func (d Declaration) ID() string {
	return fmt.Sprintf("%s/%s@%s", d.To, d.Field, yearText(d.Year))
}

// declarations checks each, and that none is given twice.
func (c *checker) declarations(s *Site, at path) {
	for i, d := range s.Declarations {
		p := at.to(i)
		known := oneOf(c, "recipient", d.To, Recipients(), p.to("to"))
		if c.given(p.to("year")) && !isYear(d.Year) {
			c.fault(p.to("year"), fmt.Sprintf("year is %d", d.Year), "a calendar year such as 2025 is expected")
		}
		if c.given(p.to("field")) && !energy.IsID(d.Field) {
			c.fault(p.to("field"), fmt.Sprintf("%q is no field of a form", d.Field), "the code of a field such as enefg-2f is expected")
		}
		if known && c.given(p.to("field")) {
			c.once("declaration of "+string(s.ID), d.ID(), p.to("field"))
		}
	}
}

// factValues checks the values of facts that have a code, and that a name which
// has none is no slip of the pen. Names that commitments ask for are free.
func (c *checker) factValues(s *Site, at path) {
	asked := map[string]bool{}
	for _, list := range [][]Commitment{s.Commitments, c.r.Commitments} {
		for _, promise := range list {
			asked[promise.Terms.DegreeDays.Fact] = true
		}
	}
	for i, f := range s.Facts {
		p := at.to(i)
		if !c.given(p.to("name")) || !c.given(p.to("value")) {
			continue
		}
		code, ok := CodeOf(f.Name)
		if ok {
			if problem, remedy := code.Fault(f.Value, f.Unit); problem != "" {
				c.fault(p.to("value"), problem, remedy)
			}
			if code.Dated && f.From == (energy.Date{}) {
				c.fault(p.to("name"), f.Name+" begins on no day", "from: the day from which it is agreed is expected")
			}
			if code.Dated && f.Document == "" {
				c.fault(p.to("name"), f.Name+" stands nowhere", "document: the contract in which it is agreed is expected")
			}
			continue
		}
		if meant := advice(f.Name, codeNames(), ""); meant != "" && !asked[f.Name] {
			c.fault(p.to("name"), fmt.Sprintf("no form asks for a fact %q", f.Name), meant)
		}
	}
	c.floors(s, at)
}

func codeNames() []string {
	var names []string
	for _, code := range FactCodes() {
		names = append(names, code.Name)
	}
	return names
}

// floors checks that no part of a floor is larger than the whole.
func (c *checker) floors(s *Site, at path) {
	for i, part := range s.Facts {
		for _, whole := range s.Facts {
			if part.Name == "floor_area_computer_rooms" && whole.Name == "floor_area_total" && daysMeet(part, whole) && part.Value.Float64() > whole.Value.Float64() {
				c.fault(at.to(i, "value"), fmt.Sprintf("computer rooms of %s m² in a data centre of %s m²", part.Value, whole.Value), "a part that is at most the whole is expected")
				break
			}
		}
	}
}
