package geopackage

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"math"
	"strings"
	"time"

	"heatledger/heatmap/geo"
)

//go:embed schema.sql
var schemaSQL string

//go:embed styles.sql
var stylesSQL string

//go:embed rtree.sql
var triggersSQL string

// Write makes a GeoPackage of layers. The time is that of the last change of all of
// them: the same layers and time give the same bytes. Positions are rounded to seven
// decimals of a degree or to millimetres, as in GeoJSON. It errs where a layer
// cannot be written, naming it and the row.
func Write(layers []Layer, changed time.Time) (file []byte, err error) {
	ctx := context.Background()
	db, conn, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	defer conn.Close()
	w := &writer{ctx: ctx, changed: changed.UTC().Format(instant), names: make(map[string]bool)}
	// Both outside of the transaction, as SQLite demands it of the second.
	setup := fmt.Sprintf("pragma foreign_keys = off; pragma application_id = %d; pragma user_version = %d;", applicationID, userVersion)
	if _, err := conn.ExecContext(ctx, setup); err != nil {
		return nil, fmt.Errorf("begin a GeoPackage: %w", err)
	}
	if w.tx, err = conn.BeginTx(ctx, nil); err != nil {
		return nil, fmt.Errorf("begin a GeoPackage: %w", err)
	}
	defer w.tx.Rollback() //nolint:errcheck // after the commit there is nothing to roll back
	if err := w.all(layers); err != nil {
		return nil, err
	}
	if err := w.tx.Commit(); err != nil {
		return nil, fmt.Errorf("end a GeoPackage: %w", err)
	}
	err = withImage(conn, func(i image) error { file, err = i.Serialize(); return err })
	if err != nil {
		return nil, fmt.Errorf("take a GeoPackage out of memory: %w", err)
	}
	return file, nil
}

// writer makes one file. Everything runs in one transaction, in the order of the
// layers, so that the same layers make the same pages.
type writer struct {
	ctx     context.Context // of one call of Write
	tx      *sql.Tx
	changed string
	names   map[string]bool
}

// exec runs statements and says what they were for.
func (w *writer) exec(what, statement string, args ...any) error {
	if _, err := w.tx.ExecContext(w.ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// all writes the tables that every file has, and then the layers.
func (w *writer) all(layers []Layer) error {
	if err := w.exec("make the tables of a GeoPackage", schemaSQL); err != nil {
		return err
	}
	for _, s := range systems() {
		if err := w.exec("write the coordinate systems", `insert into gpkg_spatial_ref_sys
			(srs_name, srs_id, organization, organization_coordsys_id, definition, description) values (?, ?, ?, ?, ?, ?)`,
			s.name, s.id, s.organization, s.code, s.definition, s.description); err != nil {
			return err
		}
	}
	styles := false
	for _, l := range layers {
		if err := w.layer(l); err != nil {
			return fmt.Errorf("write layer %s: %w", l.Name, err)
		}
		styles = styles || l.Style != nil
	}
	if styles {
		return w.styles(layers)
	}
	return nil
}

// layer makes the table of a layer, its index and its rows. The triggers come last:
// they call functions that only the programs of others have.
func (w *writer) layer(l Layer) error {
	if err := l.check(); err != nil {
		return err
	}
	if l.CRS == 0 {
		l.CRS = geo.WGS84
	}
	if l.Title == "" {
		l.Title = l.Name
	}
	if l.Kind == "" {
		l.Kind = kindOf(l.Rows)
	}
	if key := strings.ToLower(l.Name); w.names[key] {
		return fmt.Errorf("its name stands twice")
	} else {
		w.names[key] = true
	}
	var create strings.Builder
	fmt.Fprintf(&create, `create table "%s" ("fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "geom" %s`, l.Name, typeName(l.Kind))
	for _, c := range l.Columns {
		fmt.Fprintf(&create, `, "%s" %s`, c.Name, c.Type)
	}
	if err := w.exec("make its table", create.String()+")"); err != nil {
		return err
	}
	index := fmt.Sprintf(`create virtual table "rtree_%s_geom" using rtree(id, minx, maxx, miny, maxy)`, l.Name)
	if err := w.exec("make its index", index); err != nil {
		return err
	}
	box, err := w.rows(l)
	if err != nil {
		return err
	}
	return w.register(l, box)
}

// typeName is the name of a kind in GeoPackage (annex G); that of any is GEOMETRY.
func typeName(k geo.Kind) string {
	if k == "" {
		return "GEOMETRY"
	}
	return strings.ToUpper(string(k))
}

// rows writes the features and the index, and gives the box of all.
func (w *writer) rows(l Layer) (box geo.Box, err error) {
	insert, err := w.tx.PrepareContext(w.ctx, fmt.Sprintf(`insert into "%s" values (?, ?%s)`, l.Name, strings.Repeat(", ?", len(l.Columns))))
	if err != nil {
		return box, fmt.Errorf("write its rows: %w", err)
	}
	defer insert.Close()
	index, err := w.tx.PrepareContext(w.ctx, fmt.Sprintf(`insert into "rtree_%s_geom" values (?, ?, ?, ?, ?)`, l.Name))
	if err != nil {
		return box, fmt.Errorf("write its index: %w", err)
	}
	defer index.Close()
	box = geo.EmptyBox()
	for i, r := range l.Rows {
		args := []any{i + 1, nil}
		if r.Geometry != nil {
			g, ok := as(r.Geometry, l.Kind)
			if !ok {
				return box, fmt.Errorf("row %d is a %s among %ss", i+1, r.Geometry.Kind(), l.Kind)
			}
			g = g.Transform(func(p geo.Point) geo.Point { return rounded(geo.Convert(p, geo.WGS84, l.CRS), l.CRS) })
			b := g.Bounds()
			if b.Empty() || math.IsNaN(b.Min.X+b.Max.X+b.Min.Y+b.Max.Y) {
				return box, fmt.Errorf("row %d has no positions", i+1)
			}
			box, args[1] = box.Union(b), appendBlob(nil, g, l.CRS)
			if _, err := index.ExecContext(w.ctx, i+1, b.Min.X, b.Max.X, b.Min.Y, b.Max.Y); err != nil {
				return box, fmt.Errorf("write its index: %w", err)
			}
		}
		for j, v := range r.Values {
			value, err := l.Columns[j].Type.value(v)
			if err != nil {
				return box, fmt.Errorf("row %d, column %s: %w", i+1, l.Columns[j].Name, err)
			}
			args = append(args, value)
		}
		if _, err := insert.ExecContext(w.ctx, args...); err != nil {
			return box, fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	return box, nil
}

// rounded is a position as files hold it.
func rounded(p geo.Point, crs geo.CRS) geo.Point {
	power := 1e7
	if crs.Projected() {
		power = 1e3
	}
	return geo.Point{X: math.Round(p.X*power) / power, Y: math.Round(p.Y*power) / power}
}

// register names a layer, its geometries and its index in the tables of the file.
func (w *writer) register(l Layer, box geo.Box) error {
	bounds := []any{nil, nil, nil, nil}
	if !box.Empty() {
		bounds = []any{box.Min.X, box.Min.Y, box.Max.X, box.Max.Y}
	}
	args := append([]any{l.Name, l.Title, l.Description, w.changed}, bounds...)
	if err := w.exec("register it", `insert into gpkg_contents
		(table_name, data_type, identifier, description, last_change, min_x, min_y, max_x, max_y, srs_id)
		values (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)`, append(args, int(l.CRS))...); err != nil {
		return err
	}
	if err := w.exec("register its geometries", `insert into gpkg_geometry_columns
		(table_name, column_name, geometry_type_name, srs_id, z, m) values (?, 'geom', ?, ?, 0, 0)`,
		l.Name, typeName(l.Kind), int(l.CRS)); err != nil {
		return err
	}
	if err := w.exec("register its index", `insert into gpkg_extensions
		(table_name, column_name, extension_name, definition, scope)
		values (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')`, l.Name); err != nil {
		return err
	}
	return w.exec("make the triggers of its index", strings.ReplaceAll(triggersSQL, "{t}", l.Name))
}

// styles writes those of all layers.
func (w *writer) styles(layers []Layer) error {
	if err := w.exec("make the table of styles", stylesSQL); err != nil {
		return err
	}
	if err := w.exec("register the styles", `insert into gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
		values ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)`, w.changed); err != nil {
		return err
	}
	for _, l := range layers {
		if l.Style == nil {
			continue
		}
		if err := w.exec("write the style of "+l.Name, `insert into layer_styles
			(f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
			values ('', '', ?, 'geom', ?, ?, ?, true, ?, '', null, ?)`,
			l.Name, l.Style.Name, l.Style.QML, l.Style.SLD, l.Style.Description, w.changed); err != nil {
			return err
		}
	}
	return nil
}
