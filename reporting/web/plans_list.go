package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"heatledger/energy/store"
	"heatledger/heatmap/plan"
	"heatledger/heatmap/plan/shelf"
	"heatledger/reporting/cell"
	"heatledger/reporting/planning"
)

// plannedWith is a plan with its result as programs get it.
type plannedWith struct {
	shelf.Saved
	Citation string      `json:"citation"`
	Of       plan.Result `json:"of" says:"The result; its digest covers it without the digest itself."`
}

// plansSeen are the plans that whoever asks may see, the latest first. They belong to
// the municipality and are read by the program; each is shown to whoever may see the
// hours of all sites it rests on.
func (s *Server) plansSeen(r *http.Request, who caller) ([]shelf.Saved, error) {
	all, err := s.plans.List(store.AsOwner(r.Context()))
	if err != nil {
		return nil, err
	}
	list := []shelf.Saved{}
	for _, saved := range all {
		seen, err := s.plans.Seen(r.Context(), who.asker(), saved, who.at)
		if err != nil {
			return nil, err
		}
		if seen {
			list = append(list, saved)
		}
	}
	return list, nil
}

// planSeen is the plan of an id, if whoever asks may see it. One that he may not see
// is not there.
func (s *Server) planSeen(r *http.Request, who caller, id string) (shelf.Saved, error) {
	none := refuse(http.StatusNotFound, "no_plan", "there is no plan %.80q that you may see", id)
	saved, err := s.plans.Find(store.AsOwner(r.Context()), id)
	if errors.Is(err, shelf.ErrUnknown) {
		return shelf.Saved{}, none
	}
	if err != nil {
		return shelf.Saved{}, err
	}
	seen, err := s.plans.Seen(r.Context(), who.asker(), saved, who.at)
	if err == nil && !seen {
		err = none
	}
	return saved, err
}

// listPlans answers GET /api/v1/heat/scenarios.
func (s *Server) listPlans(w http.ResponseWriter, r *http.Request, who caller) error {
	list, err := s.plansSeen(r, who)
	if err != nil {
		return err
	}
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	return writeJSON(w, list)
}

// showPlan answers GET /api/v1/heat/scenarios/{id}.
func (s *Server) showPlan(w http.ResponseWriter, r *http.Request, who caller) error {
	kind, err := format(r.URL.Query(), "json", "csv", "geojson", "dhnx", "pandapipes")
	if err != nil {
		return err
	}
	saved, err := s.planSeen(r, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	result, err := s.plans.Result(store.AsOwner(r.Context()), saved)
	if err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(saved.Fact, 10))
	switch {
	case kind == "dhnx" || kind == "pandapipes":
		return s.writePlanFolder(w, r, saved, result, kind)
	case kind == "geojson":
		w.Header().Set("Content-Type", geoJSON)
		_, _ = w.Write(result.GeoJSON()) // who has gone does not read it
		return nil
	case kind == "csv" || kind == "" && wantsCSV(r):
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		return cell.NewWriter(w).WriteAll(result.AreaTable())
	}
	return writeJSON(w, plannedWith{saved, saved.Citation(), result})
}

// writePlanFolder gives the network of a plan as the folder that a program for
// network calculation reads, in an archive. It is written as it is made: the hours of
// consumers are long.
func (s *Server) writePlanFolder(w http.ResponseWriter, r *http.Request, saved shelf.Saved, result plan.Result, kind string) error {
	net, ok := planning.NetOf(result)
	if !ok {
		return refuse(http.StatusConflict, "no_network", "the plan %.80q lays no network", saved.Name)
	}
	var files, about []planning.File // about stands beside the folder, in which DHNx takes no other files
	if kind == "pandapipes" {
		files = planning.Pandapipes(net)
	} else {
		said, err := s.sequencesOf(r.Context(), saved, result, &net)
		if err != nil {
			return err
		}
		files, about = planning.DHNx(net), []planning.File{planning.About(saved.Citation(), net, said)}
	}
	for i := range files {
		files[i].Name = kind + "/" + files[i].Name
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d-%s.zip"`, plain(saved.Name), saved.Fact, kind))
	return planning.WriteZip(w, append(about, files...))
}

// sequencesOf gives the consumers of a plan's network their hours, computed again, or
// says why they have none.
func (s *Server) sequencesOf(ctx context.Context, saved shelf.Saved, result plan.Result, net *planning.Net) (planning.Sequences, error) {
	year, err := s.plans.Courses(store.AsOwner(ctx), saved, result)
	if errors.Is(err, shelf.ErrOtherHours) {
		return planning.OtherHours, nil
	}
	if err != nil {
		return "", err
	}
	return net.LayOver(year, result)
}

// geoJSON is the media type of RFC 7946.
const geoJSON = "application/geo+json"

// showPlanHours answers GET /api/v1/heat/scenarios/{id}/hours.
func (s *Server) showPlanHours(w http.ResponseWriter, r *http.Request, who caller) error {
	return s.givePlanFile(w, r, who, "text/csv; charset=utf-8", func(saved shelf.Saved) shelf.Held { return saved.Hours })
}

// showPlanScenario answers GET /api/v1/heat/scenarios/{id}/file.
func (s *Server) showPlanScenario(w http.ResponseWriter, r *http.Request, who caller) error {
	return s.givePlanFile(w, r, who, "application/yaml; charset=utf-8", func(saved shelf.Saved) shelf.Held { return saved.Scenario })
}

func (s *Server) givePlanFile(w http.ResponseWriter, r *http.Request, who caller, kind string, of func(shelf.Saved) shelf.Held) error {
	saved, err := s.planSeen(r, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	b, err := s.plans.Bytes(store.AsOwner(r.Context()), of(saved))
	if err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(saved.Fact, 10))
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(b) // who has gone does not read it
	return nil
}
