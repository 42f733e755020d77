package access

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
)

// Grant gives a role, or some permissions of it, for a scope and a time. The
// zero Grant gives nothing.
type Grant struct {
	Role Role
	// Only narrows the role to these of its permissions; empty: all of them. What
	// the role does not have is not given by being named.
	Only []Permission
	// Everywhere is all sites and what belongs to none; Sites and Points do not
	// matter then.
	Everywhere bool
	Sites      []energy.SiteID
	Points     []energy.PointID // single points, of whatever sites
	From, To   time.Time        // [From, To); zero: without that border
	By         string           // who gave it
	OnBehalfOf string           // the operator for whom a consultant acts; "": for oneself
}

// gives tells whether the grant holds the permission at an instant, somewhere.
func (g Grant) gives(p Permission, at time.Time) bool {
	return g.Role.Allows(p) && (len(g.Only) == 0 || slices.Contains(g.Only, p)) &&
		(g.From.IsZero() || !at.Before(g.From)) && (g.To.IsZero() || at.Before(g.To))
}

// covers tells whether the scope holds what is asked for.
func (g Grant) covers(site energy.SiteID, point energy.PointID) bool {
	switch {
	case point != "" && point.Site() != site: // a question that contradicts itself
		return false
	case g.Everywhere:
		return true
	case site == "":
		return false
	case slices.Contains(g.Sites, site):
		return true
	}
	return point != "" && slices.Contains(g.Points, point)
}

// Faults of a grant that is to be given.
var (
	ErrRole      = errors.New("there is no such role or permission")
	ErrScope     = errors.New("a grant names sites or points, or is for everywhere; never both, never neither")
	ErrPeriod    = errors.New("a grant ends after it begins")
	ErrNotYours  = errors.New("only what one may do oneself can be given on, for the same places and no longer")
	ErrEndless   = errors.New("what is given on has an end, and names for whom it is")
	ErrPointless = errors.New("what is given on is for named sites or points")
)

// Check errs when the grant cannot mean anything.
func (g Grant) Check() error {
	known := Permissions()
	unknown := slices.ContainsFunc(g.Only, func(p Permission) bool { return !slices.Contains(known, p) || !g.Role.Allows(p) })
	switch {
	case !g.Role.Known() || unknown:
		return fmt.Errorf("role %q, permissions %q: %w", g.Role, g.Only, ErrRole)
	case g.Everywhere == (len(g.Sites)+len(g.Points) > 0):
		return ErrScope
	case !g.To.IsZero() && !g.To.After(g.From):
		return ErrPeriod
	}
	return nil
}

// handedOn is what a consultant gets at most: the work, not the releasing of it,
// nor the right to give it on again.
func handedOn() []Permission { return []Permission{Read, Submit, Answer, Comment} }

// Delegated is the grant that an operator gives a consultant: of role operator,
// for the work alone, for named places and a time with an end. own are the
// operator's grants. It errs when it is more than he may do himself.
func Delegated(own []Grant, wanted Grant, at time.Time) (Grant, error) {
	g := wanted
	g.Role = Operator
	if len(g.Only) == 0 {
		g.Only = handedOn()
	}
	if g.From.Before(at) {
		g.From = at
	}
	switch {
	case g.Everywhere:
		return Grant{}, ErrPointless
	case g.To.IsZero() || g.OnBehalfOf == "":
		return Grant{}, ErrEndless
	}
	if err := g.Check(); err != nil {
		return Grant{}, err
	}
	for _, p := range g.Only {
		if !slices.Contains(handedOn(), p) {
			return Grant{}, fmt.Errorf("%s: %w", p, ErrNotYours)
		}
	}
	for _, p := range append([]Permission{Delegate}, g.Only...) {
		if err := held(own, p, g); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}

// held errs with [ErrNotYours] where own do not allow it, for the whole time of g, at
// one of the sites and points of g.
func held(own []Grant, p Permission, g Grant) error {
	for _, site := range g.Sites {
		if !throughout(own, p, site, "", g) {
			return fmt.Errorf("%s at %s: %w", p, site, ErrNotYours)
		}
	}
	for _, point := range g.Points {
		if !throughout(own, p, point.Site(), point, g) {
			return fmt.Errorf("%s at %s: %w", p, point, ErrNotYours)
		}
	}
	return nil
}

// throughout tells whether a single grant allows it for the whole time of g.
func throughout(own []Grant, p Permission, site energy.SiteID, point energy.PointID, g Grant) bool {
	return slices.ContainsFunc(own, func(o Grant) bool {
		return o.gives(p, g.From) && o.covers(site, point) && (o.To.IsZero() || !g.To.After(o.To))
	})
}

// ForProgram is the grant of a token that somebody makes for a program of his. Who
// looks after all accounts gives what he wants; anybody else what he may do
// himself: read and hand in, as an operator, or deliver as a collector does, at
// places where he may hand in, and with an end.
func ForProgram(own []Grant, wanted Grant, at time.Time) (Grant, error) {
	g := wanted
	if err := g.Check(); err != nil {
		return Grant{}, err
	}
	if May(own, Accounts, "", "", at) {
		return g, nil
	}
	switch {
	case g.Everywhere:
		return Grant{}, ErrPointless
	case g.To.IsZero():
		return Grant{}, ErrEndless
	case g.Role == Operator && len(g.Only) == 0:
		g.Only = []Permission{Read, Submit}
	case g.Role == Collector:
	case g.Role != Operator || slices.ContainsFunc(g.Only, func(p Permission) bool { return p != Read && p != Submit }):
		return Grant{}, fmt.Errorf("role %s: %w", g.Role, ErrNotYours)
	}
	g.From = at
	for _, p := range []Permission{Tokens, Read, Submit} {
		if err := held(own, p, g); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}
