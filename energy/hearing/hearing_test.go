package hearing_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/hearing"
)

var first = energy.Date{Year: 2027, Month: time.March, Day: 1}

// step is an action so many days after the first day.
func step(action hearing.Action, days int) hearing.Step {
	s := hearing.Step{Action: action, Who: "office", On: first.AddDays(days), At: first.AddDays(days).UTC().Add(9 * time.Hour), Why: "because"}
	if action == hearing.Correct {
		s.Successor = "18.0"
	}
	return s
}

// ways are the shortest ways to each state.
func ways() map[hearing.State][]hearing.Step {
	hear, reply := step(hearing.Hear, 0), step(hearing.Reply, 3)
	return map[hearing.State][]hearing.Step{
		hearing.Draft:     {},
		hearing.Hearing:   {hear},
		hearing.Answered:  {hear, reply},
		hearing.Published: {hear, reply, step(hearing.Publish, 15)},
		hearing.Withdrawn: {step(hearing.Withdraw, 0)},
		hearing.Corrected: {step(hearing.Correct, 0)},
	}
}

// replay is the case after steps in order. It errs at the first that may not be done.
func replay(steps []hearing.Step) (hearing.Case, error) {
	c := hearing.New()
	for _, s := range steps {
		after, err := c.After(s)
		if err != nil {
			return c, err
		}
		c = after
	}
	return c, nil
}

func run(t *testing.T, steps []hearing.Step) hearing.Case {
	t.Helper()
	c, err := replay(steps)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryActionInEveryState(t *testing.T) {
	t.Parallel()
	const no = hearing.State("")
	for _, test := range []struct {
		state                                   hearing.State
		hear, reply, publish, withdraw, correct hearing.State // the state after; no: refused
	}{
		{hearing.Draft, hearing.Hearing, no, no, hearing.Withdrawn, hearing.Corrected},
		{hearing.Hearing, no, hearing.Answered, hearing.Published, hearing.Withdrawn, hearing.Corrected},
		{hearing.Answered, no, hearing.Answered, hearing.Published, hearing.Withdrawn, hearing.Corrected},
		{hearing.Published, no, no, no, hearing.Withdrawn, hearing.Corrected},
		{hearing.Withdrawn, no, no, no, no, no},
		{hearing.Corrected, no, no, no, no, no},
	} {
		before := run(t, ways()[test.state])
		if before.State != test.state {
			t.Fatalf("the way to %s leads to %s", test.state, before.State)
		}
		wants := []hearing.State{test.hear, test.reply, test.publish, test.withdraw, test.correct}
		var open []hearing.Action
		for i, action := range hearing.Actions() { // after the term
			after, err := before.After(step(action, 20))
			switch {
			case wants[i] == no && (!errors.Is(err, hearing.ErrOrder) || !reflect.DeepEqual(after, before)):
				t.Errorf("%s when %s gives %s, %v; want it refused", action, test.state, after.State, err)
			case wants[i] != no && (err != nil || after.State != wants[i] || len(after.Steps) != len(before.Steps)+1):
				t.Errorf("%s when %s gives %s, %v; want %s", action, test.state, after.State, err, wants[i])
			case wants[i] != no:
				open = append(open, action)
			}
		}
		if got := before.Open(first.AddDays(20)); !slices.Equal(got, open) {
			t.Errorf("when %s there may be done %v, want %v", test.state, got, open)
		}
	}
}

func TestTheOperatorHasFourteenDays(t *testing.T) {
	t.Parallel()
	hear, reply := step(hearing.Hear, 0), step(hearing.Reply, 3)
	last, late := reply, step(hearing.Reply, 16)
	last.Last = true
	for name, test := range map[string]struct {
		steps []hearing.Step
		days  int // of the publication
		ok    bool
	}{
		"on the last day of the term":            {[]hearing.Step{hear}, 14, false},
		"the day after":                          {[]hearing.Step{hear}, 15, true},
		"with a reply that may not be the last":  {[]hearing.Step{hear, reply}, 14, false},
		"after the operator's last word":         {[]hearing.Step{hear, last}, 3, true},
		"with a reply after the term":            {[]hearing.Step{hear, late}, 16, true},
		"when he took back that it was the last": {[]hearing.Step{hear, last, step(hearing.Reply, 4)}, 5, false},
	} {
		c := run(t, test.steps)
		if want := (energy.Date{Year: 2027, Month: time.March, Day: 15}); c.Deadline != want {
			t.Errorf("%s: the term ends on %s, want %s", name, c.Deadline, want)
		}
		after, err := c.After(step(hearing.Publish, test.days))
		if test.ok != (err == nil) || !test.ok && !errors.Is(err, hearing.ErrTerm) {
			t.Errorf("%s: %v, want it possible %v", name, err, test.ok)
		}
		if test.ok && len(after.Replies) != len(test.steps)-1 {
			t.Errorf("%s: it is published with %d replies, want %d", name, len(after.Replies), len(test.steps)-1)
		}
	}
	c := run(t, []hearing.Step{hear, reply, late})
	if c.Late(c.Replies[0]) || !c.Late(c.Replies[1]) {
		t.Errorf("late are %v and %v, want only the second", c.Late(c.Replies[0]), c.Late(c.Replies[1]))
	}
}

func TestAStepNamesWhoAndWhy(t *testing.T) {
	t.Parallel()
	change := func(s hearing.Step, change func(*hearing.Step)) hearing.Step { change(&s); return s }
	for name, test := range map[string]struct {
		from hearing.State
		step hearing.Step
		want error
	}{
		"nobody is named":            {hearing.Draft, change(step(hearing.Hear, 20), func(s *hearing.Step) { s.Who = "" }), hearing.ErrWho},
		"a hearing needs no reason":  {hearing.Draft, change(step(hearing.Hear, 20), func(s *hearing.Step) { s.Why = "" }), nil},
		"an empty reply":             {hearing.Hearing, change(step(hearing.Reply, 20), func(s *hearing.Step) { s.Why = "" }), hearing.ErrWhy},
		"withdrawn without a reason": {hearing.Published, change(step(hearing.Withdraw, 20), func(s *hearing.Step) { s.Why = "" }), hearing.ErrWhy},
		"corrected without a reason": {hearing.Published, change(step(hearing.Correct, 20), func(s *hearing.Step) { s.Why = "" }), hearing.ErrWhy},
		"corrected by nothing":       {hearing.Published, change(step(hearing.Correct, 20), func(s *hearing.Step) { s.Successor = "" }), hearing.ErrSuccessor},
		"before the step before it":  {hearing.Answered, step(hearing.Reply, 2), hearing.ErrEarlier},
		"an action nobody knows":     {hearing.Draft, step("hide", 20), hearing.ErrOrder},
	} {
		before := run(t, ways()[test.from])
		if _, err := before.After(test.step); !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestNothingIsPublishedUnheard tries any steps in any order.
func TestNothingIsPublishedUnheard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, day, asked := hearing.New(), 0, -1
		lastWord := false
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			day += rapid.IntRange(0, 9).Draw(t, "days")
			s := step(rapid.SampledFrom(hearing.Actions()).Draw(t, "action"), day)
			s.Last = s.Action == hearing.Reply && rapid.Bool().Draw(t, "last")
			after, err := c.After(s)
			if err != nil {
				if !reflect.DeepEqual(after, c) {
					t.Fatalf("a refused step changed %+v to %+v", c, after)
				}
				continue
			}
			switch s.Action {
			case hearing.Hear:
				asked = day
			case hearing.Reply:
				lastWord = s.Last
			case hearing.Publish:
				if asked < 0 || day <= asked+hearing.Term && !lastWord {
					t.Fatalf("published on day %d, asked on day %d, last word %v", day, asked, lastWord)
				}
			}
			if len(after.Steps) != len(c.Steps)+1 || len(after.Replies) < len(c.Replies) {
				t.Fatalf("after %s a step or a reply is lost: %+v", s.Action, after)
			}
			c = after
		}
		again, err := replay(c.Steps)
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Fatalf("the steps lead to %+v (%v), want %+v", again, err, c)
		}
	})
}

func TestAStepSurvivesBeingKept(t *testing.T) {
	t.Parallel()
	want := step(hearing.Correct, 2)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got hearing.Step
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is read as %+v (%v), want %+v", text, got, err, want)
	}
}
