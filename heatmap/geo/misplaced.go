package geo

import (
	"fmt"
	"math"
)

// misplaced tells whether a position of a system cannot be meant, since it lies
// outside of the area (degrees), and what was likely meant instead.
func misplaced(p Point, crs CRS, area Box) (problem, remedy string, wrong bool) {
	inArea := func(p Point, crs CRS) bool {
		switch {
		case crs.Projected() && (p.X < -2e6 || p.X > 3e6 || p.Y < 0 || p.Y > 9.3e6):
			return false
		case crs == WGS84 && !Earth().Contains(p):
			return false
		}
		return area.Contains(Convert(p, crs, WGS84))
	}
	if inArea(p, crs) {
		return "", "", false
	}
	swapped := Point{p.Y, p.X}
	at := show(p, crs)
	if inArea(swapped, crs) {
		order := "longitude and then latitude"
		if crs.Projected() {
			order = "easting and then northing"
		}
		return fmt.Sprintf("the coordinates of %s are exchanged", at), fmt.Sprintf("write the %s: %s", order, show(swapped, crs)), true
	}
	if crs.Projected() && Earth().Contains(p) && (area.Contains(p) || area.Contains(swapped)) {
		return fmt.Sprintf("%s are degrees and no metres of %s", at, crs), `leave out "crs", or export in ` + crs.String(), true
	}
	for _, other := range guesses(p) {
		if area.Contains(other.at) {
			return fmt.Sprintf("%s lies not in the area if it is read as %s", at, crs), other.remedy, true
		}
	}
	if crs == WGS84 && !Earth().Contains(p) {
		return fmt.Sprintf("%s are no degrees", at), "export the file as EPSG:4326 (WGS 84)", true
	}
	return fmt.Sprintf("%s lies outside of the area [%g, %g] to [%g, %g]", at, area.Min.X, area.Min.Y, area.Max.X, area.Max.Y),
		"check the coordinates and the coordinate system of the file", true
}

// guess is a system a position may have been meant in.
type guess struct {
	at     Point // in degrees
	remedy string
}

// guesses are the systems German files come in, by the size of the easting.
// Zones with their number before the easting are EPSG 4647 and 5650.
func guesses(p Point) []guess {
	export := func(what string) string {
		return "these look like " + what + ": export the file as EPSG:4326, EPSG:25832 or EPSG:25833"
	}
	var list []guess
	for _, q := range []Point{p, {p.Y, p.X}} {
		switch {
		case q.X > 1e5 && q.X < 1e6 && q.Y > 5e6 && q.Y < 6.3e6:
			for _, zone := range []CRS{UTM32, UTM33} {
				list = append(list, guess{Convert(q, zone, WGS84), fmt.Sprintf(`these look like metres of UTM: state the system (%s, or %s in the east) or export as EPSG:4326`, UTM32, UTM33)})
			}
		case q.X > 32e6 && q.X < 33e6:
			list = append(list, guess{Convert(Point{q.X - 32e6, q.Y}, UTM32, WGS84), export("metres of UTM with the zone before the easting (EPSG:4647)")})
		case q.X > 33e6 && q.X < 34e6:
			list = append(list, guess{Convert(Point{q.X - 33e6, q.Y}, UTM33, WGS84), export("metres of UTM with the zone before the easting (EPSG:5650)")})
		case q.X > 2e6 && q.X < 6e6 && q.Y > 5e6 && q.Y < 6.3e6:
			// Gauss-Krüger: the first digit is the meridian's third; a few hundred metres
			// off for want of the change of datum, which is enough for a guess.
			strip := float64(int(q.X / 1e6))
			at := toGeographic(Point{(q.X-strip*1e6-falseEasting)*centralScale + falseEasting, q.Y * centralScale}, strip*3)
			list = append(list, guess{at, export(fmt.Sprintf("Gauss-Krüger metres, strip %d (EPSG:%d)", int(strip), 31464+int(strip)))})
		case q.X > 6e5 && q.X < 1.8e6 && q.Y > 5.9e6 && q.Y < 7.4e6:
			list = append(list, guess{mercator(q), export("metres of web maps (EPSG:3857)")})
		}
	}
	return list
}

// mercator is the position in degrees of web Mercator metres (EPSG 3857).
func mercator(p Point) Point {
	return Point{degrees(p.X / semiMajor), degrees(math.Atan(math.Sinh(p.Y / semiMajor)))}
}
