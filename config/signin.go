package config

import (
	"fmt"
	"strings"

	"heatledger/energy/access"
)

// SignIn is what is asked of people beside their password.
type SignIn struct {
	// SecondFactor are the roles whose people prove a second factor, an app's code or
	// a passkey, before they change anything; until then they read. Default: admin
	// (ASVS 4.3.1). An empty list asks it of nobody.
	SecondFactor []access.Role `yaml:"second_factor"`
}

// signIn checks that roles are those of people.
func (c *checker) signIn(at path) {
	for i, role := range c.config.SignIn.SecondFactor {
		at := at.to("second_factor", i)
		if c.given(at) && (!role.Known() || role == access.Collector || role == access.Public) {
			c.fault(at, fmt.Sprintf("%q is no role that people have", string(role)), "one of "+strings.Join(rolesOfPeople(), ", ")+" is expected")
		}
	}
}

func rolesOfPeople() (names []string) {
	for _, role := range access.Roles() {
		if role != access.Collector && role != access.Public {
			names = append(names, string(role))
		}
	}
	return names
}
