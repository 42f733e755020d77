package series

import "heatledger/energy"

// severity orders qualities from the best to the worst.
func severity(q energy.Quality) int {
	switch q {
	case energy.Missing:
		return 0
	case energy.Measured:
		return 1
	case energy.Calculated:
		return 2
	case energy.Distributed:
		return 3
	case energy.Substitute:
		return 4
	case energy.Declared:
		return 5
	}
	return 6
}

// Worse is the quality of what was made of parts of qualities a and b:
// measured, calculated, distributed, substitute, declared, suspect, the later
// one. Missing parts do not count: they show in the coverage.
func Worse(a, b energy.Quality) energy.Quality {
	if severity(b) > severity(a) {
		return b
	}
	return a
}

// known tells whether an amount of quality q is known, be it only in sum.
func known(q energy.Quality) bool {
	return q == energy.Measured || q == energy.Calculated || q == energy.Distributed
}
