package energy

import (
	"fmt"
	"strings"
)

// SiteID names a site: lower-case letters, digits and hyphens.
type SiteID string

// MeterID names an instrument within the municipality.
type MeterID string

// PointID names one quantity of a meter: SITE/NAME. The prefix is the owning site.
type PointID string

// Site is the site that owns the point.
func (p PointID) Site() SiteID {
	site, _, _ := strings.Cut(string(p), "/")
	return SiteID(site)
}

// Name is the part after the site, as it stands in API paths.
func (p PointID) Name() string {
	_, name, _ := strings.Cut(string(p), "/")
	return name
}

// Check errs unless p has the form SITE/NAME.
func (p PointID) Check() error {
	site, name, ok := strings.Cut(string(p), "/")
	if !ok || !IsID(site) || !IsID(name) {
		return fmt.Errorf("%q is no point: SITE/NAME of lower-case letters, digits, hyphens and underscores is expected", string(p))
	}
	return nil
}

// IsID tells whether s can name something of ours: 1 to 63 lower-case letters,
// digits, hyphens or underscores, beginning with a letter or digit.
func IsID(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[0] == '_' {
		return false
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// SiteKind is what stands there.
type SiteKind string

// The kinds of site. A network node is no data centre and has no duties as one.
const (
	DataCentre  SiteKind = "data_centre"
	ServerRoom  SiteKind = "server_room"
	NetworkNode SiteKind = "network_node"
)
