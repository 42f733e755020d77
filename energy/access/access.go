// Package access decides who may do what. It knows roles, permissions, and
// grants that are bound to sites, points and a time; it knows no passwords, no
// sessions and no requests. Nothing is allowed that no grant allows.
package access

import (
	"slices"
	"time"

	"heatledger/energy"
)

// May tells whether one of the grants allows the permission at an instant.
//
// The question is asked of a single point, of a whole site (no point), or of
// what belongs to no site (neither): accounts, the registry, the list of all
// sites. A grant for single points does not answer for their whole site, and one
// for sites not for what belongs to none.
func May(grants []Grant, p Permission, site energy.SiteID, point energy.PointID, at time.Time) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return g.gives(p, at) && g.covers(site, point) })
}

// Reach is where a permission holds, for those who list or who bind the
// database's own walls to it.
type Reach struct {
	Everywhere bool             // all sites, and what belongs to none; the rest is empty then
	Sites      []energy.SiteID  // whole sites, sorted
	Points     []energy.PointID // single points of other sites, sorted
}

// Of is the reach of a permission at an instant. It is empty without any grant.
func Of(grants []Grant, p Permission, at time.Time) Reach {
	var r Reach
	for _, g := range grants {
		if !g.gives(p, at) {
			continue
		}
		if g.Everywhere {
			return Reach{Everywhere: true}
		}
		r.Sites = append(r.Sites, g.Sites...)
		r.Points = append(r.Points, g.Points...)
	}
	return r.tidy()
}

// Or is what either of two reaches holds.
func (r Reach) Or(other Reach) Reach {
	if r.Everywhere || other.Everywhere {
		return Reach{Everywhere: true}
	}
	return Reach{Sites: slices.Concat(r.Sites, other.Sites), Points: slices.Concat(r.Points, other.Points)}.tidy()
}

// tidy sorts the places and drops those that are in others.
func (r Reach) tidy() Reach {
	slices.Sort(r.Sites)
	r.Sites = slices.Compact(r.Sites)
	r.Points = slices.DeleteFunc(r.Points, func(point energy.PointID) bool {
		_, within := slices.BinarySearch(r.Sites, point.Site())
		return within
	})
	slices.Sort(r.Points)
	r.Points = slices.Compact(r.Points)
	return r
}

// Empty tells that the permission holds nowhere.
func (r Reach) Empty() bool { return !r.Everywhere && len(r.Sites) == 0 && len(r.Points) == 0 }

// Touches tells whether the reach holds anything of the site: all of it or a point.
func (r Reach) Touches(site energy.SiteID) bool {
	return r.Everywhere || slices.Contains(r.Sites, site) ||
		slices.ContainsFunc(r.Points, func(p energy.PointID) bool { return p.Site() == site })
}

// Apart tells whether two acts that want two pairs of eyes were done by two
// people. Whoever is not known is nobody else.
func Apart(first, second string) bool { return first != "" && second != "" && first != second }
