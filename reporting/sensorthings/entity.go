package sensorthings

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// set names an entity set.
type set string

// The entity sets, as they stand in addresses.
const (
	things      set = "Things"
	locations   set = "Locations"
	datastreams set = "Datastreams"
	sensors     set = "Sensors"
	properties  set = "ObservedProperties"
	observed    set = "Observations"
	interests   set = "FeaturesOfInterest"
)

// sets are all of them, in the order of the root.
func sets() []set {
	return []set{things, locations, datastreams, sensors, properties, observed, interests}
}

// field is a property of an entity: the order of a list is that of the answer.
type field struct {
	name  string
	value any
}

// entity is one thing of a set, with its properties and its links to others.
type entity struct {
	set    set
	id     string
	fields []field
	links  []link
	// Of an observation, the step of its datastream: id, fields and links are made of it
	// when it is opened. Of millions that are looked through an answer holds few.
	step *Observation
	of   *stream
}

// stream is what the observations of a datastream have in common.
type stream struct {
	id    string
	links []link
}

// opened is the entity with its id, fields and links.
func (e entity) opened() entity {
	if o := e.step; o != nil {
		e.id, e.links = e.name(), e.of.links
		e.fields = []field{{"phenomenonTime", interval(o.From, o.To)}, {"resultTime", nil}, {"result", o.Result}, {"resultQuality", o.Quality}, {"parameters", map[string]any{"limit": o.Limit}}}
		e.step = nil
	}
	return e
}

// name is the id.
func (e *entity) name() string {
	if e.step != nil {
		return e.of.id + "~" + e.step.From.UTC().Format(idTime)
	}
	return e.id
}

// link is a way to other entities, to one alone or to several.
type link struct {
	name string
	one  bool
	find func(ctx context.Context) ([]entity, error)
}

func (e *entity) field(name string) (any, bool) {
	if name == "id" || name == "@iot.id" {
		return e.name(), true
	}
	for _, f := range e.opened().fields {
		if f.name == name {
			return f.value, true
		}
	}
	return nil, false
}

// scalar is a number or text by which entities are filtered and put in order; nil:
// there is none. An observation is not opened for it.
func (e *entity) scalar(name string) any {
	if e.step != nil {
		switch name {
		case "result":
			return e.step.Result
		case "resultQuality":
			return e.step.Quality
		case "id", "@iot.id":
			return e.name()
		}
		return nil
	}
	value, _ := e.field(name)
	return value
}

func (e entity) link(name string) (link, bool) {
	e = e.opened()
	i := slices.IndexFunc(e.links, func(l link) bool { return l.name == name })
	if i < 0 {
		return link{}, false
	}
	return e.links[i], true
}

// graph makes entities of a town, for one answer.
type graph struct {
	town   Town
	things []Thing
	ways   []entity // the sensors
	kinds  []entity // the observed properties
	spent  budget
}

func newGraph(ctx context.Context, t Town) (*graph, error) {
	list, err := t.Things(ctx)
	g := &graph{town: t, things: list}
	g.ways, g.kinds = g.sensors(), g.observedProperties()
	return g, err
}

// all are the entities of a set. Observations have to be asked of a datastream: all of
// them together would be every hour of every site.
func (g *graph) all(ctx context.Context, s set) ([]entity, error) {
	switch s {
	case things:
		return g.thingsOf(func(Thing) bool { return true }), nil
	case locations:
		return g.places(locations), nil
	case interests:
		return g.places(interests), nil
	case datastreams:
		return g.streams(func(Thing, Datastream) bool { return true }), nil
	case sensors:
		return g.ways, nil
	case properties:
		return g.kinds, nil
	case observed:
		return nil, refuse(http.StatusBadRequest, "ask for the Observations of one Datastream: /Datastreams('ID')/Observations")
	}
	return nil, refuse(http.StatusNotFound, "there is no entity set %.40q", s)
}

// one is the entity of a set by its id.
func (g *graph) one(ctx context.Context, s set, id string) (entity, error) {
	list, err := g.all(ctx, s)
	if s == observed {
		list, err = g.observation(ctx, id)
	}
	if err != nil {
		return entity{}, err
	}
	i := slices.IndexFunc(list, func(e entity) bool { return e.name() == id })
	if i < 0 {
		return entity{}, refuse(http.StatusNotFound, "there is no %.40q in %s that you may see", id, s)
	}
	return list[i], nil
}

func (g *graph) thingsOf(of func(Thing) bool) (list []entity) {
	for _, t := range g.things {
		if !of(t) {
			continue
		}
		same := func(o Thing) bool { return o.ID == t.ID }
		list = append(list, entity{set: things, id: t.ID,
			fields: []field{{"name", t.Name}, {"description", t.Description}, {"properties", filled(t.Properties)}},
			links: []link{
				{"Locations", false, func(context.Context) ([]entity, error) { return g.placeOf(locations, t), nil }},
				{"Datastreams", false, func(context.Context) ([]entity, error) {
					return g.streams(func(o Thing, _ Datastream) bool { return same(o) }), nil
				}},
			}})
	}
	return list
}

// places are the locations, or the features of interest: those of all things that lie
// somewhere.
func (g *graph) places(s set) (list []entity) {
	for _, t := range g.things {
		list = append(list, g.placeOf(s, t)...)
	}
	return list
}

func (g *graph) placeOf(s set, t Thing) []entity {
	if t.Place == nil {
		return nil
	}
	point := map[string]any{"type": "Point", "coordinates": []float64{t.Place.X, t.Place.Y}}
	e := entity{set: s, id: t.ID, fields: []field{{"name", t.Name}, {"description", t.Description}, {"encodingType", "application/geo+json"}}}
	if s == interests {
		e.fields = append(e.fields, field{"feature", point})
		e.links = []link{{"Observations", false, func(ctx context.Context) ([]entity, error) {
			var all []entity
			for _, d := range t.Datastreams {
				list, err := g.observations(ctx, t, d)
				if err != nil {
					return nil, err
				}
				all = append(all, list...)
			}
			return all, nil
		}}}
		return []entity{e}
	}
	e.fields = append(e.fields, field{"location", point})
	e.links = []link{{"Things", false, func(context.Context) ([]entity, error) {
		return g.thingsOf(func(o Thing) bool { return o.ID == t.ID }), nil
	}}}
	return []entity{e}
}

func (g *graph) streams(of func(Thing, Datastream) bool) (list []entity) {
	for _, t := range g.things {
		for _, d := range t.Datastreams {
			if of(t, d) {
				list = append(list, g.stream(t, d))
			}
		}
	}
	return list
}

func (g *graph) stream(t Thing, d Datastream) entity {
	e := entity{set: datastreams, id: d.ID, fields: []field{{"name", d.Name}, {"description", d.Description},
		{"observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"}, {"unitOfMeasurement", d.Unit}, {"properties", filled(d.Properties)}}}
	if !d.From.IsZero() {
		e.fields = append(e.fields, field{"phenomenonTime", interval(d.From, d.To)})
	}
	e.links = []link{
		{"Thing", true, func(context.Context) ([]entity, error) {
			return g.thingsOf(func(o Thing) bool { return o.ID == t.ID }), nil
		}},
		{"Sensor", true, func(context.Context) ([]entity, error) { return only(g.ways, d.Sensor.ID), nil }},
		{"ObservedProperty", true, func(context.Context) ([]entity, error) {
			return only(g.kinds, d.Observed.ID), nil
		}},
		{"Observations", false, func(ctx context.Context) ([]entity, error) { return g.observations(ctx, t, d) }},
	}
	return e
}

// sensors are the ways in which values came about, each once.
func (g *graph) sensors() []entity {
	found := map[string]entity{}
	for _, t := range g.things {
		for _, d := range t.Datastreams {
			found[d.Sensor.ID] = entity{set: sensors, id: d.Sensor.ID,
				fields: []field{{"name", d.Sensor.Name}, {"description", d.Sensor.Description}, {"encodingType", "text/plain"}, {"metadata", d.Sensor.Metadata}},
				links: []link{{"Datastreams", false, func(context.Context) ([]entity, error) {
					return g.streams(func(_ Thing, o Datastream) bool { return o.Sensor.ID == d.Sensor.ID }), nil
				}}}}
		}
	}
	return byID(found)
}

func (g *graph) observedProperties() []entity {
	found := map[string]entity{}
	for _, t := range g.things {
		for _, d := range t.Datastreams {
			found[d.Observed.ID] = entity{set: properties, id: d.Observed.ID,
				fields: []field{{"name", d.Observed.Name}, {"definition", d.Observed.Definition}, {"description", d.Observed.Description}},
				links: []link{{"Datastreams", false, func(context.Context) ([]entity, error) {
					return g.streams(func(_ Thing, o Datastream) bool { return o.Observed.ID == d.Observed.ID }), nil
				}}}}
		}
	}
	return byID(found)
}

// idTime is the time in the id of an observation.
const idTime = "20060102T150405Z"

// observations are the steps of a datastream.
func (g *graph) observations(ctx context.Context, t Thing, d Datastream) ([]entity, error) {
	steps, err := g.town.Observations(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := g.spent.look(ctx, len(steps)); err != nil {
		return nil, err
	}
	of := &stream{id: d.ID, links: []link{
		{"Datastream", true, func(context.Context) ([]entity, error) { return []entity{g.stream(t, d)}, nil }},
		{"FeatureOfInterest", true, func(context.Context) ([]entity, error) { return g.placeOf(interests, t), nil }},
	}}
	list := make([]entity, len(steps))
	for i := range steps {
		list[i] = entity{set: observed, step: &steps[i], of: of}
	}
	return list, nil
}

// observation is the datastream's list that holds an observation of this id.
func (g *graph) observation(ctx context.Context, id string) ([]entity, error) {
	stream, _, _ := strings.Cut(id, "~")
	for _, t := range g.things {
		for _, d := range t.Datastreams {
			if d.ID == stream {
				return g.observations(ctx, t, d)
			}
		}
	}
	return nil, nil
}

// only is the entity of an id, alone.
func only(list []entity, id string) []entity {
	if i := slices.IndexFunc(list, func(e entity) bool { return e.name() == id }); i >= 0 {
		return list[i : i+1]
	}
	return nil
}

func byID(found map[string]entity) []entity {
	var list []entity
	for _, id := range slices.Sorted(maps.Keys(found)) {
		list = append(list, found[id])
	}
	return list
}

// filled is never null: the standard has an object there.
func filled(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// interval is a time interval of ISO 8601.
func interval(from, to time.Time) string {
	return from.UTC().Format(time.RFC3339) + "/" + to.UTC().Format(time.RFC3339)
}
