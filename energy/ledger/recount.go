package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/store"
)

// Outcome is what came of computing an issued judgement again.
type Outcome string

// The outcomes. The last two have no good explanation.
const (
	Stands        Outcome = "stands"         // what is known today gives the same, to the byte
	Superseded    Outcome = "superseded"     // what was known then gives the same; what came since, another
	OtherMethod   Outcome = "other_method"   // the program computes in another way now
	OtherRulebook Outcome = "other_rulebook" // the rules are read in another version now
	Unexplained   Outcome = "unexplained"    // nothing is known to have changed, and yet it differs
	Damaged       Outcome = "damaged"        // what is stored is not what was issued
)

// Explained tells whether nothing is wrong.
func (o Outcome) Explained() bool { return o != Unexplained && o != Damaged }

// Recount is an issued judgement, computed again.
type Recount struct {
	Issued
	Outcome Outcome
	// Changes name what changed since, as codes with arguments.
	Changes []commitment.Step
	// Now is what the same question is answered today; OK is false where the rule
	// no longer exists or binds.
	Now commitment.Assessment
	OK  bool
}

// Recount computes every judgement issued of a site again: by what is known
// today and, where that gives something else, by what was known then.
func (l *Ledger) Recount(ctx context.Context, site energy.SiteID) ([]Recount, error) {
	rows, err := l.store.Issued(ctx, site, newest)
	if err != nil {
		return nil, err
	}
	r := recounter{ledger: l, site: site, again: map[again]map[judged]commitment.Assessment{}}
	list := make([]Recount, len(rows))
	for i, row := range rows {
		if list[i], err = r.recount(ctx, row); err != nil {
			return nil, fmt.Errorf("compute judgement %d.%d of %s again: %w", row.Seq, row.Part, site, err)
		}
	}
	return list, nil
}

// recounter computes judgements again; those of one day and moment at once.
type recounter struct {
	ledger *Ledger
	site   energy.SiteID
	again  map[again]map[judged]commitment.Assessment
}

// again is a question that was asked before: the judgements of a day by what was
// known at an instant, the zero Time for now.
type again struct {
	on energy.Date
	at time.Time
}

func (r *recounter) recount(ctx context.Context, row store.Issued) (Recount, error) {
	issued, err := read(row)
	if err != nil || !row.Intact() || !slices.Equal(issued.Assessment.Canonical(), row.Body) && commitment.Form(row.Body) == commitment.Form(issued.Assessment.Canonical()) {
		return Recount{Issued: Issued{Issued: row}, Outcome: Damaged}, nil //nolint:nilerr // it cannot be read because it is damaged
	}
	found := Recount{Issued: issued}
	today, err := r.assess(ctx, again{on: row.On})
	if err != nil {
		return found, err
	}
	if found.Now, found.OK = today[key(issued.Assessment)]; found.OK && found.Now.Digest == issued.Assessment.Digest {
		found.Outcome = Stands
		return found, nil
	}
	then, err := r.assess(ctx, again{on: row.On, at: row.KnownAt})
	if err != nil {
		return found, err
	}
	if a, ok := then[key(issued.Assessment)]; ok && a.Digest == issued.Assessment.Digest {
		found.Outcome = Superseded
		found.Changes, err = r.since(ctx, issued)
		if was, is := issued.Assessment.RulebookVersion, found.Now.RulebookVersion; found.OK && was != is {
			found.Changes = append(found.Changes, commitment.Step{Code: commitment.ChangedRulebook, Args: commitment.Args{"was": commitment.Text(was), "is": commitment.Text(is)}})
		}
		return found, err
	}
	found.Outcome, found.Changes = differs(issued, found.Now.RulebookVersion)
	return found, nil
}

func (r *recounter) assess(ctx context.Context, q again) (map[judged]commitment.Assessment, error) {
	if found, ok := r.again[q]; ok {
		return found, nil
	}
	list, _, err := r.ledger.AssessAt(ctx, r.site, q.on, "", q.at)
	if err != nil {
		return nil, err
	}
	found := make(map[judged]commitment.Assessment, len(list))
	for _, a := range list {
		found[key(a)] = a
	}
	r.again[q] = found
	return found, nil
}

// differs names what may make a judgement differ though the facts are those of
// then: another method, form or version of the rules.
func differs(i Issued, rulebook string) (Outcome, []commitment.Step) {
	outcome, changes := Unexplained, []commitment.Step(nil)
	say := func(o Outcome, code commitment.Code, was, is string) {
		if was != is {
			outcome = o
			changes = append(changes, commitment.Step{Code: code, Args: commitment.Args{"was": commitment.Text(was), "is": commitment.Text(is)}})
		}
	}
	say(OtherRulebook, commitment.ChangedRulebook, i.Assessment.RulebookVersion, rulebook)
	say(OtherMethod, commitment.ChangedMethod, i.Method, Methods())
	say(OtherMethod, commitment.ChangedForm, fmt.Sprint(commitment.Form(i.Body)), fmt.Sprint(commitment.Form(i.Assessment.Canonical())))
	return outcome, changes
}

// since names the facts that came after those a judgement rests on and that may
// have made it another one: readings of the years it looks at, and versions of
// what exists, was promised or proven.
func (r *recounter) since(ctx context.Context, i Issued) ([]commitment.Step, error) {
	s := r.ledger.store
	head, err := s.Head(ctx, r.site)
	if err != nil {
		return nil, err
	}
	changes := []commitment.Step{}
	touched, err := s.Touched(ctx, r.site, i.RestsOn, head.Seq)
	if err != nil {
		return nil, err
	}
	from, to := commitment.Reach(i.Assessment)
	reach := energy.Period{From: from.AddDays(-1).UTC(), To: to.AddDays(1).UTC()} // in any zone
	for _, t := range touched {
		if t.Period.Overlaps(reach) {
			changes = append(changes, commitment.Step{Code: commitment.ChangedReadings, Args: commitment.Args{"point": commitment.Text(string(t.Point)),
				"from": commitment.Text(t.Period.From.UTC().Format(time.RFC3339)), "to": commitment.Text(t.Period.To.UTC().Format(time.RFC3339))}})
		}
	}
	for _, site := range []energy.SiteID{r.site, Municipality} {
		entries, err := s.Entries(ctx, site, newest)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if inRegistry(e.Kind) && e.RecordedAt.After(i.KnownAt) {
				changes = append(changes, commitment.Step{Code: commitment.ChangedEntry, Args: commitment.Args{"entry": commitment.Text(e.Kind + " " + e.ID),
					"who": commitment.Text(e.Actor), "at": commitment.Text(e.RecordedAt.UTC().Format(time.RFC3339))}})
			}
		}
	}
	return changes, nil
}
