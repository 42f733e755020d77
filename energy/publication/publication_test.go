package publication_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/publication"
)

var first = energy.Date{Year: 2027, Month: time.March, Day: 1}

// figures is a content that holds.
func figures() publication.Content {
	return publication.Content{Class: publication.ByAgreement, What: []string{"pue", "erf"}, From: energy.Date{Year: 2025, Month: 1, Day: 1},
		To: energy.Date{Year: 2027, Month: 1, Day: 1}, Resolution: publication.Year, DelayDays: 90, Agreement: "contract-7"}
}

func step(action publication.Action, who string, days int) publication.Step {
	s := publication.Step{Action: action, Who: who, On: first.AddDays(days), At: first.AddDays(days).UTC().Add(9 * time.Hour), Why: "because"}
	if action == publication.Propose {
		s.Content = new(figures())
	}
	return s
}

func TestOnePersonProposesAndAnotherConfirms(t *testing.T) {
	t.Parallel()
	proposed, err := publication.Decision{}.After(step(publication.Propose, "account:1", 0))
	if err != nil || proposed.State != publication.Proposed || proposed.Agreement != "contract-7" {
		t.Fatalf("proposed: %+v, %v", proposed, err)
	}
	for sentence, tt := range map[string]struct {
		step publication.Step
		want error
	}{
		"the same person":          {step(publication.Confirm, "account:1", 1), publication.ErrSame},
		"nobody":                   {step(publication.Confirm, "", 1), publication.ErrWho},
		"another person":           {step(publication.Confirm, "account:2", 1), nil},
		"before it was proposed":   {step(publication.Confirm, "account:2", -1), publication.ErrEarlier},
		"revoked before confirmed": {step(publication.Revoke, "account:2", 1), publication.ErrOrder},
		"proposed again":           {step(publication.Propose, "account:2", 1), publication.ErrOrder},
		"rejected by the proposer": {step(publication.Reject, "account:1", 1), nil},
	} {
		after, err := proposed.After(tt.step)
		if !errors.Is(err, tt.want) || tt.want == nil && err != nil || tt.want != nil && !reflect.DeepEqual(after, proposed) {
			t.Errorf("%s: %v, want %v; the decision is %s", sentence, err, tt.want, after.State)
		}
	}
	silent := step(publication.Reject, "account:2", 1)
	silent.Why = " "
	if _, err := proposed.After(silent); !errors.Is(err, publication.ErrWhy) {
		t.Errorf("rejected without a reason: %v", err)
	}
}

func TestAContentSaysWhatIsDecided(t *testing.T) {
	t.Parallel()
	judgement := publication.Content{Judgement: "18.0", Act: publication.Publish}
	for sentence, tt := range map[string]struct {
		content publication.Content
		want    error
	}{
		"figures by agreement":   {figures(), nil},
		"without the agreement":  {change(figures(), func(c *publication.Content) { c.Agreement = "" }), publication.ErrAgreement},
		"for the house alone":    {change(figures(), func(c *publication.Content) { c.Class, c.Agreement = publication.Internal, "" }), nil},
		"of no class":            {change(figures(), func(c *publication.Content) { c.Class = "all" }), publication.ErrContent},
		"of no figure":           {change(figures(), func(c *publication.Content) { c.What = nil }), publication.ErrContent},
		"of a figure twice":      {change(figures(), func(c *publication.Content) { c.What = []string{"pue", "pue"} }), publication.ErrContent},
		"of an empty period":     {change(figures(), func(c *publication.Content) { c.To = c.From }), publication.ErrContent},
		"of hours, by agreement": {change(figures(), func(c *publication.Content) { c.Resolution = publication.Hour }), nil},
		"of hours, restricted":   {change(figures(), func(c *publication.Content) { c.Resolution, c.Class = publication.Hour, publication.Restricted }), nil},
		"restricted, no agreement": {change(figures(), func(c *publication.Content) {
			c.Resolution, c.Class, c.Agreement = publication.Hour, publication.Restricted, ""
		}), publication.ErrFine},
		"of hours, in sums":          {change(figures(), func(c *publication.Content) { c.Resolution, c.Class = publication.Hour, publication.AggregateOnly }), publication.ErrFine},
		"of hours, by law":           {change(figures(), func(c *publication.Content) { c.Resolution, c.Class = publication.Hour, publication.ByLaw }), publication.ErrFine},
		"of quarter-hours":           {change(figures(), func(c *publication.Content) { c.Resolution = "15m" }), publication.ErrContent},
		"before it happened":         {change(figures(), func(c *publication.Content) { c.DelayDays = -1 }), publication.ErrContent},
		"a judgement":                {judgement, nil},
		"a judgement and figures":    {change(judgement, func(c *publication.Content) { c.What = []string{"pue"} }), publication.ErrContent},
		"corrected by nothing":       {change(judgement, func(c *publication.Content) { c.Act = publication.Correct }), publication.ErrContent},
		"corrected by itself":        {change(judgement, func(c *publication.Content) { c.Act, c.Successor = publication.Correct, "18.0" }), publication.ErrContent},
		"corrected by another one":   {change(judgement, func(c *publication.Content) { c.Act, c.Successor = publication.Correct, "19.0" }), nil},
		"published with a successor": {change(judgement, func(c *publication.Content) { c.Successor = "19.0" }), publication.ErrContent},
		"an act without a judgement": {change(figures(), func(c *publication.Content) { c.Act = publication.Publish }), publication.ErrContent},
	} {
		if err := tt.content.Check(); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", sentence, err, tt.want)
		}
	}
}

func change(c publication.Content, f func(*publication.Content)) publication.Content { f(&c); return c }

// TestNothingIsInForceThatOnePersonDecided tries any steps of three people.
func TestNothingIsInForceThatOnePersonDecided(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d publication.Decision
		for day := range rapid.IntRange(0, 8).Draw(t, "steps") {
			action := rapid.SampledFrom([]publication.Action{publication.Propose, publication.Confirm, publication.Reject, publication.Revoke}).Draw(t, "action")
			s := step(action, rapid.SampledFrom([]string{"", "account:1", "account:2", "account:3"}).Draw(t, "who"), day)
			after, err := d.After(s)
			if err == nil {
				d = after
			} else if !reflect.DeepEqual(after, d) {
				t.Fatalf("a refused step changed %+v to %+v", d, after)
			}
		}
		if d.InForce() && (len(d.Steps) != 2 || d.Steps[0].Who == d.Steps[1].Who || d.Steps[1].Action != publication.Confirm) {
			t.Fatalf("in force by %+v", d.Steps)
		}
	})
}

func TestFiguresAreShownWithinTheirDaysAndAfterTheDelay(t *testing.T) {
	t.Parallel()
	year := func(y int) (from, end energy.Date) {
		return energy.Date{Year: y, Month: 1, Day: 1}, energy.Date{Year: y + 1, Month: 1, Day: 1}
	}
	proposed, _ := publication.Decision{}.After(step(publication.Propose, "account:1", 0))
	d, err := proposed.After(step(publication.Confirm, "account:2", 0))
	if err != nil {
		t.Fatal(err)
	}
	revoked, err := d.After(step(publication.Revoke, "account:1", 1))
	if err != nil {
		t.Fatal(err)
	}
	for sentence, tt := range map[string]struct {
		d    publication.Decision
		year int
		on   energy.Date
		want bool
	}{
		"the day after the delay":  {d, 2025, energy.Date{Year: 2026, Month: 4, Day: 1}, true},
		"the last day of it":       {d, 2025, energy.Date{Year: 2026, Month: 3, Day: 31}, false},
		"a year before":            {d, 2024, energy.Date{Year: 2027, Month: 4, Day: 1}, false},
		"a year after":             {d, 2027, energy.Date{Year: 2029, Month: 4, Day: 1}, false},
		"proposed by one alone":    {proposed, 2025, energy.Date{Year: 2027, Month: 4, Day: 1}, false},
		"after it was revoked":     {revoked, 2025, energy.Date{Year: 2027, Month: 4, Day: 1}, false},
		"the last year decided on": {d, 2026, energy.Date{Year: 2027, Month: 4, Day: 1}, true},
	} {
		from, end := year(tt.year)
		if got := tt.d.Shown(from, end, tt.on); got != tt.want {
			t.Errorf("%s: shown %v, want %v", sentence, got, tt.want)
		}
	}
}

func TestWhoeverWasShownHoursKnowsTheMonths(t *testing.T) {
	t.Parallel()
	on := energy.Date{Year: 2026, Month: 12, Day: 1}
	quarter := [2]energy.Date{{Year: 2025, Month: 1, Day: 1}, {Year: 2025, Month: 4, Day: 1}}
	for resolution, want := range map[publication.Resolution]bool{publication.Year: false, publication.Month: true, publication.Hour: true} {
		s := step(publication.Propose, "account:1", -400)
		s.Content.Resolution, s.Content.From, s.Content.To = resolution, quarter[0], quarter[1]
		proposed, err := publication.Decision{}.After(s)
		if err != nil {
			t.Fatal(err)
		}
		d, err := proposed.After(step(publication.Confirm, "account:2", -399))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Told(energy.Date{Year: 2025, Month: 1, Day: 1}, energy.Date{Year: 2026, Month: 1, Day: 1}, on); got != want {
			t.Errorf("three months by %s told the year: %v, want %v", resolution, got, want)
		}
	}
}

func TestAStepSurvivesBeingKept(t *testing.T) {
	t.Parallel()
	want := step(publication.Propose, "account:1", 0)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got publication.Step
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is read as %+v (%v), want %+v", text, got, err, want)
	}
}
