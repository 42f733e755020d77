package questionnaire

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
	"heatledger/energy/access"
	"heatledger/energy/exhibit"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// The errors of a questionnaire.
var (
	ErrNoSite    = errors.New("there is no such site")
	ErrWaiting   = errors.New("it waits for a second person: release it, or give it back")
	ErrNotHanded = errors.New("nothing waits for a second person")
	ErrSamePair  = errors.New("whoever handed it in does not release it: another person does")
)

// Desk takes answers. It is safe for concurrent use. Who may answer or release for
// a site is settled before.
type Desk struct {
	intake *intake.Intake
	ledger *ledger.Ledger
	store  *store.Store
	now    func() time.Time
}

// New is a desk before the door in.
func New(in *intake.Intake, l *ledger.Ledger, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{intake: in, ledger: l, store: l.Store(), now: now}
}

// Show is the questionnaire of a site and year as it stands.
func (d *Desk) Show(ctx context.Context, id energy.SiteID, year int) (Form, error) {
	r, err := d.ledger.Registry(ctx)
	if err != nil {
		return Form{}, err
	}
	site, ok := r.Site(id)
	if !ok {
		return Form{}, ErrNoSite
	}
	return d.form(ctx, d.store.Reader, site, year)
}

// form reads everything but the registry by one reader.
func (d *Desk) form(ctx context.Context, r store.Reader, site registry.Site, year int) (Form, error) {
	f := Form{Site: site.ID, Year: year}
	draft, err := r.QuestionnaireDraft(ctx, site.ID, year)
	if err != nil {
		return f, err
	}
	var drafted Answers
	if draft.Version > 0 {
		f.Version, f.Waiting, f.Actor, f.SavedAt = draft.Version, draft.State == stateWaiting, draft.Actor, draft.At
		if err := json.Unmarshal(draft.Body, &drafted); err != nil {
			return f, fmt.Errorf("read the questionnaire of %s for %d: %w", site.ID, year, err)
		}
	}
	all, err := handed(ctx, r, site.ID)
	if err != nil {
		return f, err
	}
	for i := range all {
		if all[i].Year == year {
			f.Last = &all[i]
		}
	}
	if f.FourEyes, err = r.FourEyes(ctx, site.Operator); err != nil {
		return f, err
	}
	if f.Documents, err = exhibit.New(d.store).List(ctx, site.ID); err != nil {
		return f, err
	}
	f.Questions = Ask(site, year, drafted, f.Last)
	return f, nil
}

// History is every time at which a questionnaire of the site was handed in, in
// their order.
func (d *Desk) History(ctx context.Context, site energy.SiteID) ([]Handed, error) {
	return handed(ctx, d.store.Reader, site)
}

func handed(ctx context.Context, r store.Reader, site energy.SiteID) ([]Handed, error) {
	entries, err := r.EntriesOf(ctx, site, store.KindQuestionnaire, newest)
	if err != nil {
		return nil, err
	}
	list := make([]Handed, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.Body, &list[i]); err != nil {
			return nil, fmt.Errorf("read questionnaire %s of %s: %w", e.ID, site, err)
		}
		list[i].Site, list[i].Fact, list[i].At = site, e.Seq, e.RecordedAt
	}
	return list, nil
}

// newest is beyond every number of a fact.
const newest = int64(1) << 62

// Save keeps what is filled in, right or wrong, over the draft of a version. It
// errs with [store.ErrSavedOver] where somebody else saved in between.
func (d *Desk) Save(ctx context.Context, site energy.SiteID, year, version int, said Answers, actor string) error {
	return d.save(ctx, site, year, version, said, actor, stateDraft)
}

func (d *Desk) save(ctx context.Context, site energy.SiteID, year, version int, said Answers, actor, state string) error {
	body, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("write the questionnaire of %s for %d: %w", site, year, err)
	}
	if len(body) > draftMost {
		return energy.Faults{{Problem: "the answers are too long", Remedy: "hand in long texts as documents"}}
	}
	return d.store.SaveQuestionnaireDraft(ctx, site, year, store.QuestionnaireDraft{Version: version, State: state, Actor: actor, At: d.now().UTC(), Body: body})
}

// draftMost bounds a draft, in bytes.
const draftMost = 512 << 10

// HandIn checks answers as a whole and makes them facts of the site, in one. Where
// the operator wants two people they wait for the second, and the result is nil.
// It errs with [Faults] naming all that is wrong; version is that of the draft,
// which they replace.
func (d *Desk) HandIn(ctx context.Context, site energy.SiteID, year, version int, said Answers, actor, reason string) (*Handed, error) {
	form, err := d.Show(ctx, site, year)
	if err != nil {
		return nil, err
	}
	if form.Version != version {
		return nil, store.ErrSavedOver
	}
	if form.FourEyes {
		if _, _, err := d.judged(ctx, d.store.Reader, site, year, said); err != nil {
			return nil, err
		}
		return nil, d.save(ctx, site, year, version, said, actor, stateWaiting)
	}
	return d.record(ctx, Handed{Site: site, Year: year, Actor: actor, Answers: said, Reason: reason}, version)
}

// Release makes facts of what waits for a second person, who is not the first.
func (d *Desk) Release(ctx context.Context, site energy.SiteID, year, version int, actor string) (*Handed, error) {
	form, err := d.waiting(ctx, site, year, version)
	if err != nil {
		return nil, err
	}
	if !access.Apart(form.Actor, actor) {
		return nil, ErrSamePair
	}
	return d.record(ctx, Handed{Site: site, Year: year, Actor: form.Actor, ReleasedBy: actor, Answers: form.drafted()}, version)
}

// GiveBack makes a draft again of what waits for a second person.
func (d *Desk) GiveBack(ctx context.Context, site energy.SiteID, year, version int, actor string) error {
	form, err := d.waiting(ctx, site, year, version)
	if err != nil {
		return err
	}
	return d.save(ctx, site, year, version, form.drafted(), actor, stateDraft)
}

func (d *Desk) waiting(ctx context.Context, site energy.SiteID, year, version int) (Form, error) {
	form, err := d.Show(ctx, site, year)
	switch {
	case err != nil:
		return form, err
	case form.Version != version:
		return form, store.ErrSavedOver
	case !form.Waiting:
		return form, ErrNotHanded
	}
	return form, nil
}

// drafted are the answers of the draft.
func (f Form) drafted() Answers {
	said := Answers{}
	for _, q := range f.Questions {
		if q.State == Drafted {
			said[q.Name] = q.Given
		}
	}
	return said
}

// Check tells what is wrong with answers, without any of them becoming known.
func (d *Desk) Check(ctx context.Context, site energy.SiteID, year int, said Answers) error {
	_, _, err := d.judged(ctx, d.store.Reader, site, year, said)
	return err
}

// judged checks answers by the questions and by the registry's rules.
func (d *Desk) judged(ctx context.Context, r store.Reader, id energy.SiteID, year int, said Answers) (Answers, []change, error) {
	whole, err := d.ledger.Registry(ctx)
	if err != nil {
		return nil, nil, err
	}
	site, ok := whole.Site(id)
	if !ok {
		return nil, nil, ErrNoSite
	}
	if site.Facts, err = factsOf(ctx, r, id); err != nil {
		return nil, nil, err
	}
	form, err := d.form(ctx, r, site, year)
	if err != nil {
		return nil, nil, err
	}
	questions := Ask(site, year, nil, form.Last)
	checked, faults := Check(questions, said, func(digest string) bool {
		return slices.ContainsFunc(form.Documents, func(e exhibit.Exhibit) bool { return e.Digest == digest })
	})
	if len(checked) == 0 && len(faults) == 0 {
		faults = append(faults, fault("", FaultNothing, "nothing is answered or confirmed", "answer at least one question"))
	}
	after, list := changes(site, questions, checked, year)
	wrong, err := newFaults(whole, site, after)
	if err != nil {
		return nil, nil, err
	}
	faults = append(faults, wrong...)
	if len(faults) > 0 {
		return nil, nil, faults
	}
	return checked, list, nil
}

// newFaults are what the registry's rules say of facts and did not say before. An
// answer can make a fact wrong that it is not the answer of: a whole smaller than
// its part.
func newFaults(whole *registry.Registry, site registry.Site, after []registry.Fact) (faults Faults, err error) {
	known, _, err := whole.CheckFacts(site)
	if err != nil {
		return nil, err
	}
	site.Facts = after
	wrong, at, err := whole.CheckFacts(site)
	if err != nil {
		return nil, err
	}
	for i, f := range wrong {
		if !slices.Contains(known, f) {
			faults = append(faults, Fault{Question: after[at[i]].Name, Code: FaultValue, Fault: f})
		}
	}
	return faults, nil
}

// factsOf are the facts of a site, behind its lock where r is of a fact that is
// being appended.
func factsOf(ctx context.Context, r store.Reader, site energy.SiteID) ([]registry.Fact, error) {
	entries, err := r.EntriesOf(ctx, site, string(registry.KindFact), newest)
	if err != nil {
		return nil, err
	}
	var facts []registry.Fact
	for _, e := range store.Current(entries, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)) {
		if bytes.Equal(e.Body, store.Withdrawn) {
			continue
		}
		var f registry.Fact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, fmt.Errorf("read fact %s of %s: %w", e.ID, site, err)
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// record makes answers facts of their site, all or none.
func (d *Desk) record(ctx context.Context, h Handed, version int) (*Handed, error) {
	_, err := d.intake.Amend(ctx, h.Site, func(ctx context.Context, f *store.Fact) error {
		checked, list, err := d.judged(ctx, f.Reader, h.Site, h.Year, h.Answers)
		if err != nil {
			return err
		}
		h.Answers, h.Changed = checked, []string{}
		for _, c := range list {
			body := store.Withdrawn
			if !c.withdraw {
				if body, err = json.Marshal(c.fact); err != nil {
					return fmt.Errorf("write fact %s of %s: %w", c.fact.ID(), h.Site, err)
				}
			}
			if err := f.Entry(ctx, string(registry.KindFact), c.fact.ID(), time.Time{}, h.Actor, body); err != nil {
				return err
			}
			h.Changed = append(h.Changed, c.fact.ID())
		}
		said, err := json.Marshal(h.Answers)
		if err != nil {
			return fmt.Errorf("write the answers of %s: %w", h.Site, err)
		}
		sum := sha256.Sum256(said)
		h.Digest, h.Fact, h.At = hex.EncodeToString(sum[:]), f.Seq, f.RecordedAt
		body, err := json.Marshal(h)
		if err != nil {
			return fmt.Errorf("write the questionnaire of %s: %w", h.Site, err)
		}
		f.Submission(sum[:])
		if err := f.Entry(ctx, store.KindQuestionnaire, strconv.Itoa(h.Year), f.RecordedAt, h.Actor, body); err != nil {
			return err
		}
		return f.DropQuestionnaireDraft(ctx, h.Year, version)
	})
	if err != nil {
		var faults Faults
		if errors.As(err, &faults) {
			return nil, faults
		}
		return nil, err
	}
	return &h, nil
}
