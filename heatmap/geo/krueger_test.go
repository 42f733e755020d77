package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The plane positions are those of PROJ 9.1.1: cs2cs -f %.7f EPSG:4326 EPSG:25832
// (and 25833), which treats ETRS89 and WGS 84 as one, too.
func TestPositionsAgreeWithPROJ(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name         string
		lat, lon     float64
		utm32, utm33 Point
	}{
		{"Offenbach", 50.105, 8.766, Point{483266.4651892, 5550331.4053938}, Point{54357.8280210, 5568939.1837750}},
		{"Frankfurt", 50.1109, 8.6821, Point{477269.5083938, 5551009.5748156}, Point{48420.1867933, 5570100.1678829}},
		{"Potsdam", 52.4, 13.05, Point{775491.2037380, 5813248.7540657}, Point{367334.4044287, 5807317.8165609}},
		{"Jena", 50.9271, 11.5892, Point{681955.0026608, 5644910.9321869}, Point{260319.6968414, 5647259.6115274}},
		{"Kassel", 51.3127, 9.4797, Point{533433.5120904, 5684708.4928547}, Point{115382.6467854, 5699082.0086209}},
		{"the far south", 47.27, 10.2, Point{590769.5696156, 5235867.2163234}, Point{136953.1384387, 5246352.2143077}},
		{"the far north", 55.05, 8.4, Point{461666.8644068, 6100519.9103238}, Point{78654.5198678, 6120283.1177041}},
		{"the Baltic Sea", 54.9, 14.1, Point{826903.8999907, 6095580.1061197}, Point{442286.0275463, 6084034.4801585}},
		{"the far east", 51.05, 15.04, Point{923203.7575055, 5672761.7722485}, Point{502803.7661362, 5655385.8620648}},
		{"the far west, left of zone 33's false origin", 48.0, 5.9, Point{268765.6327893, 5320951.1218209}, Point{-178513.1303101, 5356503.6174116}},
		{"a central meridian", 50.0, 9.0, Point{500000, 5538630.7027443}, Point{70134.4976313, 5555901.5540859}},
		{"the border of the zones", 49.0, 12.0, Point{719413.7013427, 5431792.8644241}, Point{280586.2986574, 5431792.8644241}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			at := Point{row.lon, row.lat}
			for crs, want := range map[CRS]Point{UTM32: row.utm32, UTM33: row.utm33} {
				got := Convert(at, WGS84, crs)
				if off := math.Hypot(got.X-want.X, got.Y-want.Y); !(off < 2e-7) {
					t.Errorf("%s: %.7f, want %.7f: %.1e m off", crs, got, want, off)
				}
				back := Convert(want, crs, WGS84)
				if !(math.Abs(back.X-at.X) < 2e-12 && math.Abs(back.Y-at.Y) < 2e-12) {
					t.Errorf("back from %s: %.13f, want %.13f", crs, back, at)
				}
			}
		})
	}
}

func TestConvertingThereAndBackMovesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := Point{rapid.Float64Range(-15, 35).Draw(t, "lon"), rapid.Float64Range(0, 84).Draw(t, "lat")}
		crs := rapid.SampledFrom([]CRS{UTM32, UTM33}).Draw(t, "crs")
		back := Convert(Convert(at, WGS84, crs), crs, WGS84)
		if !(math.Abs(back.X-at.X) < 1e-11 && math.Abs(back.Y-at.Y) < 1e-11) {
			t.Fatalf("%s: %v came back as %v", crs, at, back)
		}
		across := Convert(Convert(at, WGS84, UTM32), UTM32, UTM33)
		if want := Convert(at, WGS84, UTM33); !(math.Hypot(across.X-want.X, across.Y-want.Y) < 1e-5) {
			t.Fatalf("from zone to zone: %v, want %v", across, want)
		}
	})
}

func TestUnknownSystemsGiveNoPosition(t *testing.T) {
	t.Parallel()
	if got := Convert(Point{9, 50}, WGS84, 31467); got.finite() {
		t.Errorf("EPSG:31467 gave %v", got)
	}
}

func TestSystemsAreKnownByTheirNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Reference{
		"EPSG:25832": {UTM32, false},
		"http://www.opengis.net/def/crs/EPSG/0/25833": {UTM33, false},
		"http://www.opengis.net/def/crs/EPSG/0/4326":  {WGS84, true},
		"urn:ogc:def:crs:EPSG::4326":                  {WGS84, true},
		"urn:ogc:def:crs:EPSG:9.8:25832":              {UTM32, false},
		CRS84:                                         {WGS84, false},
		"urn:ogc:def:crs:OGC:1.3:CRS84":               {WGS84, false},
	} {
		if got, err := ParseReference(name); err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", name, got, err, want)
		}
	}
	for _, crs := range []CRS{WGS84, UTM32, UTM33} {
		if got, err := ParseReference(crs.URI()); err != nil || got.CRS != crs || got.LatitudeFirst != crs.LatitudeFirst() {
			t.Errorf("%s is read back as %v (%v)", crs.URI(), got, err)
		}
	}
	for _, name := range []string{"", "EPSG:3857", "EPSG:", "25832", "urn:ogc:def:crs:EPSG::", "http://example.org/CRS/4326"} {
		if got, err := ParseReference(name); err == nil {
			t.Errorf("%q is taken for %v", name, got)
		}
	}
}

func BenchmarkConvert(b *testing.B) {
	var sum float64
	for i := range b.N {
		sum += Convert(Point{8.7 + float64(i%100)*1e-3, 50.1}, WGS84, UTM32).X
	}
	if math.IsNaN(sum) {
		b.Fatal("no position")
	}
}
