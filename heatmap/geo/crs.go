package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// CRS is a coordinate reference system by its number in the EPSG data set.
type CRS int

// The systems that are read and written.
const (
	WGS84 CRS = 4326  // longitude and latitude in degrees
	UTM32 CRS = 25832 // ETRS89 / UTM zone 32N, metres: 6° to 12° E
	UTM33 CRS = 25833 // ETRS89 / UTM zone 33N, metres: 12° to 18° E
)

// Known tells whether positions can be converted from and to the system.
func (c CRS) Known() bool { return c == WGS84 || c == UTM32 || c == UTM33 }

// Projected tells whether coordinates are metres.
func (c CRS) Projected() bool { return c == UTM32 || c == UTM33 }

// LatitudeFirst tells whether the authority writes the latitude before the
// longitude: EPSG does for 4326, and OGC API – Features, Part 2 with it. GeoJSON
// and this package never do.
func (c CRS) LatitudeFirst() bool { return c == WGS84 }

// URI is the name of the system in OGC API – Features, Part 2.
func (c CRS) URI() string { return "http://www.opengis.net/def/crs/EPSG/0/" + strconv.Itoa(int(c)) }

// String is "EPSG:25832".
func (c CRS) String() string { return "EPSG:" + strconv.Itoa(int(c)) }

// CRS84 is the URI of WGS 84 with the longitude first.
const CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// Reference is a system together with the order its coordinates are written in.
type Reference struct {
	CRS           CRS
	LatitudeFirst bool // the name given says so: exchange X and Y
}

// ParseReference reads the names a system goes by: "EPSG:25832", the URN
// "urn:ogc:def:crs:EPSG::25832", the URI of OGC and CRS84. Of "EPSG:4326" the
// latitude comes first; who reads GeoJSON pays no heed to that.
func ParseReference(name string) (Reference, error) {
	code := ""
	switch upper := strings.ToUpper(strings.TrimSpace(name)); {
	case strings.HasSuffix(upper, "CRS84") && (strings.HasPrefix(upper, "HTTP") || strings.HasPrefix(upper, "URN:OGC:DEF:CRS:OGC:")) || upper == "OGC:CRS84" || upper == "CRS84":
		return Reference{CRS: WGS84}, nil
	case strings.HasPrefix(upper, "URN:OGC:DEF:CRS:EPSG:"):
		code = upper[strings.LastIndexByte(upper, ':')+1:]
	case strings.HasPrefix(upper, "HTTP://WWW.OPENGIS.NET/DEF/CRS/EPSG/"), strings.HasPrefix(upper, "HTTPS://WWW.OPENGIS.NET/DEF/CRS/EPSG/"):
		code = upper[strings.LastIndexByte(upper, '/')+1:]
	case strings.HasPrefix(upper, "EPSG:"):
		code = upper[len("EPSG:"):]
	}
	if number, err := strconv.Atoi(code); err == nil && CRS(number).Known() {
		return Reference{CRS: CRS(number), LatitudeFirst: CRS(number).LatitudeFirst()}, nil
	}
	return Reference{}, fmt.Errorf("the coordinate system %q is not known: EPSG:4326, EPSG:25832 or EPSG:25833 is expected", name)
}

// UnmarshalText reads a system by [ParseReference], for configuration files.
func (c *CRS) UnmarshalText(text []byte) error {
	ref, err := ParseReference(string(text))
	*c = ref.CRS
	return err
}

// MarshalText is the system's short name.
func (c CRS) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// ZoneOf is the projected system for a longitude in degrees: zone 33 from 12° E.
func ZoneOf(longitude float64) CRS {
	if longitude >= 12 {
		return UTM33
	}
	return UTM32
}
