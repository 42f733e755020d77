package web

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"os"

	"heatledger/heatmap/geo"
	"heatledger/reporting/planning"
	"heatledger/reporting/words"
)

// giveHeatSheet answers GET /heat/{site}/paper/sheet.pdf: the sheet of a source on paper.
func (s *Server) giveHeatSheet(w http.ResponseWriter, r *http.Request, p *page) error {
	of, err := s.heatAsked(r, p)
	if err != nil {
		return err
	}
	of.sheet.Name = heatName(of.sheet)
	effects, err := s.heatEffects(r.Context(), p, of)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := (planning.FactSheet{Sheet: of.sheet, Calendar: p.Calendar, At: p.now, Effects: effects}).WritePDF(&b, words.Lang(p.Lang)); err != nil {
		return err
	}
	return writeFile(w, "application/pdf", fmt.Sprintf("heat-%s-%s.pdf", of.sheet.Site, plain(of.span.Label)), b.Bytes())
}

// giveHeatLayers answers GET /heat/layers.gpkg?crs=: all that OGC API – Features gives
// whoever asks, as one file of layers, in EPSG:25832 where nothing else is asked for.
func (s *Server) giveHeatLayers(w http.ResponseWriter, r *http.Request, p *page) error {
	text := r.URL.Query().Get("crs")
	asked, err := geo.ParseReference("EPSG:" + cmp.Or(text, "25832"))
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_crs", "crs=%.40q is not given: 4326, 25832 or 25833 is expected", text)
	}
	file, err := planning.GeoPackage(r.Context(), s.heatCollections(p), asked.CRS, p.now)
	if err != nil {
		return err
	}
	return writeFile(w, "application/geopackage+sqlite3", "heat.gpkg", file)
}

// giveTiles answers GET /heat/tiles.pmtiles: the base map that the municipality brings,
// whole or in the ranges that programs ask for. It shows streets, and nothing of ours.
func (s *Server) giveTiles(w http.ResponseWriter, r *http.Request) error {
	if err := s.rates.take(s.options.Requests, address(r), s.now()); err != nil {
		return err
	}
	none := refuse(http.StatusNotFound, "no_tiles", "this Heatledger serves no base map")
	if s.options.Tiles == "" {
		return none
	}
	f, err := os.Open(s.options.Tiles)
	if err != nil {
		s.log.Error("open the base map", "err", err)
		return none
	}
	defer f.Close()
	about, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at the base map: %w", err)
	}
	w.Header().Set("Content-Type", "application/vnd.pmtiles")
	http.ServeContent(w, r, "", about.ModTime(), f)
	return nil
}

// writeFile gives a file to be kept.
func writeFile(w http.ResponseWriter, kind, name string, content []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
	_, err := w.Write(content)
	return err
}
