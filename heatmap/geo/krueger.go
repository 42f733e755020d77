package geo

import "math"

// The Krüger series for the transverse Mercator projection to the sixth order of
// the third flattening n (Krüger 1912, Konforme Abbildung des Erdellipsoids in der
// Ebene; coefficients as in Karney 2011, Transverse Mercator with an accuracy of a
// few nanometers, J. Geod. 85, eq. 35 and 36). Within 3,900 km of the central
// meridian it errs by nanometres. The parameters are those of EPSG 25832 and
// 25833: ellipsoid GRS 1980 (EPSG 7019), scale 0.9996, false easting 500,000 m.
const (
	semiMajor     = 6378137.0
	flattening    = 1 / 298.257222101
	centralScale  = 0.9996
	falseEasting  = 500000.0
	third         = flattening / (2 - flattening) // n
	n2            = third * third
	n3            = n2 * third
	n4            = n2 * n2
	n5            = n4 * third
	n6            = n3 * n3
	rectifying    = semiMajor / (1 + third) * (1 + n2/4 + n4/64 + n6/256)
	eccentricity2 = flattening * (2 - flattening)
)

// forward are α1…α6 of eq. 35, from geographic to plane.
func forward() [6]float64 {
	return [6]float64{
		third/2 - 2*n2/3 + 5*n3/16 + 41*n4/180 - 127*n5/288 + 7891*n6/37800,
		13*n2/48 - 3*n3/5 + 557*n4/1440 + 281*n5/630 - 1983433*n6/1935360,
		61*n3/240 - 103*n4/140 + 15061*n5/26880 + 167603*n6/181440,
		49561*n4/161280 - 179*n5/168 + 6601661*n6/7257600,
		34729*n5/80640 - 3418889*n6/1995840,
		212378941 * n6 / 319334400,
	}
}

// backward are β1…β6 of eq. 36, from plane to geographic.
func backward() [6]float64 {
	return [6]float64{
		third/2 - 2*n2/3 + 37*n3/96 - n4/360 - 81*n5/512 + 96199*n6/604800,
		n2/48 + n3/15 - 437*n4/1440 + 46*n5/105 - 1118711*n6/3870720,
		17*n3/480 - 37*n4/840 - 209*n5/4480 + 5569*n6/90720,
		4397*n4/161280 - 11*n5/504 - 830251*n6/7257600,
		4583*n5/161280 - 108847*n6/3991680,
		20648693 * n6 / 638668800,
	}
}

// meridian is the central meridian of a zone in degrees.
func (c CRS) meridian() float64 {
	if c == UTM33 {
		return 15
	}
	return 9
}

// Convert is the position p of one system in another. It holds for the northern
// hemisphere up to 84° N and 30° on either side of the zone's meridian, far
// beyond where the zones are used. Unknown systems give NaN, as NaN does.
func Convert(p Point, from, to CRS) Point {
	if !from.Known() || !to.Known() {
		return Point{math.NaN(), math.NaN()}
	}
	if from == to {
		return p
	}
	if from.Projected() {
		p = toGeographic(p, from.meridian())
	}
	if to.Projected() {
		p = toPlane(p, to.meridian())
	}
	return p
}

// toPlane projects longitude and latitude.
func toPlane(p Point, meridian float64) Point {
	sinLat := math.Sin(radians(p.Y))
	e := math.Sqrt(eccentricity2)
	t := math.Sinh(math.Atanh(sinLat) - e*math.Atanh(e*sinLat)) // tangent of the conformal latitude
	sinLon, cosLon := math.Sincos(radians(p.X - meridian))
	xi := math.Atan2(t, cosLon)
	eta := math.Asinh(sinLon / math.Hypot(t, cosLon))
	x, y := eta, xi
	for j, a := range forward() {
		k := float64(2 * (j + 1))
		sin, cos := math.Sincos(k * xi)
		y += a * sin * math.Cosh(k*eta)
		x += a * cos * math.Sinh(k*eta)
	}
	return Point{X: falseEasting + centralScale*rectifying*x, Y: centralScale * rectifying * y}
}

// toGeographic is the inverse of toPlane.
func toGeographic(p Point, meridian float64) Point {
	xi := p.Y / (centralScale * rectifying)
	eta := (p.X - falseEasting) / (centralScale * rectifying)
	x, y := eta, xi
	for j, b := range backward() {
		k := float64(2 * (j + 1))
		sin, cos := math.Sincos(k * xi)
		y -= b * sin * math.Cosh(k*eta)
		x -= b * cos * math.Sinh(k*eta)
	}
	sinhX := math.Sinh(x)
	sinY, cosY := math.Sincos(y)
	conformal := sinY / math.Hypot(sinhX, cosY) // tangent of the conformal latitude
	return Point{
		X: meridian + degrees(math.Atan2(sinhX, cosY)),
		Y: degrees(math.Atan(geographicTangent(conformal))),
	}
}

// geographicTangent is the tangent of the latitude whose conformal latitude has
// the tangent given, by Newton's method (Karney 2011, eq. 19 to 21); three steps
// reach the last digit.
func geographicTangent(conformal float64) float64 {
	e := math.Sqrt(eccentricity2)
	tan := conformal
	for range 4 {
		root := math.Sqrt(1 + tan*tan)
		sigma := math.Sinh(e * math.Atanh(e*tan/root))
		at := tan*math.Sqrt(1+sigma*sigma) - sigma*root
		step := (conformal - at) / math.Sqrt(1+at*at) * (1 + (1-eccentricity2)*tan*tan) / ((1 - eccentricity2) * root)
		tan += step
		if math.Abs(step) < 1e-16*(1+math.Abs(tan)) {
			break
		}
	}
	return tan
}

func radians(d float64) float64 { return d * math.Pi / 180 }
func degrees(r float64) float64 { return r * 180 / math.Pi }
