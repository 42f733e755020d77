// Package geopackage reads and writes GeoPackage files (OGC 12-128r17, version 1.3):
// layers of features with typed attributes and styles. It knows SQLite and
// geometries, no heat.
//
//   - [Write] makes a file of several layers; the same layers give the same bytes.
//   - [Open] looks into a file, [Package.Read] reads a layer and names what is wrong
//     feature by feature, by the rules of package geo.
//
// Files are held in memory as a whole and never touch the disk. A file comes from
// outside: of its tables only those are read that are plain tables, no view, virtual
// table or trigger of it is run, and counts and lengths in it are not believed.
//
// As everywhere, positions in the program are longitude and latitude in degrees;
// the layers of files are in EPSG:4326, 25832 or 25833. GeoPackage puts X first in
// each, for 4326 the longitude (clause 1.1.1.1.1, requirement 5 with its note).
package geopackage

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

// magic is how every SQLite file begins.
const magic = "SQLite format 3\x00"

// What tells a GeoPackage from other SQLite files (clause 1.1.1.1.1): the application
// id "GPKG" and the version 1.3.0 as 10300.
const (
	applicationID = 0x47504B47
	userVersion   = 10300
)

// open is a database in memory, which lives as long as the connection.
func open(ctx context.Context) (*sql.DB, *sql.Conn, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, nil, fmt.Errorf("open a database in memory: %w", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, nil, fmt.Errorf("open a database in memory: %w", err)
	}
	return db, conn, nil
}

// image is what the driver can do with a database as bytes.
type image interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

// withImage calls f with the driver's connection.
func withImage(conn *sql.Conn, f func(image) error) error {
	return conn.Raw(func(driver any) error {
		i, ok := driver.(image)
		if !ok {
			return fmt.Errorf("the driver %T has no databases as bytes", driver)
		}
		return f(i)
	})
}

// Is tells whether a file begins as a GeoPackage does.
func Is(src []byte) bool { return bytes.HasPrefix(src, []byte(magic)) }

// Features reads a layer of a GeoPackage, or GeoJSON, which it tells by what the file
// holds. Of GeoJSON, which has one, the layer's name is not heeded.
func Features(file string, src []byte, layer string, o geo.Options) (geo.Features, energy.Faults) {
	if !Is(src) {
		return geo.Read(file, src, o)
	}
	p, faults := Open(file, src)
	if len(faults) > 0 {
		return geo.Features{}, faults
	}
	defer p.Close() //nolint:errcheck // it is in memory and was only read
	return p.Read(layer, o)
}
