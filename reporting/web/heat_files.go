package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"

	"heatledger/heatmap/atlas"
	"heatledger/heatmap/geo"
	"heatledger/reporting/planning"
	"heatledger/reporting/words"
)

// How many requests of the API a file counts as, by what it takes to make.
const (
	layersCount = 50
	sheetCounts = 20
)

// counted counts what is asked for as so many requests of the API, of whoever asks; it
// errs where they are too many.
func (s *Server) counted(r *http.Request, p *page, many int) error {
	if p.who.name == "loopback" { // this host before there is an account
		return nil
	}
	return s.rates.takeAs(many, s.options.Requests, cmp.Or(p.who.actor, address(r)), s.now())
}

// heatFile is a file about heat for those who plan, who may read, and for everybody. Why
// there is none is said to people on a page and to programs as JSON.
func (s *Server) heatFile(counts int, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.barePage(r)
		err := s.meetPlanner(r, p)
		if limit := s.counted(r, p, counts); limit != nil {
			err = limit
		}
		if err == nil {
			err = h(w, r, p)
		}
		if errors.Is(err, atlas.ErrNotSeen) {
			err = heatProblem(err, r.PathValue("site"))
		}
		switch {
		case err == nil:
		case wantsPage(r):
			s.showErrorOrSignIn(w, r, err)
		default:
			s.answer(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
		}
	})
}

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
	if err := (planning.FactSheet{Sheet: of.sheet, Calendar: p.Calendar, At: p.now, Simulated: simulated(of.sheet.Name), Effects: effects}).WritePDF(&b, words.Lang(p.Lang)); err != nil {
		return err
	}
	return writeFile(w, "application/pdf", fmt.Sprintf("heat-%s-%s.pdf", of.sheet.Site, plain(of.span.Label)), b.Bytes())
}

// giveHeatLayers answers GET /heat/layers.gpkg?year=&plan_number=&crs=: all that OGC API –
// Features gives whoever asks, as one file of layers: sources over a calendar year, the
// last one where no other is asked for, plans by their latest versions or the one of a
// number, in EPSG:25832 where nothing else is asked for.
func (s *Server) giveHeatLayers(w http.ResponseWriter, r *http.Request, p *page) error {
	query := r.URL.Query()
	for name := range query {
		if !slices.Contains([]string{"year", planNumber, "crs", "lang"}, name) {
			return refuse(http.StatusBadRequest, "unknown_parameter", "there is no parameter %.40q here; there are year, %s, crs, lang", name, planNumber)
		}
	}
	asked, err := geo.ParseReference("EPSG:" + cmp.Or(query.Get("crs"), "25832"))
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_crs", "crs=%.40q is not given: 4326, 25832 or 25833 is expected", query.Get("crs"))
	}
	year, err := p.layersYear(query.Get("year"))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("heat-%s-%d", cmp.Or(plain(p.Town), "town"), year)
	if number := query.Get(planNumber); number != "" {
		saved, err := s.planSeen(r, p.who, number)
		if err != nil {
			return err
		}
		if strconv.FormatInt(saved.Fact, 10) != number {
			return refuse(http.StatusBadRequest, "bad_number", "%s=%.40q is no number of a plan: it is that of the fact by which it was kept, such as %d", planNumber, number, saved.Fact)
		}
		name += "-plan-" + number
	}
	file, err := planning.GeoPackage(r.Context(), s.heatCollections(p, year), asked.CRS, p.now)
	if err != nil {
		return err
	}
	return writeFile(w, "application/geopackage+sqlite3", name+".gpkg", file)
}

// leastYear is the earliest that layers are asked for.
const leastYear = 2000

// layersYear is the calendar year of layers: the last one where none is asked for; the
// running one may be, as far as it has come.
func (p *page) layersYear(text string) (int, error) {
	this := p.Calendar.Date(p.now).Year
	if text == "" {
		return this - 1, nil
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < leastYear || year > this {
		return 0, refuse(http.StatusBadRequest, "bad_year", "year=%.20q is no calendar year from %d to %d", text, leastYear, this)
	}
	return year, nil
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
