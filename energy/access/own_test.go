package access_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/access"
)

func TestAnOwnTokenIsNeverWiderThanItsMaker(t *testing.T) {
	t.Parallel()
	month := noon.AddDate(0, 1, 0)
	planner := access.Grant{Role: access.Planner, Everywhere: true}
	operator := access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, To: month}
	own := []access.Grant{planner, operator}
	for _, tt := range []struct {
		sentence string
		wanted   access.Grant
		want     error
	}{
		{"a planner's for a month", access.Grant{Role: access.Planner, Everywhere: true, To: month}, nil},
		{"narrowed to one site", access.Grant{Role: access.Planner, Sites: []energy.SiteID{"c"}, To: month}, nil},
		{"an operator's, to hand in", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, Only: []access.Permission{access.Submit}, To: month}, nil},
		{"of a point of his site", access.Grant{Role: access.Operator, Points: []energy.PointID{"a/1"}, To: month}, nil},
		{"without an end", access.Grant{Role: access.Planner, Everywhere: true}, access.ErrEndless},
		{"for two years", access.Grant{Role: access.Planner, Everywhere: true, To: noon.AddDate(2, 0, 0)}, access.ErrTooLong},
		{"that is over already", access.Grant{Role: access.Planner, Everywhere: true, To: noon}, access.ErrPeriod},
		{"longer than his role", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, To: month.Add(1)}, access.ErrNotYours},
		{"of another's site", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"b"}, To: month}, access.ErrNotYours},
		{"of a point of another's", access.Grant{Role: access.Operator, Points: []energy.PointID{"b/1"}, To: month}, access.ErrNotYours},
		{"everywhere where he is not", access.Grant{Role: access.Operator, Everywhere: true, To: month}, access.ErrNotYours},
		{"of a role he has not", access.Grant{Role: access.Auditor, Everywhere: true, To: month}, access.ErrNotYours},
		{"that releases", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, Only: []access.Permission{access.Approve}, To: month}, access.ErrNotYours},
		{"that makes tokens", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, Only: []access.Permission{access.Tokens}, To: month}, access.ErrNotYours},
		{"of a permission that the role lacks", access.Grant{Role: access.Planner, Everywhere: true, Only: []access.Permission{access.Read}, To: month}, access.ErrRole},
		{"of a collector", access.Grant{Role: access.Collector, Everywhere: true, To: month}, access.ErrNotYours},
	} {
		g, err := access.ForOneself(own, tt.wanted, noon)
		if !errors.Is(err, tt.want) {
			t.Errorf("a token of one's own %s: %v, want %v", tt.sentence, err, tt.want)
		}
		if tt.want == nil && slices.Contains(g.Only, access.Submit) != slices.Contains(tt.wanted.Only, access.Submit) {
			t.Errorf("%s hands in, or not, though the other was wanted: %v", tt.sentence, g.Only)
		}
	}
	everything := []access.Grant{{Role: access.Admin, Everywhere: true}}
	for _, p := range []access.Permission{access.Accounts, access.Tokens, access.Delegate, access.Confirm, access.Configure, access.Decide, access.Review, access.Approve} {
		if _, err := access.ForOneself(everything, access.Grant{Role: access.Admin, Everywhere: true, Only: []access.Permission{p}, To: month}, noon); !errors.Is(err, access.ErrNotYours) {
			t.Errorf("an admin's own token may %s: %v", p, err)
		}
	}
}

func TestAnOwnTokenMayWhatBothItAndItsPersonMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		own := rapid.SliceOfN(rapid.Custom(drawSound), 0, 3).Draw(t, "own")
		token := drawSound(t)
		p, site, point, at := drawQuestion(t)
		want := access.May([]access.Grant{token}, p, site, point, at) && access.May(own, p, site, point, at)
		if got := access.May(access.Within(own, token), p, site, point, at); got != want {
			t.Fatalf("within %+v, %+v may %s at %q %q at %s: %v, want %v", own, token, p, site, point, at, got, want)
		}
	})
	own := []access.Grant{{Role: access.Operator, Sites: []energy.SiteID{"a"}}}
	g, err := access.ForOneself(own, access.Grant{Role: access.Operator, Sites: []energy.SiteID{"a"}, To: noon.Add(24 * time.Hour)}, noon)
	if err != nil || !access.May(access.Within(own, g), access.Read, "a", "a/1", noon) || access.May(access.Within(nil, g), access.Read, "a", "a/1", noon) {
		t.Errorf("the token of an operator holds as long as he does: %+v, %v", g, err)
	}
}

// drawSound is a grant that can be given: it means something.
func drawSound(t *rapid.T) access.Grant {
	g := drawGrant(t)
	g.Only = slices.DeleteFunc(g.Only, func(p access.Permission) bool { return !g.Role.Allows(p) })
	if g.Everywhere {
		g.Sites, g.Points = nil, nil
	} else if len(g.Sites)+len(g.Points) == 0 {
		g.Sites = []energy.SiteID{"a"}
	}
	if !g.To.IsZero() && !g.To.After(g.From) {
		g.To = time.Time{}
	}
	if g.Check() != nil {
		t.Fatalf("%+v: %v", g, g.Check())
	}
	return g
}
