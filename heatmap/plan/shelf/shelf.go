// Package shelf keeps plans: a scenario that was run, with the files it named, what it
// came to and on which facts of which sites, as a fact of the municipality. It is
// cited by the number of that fact and the digest of its result. A later version of
// the same name stands beside it; nothing is ever overwritten. Package plan runs
// scenarios and knows nothing of where they are kept.
//
// The entry says by digests what belongs to it; the bytes lie with the other files of
// the store, each once. Who may save or see a plan is settled by whoever asks:
// [Shelf.Seen] tells what the sites behind it demand.
package shelf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/heatmap"
	"heatledger/heatmap/atlas"
	"heatledger/heatmap/plan"
)

// KindPlan is the kind of the entries by which plans are facts; the id is the
// scenario's name.
const KindPlan = store.KindPlan

// MostBytes is how large the files of a plan may be together.
const MostBytes = 64 << 20

// ErrUnknown says that there is no such plan.
var ErrUnknown = errors.New("there is no such plan")

// Saved is a plan that was kept.
type Saved struct {
	// Fact is its number among the facts of the municipality, At when it became one.
	Fact  int64     `json:"fact"`
	At    time.Time `json:"at"`
	Actor string    `json:"actor"`

	Name         string `json:"name"`
	Title        string `json:"title,omitempty"`
	Municipality string `json:"municipality,omitempty"`
	Year         int    `json:"year"`
	Digest       string `json:"result_sha256"` // of the result, see plan.Result
	Method       int    `json:"method"`        // plan.Method
	Sites        []Rest `json:"sites,omitempty"`

	Scenario Held   `json:"scenario"`
	Result   Held   `json:"result"`
	Hours    Held   `json:"hours"`
	Files    []Held `json:"files,omitempty"` // that the scenario names
	// Held are the digests of all of these, for whoever asks what a file is kept for.
	Held []string `json:"held"`

	Heat     float64  `json:"heat_kwh"`
	Covered  *float64 `json:"covered_share,omitempty"`
	PerMWh   *float64 `json:"eur_per_mwh,omitempty"`
	Trench   *float64 `json:"trench_m,omitempty"`
	Kilogram float64  `json:"kg"`

	// SupersededBy is the fact of the latest version of the name; 0: this is it.
	SupersededBy int64 `json:"superseded_by,omitempty"`
}

// Rest is a site that a plan rests on.
type Rest struct {
	Site energy.SiteID `json:"site"`
	Kind heatmap.Kind  `json:"kind"`
	// Its days are those of its facts up to Fact, which was recorded At.
	Fact int64     `json:"fact"`
	At   time.Time `json:"at"`
}

// Held is a file that is kept.
type Held struct {
	Path   string `json:"path,omitempty"`
	Digest string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

// Citation is how a plan is named in a report.
func (s Saved) Citation() string {
	return fmt.Sprintf("plan %s, fact %d, sha256:%s", s.Name, s.Fact, s.Digest)
}

// Shelf keeps plans. It is safe for concurrent use.
type Shelf struct {
	ledger *ledger.Ledger
	atlas  *atlas.Atlas
}

// New is a shelf over a ledger.
func New(l *ledger.Ledger, a *atlas.Atlas) *Shelf { return &Shelf{l, a} }

// Gather reads the days of the sites that a scenario names, as known at an instant
// (zero: now). A site that is not there is left out; running the scenario names it.
func (s *Shelf) Gather(ctx context.Context, scenario plan.Scenario, at time.Time) (map[energy.SiteID]heatmap.Stored, error) {
	return s.gather(ctx, scenario, func(energy.SiteID) time.Time { return at })
}

func (s *Shelf) gather(ctx context.Context, scenario plan.Scenario, at func(energy.SiteID) time.Time) (map[energy.SiteID]heatmap.Stored, error) {
	sites := map[energy.SiteID]heatmap.Stored{}
	from, to := scenario.Days()
	for _, id := range scenario.Sites() {
		d, err := s.ledger.SiteDays(ctx, ledger.SiteQuestion{Site: id, From: from, To: to, At: at(id), Points: atlas.HeatPoints})
		if errors.Is(err, ledger.ErrNoSite) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the days of %s for the plan %s: %w", id, scenario.Name, err)
		}
		sites[id] = heatmap.Stored{Site: d.Site, Calendar: d.Calendar, From: from, To: to, Days: d.Days, Fact: d.Fact}
	}
	return sites, nil
}

// Keeping is a run that is to be kept.
type Keeping struct {
	Scenario plan.Scenario
	Inputs   plan.Inputs
	Result   plan.Result
	Actor    string
}

// Keep keeps a run as a fact. Where the latest version of the name has the same
// result, which names the scenario and all inputs, that one is given back and nothing is
// added: added tells which. Two who keep the same at once keep it once.
func (s *Shelf) Keep(ctx context.Context, k Keeping) (saved Saved, added bool, err error) {
	if saved, err = s.newSaved(ctx, k); err != nil {
		return Saved{}, false, err
	}
	files, err := contents(&saved, k)
	if err != nil {
		return Saved{}, false, err
	}
	for _, b := range files {
		if err := s.ledger.Store().KeepFile(ctx, sha256.Sum256(b), bytes.NewReader(b)); err != nil {
			return Saved{}, false, err
		}
	}
	var before Saved
	head, err := s.ledger.Store().Append(ctx, store.Municipality, func(ctx context.Context, f *store.Fact) error {
		var known bool
		if before, known, err = latest(ctx, f.Reader, saved.Name); err != nil {
			return err
		}
		if known && before.Digest == saved.Digest {
			return store.ErrNothing
		}
		for _, b := range files {
			if err := f.HoldFile(ctx, sha256.Sum256(b)); err != nil {
				return err
			}
		}
		body, err := json.Marshal(saved)
		if err != nil {
			return fmt.Errorf("write the plan %s: %w", saved.Name, err)
		}
		return f.Entry(ctx, KindPlan, saved.Name, f.RecordedAt, k.Actor, body)
	})
	if errors.Is(err, store.ErrNothing) {
		return before, false, nil
	}
	if err != nil {
		return Saved{}, false, fmt.Errorf("keep the plan %s: %w", saved.Name, err)
	}
	saved.Fact, saved.At, saved.Actor = head.Seq, head.RecordedAt, k.Actor
	return saved, true, nil
}

// latest is the latest version of a plan; ok is false where there is none.
func latest(ctx context.Context, r store.Reader, name string) (saved Saved, ok bool, err error) {
	list, err := versions(ctx, r)
	for _, one := range slices.Backward(list) {
		if one.Name == name {
			return one, true, err
		}
	}
	return Saved{}, false, err
}

// newSaved is what the entry says, but for the files.
func (s *Shelf) newSaved(ctx context.Context, k Keeping) (Saved, error) {
	r := k.Result
	saved := Saved{Name: r.Name, Title: r.Title, Municipality: r.Municipality, Year: r.Year, Digest: r.Digest, Method: r.Method,
		Heat: r.Demand.Heat, Covered: r.Served.Covered, Kilogram: r.Emissions.Total}
	if r.Cost != nil {
		saved.PerMWh = r.Cost.PerMWh
	}
	if r.Network != nil {
		saved.Trench = &r.Network.Metres
	}
	for _, g := range r.Sources {
		if g.Site != "" {
			rest := Rest{Site: energy.SiteID(g.Site), Kind: heatmap.Kind(g.Kind), Fact: k.Inputs.Sites[energy.SiteID(g.Site)].Fact}
			at, ok, err := s.ledger.Store().RecordedAt(ctx, rest.Site, rest.Fact)
			if err != nil {
				return Saved{}, err
			}
			if !ok {
				return Saved{}, fmt.Errorf("keep the plan %s: site %s has no fact %d", saved.Name, rest.Site, rest.Fact)
			}
			rest.At = at
			saved.Sites = append(saved.Sites, rest)
		}
	}
	return saved, nil
}

// contents are the files of a plan; saved names them.
func contents(saved *Saved, k Keeping) ([][]byte, error) {
	result, err := json.Marshal(k.Result)
	if err != nil {
		return nil, fmt.Errorf("write the result of %s: %w", saved.Name, err)
	}
	var files [][]byte
	total := 0
	hold := func(path string, b []byte) Held {
		sum := sha256.Sum256(b)
		held := Held{path, hex.EncodeToString(sum[:]), len(b)}
		if !slices.Contains(saved.Held, held.Digest) {
			saved.Held, files, total = append(saved.Held, held.Digest), append(files, b), total+len(b)
		}
		return held
	}
	saved.Scenario = hold("", k.Scenario.Text())
	saved.Result = hold("", result)
	saved.Hours = hold("", k.Result.Hourly.CSV())
	for _, f := range k.Scenario.Files() {
		saved.Files = append(saved.Files, hold(f.Path, k.Inputs.Files[f.Path]))
	}
	if total > MostBytes {
		return nil, energy.Faults{{Problem: fmt.Sprintf("the files of the plan have %d MB", total>>20), Remedy: fmt.Sprintf("at most %d MB are kept: cut streets and areas to the quarter", MostBytes>>20)}}
	}
	return files, nil
}

// versions are all plans, in the order of their facts.
func versions(ctx context.Context, r store.Reader) ([]Saved, error) {
	const newest = int64(1) << 62
	entries, err := r.EntriesOf(ctx, store.Municipality, KindPlan, newest)
	if err != nil {
		return nil, err
	}
	list := make([]Saved, len(entries))
	latest := map[string]int64{}
	for i, e := range entries {
		if err := json.Unmarshal(e.Body, &list[i]); err != nil {
			return nil, fmt.Errorf("read fact %d of the plan %s: %w", e.Seq, e.ID, err)
		}
		list[i].Fact, list[i].At, list[i].Actor = e.Seq, e.RecordedAt, e.Actor
		latest[list[i].Name] = e.Seq
	}
	for i := range list {
		if last := latest[list[i].Name]; last != list[i].Fact {
			list[i].SupersededBy = last
		}
	}
	return list, nil
}

// List are all plans, the latest first.
func (s *Shelf) List(ctx context.Context) ([]Saved, error) {
	list, err := versions(ctx, s.ledger.Store().Reader)
	slices.Reverse(list)
	return list, err
}

// Find is the plan of a fact, or the latest of a name. It errs with [ErrUnknown].
func (s *Shelf) Find(ctx context.Context, id string) (Saved, error) {
	list, err := s.List(ctx)
	if err != nil {
		return Saved{}, err
	}
	fact, notNumber := strconv.ParseInt(id, 10, 64)
	for _, saved := range list {
		if notNumber == nil && saved.Fact == fact || notNumber != nil && saved.Name == id {
			return saved, nil
		}
	}
	return Saved{}, fmt.Errorf("%q: %w", id, ErrUnknown)
}

// Bytes are those of a file of a plan.
func (s *Shelf) Bytes(ctx context.Context, h Held) ([]byte, error) {
	sum, err := hex.DecodeString(h.Digest)
	if err != nil || len(sum) != sha256.Size {
		return nil, fmt.Errorf("read a file of a plan: %q is no digest", h.Digest)
	}
	var b bytes.Buffer
	if err := s.ledger.Store().File(ctx, [sha256.Size]byte(sum), &b); err != nil {
		return nil, err
	}
	if sha256.Sum256(b.Bytes()) != [sha256.Size]byte(sum) {
		return nil, fmt.Errorf("read a file of a plan: its bytes are not those of %s", h.Digest)
	}
	return b.Bytes(), nil
}

// Result is the result of a plan, checked against its digest. Its Hourly is nil: see
// [Saved.Hours].
func (s *Shelf) Result(ctx context.Context, saved Saved) (plan.Result, error) {
	b, err := s.Bytes(ctx, saved.Result)
	if err != nil {
		return plan.Result{}, err
	}
	r, err := plan.ReadResult(b)
	if err == nil && r.Digest != saved.Digest {
		return plan.Result{}, fmt.Errorf("read the result of %s: its digest is %s, fact %d says %s", saved.Name, r.Digest, saved.Fact, saved.Digest)
	}
	return r, err
}

// Again runs a plan once more from what was kept, with the sites as they were known
// then. The digests of both are equal unless the program's methods changed.
func (s *Shelf) Again(ctx context.Context, saved Saved) (plan.Result, error) {
	text, err := s.Bytes(ctx, saved.Scenario)
	if err != nil {
		return plan.Result{}, err
	}
	scenario, faults := plan.Parse(saved.Name+".yaml", text)
	if len(faults) > 0 {
		return plan.Result{}, fmt.Errorf("run fact %d of the plan %s again: %w", saved.Fact, saved.Name, faults)
	}
	in := plan.Inputs{Files: map[string][]byte{}}
	for _, f := range saved.Files {
		if in.Files[f.Path], err = s.Bytes(ctx, f); err != nil {
			return plan.Result{}, err
		}
	}
	then := map[energy.SiteID]time.Time{}
	for _, rest := range saved.Sites {
		then[rest.Site] = rest.At
	}
	for _, id := range scenario.Sites() {
		if _, ok := then[id]; !ok {
			return plan.Result{}, fmt.Errorf("run fact %d of the plan %s again: it does not say on which fact of the site %s it rests", saved.Fact, saved.Name, id)
		}
	}
	if in.Sites, err = s.gather(ctx, scenario, func(site energy.SiteID) time.Time { return then[site] }); err != nil {
		return plan.Result{}, err
	}
	r, _, err := plan.Run(ctx, scenario, in)
	return r, err
}
