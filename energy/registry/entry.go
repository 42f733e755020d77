package registry

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"heatledger/energy"
)

// Kind is the kind of an entry.
type Kind string

// The kinds of entries, in the order in which they are listed.
const (
	KindMunicipality Kind = "municipality"
	KindOperator     Kind = "operator"
	KindSite         Kind = "site"      // without its lists
	KindMeter        Kind = "meter"     // with its points
	KindHeatPump     Kind = "heat_pump" // of a site
	KindFact         Kind = "fact"
	KindDeclaration  Kind = "declaration"
	KindEvent        Kind = "event"
	KindCommitment   Kind = "commitment" // of a site, or of the municipality
	KindEvidence     Kind = "evidence"
)

// Kinds lists all of them, in that order.
func Kinds() []Kind {
	return []Kind{
		KindMunicipality, KindOperator, KindSite, KindMeter, KindHeatPump,
		KindFact, KindDeclaration, KindEvent, KindCommitment, KindEvidence,
	}
}

// Entry is the part of a registry that is versioned as one. Kind, ID and Site
// identify it.
type Entry struct {
	Kind string
	ID   string
	Site energy.SiteID // "" for what belongs to the municipality
	// Body is JSON with the names of registry.yaml, its keys sorted: equal
	// parts have equal bodies.
	Body json.RawMessage
}

// key identifies an entry.
type key struct {
	kind, id string
	site     energy.SiteID
}

func (e Entry) key() key { return key{e.Kind, e.ID, e.Site} }

// Entries takes the registry apart, in the order of (Site, kind, ID).
func (r *Registry) Entries() []Entry {
	var entries []Entry
	add := func(kind Kind, id string, site energy.SiteID, part any) {
		entries = append(entries, Entry{Kind: string(kind), ID: id, Site: site, Body: canonical(part)})
	}
	add(KindMunicipality, string(KindMunicipality), "", r.Municipality) // there is one: its id never changes
	for _, o := range r.Operators {
		add(KindOperator, o.ID, "", o)
	}
	for _, p := range r.Commitments {
		add(KindCommitment, p.ID, "", p)
	}
	for _, e := range r.Evidence {
		add(KindEvidence, e.ID, "", e)
	}
	for _, s := range r.Sites {
		bare := s
		bare.Meters, bare.HeatPumps, bare.Facts, bare.Declarations, bare.Events, bare.Commitments = nil, nil, nil, nil, nil, nil
		add(KindSite, string(s.ID), s.ID, bare)
		for _, m := range s.Meters {
			add(KindMeter, string(m.ID), s.ID, m)
		}
		for _, h := range s.HeatPumps {
			add(KindHeatPump, h.ID, s.ID, h)
		}
		for _, f := range s.Facts {
			add(KindFact, f.ID(), s.ID, f)
		}
		for _, d := range s.Declarations {
			add(KindDeclaration, d.ID(), s.ID, d)
		}
		for _, e := range s.Events {
			add(KindEvent, e.ID(), s.ID, e)
		}
		for _, p := range s.Commitments {
			add(KindCommitment, p.ID, s.ID, p)
		}
	}
	slices.SortStableFunc(entries, compareEntries)
	return entries
}

// compareEntries orders by site (those of the municipality first), kind and id.
func compareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.ID, b.ID))
}

// rank is the place of a kind in [Kinds]; -1 for one nobody knows.
func rank(kind string) int { return slices.Index(Kinds(), Kind(kind)) }

// canonical is part as JSON with sorted keys. Every type of a registry can be
// written as JSON, so that an error is a mistake of the program.
func canonical(part any) json.RawMessage {
	written, err := json.Marshal(part)
	if err == nil {
		var tree any
		if tree, err = decodeTree(written); err == nil {
			written, err = json.Marshal(tree)
		}
	}
	if err != nil {
		panic(fmt.Sprintf("registry: write %T as JSON: %v", part, err))
	}
	return written
}

// decodeTree reads JSON without losing a digit.
func decodeTree(body []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// FromEntries puts a registry together from its entries, in any order. It is
// the inverse of [Registry.Entries]; it checks only that they belong together.
func FromEntries(entries []Entry) (*Registry, error) {
	r := new(Registry)
	index := map[energy.SiteID]int{}
	seen := make(map[key]bool, len(entries))
	for _, e := range entries {
		if seen[e.key()] {
			return nil, fmt.Errorf("assemble %s %q of site %q: it is given twice", e.Kind, e.ID, e.Site)
		}
		seen[e.key()] = true
		if e.Kind != string(KindSite) {
			continue
		}
		var s Site
		if err := e.read(&s); err != nil {
			return nil, err
		}
		index[s.ID] = len(r.Sites)
		r.Sites = append(r.Sites, s)
	}
	for _, e := range entries {
		if err := r.take(e, index); err != nil {
			return nil, err
		}
	}
	r.sort()
	return r, nil
}

// take adds an entry that is no site.
func (r *Registry) take(e Entry, index map[energy.SiteID]int) error {
	var s Site // takes what belongs to no site, to be dropped
	site := &s
	if i, ok := index[e.Site]; ok {
		site = &r.Sites[i]
	} else if e.Site != "" {
		return fmt.Errorf("assemble %s %q: its site %q is missing", e.Kind, e.ID, e.Site)
	}
	switch Kind(e.Kind) {
	case KindMunicipality:
		return e.read(&r.Municipality)
	case KindOperator:
		return appendTo(&r.Operators, e)
	case KindSite:
		return nil
	case KindMeter:
		return appendTo(&site.Meters, e)
	case KindHeatPump:
		return appendTo(&site.HeatPumps, e)
	case KindFact:
		return appendTo(&site.Facts, e)
	case KindDeclaration:
		return appendTo(&site.Declarations, e)
	case KindEvent:
		return appendTo(&site.Events, e)
	case KindCommitment:
		if e.Site == "" {
			return appendTo(&r.Commitments, e)
		}
		return appendTo(&site.Commitments, e)
	case KindEvidence:
		return appendTo(&r.Evidence, e)
	}
	return fmt.Errorf("assemble %s %q: the kind is unknown", e.Kind, e.ID)
}

// appendTo reads an entry into a list.
func appendTo[T any](list *[]T, e Entry) error {
	var part T
	if err := e.read(&part); err != nil {
		return err
	}
	*list = append(*list, part)
	return nil
}

// read reads the body. Fields nobody knows are dropped: they are of a newer
// version of the program, which wrote them for itself.
func (e Entry) read(into any) error {
	if err := json.Unmarshal(e.Body, into); err != nil {
		return fmt.Errorf("read the body of %s %q: %w", e.Kind, e.ID, err)
	}
	return nil
}
