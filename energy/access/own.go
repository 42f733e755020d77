package access

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// OwnTokenMost is the longest that a token holds which somebody makes for himself.
const OwnTokenMost = 366 * 24 * time.Hour

// ErrTooLong says that a token was wanted for longer than [OwnTokenMost].
var ErrTooLong = errors.New("a token of one's own ends within a year")

// Programmed is what of a role's permissions a program may do in its person's name:
// look, and hand in. What wants a person (to release, decide, confirm, hear, look
// after accounts and tokens, change what exists) no token does.
func (r Role) Programmed() []Permission {
	return slices.DeleteFunc([]Permission{Read, Submit, Audit, Plan, Published}, func(p Permission) bool { return !r.Allows(p) })
}

// ForOneself is the grant of a token that somebody makes for programs of his own: of
// one of his roles and no wider, for the whole of its time, at most [OwnTokenMost].
// Without permissions it looks and hands in nothing. It errs with [ErrNotYours] where
// it is more than he holds. own are his grants; what they leave of the token later says
// [Within].
func ForOneself(own []Grant, wanted Grant, at time.Time) (Grant, error) {
	g := wanted
	g.From, g.OnBehalfOf = at, ""
	programmed := g.Role.Programmed()
	if len(g.Only) == 0 {
		g.Only = slices.DeleteFunc(slices.Clone(programmed), func(p Permission) bool { return p == Submit })
	}
	switch {
	case g.To.IsZero():
		return Grant{}, ErrEndless
	case g.To.After(at.Add(OwnTokenMost)):
		return Grant{}, ErrTooLong
	case len(g.Only) == 0: // collectors' roles have nothing for it
		return Grant{}, fmt.Errorf("role %s: %w", g.Role, ErrNotYours)
	}
	if err := g.Check(); err != nil {
		return Grant{}, err
	}
	for _, p := range g.Only {
		if !slices.Contains(programmed, p) {
			return Grant{}, fmt.Errorf("%s: %w", p, ErrNotYours)
		}
		if g.Everywhere && !throughout(own, p, "", "", g) {
			return Grant{}, fmt.Errorf("%s everywhere: %w", p, ErrNotYours)
		}
		if err := held(own, p, g); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}

// Within is what somebody's grants leave of a grant that is bound to them: whatever
// both allow, at each place and instant, and nothing else.
func Within(own []Grant, g Grant) (left []Grant) {
	for _, o := range own {
		both := g
		both.Only = slices.DeleteFunc(g.permissions(), func(p Permission) bool { return !slices.Contains(o.permissions(), p) })
		both.Everywhere = g.Everywhere && o.Everywhere
		both.Sites, both.Points = common(o, g)
		if o.From.After(both.From) {
			both.From = o.From
		}
		if both.To.IsZero() || !o.To.IsZero() && o.To.Before(both.To) {
			both.To = o.To
		}
		if len(both.Only) > 0 && both.Check() == nil {
			left = append(left, both)
		}
	}
	return left
}

// permissions are those that the grant holds, at some place and time.
func (g Grant) permissions() []Permission {
	return slices.DeleteFunc(slices.Clone(g.Role.permissions()), func(p Permission) bool { return len(g.Only) > 0 && !slices.Contains(g.Only, p) })
}

// common are the places of two grants that both cover, where not both are for
// everywhere.
func common(a, b Grant) (sites []energy.SiteID, points []energy.PointID) {
	if a.Everywhere && b.Everywhere {
		return nil, nil
	}
	for _, site := range slices.Concat(a.Sites, b.Sites) {
		if a.covers(site, "") && b.covers(site, "") && !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
	}
	for _, point := range slices.Concat(a.Points, b.Points) {
		if a.covers(point.Site(), point) && b.covers(point.Site(), point) && !slices.Contains(points, point) {
			points = append(points, point)
		}
	}
	return sites, points
}
