package web

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/heatpump"
)

// asker is how whoever asks is known to the atlas of heat.
func (c caller) asker() atlas.Asker { return atlas.AskerOf(c.grants, c.at) }

// heatQuestion reads what is asked of sources of heat: their period (without one, the
// last calendar year), and what is taken for granted. Dates are those of the
// municipality.
func (s *Server) heatQuestion(r *http.Request) (q atlas.Question, err error) {
	query := r.URL.Query()
	calendar, err := s.townCalendar(r)
	if err != nil {
		return q, err
	}
	q.Now = s.now()
	if q.AsKnownAt, _, err = instant(query, "as_known_at", calendar); err != nil {
		return q, err
	}
	period := calendar.Year(calendar.Date(q.Now).Year - 1)
	if text := query.Get("period"); text != "" {
		if period, err = calendar.Parse(text); err != nil {
			return q, refuse(http.StatusBadRequest, "bad_period", "period: %v", err)
		}
		if period.From.Year() < 1900 || period.To.Year() > 2200 {
			return q, refuse(http.StatusBadRequest, "bad_period", "period=%.20q lies beyond the years 1900 to 2200", text)
		}
	}
	q.From, q.To = calendar.Date(period.From), calendar.Date(period.To)
	return q, heatTaken(query, &q)
}

// townCalendar is the calendar of the municipality.
func (s *Server) townCalendar(r *http.Request) (energy.Calendar, error) {
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return energy.Calendar{}, err
	}
	return s.options.Ledger.Calendar(known, ledger.Municipality)
}

// heatTaken reads what is taken for granted: availability, what is wanted, which part
// of the IT load can be had, and a heat pump.
func heatTaken(query url.Values, q *atlas.Question) error {
	given := map[string]float64{}
	for name, within := range map[string][2]float64{"availability": {0, 1}, "recoverable": {0, 1}, "wanted_kw": {0, 1e9}, "wanted_c": {0, 200},
		"target_c": {0, 200}, "target_return_c": {0, 200}, "quality": {0, 1}, "spread_k": {0, 100}} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		number := text
		if slices.Contains(machineParameters(), name) { // from a form, where people write commas; none of them has thousands
			number = strings.Replace(text, ",", ".", 1)
		}
		x, err := strconv.ParseFloat(number, 64)
		if err != nil || math.IsNaN(x) || x <= within[0] || x > within[1] {
			return refuse(http.StatusBadRequest, "bad_share", "%s=%.40q is no number above %g and at most %g", name, text, within[0], within[1])
		}
		given[name] = x
	}
	q.Availability, q.Wanted = given["availability"], heatmap.Kilowatts(given["wanted_kw"])
	if c, ok := given["wanted_c"]; ok {
		q.WantedTemperature = heatmap.At(energy.Celsius(c))
	}
	if factor, ok := given["recoverable"]; ok {
		q.Derivation = heatmap.Derivation{Factor: factor, Source: "request:recoverable"}
	}
	return heatMachine(given, q)
}

// heatMachine is the heat pump of a request: both temperatures of the network and the
// quality grade are needed, for none is anybody's constant.
func heatMachine(given map[string]float64, q *atlas.Question) error {
	var missing []string
	for _, name := range []string{"target_c", "target_return_c", "quality"} {
		if _, ok := given[name]; !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) == 3 {
		return nil
	}
	if len(missing) > 0 {
		return refuse(http.StatusUnprocessableEntity, "bad_machine", "a heat pump needs %s too", strings.Join(missing, " and "))
	}
	if given["target_c"] <= given["target_return_c"] {
		return refuse(http.StatusUnprocessableEntity, "bad_machine", "target_c=%g is not above target_return_c=%g", given["target_c"], given["target_return_c"])
	}
	q.Upgrade = &atlas.Machine{Machine: heatpump.Lorenz{Quality: given["quality"], Source: "request:quality"},
		Flow: energy.Celsius(given["target_c"]), Back: energy.Celsius(given["target_return_c"]), Spread: given["spread_k"]}
	return nil
}

// heatProblem turns the errors of the atlas into answers. What may not be seen is not
// told apart from what is not there.
func heatProblem(err error, site string) error {
	switch {
	case errors.Is(err, atlas.ErrNotSeen):
		return refuse(http.StatusNotFound, "no_source", "there is no source of heat %.60q that you may see; /api/v1/heat/sources lists them", site)
	case errors.Is(err, atlas.ErrCoarse):
		return refuse(http.StatusForbidden, "too_fine", "of %.60q no hours may be seen: see what is hidden, and why, at /api/v1/heat/sources/%[1]s", site)
	case errors.Is(err, atlas.ErrUnknown):
		return refuse(http.StatusConflict, "no_hours", "nothing is known of %.60q by the hour in this period", site)
	case errors.Is(err, ledger.ErrNoSite):
		return refuse(http.StatusNotFound, "not_known_then", "%.60q was not known then", site)
	}
	return err
}
