package geopackage

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"heatledger/heatmap/geo"
)

// altered is a file of one layer "l" with two points, changed by statements.
func altered(t testing.TB, statements ...string) []byte {
	t.Helper()
	good := write(t, []Layer{{Name: "l", Columns: []Column{{"id", Text}, {"n", Real}}, Rows: []Row{
		{geo.Point{X: 8.7, Y: 50.1}, []any{"a", 1.5}}, {geo.Point{X: 8.8, Y: 50.1}, []any{"b", nil}},
	}}})
	ctx := context.Background()
	db, conn, err := open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer conn.Close()
	if err := withImage(conn, func(i image) error { return i.Deserialize(good) }); err != nil {
		t.Fatal(err)
	}
	for _, s := range append([]string{`drop trigger rtree_l_geom_insert; drop trigger rtree_l_geom_update1; drop trigger rtree_l_geom_update2; drop trigger rtree_l_geom_update3; drop trigger rtree_l_geom_update4`}, statements...) {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	var out []byte
	if err := withImage(conn, func(i image) error { out, err = i.Serialize(); return err }); err != nil {
		t.Fatal(err)
	}
	return out
}

// blobOf is a geometry as a hexadecimal literal of SQL.
func blobOf(src []byte) string { return fmt.Sprintf("x'%x'", src) }

func TestHostileFilesGiveFaultsAndNothingElse(t *testing.T) {
	t.Parallel()
	point := appendBlob(nil, geo.Point{X: 8.7, Y: 50.1}, geo.WGS84)
	line := appendBlob(nil, geo.Line{{X: 8.7, Y: 50.1}, {X: 8.8, Y: 50.1}}, geo.WGS84)
	lying := bytes.Clone(line)
	binary.LittleEndian.PutUint32(lying[8+32+5:], 1<<31)
	other := appendBlob(nil, geo.Point{X: 477269.5, Y: 5551009.6}, geo.UTM32)
	extended := bytes.Clone(point)
	extended[3] |= 1 << 5
	update := func(blob string) []string { return []string{"update l set geom = " + blob + " where fid = 2"} }
	for _, row := range []struct {
		name       string
		statements []string
		problem    string
		used       int // features that can be used all the same
	}{
		{"a count in a geometry that lies", update(blobOf(lying)), "feature 2 (b): its geometry cannot be read: read well-known binary: it says that 2147483648 parts follow", 1},
		{"a geometry that is text", update("'POINT(8.7 50.1)'"), "feature 2 (b): its geometry is no geometry of GeoPackage", 1},
		{"a geometry that is a number", update("7"), "its geometry is no geometry of GeoPackage", 1},
		{"a geometry that is cut off", update(blobOf(point[:20])), "it ends within the geometry", 1},
		{"a geometry without its header", update(blobOf(point[8:])), "it does not begin as a geometry of GeoPackage", 1},
		{"an envelope that is not there", update("x'475000" + "09" + "e6100000'"), "how long its envelope is", 1},
		{"an extended geometry", update(blobOf(extended)), "it is an extended geometry", 1},
		{"a geometry of another system", update(blobOf(other)), "its geometry says it is in srs 25832, its layer that it is in 4326", 1},
		{"no geometry", update("null"), "feature 2 (b): it has no geometry", 1},
		{"a huge value of nothing", update("zeroblob(50000000)"), "does not begin as a geometry", 1},
		{"an id twice", []string{"update l set id = 'a'"}, "feature 2 (a): its id stands twice", 1},
		{"a view for a table", []string{"alter table l rename to hidden", "create view l as with recursive n(i) as (select 1 union all select i + 1 from n) select i as fid, hidden.* from n, hidden"}, `"l" is a view, which is not run`, 0},
		{"a virtual table", []string{"drop table l", "create virtual table l using rtree(fid, a, b)"}, `"l" is a virtual table, which is not run`, 0},
		{"a layer without a table", []string{"drop table l"}, `it has no table "l"`, 0},
		{"a layer without its column", []string{"update gpkg_geometry_columns set column_name = 'shape'"}, `it has no column "shape" of geometries`, 0},
		{"an unknown system", []string{"insert into gpkg_spatial_ref_sys values ('GK 3', 31467, 'EPSG', 31467, 'x', '')", "update gpkg_geometry_columns set srs_id = 31467"}, "the coordinate system EPSG:31467 is not known", 0},
		{"a system that is not there", []string{"pragma foreign_keys = off", "update gpkg_geometry_columns set srs_id = 99"}, "the coordinate system srs 99 is not known", 0},
		{"systems without number", []string{"pragma foreign_keys = off", "alter table gpkg_spatial_ref_sys rename to old", "create table gpkg_spatial_ref_sys as with recursive n(i) as (select 100000 union all select i + 1 from n limit 20000) select '' as srs_name, i as srs_id, 'NONE' as organization, i as organization_coordsys_id, '' as definition, '' as description from n", "insert into gpkg_spatial_ref_sys select srs_name, srs_id, organization, organization_coordsys_id, definition, description from old"}, "the coordinate system srs 4326 is not known", 0},
		{"an undefined system", []string{"update gpkg_geometry_columns set srs_id = -1"}, "says that its coordinate system is undefined", 0},
		{"a list of layers that is a view", []string{"alter table gpkg_contents rename to c", "create view gpkg_contents as select * from c"}, `"gpkg_contents" is a view`, 0},
		{"no list of layers", []string{"drop table gpkg_contents"}, `it has no table "gpkg_contents"`, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, faults := Open("h.gpkg", altered(t, row.statements...))
			used := 0
			if p != nil {
				defer p.Close()
				var read geo.Features
				read, faults = p.Read("l", geo.Options{IDProperty: "id"})
				used = len(read.List)
			}
			if len(faults) != 1 || !strings.Contains(faults[0].Problem, row.problem) || faults[0].Remedy == "" || used != row.used {
				t.Errorf("%d features, %v", used, faults)
			}
		})
	}
}

func TestGeneratedColumnsAreNotRun(t *testing.T) {
	t.Parallel()
	p := opened(t, "h.gpkg", altered(t, "alter table l add column bomb generated always as (hex(zeroblob(400000000)))"))
	read, faults := p.Read("", geo.Options{})
	if len(faults) > 0 || len(read.List) != 2 {
		t.Fatal(faults)
	}
	if _, ok := read.List[0].Property("bomb"); ok {
		t.Error("a generated column was computed")
	}
}

func TestWhatIsNoGeoPackageIsRefused(t *testing.T) {
	t.Parallel()
	plain := []byte("SQLite format 3\x00" + strings.Repeat("\x00", 4096))
	wide := altered(t)
	wide[59] = 2 // UTF-16, the least byte first
	many := append(altered(t), bytes.Repeat([]byte("Create table a(b);"), maxStatements+1)...)
	for _, row := range []struct {
		name, problem string
		src           []byte
	}{
		{"nothing", "the file is no GeoPackage", nil},
		{"text", "the file is no GeoPackage", []byte("GeoPackage")},
		{"a header alone", "the file is no GeoPackage", plain[:100]},
		{"zeroes behind a header", "the file is no GeoPackage: ", plain},
		{"UTF-16", "the file keeps its texts as UTF-16", wide},
		{"tables without number", "the file defines more tables than any map has", many},
	} {
		p, faults := Open("x", row.src)
		if p != nil || len(faults) != 1 || faults[0].File != "x" || !strings.HasPrefix(faults[0].Problem, row.problem) || faults[0].Remedy == "" {
			t.Errorf("%s: %v", row.name, faults)
		}
	}
}

func TestHeadersOfGeometriesAreReadInEveryForm(t *testing.T) {
	t.Parallel()
	wkb := geo.AppendWKB(nil, geo.Point{X: 8.7, Y: 50.1})
	for flags, envelope := range map[byte]int{0: 0, 1: 0, 1 | 1<<1: 32, 1 | 2<<1: 48, 1 | 3<<1: 48, 1 | 4<<1: 64, 0 | 4<<1: 64} {
		system := binary.BigEndian.AppendUint32(nil, 25832)
		if flags&1 != 0 {
			system = binary.LittleEndian.AppendUint32(nil, 25832)
		}
		blob := append(append([]byte{'G', 'P', 0, flags}, system...), make([]byte, envelope)...)
		srs, rest, err := parseBlob(append(blob, wkb...))
		if err != nil || srs != 25832 || !bytes.Equal(rest, wkb) {
			t.Errorf("flags %08b: srs %d, %d bytes, %v", flags, srs, len(rest), err)
		}
		if _, _, err := parseBlob(blob[:len(blob)-1]); err == nil {
			t.Errorf("flags %08b: a header that is cut off was taken", flags)
		}
	}
	for name, blob := range map[string][]byte{"another version": {'G', 'P', 1, 1, 0, 0, 0, 0}, "another letter": {'G', 'Q', 0, 1, 0, 0, 0, 0}, "an envelope of no kind": append([]byte{'G', 'P', 0, 1 | 5<<1, 0, 0, 0, 0}, make([]byte, 80)...)} {
		if _, _, err := parseBlob(blob); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestLayersAreNamedWhereOneIsAskedForThatIsNotThere(t *testing.T) {
	t.Parallel()
	p := opened(t, "sketch.gpkg", write(t, sketch()))
	for layer, problem := range map[string]string{"": "the file has 5 layers", "block": `there is no layer "block"`} {
		if _, faults := p.Read(layer, geo.Options{}); len(faults) != 1 || faults[0].Problem != problem || !strings.Contains(faults[0].Remedy, "blocks, streets") {
			t.Errorf("%q: %v", layer, faults)
		}
	}
	if _, faults := p.Read("blocks", geo.Options{IDProperty: "nr"}); len(faults) != 1 || !strings.Contains(faults[0].Problem, `no attribute "nr"`) {
		t.Errorf("an attribute that is not there: %v", faults)
	}
	if _, faults := opened(t, "e.gpkg", write(t, nil)).Read("", geo.Options{}); len(faults) != 1 || faults[0].Problem != "the file has no layer of features" {
		t.Errorf("a file without layers: %v", faults)
	}
}

func TestFeaturesAreReadByWhatTheFileHolds(t *testing.T) {
	t.Parallel()
	json := []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{},"geometry":{"type":"Point","coordinates":[8.7,50.1]}}]}`)
	for name, src := range map[string][]byte{"a.gpkg": altered(t), "a.geojson": json} {
		read, faults := Features(name, src, "", geo.Options{})
		if len(faults) > 0 || len(read.List) == 0 || read.List[0].ID != "1" || read.List[0].Geometry != (geo.Point{X: 8.7, Y: 50.1}) {
			t.Errorf("%s: %v, %v", name, read.List, faults)
		}
	}
	if _, faults := Features("x", []byte(magic), "", geo.Options{}); len(faults) != 1 {
		t.Errorf("a header alone: %v", faults)
	}
}

// FuzzPackage changes bytes of a good file: what comes of it is features or faults.
func FuzzPackage(f *testing.F) {
	good := altered(f)
	for _, at := range []int{18, 28, 100, 103, 4096, 5000, 3 * 4096} {
		f.Add(uint32(at), []byte{0xff, 0xff})
	}
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		src := bytes.Clone(good)
		copy(src[int(at)%len(src):], with)
		p, faults := Open("f", src)
		if p == nil {
			if len(faults) == 0 {
				t.Error("neither a file nor a fault")
			}
			return
		}
		defer p.Close()
		for _, l := range p.Layers() {
			if read, _ := p.Read(l.Name, geo.Options{}); len(read.List) > maxFeatures {
				t.Error("features without end")
			}
		}
	})
}
