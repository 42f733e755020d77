package web

import (
	"net/http"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/registry"
)

// eventSaid is an event that the office records, as programs send it.
type eventSaid struct {
	Event registry.Event `json:"event"`
	Why   string         `json:"why"`
}

// paperSaid is an agreement, an exemption or another piece of evidence.
type paperSaid struct {
	Evidence registry.Evidence `json:"evidence"`
	Why      string            `json:"why"`
}

// recorded is what was recorded: the fact, whose effect says what it moved.
type recorded struct {
	Site energy.SiteID `json:"site"` // "": it is a fact of the municipality
	Fact int64         `json:"fact"`
	Kind string        `json:"kind"`
	ID   string        `json:"id"`
}

// addEvent answers POST /api/v1/sites/{site}/events: it closes a case.
func (s *Server) addEvent(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	var said eventSaid
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	done, err := s.record(r, who, id, registry.Amendment{Site: id, Event: &said.Event}, said.Why)
	if err != nil {
		return err
	}
	return writeJSON(w, done)
}

// addPaper answers POST /api/v1/sites/{site}/papers: evidence that concerns the site.
func (s *Server) addPaper(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.knownSite(r, who)
	if err != nil {
		return err
	}
	var said paperSaid
	if err := readJSON(w, r, &said); err != nil {
		return err
	}
	done, err := s.record(r, who, id, registry.Amendment{Evidence: &said.Evidence}, said.Why)
	if err != nil {
		return err
	}
	return writeJSON(w, done)
}

// record adds one thing to the registry for whoever may, at every site that it
// concerns.
func (s *Server) record(r *http.Request, who caller, site energy.SiteID, a registry.Amendment, why string) (recorded, error) {
	concerned := []energy.SiteID{site}
	if a.Evidence != nil {
		if len(a.Evidence.Sites) == 0 {
			a.Evidence.Sites = concerned
		}
		concerned = append(concerned, a.Evidence.Sites...)
		for _, share := range a.Evidence.Allocations {
			concerned = append(concerned, share.Site)
		}
	}
	for _, id := range concerned {
		if !who.may(access.Configure, id, "") {
			return recorded{}, refuse(http.StatusForbidden, "not_allowed", "you may not record anything about %q", string(id))
		}
	}
	why, err := asSaid(why)
	if err != nil {
		return recorded{}, err
	}
	if why == "" {
		return recorded{}, refuse(http.StatusUnprocessableEntity, "no_reason", "no reason is given")
	}
	done, err := s.options.Intake.Add(r.Context(), intake.Adding{Amendment: a, Actor: who.actor, Why: why})
	if err != nil {
		return recorded{}, err
	}
	return recorded{Site: done.Site, Fact: done.Fact, Kind: done.Entries[0].Kind, ID: done.Entries[0].ID}, nil
}
