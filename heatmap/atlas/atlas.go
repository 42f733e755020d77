// Package atlas is the sources of heat of a town as planners see them: where each
// lies, what it gave and can give ([Sheet]), and who may see how much of that
// ([View]). It reads what energy/ledger knows and lays packages heatmap and source
// upon it; it holds no sentences and serves no page.
//
// Terms, of FIGURES.md (For planners) and of packages heatmap and source:
//
//   - A source is a site that gives heat, or could. Its supply is the best of what is
//     known of what it can give: the power that was held ready, else delivered and
//     rejected heat together, else what its IT load must have become, else what was
//     delivered, which is a lower bound. Kind and method say which.
//   - Every number is labelled by what it rests on (measured, estimated, declared) and
//     by what limited it (supply_limited, demand_limited, derived): [heatmap.Grade]
//     and [heatmap.Limit].
//   - Secured power is that which is there in 98 % of the hours, unless another
//     availability is asked for ([source.SecuredPower]).
//   - Full-load hours are the energy over the declared capacity, else over the greatest
//     hour ([source.Curve]).
//   - Delivered heat is the figure heat_delivered, and so on: energies of a sheet are
//     those of package kpi.
//
// Who may see what of heat is decided here and nowhere else:
//
//  1. Whoever may read a site sees all of its heat.
//  2. A planner sees what decisions in force allow (package publication) whose class is
//     restricted or by_agreement and which name the agreement: the heat figures that
//     they name, within their period, after their delay, and no finer than by their
//     resolution. Hours, the finest, mean series of hours and quarter-hours and all
//     statistics.
//  3. Everybody sees what was published, and of the statistics classes alone: of the
//     secured power, of the flow temperature, grade and limit. Never a series, and the
//     power itself only where hours were published.
//  4. A site of which nothing is allowed does not appear: not in a list, not in a sum.
//
// What a view hides is absent from a sheet, and [Hidden] says which part and why.
package atlas

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
)

// Method is the version of the definitions of this package; see [source.Method].
const Method = 1

// Asker is where whoever asks may read all there is, and where he may see heat for
// planning. The zero Asker is the public.
type Asker struct{ Read, Plan access.Reach }

// AskerOf is the holder of grants at an instant.
func AskerOf(grants []access.Grant, at time.Time) Asker {
	return Asker{Read: access.Of(grants, access.Read, at), Plan: access.Of(grants, access.Plan, at)}
}

// reads tells whether he may read the whole site; plans, whether he plans there.
func (a Asker) reads(site energy.SiteID) bool { return whole(a.Read, site) }
func (a Asker) plans(site energy.SiteID) bool { return whole(a.Plan, site) }

// whole tells whether a reach holds all of a site: a point of it is not enough.
func whole(r access.Reach, site energy.SiteID) bool {
	if r.Everywhere {
		return true
	}
	for _, id := range r.Sites {
		if id == site {
			return true
		}
	}
	return false
}
