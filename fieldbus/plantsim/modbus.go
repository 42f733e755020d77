package plantsim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/simonvetter/modbus"

	"heatledger/fieldbus/faultproxy"
)

// bus answers the requests of one Modbus TCP gateway. All registers of an
// answer are of one instant.
type bus struct {
	done   chan struct{} // closed with the server, so that no delay outlives it
	clock  clock
	meters map[uint8]*served
}

// startModbus serves meters behind a door on address.
func startModbus(_ context.Context, address string, seed uint64, meters []*served, c clock, log *slog.Logger) (*line, error) {
	b := &bus{done: make(chan struct{}), clock: c, meters: map[uint8]*served{}}
	for _, m := range meters {
		b.meters[m.Unit] = m
	}
	door, err := faultproxy.Open("", faultproxy.Options{Listen: address, Protocol: faultproxy.ModbusTCP, Seed: seed})
	if err != nil {
		return nil, err
	}
	var srv *modbus.ModbusServer
	backend, err := onFreePort(func(address string, _ int) (err error) {
		srv, err = modbus.NewServer(&modbus.ServerConfiguration{
			URL: "tcp://" + address, Timeout: 5 * time.Minute, MaxClients: 64,
			Logger: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		}, b)
		if err != nil {
			return err
		}
		return srv.Start()
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the Modbus server: %w", err), door.Close())
	}
	door.Forward(backend)
	stop := func() error {
		close(b.done)
		return errors.Join(door.Close(), srv.Stop())
	}
	return &line{door: door, url: "tcp://" + door.Address(), stop: stop}, nil
}

// HandleHoldingRegisters answers function 3; a meter cannot be written to.
func (b *bus) HandleHoldingRegisters(r *modbus.HoldingRegistersRequest) ([]uint16, error) {
	if r.IsWrite {
		return nil, modbus.ErrIllegalFunction
	}
	return b.answer(r.UnitId, holding, r.Addr, r.Quantity)
}

// HandleInputRegisters answers function 4.
func (b *bus) HandleInputRegisters(r *modbus.InputRegistersRequest) ([]uint16, error) {
	return b.answer(r.UnitId, input, r.Addr, r.Quantity)
}

// HandleCoils refuses: meters have no coils.
func (b *bus) HandleCoils(*modbus.CoilsRequest) ([]bool, error) {
	return nil, modbus.ErrIllegalFunction
}

// HandleDiscreteInputs refuses: meters have none.
func (b *bus) HandleDiscreteInputs(*modbus.DiscreteInputsRequest) ([]bool, error) {
	return nil, modbus.ErrIllegalFunction
}

// answer is what a unit says to a read. A gateway answers for a unit that is
// not there, or silent, that the target did not respond.
func (b *bus) answer(unit uint8, t table, from, quantity uint16) ([]uint16, error) {
	m, ok := b.meters[unit]
	if !ok {
		return nil, modbus.ErrGWTargetFailedToRespond
	}
	fault := m.fault(b.clock.now())
	if fault.Delay > 0 {
		wait := time.NewTimer(fault.Delay)
		defer wait.Stop()
		select {
		case <-b.done:
		case <-wait.C:
		}
	}
	if fault.Silent {
		return nil, modbus.ErrGWTargetFailedToRespond
	}
	return m.registers(t, from, quantity, b.clock, fault)
}

// registers are the words from an address on, as of now. A value that is asked
// for in part is shown to nobody.
func (m *served) registers(t table, from, quantity uint16, c clock, fault *broken) ([]uint16, error) {
	said, now := c.wall(), m.site.At(c.now())
	if !m.answers(t, int(from), int(from)+int(quantity)) {
		return nil, modbus.ErrIllegalDataAddress
	}
	words := make([]uint16, quantity)
	var told []func()
	for _, f := range m.fields {
		first := int(f.address) - int(from)
		if f.table != t || first >= len(words) || first+int(f.kind.words()) <= 0 {
			continue
		}
		v, _, err := fault.read(m.meter, f, now)
		if err != nil {
			return nil, err
		}
		for i, w := range f.encode(v) {
			if at := first + i; at >= 0 && at < len(words) {
				words[at] = w
			}
		}
		if first >= 0 && first+int(f.kind.words()) <= len(words) {
			told = append(told, func() { m.tell(f, said, v, fault, nil) })
		}
	}
	for _, tell := range told { // no register of the answer refused
		tell()
	}
	return words, nil
}

// answers tells whether the meter has all registers from one up to before another.
func (m *served) answers(t table, from, to int) bool {
	known := make([]bool, to-from)
	for _, s := range m.spans {
		if s.table != t {
			continue
		}
		for i := max(from, int(s.from)); i < min(to, int(s.to)); i++ {
			known[i-from] = true
		}
	}
	return !slices.Contains(known, false)
}
