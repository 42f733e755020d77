package spool

import "time"

// Hasten lets every lane try again now that waits after a delivery that did not
// work: whoever calls it knows that what was wrong may be mended. Should it not
// be, the pauses go on where they were.
func (s *Spool) Hasten() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.state.lanes {
		l.attempt.again = time.Time{}
	}
	for _, of := range s.dictionary.sites {
		of.nudge()
	}
}
