package web

import (
	"net/http"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// site is a site as the API shows it.
type site struct {
	ID       energy.SiteID   `json:"id"`
	Name     string          `json:"name"`
	Kind     energy.SiteKind `json:"kind"`
	Type     string          `json:"type,omitempty"`
	Operator string          `json:"operator,omitempty"`
	Timezone string          `json:"timezone"` // that holds now
	// Timezones are the zones it changed to, past and announced.
	Timezones []registry.Timezone `json:"timezones,omitempty"`
	Points    []point             `json:"points,omitempty"`
}

// point is a point as the API shows it.
type point struct {
	ID       energy.PointID    `json:"id"`
	Meter    energy.MeterID    `json:"meter"`
	Quantity energy.Quantity   `json:"quantity"`
	Unit     energy.Unit       `json:"unit"`
	Role     energy.Role       `json:"role,omitempty"`
	Series   energy.SeriesKind `json:"series"`
	Use      energy.Use        `json:"use"`
	Category int               `json:"category,omitempty"`
	Parent   energy.PointID    `json:"parent,omitempty"`
	First    *time.Time        `json:"first,omitempty"` // instant of the first reading
	Until    *time.Time        `json:"until,omitempty"` // end of the last reading, excluded
}

// listSites answers GET /api/v1/sites.
func (s *Server) listSites(w http.ResponseWriter, r *http.Request, who caller) error {
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	list := []site{}
	for _, one := range known.Sites {
		if !who.maySee(one.ID) {
			continue
		}
		shown, err := s.describe(known, one)
		if err != nil {
			return err
		}
		list = append(list, shown)
	}
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	return writeJSON(w, list)
}

// showSite answers GET /api/v1/sites/{site}: the site with its points.
func (s *Server) showSite(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	one, ok := known.Site(id)
	if !ok {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	shown, err := s.describe(known, one)
	if err != nil {
		return err
	}
	for _, meter := range one.Meters {
		for _, p := range meter.Points {
			entry := point{ID: p.ID, Meter: meter.ID, Quantity: p.Quantity, Unit: p.Quantity.Unit(), Role: p.Role,
				Series: p.Series, Use: p.Use, Category: p.Category, Parent: p.Parent}
			extent, some, err := s.options.Store.Extent(r.Context(), id, p.ID)
			if err != nil {
				return err
			}
			if some {
				entry.First, entry.Until = &extent.From, &extent.To
			}
			shown.Points = append(shown.Points, entry)
		}
	}
	return writeJSON(w, shown)
}

func (s *Server) describe(known *registry.Registry, one registry.Site) (site, error) {
	calendar, err := s.options.Ledger.Calendar(known, one.ID)
	if err != nil {
		return site{}, err
	}
	return site{ID: one.ID, Name: one.Name, Kind: one.Kind, Type: string(one.Type), Operator: string(one.Operator),
		Timezone: calendar.Zone(s.now()), Timezones: one.Timezones}, nil
}
