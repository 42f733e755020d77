package geopackage

import "heatledger/heatmap/geo"

// system is a row of gpkg_spatial_ref_sys.
type system struct {
	name         string
	id           int
	organization string
	code         int
	definition   string
	description  string
}

// systems are those that every file has (clause 1.1.2.1.2, requirement 11) and the
// two of German planners. Definitions are WKT of OGC 01-009, as requirement 10
// wants it, with the parameters of the EPSG data set.
func systems() []system {
	return []system{
		{"Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"},
		{"Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"},
		{"WGS 84", int(geo.WGS84), "EPSG", int(geo.WGS84), wgs84, "longitude and latitude in degrees"},
		{"ETRS89 / UTM zone 32N", int(geo.UTM32), "EPSG", int(geo.UTM32), utm("32", "9", "25832"), "easting and northing in metres"},
		{"ETRS89 / UTM zone 33N", int(geo.UTM33), "EPSG", int(geo.UTM33), utm("33", "15", "25833"), "easting and northing in metres"},
	}
}

const wgs84 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],` +
	`PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],` +
	`AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]`

// utm is a zone of ETRS89 by its number, meridian and code.
func utm(zone, meridian, code string) string {
	return `PROJCS["ETRS89 / UTM zone ` + zone + `N",GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",` +
		`SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6258"]],` +
		`PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4258"]],` +
		`PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",` + meridian + `],` +
		`PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],` +
		`UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","` + code + `"]]`
}
