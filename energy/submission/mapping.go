package submission

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// MappingNeededError says that nobody said yet how a table is to be read, and
// what is proposed.
type MappingNeededError struct {
	Proposal intake.Proposal `json:"proposal"`
	Places   []string        `json:"places,omitempty"` // of an interchange, that names are to be given for
}

// Error says what to do with the proposal.
func (e *MappingNeededError) Error() string {
	return "it is not said yet what the columns are: confirm what is proposed, or mend it"
}

// placesMost is the most places of an interchange that are asked about.
const placesMost = 500

// mapped finds how a file is to be read, where the request does not say: in our
// own form, by a mapping that was saved under the name given, or by one whose
// header fits.
func (d *Desk) mapped(ctx context.Context, who Caller, u *Upload) error {
	if len(u.Mapping.Columns)+len(u.Mapping.Names) > 0 {
		return nil
	}
	reach, err := d.reach(ctx, who)
	if err != nil {
		return err
	}
	if u.Saved != "" {
		m, ok := reach.saved[u.Saved]
		if !ok {
			return energy.Faults{{File: "mapping", Problem: fmt.Sprintf("there is no mapping of the name %.60q", u.Saved), Remedy: "save it first, or send the mapping itself"}}
		}
		u.Mapping = m
		return nil
	}
	if sheet.FormOf(u.File) == sheet.MSCONS {
		return d.mappedPlaces(u, reach.saved)
	}
	_, own, err := intake.OwnForm(u.File, u.Size, u.Mapping)
	if err != nil || own {
		if u.Mapping.Zone == "" { // of local times, where there are any
			u.Mapping.Zone = reach.zone
		}
		return err
	}
	proposal, err := intake.Propose(u.File, u.Size, u.Mapping.Sheet, reach.sites, reach.zone, reach.saved)
	if err != nil {
		return err
	}
	if proposal.Saved == "" {
		return &MappingNeededError{Proposal: proposal}
	}
	u.Mapping, u.Saved = proposal.Mapping, proposal.Saved
	return nil
}

// reach is what a caller may hand in for, with the mappings that were saved there.
type reach struct {
	sites []registry.Site
	saved map[string]intake.Mapping
	zone  string // IANA name of the first site's; "": there is none
}

func (d *Desk) reach(ctx context.Context, who Caller) (found reach, err error) {
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return found, err
	}
	found.saved = map[string]intake.Mapping{}
	for _, site := range r.Sites {
		own := reachable(site, who)
		if len(own.Meters) == 0 {
			continue
		}
		found.sites = append(found.sites, own)
		of, err := d.Mappings(ctx, site.ID)
		if err != nil {
			return found, err
		}
		maps.Copy(found.saved, of)
	}
	if len(found.sites) > 0 {
		if calendar, err := d.ledger.Calendar(r, found.sites[0].ID); err == nil {
			found.zone = calendar.Location.String()
		}
	}
	return found, nil
}

// propose says how a table could be read, whatever was saved for its like.
func (d *Desk) propose(ctx context.Context, who Caller, file File, size int64, sheetName string) (needed MappingNeededError, err error) {
	reach, err := d.reach(ctx, who)
	if err != nil {
		return needed, err
	}
	if sheet.FormOf(file) == sheet.MSCONS {
		needed.Places, err = intake.Places(io.NewSectionReader(file, 0, size), placesMost)
		return needed, err
	}
	needed.Proposal, err = intake.Propose(file, size, sheetName, reach.sites, reach.zone, nil)
	return needed, err
}

// mappedPlaces finds the saved mapping that names every place of an interchange.
func (d *Desk) mappedPlaces(u *Upload, saved map[string]intake.Mapping) error {
	places, err := intake.Places(io.NewSectionReader(u.File, 0, u.Size), placesMost)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(saved)) {
		m := saved[name]
		if len(m.Columns) == 0 && !slices.ContainsFunc(places, func(place string) bool { return !m.Knows(place) }) {
			u.Mapping, u.Saved = m, name
			return nil
		}
	}
	return &MappingNeededError{Places: places, Proposal: intake.Proposal{Columns: []intake.ProposedColumn{}, Sample: [][]string{}, Asks: []intake.Ask{{Code: "no_point"}}}}
}

// reachable is a site with those points alone that the caller may hand in for.
func reachable(site registry.Site, who Caller) registry.Site {
	var meters []registry.Meter
	for _, meter := range site.Meters {
		meter.Points = slices.DeleteFunc(slices.Clone(meter.Points), func(p registry.Point) bool { return p.Virtual() || !who.May(p.ID) })
		if len(meter.Points) > 0 {
			meters = append(meters, meter)
		}
	}
	site.Meters = meters
	return site
}

// Mappings are the mappings that were saved for a site, by name.
func (d *Desk) Mappings(ctx context.Context, site energy.SiteID) (map[string]intake.Mapping, error) {
	entries, err := d.store.EntriesOf(ctx, site, store.KindMapping, newest)
	if err != nil {
		return nil, err
	}
	saved := map[string]intake.Mapping{}
	for _, e := range store.Current(entries, d.now().Add(time.Minute)) {
		if bytes.Equal(e.Body, store.Withdrawn) {
			continue
		}
		var m intake.Mapping
		if err := json.Unmarshal(e.Body, &m); err != nil {
			return nil, fmt.Errorf("read mapping %s of site %s: %w", e.ID, site, err)
		}
		saved[e.ID] = m
	}
	return saved, nil
}

// SaveMapping keeps a mapping under a name for a site, as a fact: an earlier one
// of the name stays known.
func (d *Desk) SaveMapping(ctx context.Context, who Caller, site energy.SiteID, name string, m intake.Mapping) error {
	if name = strings.TrimSpace(name); name == "" || len(name) > 100 || plainName(name) != name {
		return energy.Faults{{File: "mapping", Problem: "the name is missing, too long or has a slash", Remedy: "give it a name of up to 100 bytes"}}
	}
	if faults := m.Check(); len(faults) > 0 {
		return faults
	}
	for _, p := range m.Points() {
		if !who.May(p) {
			return energy.Faults{{File: "mapping", Problem: fmt.Sprintf("you may not hand in for %s", p), Remedy: "name points of your own"}}
		}
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("save mapping %s: %w", name, err)
	}
	_, err = d.store.Append(ctx, site, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, store.KindMapping, name, time.Time{}, who.Actor, body)
	})
	return err
}
