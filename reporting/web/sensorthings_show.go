package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/geo"
	"heatledger/reporting/sensorthings"
	"heatledger/reporting/words"
)

// sensorThingsRoutes are the OGC SensorThings API, for reading. It describes itself by
// its root. Everybody may ask; what each sees says package atlas.
func (s *Server) sensorThingsRoutes() []route {
	base := "GET /sensorthings/" + sensorthings.Version
	return []route{
		{base, s.answer(s.showSensorThings)},
		{base + "/{path...}", s.answer(s.showSensorThings)},
	}
}

// showSensorThings answers GET /sensorthings/v1.1/….
func (s *Server) showSensorThings(w http.ResponseWriter, r *http.Request) error {
	who, err := s.admitted(r, operation{needs: anybody})
	if err != nil {
		return err
	}
	calendar, err := s.townCalendar(r)
	if err != nil {
		return err
	}
	query, err := sensorthings.ParseQuery(r.URL.RawQuery)
	if err == nil {
		var answer []byte
		answer, err = sensorthings.API{Base: s.reachedAt(r) + "/sensorthings/" + sensorthings.Version, Town: s.thingsTown(who, speaks(r), calendar)}.Answer(r.Context(), r.PathValue("path"), query)
		if err == nil {
			w.Header().Set("Content-Type", "application/json")
			if strings.HasSuffix(r.URL.Path, "/$value") {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			}
			w.Header().Set("Vary", "Accept-Language")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(answer))
			return nil
		}
	}
	var refused *sensorthings.Refusal
	if errors.As(err, &refused) {
		return refuse(refused.Status, "bad_parameter", "%s", refused.Problem)
	}
	return err
}

// thingsTown is the town as whoever asks may see it: a thing for each source of heat, a
// datastream for each kind of heat by the hour, as mean power, and by the month, as
// energy, and for the temperatures.
type thingsTown struct {
	server    *Server
	who       caller
	lang      words.Lang
	calendar  energy.Calendar
	last, all atlas.Question      // the last calendar year, by which sources are described; all the time that is given
	streams   map[string]streamOf // by id, filled by Things
}

// streamOf is what a datastream is of.
type streamOf struct {
	site energy.SiteID
	kind heatmap.Kind
	what string // "power", "energy", "flow", "return"
}

// thingsYears is how many calendar years before the running one are given.
const thingsYears = 5

// thingsTown is the town for a caller.
func (s *Server) thingsTown(who caller, lang words.Lang, calendar energy.Calendar) *thingsTown {
	today := calendar.Date(s.now())
	first := func(year int) energy.Date { return energy.Date{Year: year, Month: time.January, Day: 1} }
	return &thingsTown{server: s, who: who, lang: lang, calendar: calendar, streams: map[string]streamOf{},
		last: atlas.Question{From: first(today.Year - 1), To: first(today.Year), Now: s.now()},
		all:  atlas.Question{From: first(today.Year - thingsYears), To: today.AddDays(1), Now: s.now()}}
}

// Things are the sources of heat.
func (t *thingsTown) Things(ctx context.Context) ([]sensorthings.Thing, error) {
	sheets, err := t.server.heat.Sources(ctx, t.who.asker(), t.last)
	if err != nil {
		return nil, err
	}
	list := make([]sensorthings.Thing, len(sheets))
	for i := range sheets {
		list[i] = t.thing(&sheets[i])
	}
	return list, nil
}

func (t *thingsTown) thing(s *atlas.Sheet) sensorthings.Thing {
	one := sensorthings.Thing{ID: string(s.Site), Name: s.Name, Description: words.Heat(t.lang, "sheet_title", map[string]string{"name": s.Name}),
		Properties: map[string]any{"grade": s.Grade.String(), "limit": s.Limit.String(), "seen": s.View.Extent.String(), "power_class_kw": s.PowerClass.Code, "flow_class_c": s.TemperatureClass.Code}}
	if s.Place.Located {
		one.Place = &geo.Point{X: s.Place.Point.X, Y: s.Place.Point.Y}
	}
	hours := s.Statistics != nil
	for _, a := range s.Heat {
		if hours {
			one.Datastreams = append(one.Datastreams, t.stream(s, streamOf{s.Site, a.Kind, "power"}))
		}
		if slices.ContainsFunc(a.Months, func(m atlas.Amount) bool { return m.Coverage > 0 }) {
			one.Datastreams = append(one.Datastreams, t.stream(s, streamOf{s.Site, a.Kind, "energy"}))
		}
	}
	if hours && s.Temperatures != nil && s.Temperatures.Grade == heatmap.Measured {
		if s.Temperatures.Flow.OK {
			one.Datastreams = append(one.Datastreams, t.stream(s, streamOf{s.Site, heatmap.Delivered, "flow"}))
		}
		if s.Temperatures.Return.OK {
			one.Datastreams = append(one.Datastreams, t.stream(s, streamOf{s.Site, heatmap.Delivered, "return"}))
		}
	}
	return one
}

// stream describes a datastream, and remembers what it is of.
func (t *thingsTown) stream(s *atlas.Sheet, of streamOf) sensorthings.Datastream {
	const units = "http://qudt.org/vocab/unit/"
	unit := map[string]sensorthings.Unit{"power": {Name: "kilowatt", Symbol: "kW", Definition: units + "KiloW"}, "energy": {Name: "kilowatt hour", Symbol: "kWh", Definition: units + "KiloW-HR"},
		"flow": {Name: "degree Celsius", Symbol: "°C", Definition: units + "DEG_C"}, "return": {Name: "degree Celsius", Symbol: "°C", Definition: units + "DEG_C"}}[of.what]
	name := words.Heat(t.lang, "stream_"+of.what, map[string]string{"kind": words.Heat(t.lang, "kind_"+string(of.kind), nil)})
	id := string(of.site) + "." + string(of.kind) + "." + of.what
	t.streams[id] = of
	method := heatmap.Metered
	switch {
	case of.kind == s.Supply && of.what != "flow" && of.what != "return":
		method = s.Method.Code
	case of.kind == heatmap.Recoverable:
		method = heatmap.DeliveredAndRejected
	case of.kind == heatmap.Derived:
		method = heatmap.FactorOfITLoad
	}
	return sensorthings.Datastream{ID: id, Name: s.Name + ": " + name, Description: name, Unit: unit,
		Sensor:     sensorthings.Sensor{ID: string(method), Name: string(method), Description: words.Heat(t.lang, "method_"+string(method), nil), Metadata: s.Method.Source},
		Observed:   sensorthings.Observed{ID: string(of.kind) + "." + of.what, Name: name, Description: name, Definition: "urn:heatledger:heat:" + string(of.kind) + ":" + of.what},
		Properties: map[string]any{"kind": of.kind}}
}

// Observations are the hours of a datastream, or its months.
func (t *thingsTown) Observations(ctx context.Context, d sensorthings.Datastream) ([]sensorthings.Observation, error) {
	of := t.streams[d.ID]
	if of.what == "energy" {
		return t.months(ctx, of)
	}
	flow, err := t.server.heat.Series(ctx, t.who.asker(), of.site, of.kind, time.Hour, t.all)
	if errors.Is(err, atlas.ErrCoarse) || errors.Is(err, atlas.ErrUnknown) || errors.Is(err, atlas.ErrNotSeen) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := flow.Columns()
	var list []sensorthings.Observation
	for i := range flow.Len() {
		var v *float64
		switch of.what {
		case "power":
			v = known(c.Power, i)
		case "flow":
			v = known(c.Flow, i)
		default:
			v = known(c.Return, i)
		}
		if v != nil {
			list = append(list, sensorthings.Observation{From: flow.At(i), To: flow.At(i + 1), Result: *v, Quality: c.Grade[i].String(), Limit: c.Limit[i].String()})
		}
	}
	return list, nil
}

// months are the amounts of the months of which anything is known.
func (t *thingsTown) months(ctx context.Context, of streamOf) ([]sensorthings.Observation, error) {
	sheet, err := t.server.heat.Sheet(ctx, t.who.asker(), of.site, t.all)
	if errors.Is(err, atlas.ErrNotSeen) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []sensorthings.Observation
	for _, a := range sheet.Heat {
		if a.Kind != of.kind {
			continue
		}
		for _, m := range a.Months {
			if m.Coverage > 0 {
				list = append(list, sensorthings.Observation{From: t.calendar.Day(m.From).From, To: t.calendar.Day(m.To).From, Result: float64(m.Energy), Quality: m.Grade.String(), Limit: m.Limit.String()})
			}
		}
	}
	return list, nil
}
