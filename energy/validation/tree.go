package validation

import (
	"slices"

	"heatledger/energy"
)

// tree are the nodes of the meter tree, then the check meters, each in the order
// of the registry.
func (l *look) tree() []node {
	var nodes []node
	generated := l.generation()
	var feeds node // the feeds from the grid, taken together where own generation joins them
	for _, at := range l.points {
		if at.Quantity.Unit() != energy.KilowattHour {
			continue
		}
		below := l.children(at)
		switch {
		case len(below) == 0:
		case at.Role == energy.GridImport && at.Use == energy.Primary && len(generated) > 0:
			feeds.above = append(feeds.above, Member{Point: at.ID, Factor: 1})
			feeds.below = append(feeds.below, below...)
		default:
			nodes = append(nodes, node{TreeNode, at.ID, []Member{{Point: at.ID, Factor: 1}}, below})
		}
	}
	if len(feeds.above) > 0 {
		feeds.kind = TreeNode
		feeds.above = append(l.otherFeeds(feeds.above), generated...)
		nodes = append([]node{feeds}, nodes...)
	}
	return append(nodes, l.checks()...)
}

// generation are the points by which energy enters or leaves the node of the
// grid feeds beside them: own generation, storage, export. Nobody meters them
// again.
func (l *look) generation() []Member {
	var all []Member
	for _, at := range l.points {
		if at.Use != energy.Primary || at.Quantity.Unit() != energy.KilowattHour || l.belowOwnRole(at) {
			continue
		}
		switch at.Role {
		case energy.OnsiteRenewable, energy.OnsiteFossil, energy.BackupGenerator, energy.StorageDischarge:
			all = append(all, Member{Point: at.ID, Factor: 1})
		case energy.GridExport, energy.StorageCharge:
			all = append(all, Member{Point: at.ID, Factor: -1})
		}
	}
	return all
}

// otherFeeds adds the feeds from the grid that have nothing below them in the
// registry.
func (l *look) otherFeeds(above []Member) []Member {
	for _, at := range l.points {
		known := slices.ContainsFunc(above, func(m Member) bool { return m.Point == at.ID })
		if at.Role == energy.GridImport && at.Use == energy.Primary && at.Quantity.Unit() == energy.KilowattHour && !known && !l.belowOwnRole(at) {
			above = append(above, Member{Point: at.ID, Factor: 1})
		}
	}
	return above
}

// belowOwnRole tells whether the parent of a point measures the same.
func (l *look) belowOwnRole(at located) bool {
	parent, ok := l.registered()[at.Parent]
	return ok && parent.Role == at.Role
}

// children are the points directly below a point whose energies add up: no
// check meters, nothing that enters from elsewhere, and of IT loads in several
// categories the lowest, which holds the others.
func (l *look) children(parent located) []Member {
	lowest := 0
	for _, at := range l.points {
		if at.Parent == parent.ID && at.Role == energy.ITLoad && at.Use == energy.Primary && (lowest == 0 || at.Category < lowest) {
			lowest = at.Category
		}
	}
	var all []Member
	for _, at := range l.points {
		if at.Parent != parent.ID || at.Use != energy.Primary || at.Quantity.Unit() != parent.Quantity.Unit() {
			continue
		}
		switch at.Role {
		case energy.ITLoad:
			if at.Category != lowest {
				continue
			}
		case energy.GridExport, energy.OnsiteRenewable, energy.OnsiteFossil, energy.BackupGenerator, energy.StorageCharge, energy.StorageDischarge:
			if parent.Role == energy.GridImport {
				continue
			}
		}
		all = append(all, Member{Point: at.ID, Factor: 1})
	}
	return all
}

// checks are the check meters in kWh: against their parent where that measures
// the same role, without a parent against all primary points of their role and
// category.
func (l *look) checks() []node {
	var nodes []node
	byID := l.registered()
	for _, check := range l.points {
		if check.Use != energy.Check || check.Quantity.Unit() != energy.KilowattHour || !check.Role.Known() {
			continue
		}
		n := node{kind: CheckNode, below: []Member{{Point: check.ID, Factor: 1}}}
		if parent, ok := byID[check.Parent]; ok {
			if parent.Role != check.Role || parent.Category != check.Category {
				continue
			}
			n.parent, n.above = parent.ID, []Member{{Point: parent.ID, Factor: 1}}
			nodes = append(nodes, n)
			continue
		}
		for _, at := range l.points {
			if at.Use == energy.Primary && at.Role == check.Role && at.Category == check.Category && at.Quantity == check.Quantity && !l.belowOwnRole(at) {
				n.above = append(n.above, Member{Point: at.ID, Factor: 1})
			}
		}
		if len(n.above) == 1 {
			n.parent = n.above[0].Point
		}
		if len(n.above) > 0 {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
