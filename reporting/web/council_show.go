package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/reporting/council"
	"heatledger/reporting/words"
)

// showCouncil answers GET /api/v1/council?year=&edition=&lang=: the report of a year
// to the council as PDF. The internal edition is the office's.
func (s *Server) showCouncil(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	on, err := s.townDay(r.Context())
	if err != nil {
		return err
	}
	year := on.Year - 1
	if text := query.Get("year"); text != "" {
		if year, err = strconv.Atoi(text); err != nil || year < 1990 || year > on.Year {
			return refuse(http.StatusBadRequest, "bad_year", "year=%.20q is no calendar year from 1990 to %d", text, on.Year)
		}
	}
	edition := council.Public
	if text := query.Get("edition"); text != "" {
		edition = council.Edition(text)
	}
	if !edition.Known() {
		return refuse(http.StatusBadRequest, "bad_edition", "edition=%.20q is none: public or internal is expected", string(edition))
	}
	if edition == council.Internal && !who.reach(access.Review).Everywhere {
		return refuse(http.StatusForbidden, "not_allowed", "the internal edition is the office's: ask for edition=public")
	}
	// The edition itself leaves out what its readers may not see.
	y, err := council.Gather(store.AsOwner(r.Context()), s.options.Ledger, year, edition, on, s.now())
	if err != nil {
		return err
	}
	chosen, _ := language(r)
	var b bytes.Buffer
	if err := y.Write(&b, words.Lang(chosen)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%s", y.Name()))
	_, err = w.Write(b.Bytes())
	return err
}
