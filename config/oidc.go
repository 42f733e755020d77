package config

import (
	"fmt"
	"net/url"
)

// OIDC is an outside provider by which people may sign in too (OpenID Connect).
// Without an issuer there is none.
type OIDC struct {
	Issuer           string `yaml:"issuer"` // https://…, as its tokens name it
	ClientID         string `yaml:"client_id"`
	ClientSecretFile string `yaml:"client_secret_file"`
	Name             string `yaml:"name"` // as the sign-in page calls it
}

// On tells whether there is a provider.
func (o OIDC) On() bool { return o.Issuer != "" }

// oidc checks that a provider is whole, and asked over TLS except within this host.
func (c *checker) oidc(at path) {
	o := c.config.OIDC
	if !c.given(at.to("issuer")) || o.Issuer == "" {
		return
	}
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		c.fault(at.to("issuer"), fmt.Sprintf("%q is no issuer", o.Issuer), "https://HOST/…, as the provider names itself, is expected")
	}
	if o.ClientID == "" || o.ClientSecretFile == "" {
		c.fault(at.to("issuer"), "an issuer without client_id and client_secret_file", "what the provider gave for this server is expected as client_id, and a file that holds the secret as client_secret_file")
	}
	if !c.config.present("public_url") {
		c.fault(at.to("issuer"), "an issuer without public_url", "the address where people find this server is expected as public_url: the provider sends them back there")
	}
}
