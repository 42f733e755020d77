package faultproxy

import (
	"fmt"
	"slices"
	"time"
)

// Kind is a way to spoil traffic.
type Kind string

// What can happen to one answer. Those that need frames are for Modbus, or OPC
// UA where they say so; with [Bytes] an answer is whatever came at once.
const (
	// Late holds the answer back for Delay; those after it wait behind it.
	Late Kind = "late"
	// Stray holds the answer back for Delay and gives it to whoever is connected
	// then, as a serial gateway does whose client has come anew. Modbus.
	Stray Kind = "stray"
	// Twice gives the answer twice.
	Twice Kind = "twice"
	// Cut gives half of the answer and closes the connection.
	Cut Kind = "cut"
	// Mute gives no answer.
	Mute Kind = "mute"
	// Truncate gives half of the answer and then nothing any more, but keeps
	// the connection open.
	Truncate Kind = "truncate"
	// Split gives the answer byte by byte, Delay apart.
	Split Kind = "split"
	// Garbage gives seven bytes of noise before the answer.
	Garbage Kind = "garbage"
	// Exception gives an exception with Code in place of the answer. Modbus.
	Exception Kind = "exception"
	// WrongUnit, WrongFunction and Short answer for another unit, another
	// function, or with one register less than was asked for. Modbus.
	WrongUnit     Kind = "wrong_unit"
	WrongFunction Kind = "wrong_function"
	Short         Kind = "short"
	// WrongLength says that the frame is two bytes longer than it is. Modbus.
	WrongLength Kind = "wrong_length"
	// WrongTransaction and WrongProtocol bear the number of an older question,
	// and of another protocol. Modbus TCP.
	WrongTransaction Kind = "wrong_transaction"
	WrongProtocol    Kind = "wrong_protocol"
	// WrongCRC has values that do not fit the checksum. Modbus RTU.
	WrongCRC Kind = "wrong_crc"
	// Reorder holds the answer back until the next has gone by. Datagrams.
	Reorder Kind = "reorder"
)

// What can happen to the line, until the next Set. They have neither Share nor
// Times nor Unit.
const (
	// Swallow takes every byte both ways and closes nothing, as a dead router
	// does: the connection is half open.
	Swallow Kind = "swallow"
	// Refuse closes the port and drops all clients.
	Refuse Kind = "refuse"
	// Slow passes BytesPerSecond each way.
	Slow Kind = "slow"
)

// Spoil is an order to spoil answers, or the line. The zero Spoil is none.
type Spoil struct {
	Do Kind
	// Share is the chance of each answer to be spoiled, above 0 to 1; 0: all are.
	Share float64
	// Times is how many answers are spoiled at most; 0: no limit.
	Times int
	// Unit spoils only answers of that unit (Modbus); 0: of all.
	Unit uint8
	// Delay is what Late and Stray need, longer than the client's patience for
	// an answer that must not be taken. Split: 5 ms if it is 0.
	Delay time.Duration
	// Code is that of an Exception: 6 busy, 5 acknowledge, 10 and 11 a gateway's.
	Code uint8
	// BytesPerSecond is the bandwidth of a Slow line.
	BytesPerSecond int
}

// Kinds are all there are, those of the line last.
func Kinds() []Kind {
	return []Kind{
		Late, Stray, Twice, Cut, Mute, Truncate, Split, Garbage, Exception, WrongUnit, WrongFunction, Short,
		WrongLength, WrongTransaction, WrongProtocol, WrongCRC, Reorder, Swallow, Refuse, Slow,
	}
}

// ofTheLine tells whether a kind concerns the line, not one answer.
func (k Kind) ofTheLine() bool { return k == Swallow || k == Refuse || k == Slow }

// Of tells whether a kind can be done to a protocol over a network, tcp or udp.
func (k Kind) Of(p Protocol, network string) bool {
	modbus := p == ModbusTCP || p == ModbusRTU
	switch k {
	case Late, Twice, Mute:
		return true
	case Swallow, Refuse, Slow, Cut, Truncate, Split, Garbage:
		return network == "tcp"
	case Stray:
		return modbus && network == "tcp"
	case Exception, WrongUnit, WrongFunction, Short, WrongLength:
		return modbus
	case WrongTransaction, WrongProtocol:
		return p == ModbusTCP
	case WrongCRC:
		return p == ModbusRTU
	case Reorder:
		return network == "udp"
	}
	return false
}

// check errs with what cannot be done.
func (s Spoil) check(p Protocol, network string) error {
	needsDelay := s.Do == Late || s.Do == Stray
	switch {
	case !slices.Contains(Kinds(), s.Do):
		return fmt.Errorf("spoil answers: %q is no way to: %v is expected", s.Do, Kinds())
	case !s.Do.Of(p, network):
		return fmt.Errorf("spoil answers: %s is not for %s over %s", s.Do, p, network)
	case s.Do.ofTheLine() && (s.Share != 0 || s.Times != 0 || s.Unit != 0):
		return fmt.Errorf("spoil the line: %s has neither share nor times nor unit", s.Do)
	case s.Share < 0 || s.Share > 1 || s.Times < 0 || s.Delay < 0 || s.BytesPerSecond < 0:
		return fmt.Errorf("spoil answers: %s with share %v, times %d, delay %s, %d bytes per second: none below zero, a share of at most 1 is expected",
			s.Do, s.Share, s.Times, s.Delay, s.BytesPerSecond)
	case needsDelay && s.Delay == 0:
		return fmt.Errorf("spoil answers: %s without a delay: one longer than the client's timeout is expected", s.Do)
	case s.Do == Exception && (s.Code == 0 || s.Code > 0x7F):
		return fmt.Errorf("spoil answers: exception %d: a code from 1 to 127 is expected", s.Code)
	case s.Do == Slow && s.BytesPerSecond == 0:
		return fmt.Errorf("spoil the line: slow without a bandwidth: bytes per second are expected")
	case s.Unit != 0 && p != ModbusTCP && p != ModbusRTU:
		return fmt.Errorf("spoil answers of unit %d: %s has no units", s.Unit, p)
	}
	return nil
}
