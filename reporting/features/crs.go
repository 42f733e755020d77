package features

import (
	"strings"

	"heatledger/heatmap/geo"
)

// system is a coordinate reference system that positions can be asked for in.
type system struct {
	uri     string
	crs     geo.CRS
	flipped bool // the latitude stands first
}

// systems are all there are, CRS84 first: what is not asked for otherwise is in it.
func systems() []system {
	list := []system{{uri: geo.CRS84, crs: geo.WGS84}}
	for _, c := range []geo.CRS{geo.WGS84, geo.UTM32, geo.UTM33} {
		list = append(list, system{c.URI(), c, c.LatitudeFirst()})
	}
	return list
}

// systemURIs are the URIs of all systems, CRS84 first.
func systemURIs() []string {
	var uris []string
	for _, s := range systems() {
		uris = append(uris, s.uri)
	}
	return uris
}

// systemOf finds a system by its URI; "" is CRS84. https stands for http, as the
// register of OGC answers both.
func systemOf(uri string) (system, bool) {
	if rest, secure := strings.CutPrefix(uri, "https://"); secure {
		uri = "http://" + rest
	}
	for _, s := range systems() {
		if uri == s.uri || uri == "" {
			return s, true
		}
	}
	return system{}, false
}

// planar tells whether coordinates are metres.
func (s system) planar() bool { return s.crs.Projected() }

// from brings a geometry in degrees, longitude first, into the system.
func (s system) from(g geo.Geometry) geo.Geometry {
	if s.crs == geo.WGS84 && !s.flipped {
		return g
	}
	return g.Transform(func(p geo.Point) geo.Point {
		p = geo.Convert(p, geo.WGS84, s.crs)
		if s.flipped {
			p.X, p.Y = p.Y, p.X
		}
		return p
	})
}

// append appends a geometry in degrees as GeoJSON in the system; nil is null.
func (s system) append(dst []byte, g geo.Geometry) []byte {
	if g == nil {
		return append(dst, "null"...)
	}
	if s.crs != geo.WGS84 {
		g = g.Transform(func(p geo.Point) geo.Point { return geo.Convert(p, geo.WGS84, s.crs) })
	}
	return geo.AppendGeometry(dst, g, s.crs, s.flipped)
}
