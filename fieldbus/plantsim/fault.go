package plantsim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/faultproxy"
)

// Fault is what can be wrong with a meter. The zero Fault is a sound meter. What
// befalls the connection, or single answers, is a [faultproxy.Spoil].
type Fault struct {
	// Silent: the meter does not answer. A gateway says so (exception 0x0B);
	// over OPC UA its values turn bad.
	Silent bool
	// Frozen: every value stays as it was when the fault came, with its time.
	Frozen bool
	// Reset: counters begin at zero when the fault comes.
	Reset bool
	// Exchange: another instrument of the same type is in its place.
	Exchange *Exchange
	// Modulus: counters wrap at this many units of their register; 0: they do not.
	Modulus int64
	// Absent quantities are sent as what the register has for "no value": NaN,
	// the smallest signed or the largest unsigned integer.
	Absent []energy.Quantity
	// Zero quantities show 0 in the first sample that somebody reads, and after
	// it what is true: the glitch of a meter that is read while it counts. A
	// sample is an answer over Modbus and a second over OPC UA.
	Zero []energy.Quantity
	// Errors answer any request that touches the quantity's registers, as the
	// protocol's library names them (modbus.ErrIllegalDataAddress,
	// ua.StatusBadSensorFailure).
	Errors map[energy.Quantity]error
	// Delay comes before every answer of a Modbus meter.
	Delay time.Duration
}

// Exchange is an instrument that takes the place of another: counters show
// Start when it comes, and what has flowed since.
type Exchange struct {
	Serial string
	Start  energy.Amount // mWh, or ml of its volumes
}

// served is a meter with its present fault.
type served struct {
	*meter
	witness func(Shown) // may be nil
	broken  atomic.Pointer[broken]
}

// broken is a fault, the state of the site when it came, and which glitches
// have been seen.
type broken struct {
	Fault
	since State

	mu       sync.Mutex
	glitched map[energy.Quantity]time.Time
}

// fault is the fault at an instant of the plant; never nil. In an outage of its
// site every meter is silent.
func (m *served) fault(at time.Time) *broken {
	b := m.broken.Load()
	if b == nil {
		b = &broken{}
	}
	if !b.Silent && m.site.dark(at) {
		dark := b.Fault
		dark.Silent = true
		return &broken{Fault: dark, since: b.since}
	}
	return b
}

// read is what the meter shows of a field in a state of its site, its fault
// included, and the instant the value is of.
func (b *broken) read(m *meter, f field, now State) (energy.Value, time.Time, error) {
	if err := b.Errors[f.quantity]; err != nil && f.quantity != "" {
		return energy.Value{}, now.At(), err
	}
	if b.zero(f.quantity, now.At()) {
		return f.levelled(0), now.At(), nil
	}
	if b.Frozen {
		now = b.since
	}
	if b.absent(f.quantity) {
		return f.absent(), now.At(), nil
	}
	if b.Exchange != nil && f.shows == serialNumber {
		return f.levelled(float64(serial(b.Exchange.Serial))), now.At(), nil
	}
	if !f.shows.cumulative() {
		return f.levelled(f.level(m, now)), now.At(), nil
	}
	amount := f.amount(m, now)
	switch {
	case b.Exchange != nil:
		amount += int64(b.Exchange.Start) - f.amount(m, b.since)
	case b.Reset:
		amount -= f.amount(m, b.since)
	}
	v := f.counted(amount)
	if b.Modulus > 0 {
		v = wrap(v, b.Modulus)
	}
	return v, now.At(), nil
}

// absent tells whether the meter has no value of a quantity.
func (b *broken) absent(q energy.Quantity) bool { return q != "" && slices.Contains(b.Absent, q) }

// zero tells whether a quantity shows its glitch in the sample of an instant.
func (b *broken) zero(q energy.Quantity, at time.Time) bool {
	if q == "" || !slices.Contains(b.Zero, q) {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.glitched == nil {
		b.glitched = map[energy.Quantity]time.Time{}
	}
	if _, seen := b.glitched[q]; !seen {
		b.glitched[q] = at
	}
	return b.glitched[q].Equal(at)
}

// wrap is v modulo m, in v's own form.
func wrap(v energy.Value, m int64) energy.Value {
	if !v.IsDecimal() {
		return energy.Float(math.Mod(v.Float64(), float64(m)))
	}
	n, exp := v.Mantissa()
	return energy.Decimal(n%round(float64(m)*math.Pow10(-int(exp))), exp)
}

// Break gives a meter a fault from now on; the zero Fault mends it, and its
// counters show again what has truly flowed.
func (s *Server) Break(id energy.MeterID, f Fault) error {
	m, ok := s.meters[id]
	if !ok {
		return fmt.Errorf("break meter %s: the plant has no such meter", id)
	}
	m.broken.Store(&broken{Fault: f, since: m.site.At(s.clock.now())})
	return nil
}

// Spoil lets something happen to a connection, or to the answers on it, besides
// what happens already, until mend is called.
func (s *Server) Spoil(connection string, spoil faultproxy.Spoil) (mend func() error, err error) {
	door, err := s.door(connection)
	if err == nil {
		mend, err = door.Add(spoil)
	}
	if err != nil {
		return nil, fmt.Errorf("connection %s: %w", connection, err)
	}
	return mend, nil
}

// Cut drops the clients a connection has now.
func (s *Server) Cut(connection string) error {
	door, err := s.door(connection)
	if err != nil {
		return fmt.Errorf("connection %s: %w", connection, err)
	}
	door.Cut()
	return nil
}

// Spoiled is what was done to a connection and its answers; ok is false if the
// plant has no such connection.
func (s *Server) Spoiled(connection string) (stats faultproxy.Stats, ok bool) {
	door, err := s.door(connection)
	if err != nil {
		return faultproxy.Stats{}, false
	}
	return door.Stats(), true
}

// door finds the door of a connection.
func (s *Server) door(connection string) (*faultproxy.Proxy, error) {
	for _, l := range s.lines {
		if l.ID == connection {
			return l.door, nil
		}
	}
	return nil, errors.New("the plant has no such connection")
}
