package modbus

import "heatledger/fieldbus"

// staged is the last poll that a socket handed on, while it is made durable. There
// is one at most: the next is handed on when it is known what became of it.
type staged struct {
	pending  fieldbus.Pending // nil: there is none
	meter    *meter
	readings int
}

// done is closed when it is known; never, if there is none.
func (s staged) done() <-chan struct{} {
	if s.pending == nil {
		return nil
	}
	return s.pending.Done()
}

// settle waits until the readings that s handed on are durable, or lost, and
// counts them.
func (s *socket) settle() {
	last := s.staged
	if last.pending == nil {
		return
	}
	s.staged = staged{}
	<-last.pending.Done()
	s.driver.count(last.meter, last.readings, last.pending.Err())
}
