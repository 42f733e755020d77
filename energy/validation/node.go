package validation

import (
	"math"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// NodeKind says what is held against what.
type NodeKind string

// Node: a point against the sum of the points below it. Check: a point, or all
// counted points of a role, against a check meter.
const (
	TreeNode  NodeKind = "node"
	CheckNode NodeKind = "check"
)

// Balance is one node in one period: the first page an auditor opens. Amounts
// are mWh, whose sums are exact.
type Balance struct {
	Kind NodeKind
	// Parent is the point above; "" is the supply of the site, where several
	// feeds or own generation make one node (see [Balance.Above]).
	Parent energy.PointID
	Period energy.Period
	// Above is what enters the node, Below what was measured behind it, or by
	// the check meter. Their factors are 1, or −1 for what leaves.
	Above, Below []Member
	// OK is false where too little of a member is known: then the sums mean
	// nothing.
	OK bool
	// Limit is the share of the residual from which it is pointed to.
	Limit float64
}

// Member is a point of a balance.
type Member struct {
	Point  energy.PointID
	Factor int // 1 or −1
	Amount energy.Amount
	OK     bool // enough of it is known
}

// Entered is the sum of what stands above.
func (b Balance) Entered() energy.Amount { return sum(b.Above) }

// Measured is the sum of what hangs below.
func (b Balance) Measured() energy.Amount { return sum(b.Below) }

// Residual is what entered and was measured nowhere below; less than zero where
// more was measured than entered.
func (b Balance) Residual() energy.Amount { return b.Entered() - b.Measured() }

// Deviation is the residual as a share of what entered; ok is false where
// nothing did or too little is known.
func (b Balance) Deviation() (share float64, ok bool) {
	if !b.OK || b.Entered() <= 0 {
		return 0, false
	}
	return float64(b.Residual()) / float64(b.Entered()), true
}

func sum(members []Member) (total energy.Amount) {
	for _, m := range members {
		total += energy.Amount(m.Factor) * m.Amount
	}
	return total
}

// Balances are the balances of all nodes of a site in each whole month of the
// question, by node, then month.
func Balances(q Question) []Balance { return newLook(q).balances() }

func (l *look) balances() []Balance {
	all := []Balance{}
	for _, node := range l.tree() {
		for _, month := range l.months {
			if b, ok := l.balance(node, month); ok {
				all = append(all, b)
			}
		}
	}
	return all
}

// nodes judges the balances. A remainder is to be looked at: it is in order where
// not all is metered, and the registry can say so by a limit of its own. More
// below than above never is.
func (l *look) nodes() []Finding {
	var all []Finding
	for _, b := range l.balances() {
		deviation, ok := b.Deviation()
		slack := l.stepsOf(b)
		if !ok || math.Abs(deviation) <= b.Limit || max(b.Residual(), -b.Residual()) <= slack {
			continue
		}
		code := Remainder
		switch {
		case b.Kind == CheckNode:
			code = CheckApart
		case deviation < 0:
			code = ChildrenExceed
		}
		about := b.Parent
		if b.Kind == CheckNode {
			about = b.Below[0].Point
		}
		at := located{}
		for _, p := range l.points {
			if p.ID == about {
				at = p
			}
		}
		all = append(all, l.finding(at, code, b.Period, Args{"parent": kilowattHours(b.Entered()), "children": kilowattHours(b.Measured()),
			"residual": kilowattHours(b.Residual()), "deviation": share(deviation), "limit": share(b.Limit)}))
	}
	return all
}

// stepsOf is what coarse registers may put into the wrong month.
func (l *look) stepsOf(b Balance) (slack energy.Amount) {
	for _, m := range append(slices.Clone(b.Above), b.Below...) {
		for _, at := range l.points {
			if step, err := at.Resolution.Amount(at.Quantity); at.ID == m.Point && err == nil {
				slack += step
			}
		}
	}
	return slack
}

// node is what is held against what, whenever its points count.
type node struct {
	kind         NodeKind
	parent       energy.PointID
	above, below []Member
}

// about is the point whose node it is, "" for the supply; of a check meter that
// one.
func (n node) about() energy.PointID {
	if n.kind == CheckNode {
		return n.below[0].Point
	}
	return n.parent
}

// balance is a node in a month; ok is false where it has nothing on one side.
func (l *look) balance(n node, month energy.Period) (b Balance, ok bool) {
	b = Balance{Kind: n.kind, Parent: n.parent, Period: month, OK: true, Limit: l.Limits.Node}
	byID := l.registered()
	if p, known := byID[n.about()]; known {
		b.Limit = l.limits(p).Node
	}
	fill := func(members []Member) (filled []Member) {
		for _, m := range members {
			p := byID[m.Point]
			if part := l.counting(p, month); part != month {
				b.OK = b.OK && part.Length() <= 0 // a point that counts in a part of the month spoils it
				continue
			}
			total := l.total(p, month)
			m.Amount, m.OK = total.Amount, float64(total.EnergyS) >= l.Limits.Whole*float64(total.PeriodS)
			b.OK = b.OK && m.OK
			filled = append(filled, m)
		}
		return filled
	}
	b.Above, b.Below = fill(n.above), fill(n.below)
	return b, len(b.Above) > 0 && len(b.Below) > 0
}

// counting is the part of p in which a point counts.
func (l *look) counting(p registry.Point, period energy.Period) energy.Period {
	if p.From != (energy.Date{}) {
		period.From = latest(period.From, l.Calendar.Day(p.From).From)
	}
	if p.To != (energy.Date{}) {
		period.To = earliest(period.To, l.Calendar.Day(p.To).From)
	}
	return period
}
