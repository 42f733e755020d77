package geopackage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"strings"

	"modernc.org/sqlite"

	"heatledger/energy"
	"heatledger/heatmap/geo"
)

const (
	maxBytes   = 256 << 20
	maxLayers  = 1000
	maxSystems = 10_000 // coordinate systems that are looked at: each layer is held against all
)

// Package is a GeoPackage that was opened. It is used by one goroutine at a time
// and ends with [Package.Close].
type Package struct {
	file   string
	size   int
	db     *sql.DB
	conn   *sql.Conn
	layers []Info
}

// Info is a layer of a file.
type Info struct {
	Name        string // of its table
	Title       string
	Description string
	Kind        string // the type of its geometries as the file has it: "MULTIPOLYGON"
	Heights     bool   // it says that its geometries have heights or measures
	// System is the coordinate system as the file names it: "EPSG:25832"; CRS is
	// zero where it is none of ours.
	System string
	CRS    geo.CRS

	srs      int
	geometry string // the column
	unread   string // why it cannot be read
}

// Open looks into a file. It gives the faults of a file that is no GeoPackage, and
// of tables in it that cannot be what they have to be; then there is no Package.
func Open(file string, src []byte) (*Package, energy.Faults) {
	refuse := func(problem, remedy string) (*Package, energy.Faults) {
		return nil, energy.Faults{{File: file, Problem: problem, Remedy: remedy}}
	}
	if !Is(src) || len(src) < 512 {
		return refuse("the file is no GeoPackage", "export the layer as GeoPackage (.gpkg); GeoJSON is read, too")
	}
	if len(src) > maxBytes {
		return refuse(fmt.Sprintf("the file has %d MB", len(src)>>20), fmt.Sprintf("at most %d MB are read: export fewer layers", maxBytes>>20))
	}
	if problem := unfit(src); problem != "" {
		return refuse(problem, "export the layers that are needed into a new file")
	}
	if src[18] > 1 || src[19] > 1 { // written ahead to a second file, which we do not have: what is here holds
		src = bytes.Clone(src)
		src[18], src[19] = 1, 1
	}
	ctx := context.Background()
	db, conn, err := open(ctx)
	if err != nil {
		return refuse(err.Error(), "try again")
	}
	p := &Package{file: file, size: len(src), db: db, conn: conn}
	if err := p.load(ctx, src); err != nil {
		p.Close()
		return refuse("the file cannot be opened: "+err.Error(), "export it again")
	}
	if problem := p.look(ctx); problem != "" {
		p.Close()
		return refuse(problem, "export the layer as GeoPackage (.gpkg) again")
	}
	return p, nil
}

// maxStatements is how many tables and the like a file may define: SQLite holds
// them all in memory, each in a hundred times the bytes it has in the file.
const maxStatements = 100_000

// unfit tells why a file is not taken in at all; "" if it is.
func unfit(src []byte) string {
	if encoding := binary.BigEndian.Uint32(src[56:]); encoding > 1 { // 0 is an empty file
		return "the file keeps its texts as UTF-16"
	}
	n := 0
	for rest := src; len(rest) >= len("create"); rest = rest[1:] {
		at := bytes.IndexAny(rest, "cC")
		if at < 0 || len(rest)-at < len("create") {
			break
		}
		if rest = rest[at:]; bytes.EqualFold(rest[:len("create")], []byte("create")) {
			n++
		}
	}
	if n > maxStatements {
		return "the file defines more tables than any map has"
	}
	return ""
}

// The numbers of sqlite3_limit.
const (
	limitLength = 0
	limitSQL    = 1
	limitVDBE   = 5
	limitAttach = 7
)

// load takes the file in and binds what it can do.
func (p *Package) load(ctx context.Context, src []byte) error {
	if err := withImage(p.conn, func(i image) error { return i.Deserialize(src) }); err != nil {
		return err
	}
	// No value of an honest file is longer than the file.
	for id, most := range map[int]int{limitLength: len(src) + 4096, limitSQL: 1 << 20, limitVDBE: 100_000, limitAttach: 0} {
		if _, err := sqlite.Limit(p.conn, id, most); err != nil {
			return err
		}
	}
	_, err := p.conn.ExecContext(ctx, `pragma trusted_schema = off; pragma query_only = on; pragma cell_size_check = on; pragma writable_schema = off`)
	return err
}

// look finds the layers; a problem is one of the whole file.
func (p *Package) look(ctx context.Context) (problem string) {
	for _, table := range []string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} {
		if why := p.plain(ctx, table); why != "" {
			return "the file is no GeoPackage: " + why
		}
	}
	rows, err := p.conn.QueryContext(ctx, `select c.table_name, c.identifier, c.description, g.column_name, g.geometry_type_name, g.srs_id, g.z, g.m,
			s.organization, s.organization_coordsys_id
		from (select rowid as place, * from gpkg_contents where data_type = 'features' order by rowid limit ?1) c
		join (select * from gpkg_geometry_columns limit ?1) g on g.table_name = c.table_name
		left join (select * from gpkg_spatial_ref_sys limit ?2) s on s.srs_id = g.srs_id
		order by c.place limit ?1`, maxLayers, maxSystems)
	if err != nil {
		return "its list of layers cannot be read: " + err.Error()
	}
	defer rows.Close()
	for rows.Next() {
		var v [10]any
		if err := rows.Scan(&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9]); err != nil {
			return "its list of layers cannot be read: " + err.Error()
		}
		p.layers = append(p.layers, infoOf(v))
	}
	if err := rows.Err(); err != nil {
		return "its list of layers cannot be read: " + err.Error()
	}
	for i := range p.layers {
		p.layers[i].unread = p.plain(ctx, p.layers[i].Name)
	}
	return ""
}

// infoOf is a layer of its row; types in a file may be any.
func infoOf(v [10]any) Info {
	text := func(i int) string { return textOf(v[i]) }
	number := func(i int) int { n, _ := v[i].(int64); return int(n) }
	info := Info{Name: text(0), Title: text(1), Description: text(2), geometry: text(3), Kind: strings.ToUpper(text(4)), srs: number(5), Heights: number(6) == 1 || number(7) == 1}
	info.System = fmt.Sprintf("%s:%d", strings.ToUpper(text(8)), number(9))
	switch {
	case v[8] == nil:
		info.System = fmt.Sprintf("srs %d", info.srs)
	case strings.EqualFold(text(8), "EPSG") && geo.CRS(number(9)).Known():
		info.CRS = geo.CRS(number(9))
	}
	return info
}

// plain tells why a table is none that is read; "" if it is.
func (p *Package) plain(ctx context.Context, table string) string {
	var kind, statement any
	var page any
	err := p.conn.QueryRowContext(ctx, `select type, rootpage, sql from sqlite_master where name = ? collate nocase and type in ('table', 'view')`, table).Scan(&kind, &page, &statement)
	switch {
	case err == sql.ErrNoRows:
		return fmt.Sprintf("it has no table %q", cut(table))
	case err != nil:
		return fmt.Sprintf("its table %q cannot be found: %v", cut(table), err)
	case textOf(kind) == "view":
		return fmt.Sprintf("%q is a view, which is not run", cut(table))
	}
	if root, _ := page.(int64); root <= 0 || strings.Contains(strings.ToUpper(firstWords(textOf(statement))), "VIRTUAL") {
		return fmt.Sprintf("%q is a virtual table, which is not run", cut(table))
	}
	return ""
}

// firstWords are those of a statement in which its kind stands.
func firstWords(statement string) string {
	words := strings.Fields(statement)
	return strings.Join(words[:min(3, len(words))], " ")
}

// textOf is a value as text; "" for what is none.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// cut is a name as messages show it.
func cut(name string) string {
	if len(name) > 60 {
		return strings.ToValidUTF8(name[:60], "") + "…"
	}
	return strings.ToValidUTF8(name, "?")
}

// Layers are the layers of features, in the order of the file.
func (p *Package) Layers() []Info { return p.layers }

// Close ends the use of a file.
func (p *Package) Close() error {
	p.conn.Close() //nolint:errcheck // the database ends next
	return p.db.Close()
}
