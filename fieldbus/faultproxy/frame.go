package faultproxy

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Protocol is how bytes are parted into frames.
type Protocol uint8

// The protocols. With Bytes a frame is whatever came at once.
const (
	Bytes     Protocol = iota
	ModbusTCP          // MBAP header (Modbus Messaging on TCP/IP V1.0b, 3.1.3); also over UDP
	ModbusRTU          // with checksum (Modbus over serial line V1.02, 2.5.1), in TCP or UDP
	OPCUA              // UA TCP (OPC 10000-6, 7.1.2)
)

// String is the protocol's name.
func (p Protocol) String() string {
	return [...]string{"bytes", "Modbus TCP", "Modbus RTU", "OPC UA"}[p]
}

// The longest frames: of Modbus by its standard, of OPC UA what is believed.
const (
	mostMBAP  = 6 + 254
	mostOPCUA = 64 << 20
)

// length is how many bytes the answer has that begins with b: 0 as long as that
// cannot be told, and below 0 if b begins none.
func (p Protocol) length(b []byte) int {
	switch p {
	case ModbusTCP:
		return lengthMBAP(b)
	case ModbusRTU:
		return lengthRTU(b)
	case OPCUA:
		return lengthOPCUA(b)
	}
	return len(b)
}

func lengthMBAP(b []byte) int {
	switch {
	case len(b) < 6:
		return 0
	case b[2] != 0 || b[3] != 0:
		return -1
	}
	n := 6 + int(binary.BigEndian.Uint16(b[4:]))
	if n < 9 || n > mostMBAP {
		return -1
	}
	return n
}

// lengthRTU follows from the function, for RTU frames do not say it.
func lengthRTU(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	switch function := b[1]; {
	case function&0x80 != 0:
		return 5
	case function >= 1 && function <= 4:
		return 5 + int(b[2])
	case function == 5 || function == 6 || function == 15 || function == 16:
		return 8
	}
	return -1
}

func lengthOPCUA(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	if !slices.ContainsFunc([]string{"ACK", "ERR", "OPN", "MSG", "CLO"}, func(kind string) bool { return bytes.HasPrefix(b, []byte(kind)) }) {
		return -1
	}
	n := binary.LittleEndian.Uint32(b[4:])
	if n < 8 || n > mostOPCUA {
		return -1
	}
	return int(n)
}

// unit is whose answer a whole frame is; 0 where there are no units.
func (p Protocol) unit(frame []byte) uint8 {
	switch p {
	case ModbusTCP:
		return frame[6]
	case ModbusRTU:
		return frame[0]
	}
	return 0
}

// body is a copy of unit, function and what follows them.
func (p Protocol) body(frame []byte) []byte {
	if p == ModbusTCP {
		return slices.Clone(frame[6:])
	}
	return slices.Clone(frame[:len(frame)-2])
}

// seal makes a frame of a body, with the header of another.
func (p Protocol) seal(header, body []byte) []byte {
	if p == ModbusTCP {
		frame := append(slices.Clone(header[:4]), byte(len(body)>>8), byte(len(body)))
		return append(frame, body...)
	}
	return binary.LittleEndian.AppendUint16(body, checksum(body))
}

// checksum is the CRC of RTU frames (Modbus over serial line V1.02, 6.2.2).
func checksum(frame []byte) uint16 {
	crc := uint16(0xFFFF)
	for _, b := range frame {
		crc ^= uint16(b)
		for range 8 {
			carry := crc & 1
			crc >>= 1
			if carry != 0 {
				crc ^= 0xA001
			}
		}
	}
	return crc
}

// altered is a whole Modbus frame as the spoil wants it; of other kinds it is
// the frame itself.
func (p Protocol) altered(s Spoil, frame []byte) []byte {
	if p != ModbusTCP && p != ModbusRTU {
		return frame
	}
	body := p.body(frame)
	values := body[1]&0x80 == 0 && body[1] <= 4 // it has some
	switch s.Do {
	case Exception:
		return p.seal(frame, []byte{body[0], body[1] | 0x80, s.Code})
	case WrongUnit:
		body[0]++
	case WrongFunction:
		body[1] ^= 7 // 3 for 4
	case Short:
		if values && body[2] >= 2 && len(body) >= 5 {
			body[2] -= 2
			body = body[:len(body)-2]
		}
		return p.seal(frame, body)
	case WrongLength, WrongTransaction, WrongProtocol, WrongCRC:
	default:
		return frame
	}
	if values {
		garble(body[3:])
	}
	if s.Do == WrongLength && p == ModbusRTU {
		body[2] += 2
	}
	wrong := p.seal(frame, body)
	switch {
	case s.Do == WrongCRC:
		wrong[len(wrong)-1] ^= 0xFF
	case s.Do == WrongTransaction:
		binary.BigEndian.PutUint16(wrong, binary.BigEndian.Uint16(wrong)-1)
	case s.Do == WrongProtocol:
		wrong[3]++
	case s.Do == WrongLength && p == ModbusTCP:
		binary.BigEndian.PutUint16(wrong[4:], binary.BigEndian.Uint16(wrong[4:])+2)
	}
	return wrong
}

// garble makes values wrong.
func garble(values []byte) {
	for i := range values {
		values[i] ^= 0x5A
	}
}
