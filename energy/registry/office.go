package registry

import (
	"fmt"
	"net/mail"
	"strings"
)

// Office is the part of a municipality that looks after data centres, as it signs
// its letters.
type Office struct {
	Name    string  `yaml:"name" json:"name,omitzero"` // "Amt für Umwelt und Klima"
	Address Address `yaml:"address" json:"address,omitzero"`
	Phone   string  `yaml:"phone" json:"phone,omitzero"`
	Mail    string  `yaml:"mail" json:"mail,omitzero"`
	Signs   string  `yaml:"signs" json:"signs,omitzero"` // who signs, "Erika Muster, Amtsleitung"
}

// Lines are street and town as they stand in an address field, without what is
// not known.
func (a Address) Lines() []string {
	var lines []string
	for _, line := range []string{a.Street, strings.TrimSpace(a.Postcode + " " + a.Town)} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// office checks how letters are signed.
func (c *checker) office(at path) {
	if m := c.r.Municipality.Office.Mail; c.given(at.to("mail")) {
		if a, err := mail.ParseAddress(m); err != nil || a.Address != m {
			c.fault(at.to("mail"), fmt.Sprintf("%q is no mail address", m), "name@host is expected")
		}
	}
	c.postcode(at.to("address", "postcode"), c.r.Municipality.Office.Address)
}

func (c *checker) postcode(at path, a Address) {
	if c.given(at) && (len(a.Postcode) != 5 || strings.Trim(a.Postcode, "0123456789") != "") {
		c.fault(at, fmt.Sprintf("%q is no postcode", a.Postcode), "5 digits in quotes are expected")
	}
}
