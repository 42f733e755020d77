package features

import (
	"context"
	"math"
	"time"

	"heatledger/heatmap/geo"
)

// queryablesRel is the relation of a link to what can be asked for (19-079r2,
// requirement /req/queryables/queryables-link).
const queryablesRel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

// LandingPage is where everything begins.
type LandingPage struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Links       []Link `json:"links"`
}

// landing answers with links to everything else (17-069r4, clause 7.2).
func (a API) landing(q question) (Answer, error) {
	q.links = append(q.links,
		a.link("/api", "service-desc", OpenAPI, "The API, described for programs", "Die Schnittstelle, für Programme beschrieben"),
		a.link("/api", "service-doc", HTML, "The API, described for people", "Die Schnittstelle, für Menschen beschrieben"),
		a.link("/conformance", "conformance", JSON, "Conformance classes that hold", "Konformitätsklassen, die eingehalten sind"),
		a.link("/conformance", "conformance", HTML, "Conformance classes as a page", "Konformitätsklassen als Seite"),
		a.link("/collections", "data", JSON, "Collections of features", "Sammlungen von Objekten"),
		a.link("/collections", "data", HTML, "Collections as a page", "Sammlungen als Seite"))
	return q.answer(&LandingPage{a.Title, a.Description, q.links})
}

// CollectionsPage lists what there is.
type CollectionsPage struct {
	Links       []Link           `json:"links"`
	CRS         []string         `json:"crs"`
	Collections []CollectionPage `json:"collections"`
}

// CollectionPage describes one collection, as far as the caller sees it.
type CollectionPage struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Links       []Link   `json:"links"`
	Extent      *Extent  `json:"extent,omitempty"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs"`
}

// Extent is where and when the features of a collection are.
type Extent struct {
	Spatial  *SpatialExtent  `json:"spatial,omitempty"`
	Temporal *TemporalExtent `json:"temporal,omitempty"`
}

// SpatialExtent is a box of degrees, longitude first.
type SpatialExtent struct {
	BBox [][4]float64 `json:"bbox"`
	CRS  string       `json:"crs"`
}

// TemporalExtent is an interval; nil ends are open.
type TemporalExtent struct {
	Interval [][2]*time.Time `json:"interval"`
	TRS      string          `json:"trs"`
}

// collections answers with all collections the caller may know of (clause 7.13).
func (a API) collections(ctx context.Context, q question) (Answer, error) {
	page := &CollectionsPage{Links: q.links, CRS: systemURIs(), Collections: []CollectionPage{}}
	for _, one := range a.Collections {
		shown, err := a.describe(ctx, one)
		if err != nil {
			return Answer{}, err
		}
		page.Collections = append(page.Collections, shown)
	}
	return q.answer(page)
}

// collection answers with one, by the same words as the list (requirement
// /req/core/sfc-md-success).
func (a API) collection(ctx context.Context, q question) (Answer, error) {
	page, err := a.describe(ctx, q.one)
	if err != nil {
		return Answer{}, err
	}
	page.Links = append(q.links, page.Links...)
	return q.answer(&page)
}

// describe describes a collection, without links to the description itself.
func (a API) describe(ctx context.Context, one Collection) (CollectionPage, error) {
	about := one.About()
	all, err := one.Features(ctx)
	if err != nil {
		return CollectionPage{}, err
	}
	path := "/collections/" + about.ID
	return CollectionPage{ID: about.ID, Title: about.Title, Description: about.Description, Extent: extentOf(all), ItemType: "feature", CRS: systemURIs(), StorageCRS: geo.CRS84,
		Links: []Link{
			a.link(path+"/items", "items", GeoJSON, "Features as GeoJSON", "Objekte als GeoJSON"),
			a.link(path+"/items", "items", HTML, "Features as a page", "Objekte als Seite"),
			a.link(path+"/queryables", queryablesRel, SchemaJSON, "What can be asked for", "Wonach gefragt werden kann"),
			a.link(path+"/queryables", queryablesRel, HTML, "What can be asked for, as a page", "Wonach gefragt werden kann, als Seite"),
			a.link(path+"/schema", schemaRel, SchemaJSON, "What the features are", "Was die Objekte sind"),
			a.link(path+"/schema", schemaRel, HTML, "What the features are, as a page", "Was die Objekte sind, als Seite"),
			a.link(path+"/schema/geojson", describedBy, SchemaJSON, "What the features are as GeoJSON", "Was die Objekte als GeoJSON sind"),
		}}, nil
}

// margin is what an extent is wider than its features, and to what it is rounded: about
// a kilometre. It is a frame to look at, no position, and a box around it holds the
// features in every system, whose axes are not quite parallel.
const margin = 0.01

// extentOf is the frame of features, nil without any place or time.
func extentOf(all []Feature) *Extent {
	box := geo.EmptyBox()
	var span *[2]*time.Time
	for _, f := range all {
		if f.Geometry != nil {
			box = box.Union(f.Geometry.Bounds())
		}
		if f.Time.Known {
			span = widened(span, f.Time)
		}
	}
	var e Extent
	if !box.Empty() {
		down := func(x float64) float64 { return math.Round((math.Floor(x/margin)-1)*margin*1e6) / 1e6 }
		up := func(x float64) float64 { return math.Round((math.Ceil(x/margin)+1)*margin*1e6) / 1e6 }
		e.Spatial = &SpatialExtent{[][4]float64{{max(-180, down(box.Min.X)), max(-90, down(box.Min.Y)), min(180, up(box.Max.X)), min(90, up(box.Max.Y))}}, geo.CRS84}
	}
	if span != nil {
		e.Temporal = &TemporalExtent{[][2]*time.Time{*span}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	if e == (Extent{}) {
		return nil
	}
	return &e
}

// widened is an interval that holds a time too; nil ends are open.
func widened(span *[2]*time.Time, t Time) *[2]*time.Time {
	end := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		at = at.UTC()
		return &at
	}
	from, to := end(t.From), end(t.To)
	if span == nil {
		return &[2]*time.Time{from, to}
	}
	if from == nil || span[0] != nil && from.Before(*span[0]) {
		span[0] = from
	}
	if to == nil || span[1] != nil && to.After(*span[1]) {
		span[1] = to
	}
	return span
}
