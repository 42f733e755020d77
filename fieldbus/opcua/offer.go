package opcua

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/ua"
)

// Offer is what a server says of itself to anybody, without any proof.
type Offer struct {
	ApplicationURI  string            `json:"application_uri"`
	ApplicationName string            `json:"application_name,omitempty"`
	ProductURI      string            `json:"product_uri,omitempty"`
	Certificates    []Certificate     `json:"certificates"` // each once, in the order of the endpoints
	Endpoints       []OfferedEndpoint `json:"endpoints"`
}

// Certificate is a server's certificate in the words of the person who is to
// trust it.
type Certificate struct {
	DER            []byte    `json:"der"`         // without the chain behind it
	Fingerprint    string    `json:"fingerprint"` // as server_certificate takes it
	Subject        string    `json:"subject"`
	Issuer         string    `json:"issuer"`
	NotBefore      time.Time `json:"not_before"`
	NotAfter       time.Time `json:"not_after"`
	Hosts          []string  `json:"hosts"` // names and addresses it was made for
	ApplicationURI string    `json:"application_uri"`
	Oddities       []string  `json:"oddities,omitempty"` // what does not fit: expired, another host or application
	Trusted        bool      `json:"trusted"`            // by the configuration as it is, all oddities considered
	Refusal        string    `json:"refusal,omitempty"`  // why it is not
}

// OfferedEndpoint is one way to connect.
type OfferedEndpoint struct {
	URL         string   `json:"url"`
	Security    string   `json:"security"`              // as Config.Security takes it, if it can
	Users       []string `json:"users"`                 // "anonymous", "user name", "certificate", "issued token"
	Fingerprint string   `json:"fingerprint,omitempty"` // of the certificate it shows
}

// Offered asks the server of c for its endpoints and the certificates they show.
// No session is opened and nobody is trusted by it; nothing is sent that is
// not public.
func Offered(ctx context.Context, c Config, o Options) (Offer, error) {
	c.Meters = nil
	d, err := New(c, o)
	if err != nil {
		return Offer{}, err
	}
	endpoints, err := d.endpoints(ctx)
	if err != nil {
		return Offer{}, err
	}
	return d.offer(endpoints, time.Now()), nil
}

// endpoints asks the server what it offers. A panic of the library is an error.
func (d *Driver) endpoints(ctx context.Context) (offered []*ua.EndpointDescription, err error) {
	err = d.guard(func() (err error) {
		ctx, cancel := context.WithTimeout(ctx, d.options.Timeout)
		defer cancel()
		offered, err = opcua.GetEndpoints(ctx, d.config.Endpoint, d.patience()...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ask %s for its endpoints: %w", d.config.Endpoint, err)
	}
	return slices.DeleteFunc(offered, func(e *ua.EndpointDescription) bool { return e == nil }), nil
}

// patience is what every client of the library is told: never to connect again
// of its own, and how long to wait.
func (d *Driver) patience() []opcua.Option {
	return []opcua.Option{
		opcua.AutoReconnect(false),
		opcua.DialTimeout(d.options.Timeout),
		opcua.RequestTimeout(d.options.Timeout),
	}
}

// offer puts endpoints into words.
func (d *Driver) offer(endpoints []*ua.EndpointDescription, now time.Time) Offer {
	var o Offer
	for _, e := range endpoints {
		if e.Server != nil && o.ApplicationURI == "" {
			o.ApplicationURI, o.ProductURI = e.Server.ApplicationURI, e.Server.ProductURI
			if e.Server.ApplicationName != nil {
				o.ApplicationName = e.Server.ApplicationName.Text
			}
		}
		way := OfferedEndpoint{URL: e.EndpointURL, Security: security{e.SecurityPolicyURI, e.SecurityMode}.String()}
		for _, t := range e.UserIdentityTokens {
			if t != nil && !slices.Contains(way.Users, userKind(t.TokenType)) {
				way.Users = append(way.Users, userKind(t.TokenType))
			}
		}
		if chain, err := x509.ParseCertificates(e.ServerCertificate); err == nil && len(chain) > 0 {
			way.Fingerprint = Fingerprint(chain[0].Raw)
			if !slices.ContainsFunc(o.Certificates, func(c Certificate) bool { return c.Fingerprint == way.Fingerprint }) {
				o.Certificates = append(o.Certificates, d.certificate(chain[0], e, now))
			}
		}
		o.Endpoints = append(o.Endpoints, way)
	}
	return o
}

func (d *Driver) certificate(c *x509.Certificate, e *ua.EndpointDescription, now time.Time) Certificate {
	made := Certificate{
		DER: c.Raw, Fingerprint: Fingerprint(c.Raw), Subject: c.Subject.String(), Issuer: c.Issuer.String(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), Hosts: slices.Clone(c.DNSNames),
	}
	for _, ip := range c.IPAddresses {
		made.Hosts = append(made.Hosts, ip.String())
	}
	if len(c.URIs) > 0 {
		made.ApplicationURI = c.URIs[0].String()
	}
	for _, odd := range []string{oddity(c, e, now), strangeHost(c, d.host())} {
		if odd != "" {
			made.Oddities = append(made.Oddities, odd)
		}
	}
	if _, _, err := d.trust.verify(e, d.host(), now); err != nil {
		made.Refusal = err.Error()
	}
	made.Trusted = made.Refusal == ""
	return made
}

// host is the name or address in the endpoint's address.
func (d *Driver) host() string {
	u, err := url.Parse(d.config.Endpoint)
	if err != nil {
		return "" // not after check
	}
	return u.Hostname()
}

func userKind(t ua.UserTokenType) string {
	switch t {
	case ua.UserTokenTypeAnonymous:
		return "anonymous"
	case ua.UserTokenTypeUserName:
		return "user name"
	case ua.UserTokenTypeCertificate:
		return "certificate"
	}
	return "issued token"
}
