package modbus

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"heatledger/fieldbus/registermap"
)

// mbap is an open connection of Modbus TCP, plain or in TLS (Modbus Messaging on
// TCP/IP V1.0b, 3.1.3). The library has one too, whose transaction numbers begin
// at 1 on each connection: a gateway that gives a late answer to whoever is
// connected by then has it taken for that of a new question with the same
// number. Here they begin anywhere.
type mbap struct {
	conn    net.Conn
	timeout time.Duration
	in      *bufio.Reader
	number  uint16 // of the last question
	frame   [mostMBAP]byte
}

// mostMBAP is the longest frame, seven of its bytes the header.
const mostMBAP = 260

// How long connecting may take, without TLS and with it.
const (
	dialPatience    = 5 * time.Second
	dialPatienceTLS = 15 * time.Second
)

// dialMBAP connects to HOST:PORT; with secure both sides show certificates.
func (c Config) dialMBAP(address string, secure bool) (line, error) {
	var conn net.Conn
	var err error
	if secure {
		conn, err = tls.DialWithDialer(&net.Dialer{Timeout: dialPatienceTLS}, "tcp", address, &tls.Config{
			Certificates: []tls.Certificate{*c.TLS.Certificate}, RootCAs: c.TLS.Roots,
			MinVersion: tls.VersionTLS12, // MBAPS, R-01
		})
	} else {
		conn, err = net.DialTimeout("tcp", address, dialPatience)
	}
	if err != nil {
		return nil, err
	}
	return &mbap{conn: conn, timeout: c.Timeout, in: bufio.NewReaderSize(conn, mostMBAP), number: uint16(rand.Uint32())}, nil
}

func (m *mbap) close() {
	_ = m.conn.Close() // a broken connection complains when it is closed
}

// read puts one question and passes over every frame that does not bear its
// number, until the timeout.
func (m *mbap) read(unit uint8, q request, into []uint16) ([]uint16, error) {
	if err := m.conn.SetDeadline(time.Now().Add(m.timeout)); err != nil {
		return nil, err
	}
	m.number++
	function := functionOf(q.table)
	question := binary.BigEndian.AppendUint16(m.frame[:0], m.number)
	question = append(question, 0, 0, 0, 6, unit, function)
	question = binary.BigEndian.AppendUint16(question, uint16(q.address))
	question = binary.BigEndian.AppendUint16(question, uint16(q.count))
	if _, err := m.conn.Write(question); err != nil {
		return nil, inTime(err)
	}
	for {
		number, body, err := m.receive()
		if err != nil {
			return nil, inTime(err)
		}
		if number == m.number && body != nil {
			return answerOf(body, unit, function, q.count, into)
		}
	}
}

// receive takes the next frame: its number, and its body from the unit on, which
// is good until the next call and nil when the frame is of another protocol.
func (m *mbap) receive() (number uint16, body []byte, err error) {
	header := m.frame[:6]
	if _, err := io.ReadFull(m.in, header); err != nil {
		return 0, nil, err
	}
	number = binary.BigEndian.Uint16(header)
	protocol, length := binary.BigEndian.Uint16(header[2:]), int(binary.BigEndian.Uint16(header[4:]))
	if length < 2 || length > mostMBAP-6 {
		return 0, nil, fmt.Errorf("frame of %d bytes: 2 to %d are expected", length, mostMBAP-6)
	}
	body = m.frame[6 : 6+length]
	if _, err := io.ReadFull(m.in, body); err != nil {
		return 0, nil, err
	}
	if protocol != 0 {
		return number, nil, nil
	}
	return number, body, nil
}

// inTime tells a question that was not answered in time from what broke.
func inTime(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errNoAnswer
	}
	return err
}

// functionOf is the function that reads a table (Modbus Application Protocol
// V1.1b3, 6.1 to 6.4).
func functionOf(t registermap.Table) uint8 {
	switch t {
	case registermap.Coil:
		return 1
	case registermap.Discrete:
		return 2
	case registermap.Input:
		return 4
	}
	return 3
}

// gatewayUnit may refuse in place of any unit.
const gatewayUnit = 0xFF

// answerOf puts the values of an answer behind those in into; bits are 0 and 1.
// Only an answer of the unit that was asked, to the function that was asked, with
// as many values as were asked for, is one.
func answerOf(body []byte, unit, function uint8, count int, into []uint16) ([]uint16, error) {
	from, said, rest := body[0], body[1], body[2:]
	if said == function|0x80 && (from == unit || from == gatewayUnit) && len(rest) == 1 {
		return nil, exception(rest[0])
	}
	if from != unit {
		return nil, fmt.Errorf("unit %d answered in place of unit %d", from, unit)
	}
	if said != function {
		return nil, fmt.Errorf("function %d was answered in place of function %d", said, function)
	}
	size := 2 * count
	if function <= 2 {
		size = (count + 7) / 8
	}
	if len(rest) != 1+size || int(rest[0]) != size {
		return nil, fmt.Errorf("%d bytes came where %d were asked for", len(rest)-1, size)
	}
	rest = rest[1:]
	for i := range count {
		switch {
		case function > 2:
			into = append(into, binary.BigEndian.Uint16(rest[2*i:]))
		default:
			into = append(into, uint16(rest[i/8]>>(i%8)&1))
		}
	}
	return into, nil
}
