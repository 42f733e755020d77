package proof

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
)

// Change is what sealing did to a chunk or a block of instants.
type Change struct {
	Item   string `json:"item"`
	Before Digest `json:"before"` // zero: it was not there
	After  Digest `json:"after"`
	Closed bool   `json:"closed,omitempty"` // it is never changed again
}

// Gone names a segment that was sealed though an older one was not yet.
type Gone struct {
	Fact  int64 `json:"fact"`
	Meter int32 `json:"meter"`
	Part  int16 `json:"part"`
}

// Turn is what one transaction of sealing did.
type Turn struct {
	Upto    int64    `json:"upto"` // segments of facts up to this one are all sealed
	Gone    []Gone   `json:"gone,omitempty"`
	Changes []Change `json:"changes,omitempty"`
}

// Sealing is how far a site is sealed: the content of its latest record of
// kind sealing, which replaces the ones before.
type Sealing struct {
	Site energy.SiteID
	Upto int64
	Gone map[Gone]bool     // beyond Upto
	Open map[string]Digest // chunks and blocks that still grow
	// Contradicted are items that were not what the record before says when
	// sealing took them up: somebody changed them in between.
	Contradicted map[string]bool
}

// NewSealing is the state of a site before anything is sealed.
func NewSealing(site energy.SiteID) *Sealing {
	return &Sealing{Site: site, Gone: map[Gone]bool{}, Open: map[string]Digest{}, Contradicted: map[string]bool{}}
}

// Apply brings the state on by a turn. It gives the items that are complete
// now, with their digests.
func (s *Sealing) Apply(t Turn) (complete []Change) {
	for _, c := range t.Changes {
		if s.Open[c.Item] != c.Before {
			s.Contradicted[c.Item] = true
		}
		if c.Closed {
			delete(s.Open, c.Item)
			complete = append(complete, c)
			continue
		}
		s.Open[c.Item] = c.After
	}
	for _, g := range t.Gone {
		s.Gone[g] = true
	}
	s.Upto = max(s.Upto, t.Upto)
	maps.DeleteFunc(s.Gone, func(g Gone, _ bool) bool { return g.Fact <= s.Upto })
	return complete
}

// Record is the state as a record; the same state is the same text.
func (s *Sealing) Record() Record {
	r := Record{Kind: KindSealing}
	add := func(name, format string, args ...any) {
		r.Lines = append(r.Lines, Line{name, fmt.Sprintf(format, args...)})
	}
	add("site", "%s", s.Site)
	add("upto", "%d", s.Upto)
	for _, g := range slices.SortedFunc(maps.Keys(s.Gone), Gone.compare) {
		add("gone", "%d %d %d", g.Fact, g.Meter, g.Part)
	}
	for _, item := range slices.Sorted(maps.Keys(s.Open)) {
		add("open", "%s %s", item, s.Open[item])
	}
	for _, item := range slices.Sorted(maps.Keys(s.Contradicted)) {
		add("contradicted", "%s", item)
	}
	return r
}

func (g Gone) compare(o Gone) int {
	for _, d := range []int64{g.Fact - o.Fact, int64(g.Meter) - int64(o.Meter), int64(g.Part) - int64(o.Part)} {
		if d != 0 {
			return int(min(max(d, -1), 1))
		}
	}
	return 0
}

// ParseSealing reads the record.
func ParseSealing(text string) (*Sealing, error) {
	r, err := ParseRecord(text)
	if err != nil || r.Kind != KindSealing {
		return nil, ErrRecord
	}
	s := NewSealing(energy.SiteID(r.Value("site")))
	if s.Upto, err = r.Number("upto"); err != nil {
		return nil, err
	}
	for _, l := range r.Lines {
		switch l.Name {
		case "gone":
			var g Gone
			if _, err := fmt.Sscanf(l.Value, "%d %d %d", &g.Fact, &g.Meter, &g.Part); err != nil {
				return nil, fmt.Errorf("line gone %s: %w", strconv.Quote(l.Value), ErrRecord)
			}
			s.Gone[g] = true
		case "open":
			parts, err := Parts(l.Value + "\n")
			if err != nil {
				return nil, err
			}
			s.Open[parts[0].What] = parts[0].Digest
		case "contradicted":
			s.Contradicted[strings.TrimSpace(l.Value)] = true
		}
	}
	return s, nil
}
