package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"heatledger/energy"
)

// Amendment is one thing that a person adds to what is known, from a page.
type Amendment struct {
	Site     energy.SiteID // of an event
	Event    *Event        // one of them
	Evidence *Evidence
}

// Amend adds to the registry what a file with it would add: it is written as
// registry.yaml, read again and checked as a whole. The first entry is the one
// that is new; its id must be free. With an exchange the meter follows, which has
// the new serial number from now on. Faults that the registry has without it are
// not named again; faults have no place, for there is no file.
func (r *Registry) Amend(a Amendment) ([]Entry, energy.Faults) {
	before, err := r.document()
	if err != nil {
		return nil, energy.Faults{{Problem: err.Error()}}
	}
	_, known := Load("", before)
	more := *r
	if a.Event != nil {
		i := slices.IndexFunc(r.Sites, func(s Site) bool { return s.ID == a.Site })
		if i < 0 {
			return nil, energy.Faults{{Problem: fmt.Sprintf("there is no site %q", a.Site), Remedy: "the id of a site is expected", Code: "registry_site", Arg: string(a.Site)}}
		}
		more.Sites = slices.Clone(r.Sites)
		more.Sites[i] = r.Sites[i].happened(*a.Event)
	}
	if a.Evidence != nil {
		more.Evidence = append(slices.Clip(r.Evidence), *a.Evidence)
	}
	after, err := more.document()
	if err != nil {
		return nil, energy.Faults{{Problem: err.Error()}}
	}
	amended, faults := Load("", after)
	var fresh energy.Faults
	for _, f := range faults {
		f.Line, f.Column = 0, 0
		same := func(o energy.Fault) bool { return o.Problem == f.Problem && o.Remedy == f.Remedy }
		if !slices.ContainsFunc(known, same) && !slices.ContainsFunc(fresh, same) {
			fresh = append(fresh, f)
		}
	}
	if len(fresh) > 0 {
		return nil, fresh
	}
	there := map[key]json.RawMessage{}
	for _, e := range r.Entries() {
		there[e.key()] = e.Body
	}
	var fresher, changed []Entry
	for _, e := range amended.Entries() {
		switch body, ok := there[e.key()]; {
		case !ok:
			fresher = append(fresher, e)
		case a.Event != nil && e.Kind == string(KindMeter) && e.ID == string(a.Event.Meter) && !bytes.Equal(body, e.Body):
			changed = append(changed, e)
		}
	}
	if len(fresher) != 1 {
		return nil, energy.Faults{{Problem: "it is there already", Remedy: "give another id or instant", Code: "registry_there"}}
	}
	return append(fresher, changed...), nil
}

// happened is the site after an event: the meter that hangs there has the serial
// number of the latest exchange.
func (s Site) happened(e Event) Site {
	later := func(o Event) bool {
		return o.Kind == MeterExchange && o.Meter == e.Meter && o.Begins().After(e.Begins())
	}
	i := slices.IndexFunc(s.Meters, func(m Meter) bool { return m.ID == e.Meter })
	if e.Kind == MeterExchange && i >= 0 && !slices.ContainsFunc(s.Events, later) {
		s.Meters = slices.Clone(s.Meters)
		if e.Old.Serial == "" {
			e.Old.Serial = s.Meters[i].Serial
		}
		if e.New.Serial != "" {
			s.Meters[i].Serial = e.New.Serial
		}
	}
	s.Events = append(slices.Clip(s.Events), e)
	return s
}

// document is the registry as registry.yaml, in the JSON that YAML holds.
func (r *Registry) document() ([]byte, error) {
	tree := map[string]any{}
	sites := map[energy.SiteID]map[string]any{}
	lists := map[Kind]string{KindOperator: "operators", KindCommitment: "commitments", KindEvidence: "evidence", KindMeter: "meters", KindHeatPump: "heat_pumps",
		KindFact: "facts", KindDeclaration: "declarations", KindEvent: "events"}
	entries := r.Entries()
	var order []any
	for _, e := range entries {
		if e.Kind == string(KindSite) {
			body, err := decodeTree(e.Body)
			if err != nil {
				return nil, fmt.Errorf("write site %q: %w", e.ID, err)
			}
			site, ok := body.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("write site %q: it is no object", e.ID)
			}
			sites[e.Site], order = site, append(order, site)
		}
	}
	for _, e := range entries {
		body, err := decodeTree(e.Body)
		if err != nil {
			return nil, fmt.Errorf("write %s %q: %w", e.Kind, e.ID, err)
		}
		within := tree
		if e.Site != "" {
			within = sites[e.Site]
		}
		switch list := lists[Kind(e.Kind)]; {
		case e.Kind == string(KindMunicipality):
			tree["municipality"] = body
		case list != "":
			all, _ := within[list].([]any) // nil for the first
			within[list] = append(all, body)
		}
	}
	if len(order) > 0 {
		tree["sites"] = order
	}
	return json.MarshalIndent(tree, "", " ") // in lines: those of one line are bounded
}
