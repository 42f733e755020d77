package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/access"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// table is who may do what: a line for each permission, a column for each role,
// in the order of [access.Roles].
const table = `
                admin office auditor operator meter_operator planner collector public
read            x     x      x       x        x              .       .         .
submit          x     x      .       x        x              .       .         .
approve         x     .      .       x        .              .       .         .
answer          x     .      .       x        x              .       .         .
comment         x     x      .       x        x              .       .         .
review          x     x      .       .        .              .       .         .
hear            x     x      .       .        .              .       .         .
decide          x     x      .       .        .              .       .         .
confirm         x     x      .       .        .              .       .         .
configure       x     x      .       .        .              .       .         .
delegate        x     .      .       x        .              .       .         .
manage_accounts x     .      .       .        .              .       .         .
manage_tokens   x     .      .       x        .              .       .         .
audit           x     x      x       .        .              .       .         .
plan            x     x      .       .        .              x       .         .
collect         x     .      .       .        .              .       x         .
read_published  x     x      x       x        x              x       .         x
`

func TestEachRoleMayDoWhatTheTableSays(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	roles := strings.Fields(lines[0])
	if len(roles) != len(access.Roles()) || len(lines)-1 != len(access.Permissions()) {
		t.Fatalf("the table has %d roles and %d permissions, there are %d and %d", len(roles), len(lines)-1, len(access.Roles()), len(access.Permissions()))
	}
	for i, p := range access.Permissions() {
		cells := strings.Fields(lines[i+1])
		if cells[0] != string(p) {
			t.Fatalf("line %d is of %s, want %s", i+1, cells[0], p)
		}
		for j, role := range access.Roles() {
			if roles[j] != string(role) {
				t.Fatalf("column %d is of %s, want %s", j, roles[j], role)
			}
			want := cells[j+1] == "x"
			grants := []access.Grant{{Role: role, Sites: []energy.SiteID{"hafen"}}}
			if got := access.May(grants, p, "hafen", "hafen/grid", noon); got != want {
				t.Errorf("%s may %s at his site: %v, want %v", role, p, got, want)
			}
			if access.May(grants, p, "kaiserlei", "", noon) || access.May(grants, p, "", "", noon) {
				t.Errorf("%s may %s beyond his site", role, p)
			}
		}
	}
}

func TestWhatAGrantReaches(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	for _, tt := range []struct {
		sentence string
		grant    access.Grant
		p        access.Permission
		site     energy.SiteID
		point    energy.PointID
		want     bool
	}{
		{"no grant allows nothing", access.Grant{}, access.Read, "hafen", "", false},
		{"a role without a scope allows nothing", access.Grant{Role: access.Admin}, access.Read, "hafen", "", false},
		{"a role that is none allows nothing", access.Grant{Role: "root", Everywhere: true}, access.Read, "hafen", "", false},
		{"everywhere holds each site", access.Grant{Role: access.Office, Everywhere: true}, access.Review, "hafen", "", true},
		{"and what belongs to none", access.Grant{Role: access.Office, Everywhere: true}, access.Configure, "", "", true},
		{"a site holds its points", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}}, access.Submit, "hafen", "hafen/heat", true},
		{"a point is no site", access.Grant{Role: access.MeterOperator, Points: []energy.PointID{"hafen/heat"}}, access.Submit, "hafen", "", false},
		{"nor another point", access.Grant{Role: access.MeterOperator, Points: []energy.PointID{"hafen/heat"}}, access.Submit, "hafen", "hafen/it", false},
		{"but itself", access.Grant{Role: access.MeterOperator, Points: []energy.PointID{"hafen/heat"}}, access.Submit, "hafen", "hafen/heat", true},
		{"a point is of its own site only", access.Grant{Role: access.Operator, Sites: []energy.SiteID{"hafen"}}, access.Submit, "hafen", "kaiserlei/it", false},
		{"it begins at its beginning", access.Grant{Role: access.Auditor, Everywhere: true, From: noon}, access.Read, "hafen", "", true},
		{"not before", access.Grant{Role: access.Auditor, Everywhere: true, From: noon.Add(1)}, access.Read, "hafen", "", false},
		{"and has ended at its end", access.Grant{Role: access.Auditor, Everywhere: true, To: noon}, access.Read, "hafen", "", false},
		{"not before", access.Grant{Role: access.Auditor, Everywhere: true, To: noon.Add(hour)}, access.Read, "hafen", "", true},
		{"what it is narrowed to is kept", access.Grant{Role: access.Operator, Everywhere: true, Only: []access.Permission{access.Read}}, access.Read, "hafen", "", true},
		{"what it is not, is not", access.Grant{Role: access.Operator, Everywhere: true, Only: []access.Permission{access.Read}}, access.Submit, "hafen", "", false},
		{"naming a permission does not give it", access.Grant{Role: access.Auditor, Everywhere: true, Only: []access.Permission{access.Submit}}, access.Submit, "hafen", "", false},
	} {
		if got := access.May([]access.Grant{tt.grant}, tt.p, tt.site, tt.point, noon); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

// The places and times of the properties: few, so that they meet.
func drawGrant(t *rapid.T) access.Grant {
	g := access.Grant{Role: rapid.SampledFrom(access.Roles()).Draw(t, "role"), Everywhere: rapid.Bool().Draw(t, "everywhere"),
		Sites:  rapid.SliceOfN(rapid.SampledFrom([]energy.SiteID{"a", "b", "c"}), 0, 2).Draw(t, "sites"),
		Points: rapid.SliceOfN(rapid.SampledFrom([]energy.PointID{"a/1", "b/1", "b/2"}), 0, 2).Draw(t, "points"),
		Only:   rapid.SliceOfN(rapid.SampledFrom(access.Permissions()), 0, 3).Draw(t, "only"), OnBehalfOf: "op"}
	if rapid.Bool().Draw(t, "begins") {
		g.From = drawTime(t, "from")
	}
	if rapid.Bool().Draw(t, "ends") {
		g.To = drawTime(t, "to")
	}
	return g
}

func drawTime(t *rapid.T, label string) time.Time {
	return noon.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, label)) * time.Hour)
}

func drawQuestion(t *rapid.T) (access.Permission, energy.SiteID, energy.PointID, time.Time) {
	p, at := rapid.SampledFrom(access.Permissions()).Draw(t, "permission"), drawTime(t, "at")
	site := rapid.SampledFrom([]energy.SiteID{"", "a", "b", "c"}).Draw(t, "site")
	point := rapid.SampledFrom([]energy.PointID{"", "a/1", "b/1", "b/2", "c/9"}).Draw(t, "point")
	return p, site, point, at
}

func TestAGrantNeverAllowsAnythingOutsideItsScopeAndTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrant(t)
		p, site, point, at := drawQuestion(t)
		if !access.May([]access.Grant{g}, p, site, point, at) {
			return
		}
		within := g.Everywhere || site != "" && slices.Contains(g.Sites, site) || point != "" && slices.Contains(g.Points, point)
		if !within || point != "" && point.Site() != site {
			t.Fatalf("%+v allows %s at %q %q", g, p, site, point)
		}
		if !g.From.IsZero() && at.Before(g.From) || !g.To.IsZero() && !at.Before(g.To) {
			t.Fatalf("%+v allows %s at %s", g, p, at)
		}
		if !g.Role.Allows(p) || len(g.Only) > 0 && !slices.Contains(g.Only, p) {
			t.Fatalf("%+v allows %s", g, p)
		}
	})
}

func TestTheReachIsWhatMayBeDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants := rapid.SliceOfN(rapid.Custom(drawGrant), 0, 4).Draw(t, "grants")
		p, site, point, at := drawQuestion(t)
		r := access.Of(grants, p, at)
		within := r.Everywhere || site != "" && slices.Contains(r.Sites, site) || point != "" && slices.Contains(r.Points, point)
		if point != "" && point.Site() != site {
			within = false
		}
		if got := access.May(grants, p, site, point, at); got != within {
			t.Fatalf("may %s at %q %q: %v; the reach says %v: %+v", p, site, point, got, within, r)
		}
		if site != "" && point == "" && within && !r.Touches(site) {
			t.Fatalf("%+v does not touch %s", r, site)
		}
	})
}

func TestAConsultantMayNeverDoMoreThanWhoeverSentHim(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		own := rapid.SliceOfN(rapid.Custom(drawGrant), 1, 3).Draw(t, "own")
		g, err := access.Delegated(own, drawGrant(t), noon)
		if err != nil {
			return
		}
		p, site, point, at := drawQuestion(t)
		if access.May([]access.Grant{g}, p, site, point, at) && (!access.May(own, p, site, point, at) || p == access.Delegate || p == access.Approve) {
			t.Fatalf("%+v may %s at %q %q at %s, whoever sent him may not: %+v", g, p, site, point, at, own)
		}
	})
	own := []access.Grant{{Role: access.Operator, Sites: []energy.SiteID{"a"}}}
	g, err := access.Delegated(own, access.Grant{Points: []energy.PointID{"a/1"}, To: noon.Add(time.Hour), OnBehalfOf: "op"}, noon)
	if err != nil || !access.May([]access.Grant{g}, access.Submit, "a", "a/1", noon) || access.May([]access.Grant{g}, access.Approve, "a", "a/1", noon) {
		t.Errorf("an operator sends a consultant: %+v, %v", g, err)
	}
	for sentence, wanted := range map[string]struct {
		grant access.Grant
		want  error
	}{
		"without an end":           {access.Grant{Sites: []energy.SiteID{"a"}, OnBehalfOf: "op"}, access.ErrEndless},
		"for everywhere":           {access.Grant{Everywhere: true, To: noon.Add(1), OnBehalfOf: "op"}, access.ErrPointless},
		"for another's site":       {access.Grant{Sites: []energy.SiteID{"b"}, To: noon.Add(1), OnBehalfOf: "op"}, access.ErrNotYours},
		"to release what is given": {access.Grant{Sites: []energy.SiteID{"a"}, To: noon.Add(1), OnBehalfOf: "op", Only: []access.Permission{access.Approve}}, access.ErrNotYours},
	} {
		if _, err := access.Delegated(own, wanted.grant, noon); !errors.Is(err, wanted.want) {
			t.Errorf("a consultant %s: %v, want %v", sentence, err, wanted.want)
		}
	}
}

func TestTwoPairsOfEyesAreTwoPeople(t *testing.T) {
	t.Parallel()
	if access.Apart("account:1", "account:1") || access.Apart("", "account:1") || access.Apart("account:1", "") || !access.Apart("account:1", "account:2") {
		t.Error("one person counts as two, or two as one")
	}
}
