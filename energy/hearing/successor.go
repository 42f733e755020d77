package hearing

import "heatledger/energy"

// Subject is what a judgement judges: a rule of a promise in a period of local
// days [From, To).
type Subject struct {
	Commitment, Rule string
	From, To         energy.Date
}

// Succeeds errs when one judgement may not take the place of another: with
// [ErrPromise] when it judges something else, with [ErrEnded] when it does not hold
// itself. by is how far the one that takes the place has come.
func Succeeds(of, successor Subject, by Case) error {
	switch {
	case successor != of:
		return ErrPromise
	case by.State == Withdrawn || by.State == Corrected:
		return ErrEnded
	}
	return nil
}
