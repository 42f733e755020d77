package publication_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/publication"
)

func share(site, operator string, weight float64) publication.Share {
	return publication.Share{Site: energy.SiteID(site), Operator: operator, Weight: weight}
}

func TestASumGivesNobodyAway(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		says   string
		shares []publication.Share
		want   bool
	}{
		{"three of three operators", []publication.Share{share("a", "1", 3), share("b", "2", 2), share("c", "3", 2)}, true},
		{"three without operators", []publication.Share{share("a", "", 3), share("b", "", 2), share("c", "", 2)}, true},
		{"three of two operators", []publication.Share{share("a", "1", 3), share("b", "2", 2), share("c", "2", 2)}, false},
		{"two and one that adds nothing", []publication.Share{share("a", "1", 3), share("b", "2", 2), share("c", "3", 0)}, false},
		{"one is nearly all", []publication.Share{share("a", "1", 9), share("b", "2", 1), share("c", "3", 1)}, false},
		{"one is nearly all of the rest", []publication.Share{share("a", "1", 10), share("b", "2", 8), share("c", "3", 0.1)}, false},
		{"nobody", nil, false},
	} {
		if got := publication.Discreet(tt.shares); got != tt.want {
			t.Errorf("%s: %v", tt.says, got)
		}
	}
}

// three tells that a set of sites may be public, and two of them beside each other,
// as for sites of the same weight and an operator each.
func three(set []energy.SiteID) bool { return publication.Discreet(even(set)) }

func beside(one, other []energy.SiteID) bool { return publication.Apart(even(one), even(other)) }

func even(set []energy.SiteID) (list []publication.Share) {
	for _, id := range set {
		list = append(list, publication.Share{Site: id, Weight: 1})
	}
	return list
}

func TestASumDoesNotTellWhoCameInOrWent(t *testing.T) {
	t.Parallel()
	in := func(site string, from, until int) publication.Member {
		m := publication.Member{Site: energy.SiteID(site), From: first.AddDays(from)}
		if until > 0 {
			m.Until = first.AddDays(until)
		}
		return m
	}
	abc := []publication.Member{in("a", 0, 0), in("b", 1, 0), in("c", 2, 0)}
	for _, tt := range []struct {
		says    string
		members []publication.Member
		day     int
		want    []energy.SiteID // nil: held back
	}{
		{"before the third", abc, 1, nil},
		{"with the third", abc, 2, []energy.SiteID{"a", "b", "c"}},
		{"a fourth alone comes later", append(slices.Clone(abc), in("d", 9, 0)), 10, []energy.SiteID{"a", "b", "c"}},
		{"three more come at once", append(slices.Clone(abc), in("d", 9, 0), in("e", 9, 0), in("f", 9, 0)), 10, []energy.SiteID{"a", "b", "c", "d", "e", "f"}},
		{"three more come one by one", append(slices.Clone(abc), in("d", 9, 0), in("e", 10, 0), in("f", 11, 0)), 11, []energy.SiteID{"a", "b", "c", "d", "e", "f"}},
		{"one goes again", append(slices.Clone(abc[1:]), in("a", 0, 5), in("d", 0, 0)), 5, nil},
		{"one went before it was shown", append(slices.Clone(abc), in("d", 0, 1)), 2, []energy.SiteID{"a", "b", "c"}},
	} {
		got, ok := publication.Standing(tt.members, first.AddDays(tt.day), three, beside)
		if ok != (tt.want != nil) || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v %v, want %v", tt.says, got, ok, tt.want)
		}
	}
}

func TestOfWhateverIsShownNoTwoSumsTellASite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var members []publication.Member
		for _, site := range []energy.SiteID{"a", "b", "c", "d", "e", "f", "g"} {
			from := rapid.IntRange(0, 8).Draw(t, "from")
			m := publication.Member{Site: site, From: first.AddDays(from)}
			if stay := rapid.IntRange(0, 6).Draw(t, "stay"); stay > 0 {
				m.Until = m.From.AddDays(stay)
			}
			members = append(members, m)
		}
		var seen [][]energy.SiteID
		for day := range 16 {
			set, ok := publication.Standing(members, first.AddDays(day), three, beside)
			if !ok {
				continue
			}
			for _, before := range seen {
				if !beside(before, set) {
					t.Fatalf("on day %d %v is shown, after %v", day, set, before)
				}
			}
			for _, id := range set {
				if i := slices.IndexFunc(members, func(m publication.Member) bool { return m.Site == id }); first.AddDays(day).Before(members[i].From) || members[i].Until != (energy.Date{}) && !first.AddDays(day).Before(members[i].Until) {
					t.Fatalf("on day %d %s is in the sum, of which it is no member", day, id)
				}
			}
			seen = append(seen, set)
		}
	})
}
