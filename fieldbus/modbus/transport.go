package modbus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	library "github.com/simonvetter/modbus"

	"heatledger/fieldbus/registermap"
)

// The library's ways, and what is done about them (v1.6.4):
//   - it panics when asked before it was opened: a [transport] exists only open;
//   - opened twice, it leaks the first socket: each transport opens once;
//   - it never connects again: [connection] closes and opens;
//   - its unit and byte order are set apart from the question: one goroutine
//     asks, and registers are decoded by the register map;
//   - it logs to standard output unless told otherwise;
//   - it paces RTU frames in TCP as if they went over a line of 19200 bit/s, and
//     takes what came behind an answer for the next one: see [rtu];
//   - it begins its transaction numbers anew with each connection: see [mbap].

// transport is an open connection of the library.
type transport struct {
	client *library.ModbusClient
	unit   int // that the client is set to; -1: none
}

// client makes a client of the library, which checks the URL and opens nothing.
func (c Config) client() (*library.ModbusClient, error) {
	scheme, address, ok := strings.Cut(c.URL, "://")
	if !ok || address == "" || !slices.Contains(Schemes(), scheme) {
		return nil, fmt.Errorf("url %q: SCHEME://HOST:PORT with %s is expected", c.URL, strings.Join(Schemes(), ", "))
	}
	if scheme == "tcp+tls" && (c.TLS.Certificate == nil || c.TLS.Roots == nil) {
		return nil, fmt.Errorf("url %q: a certificate of our own and those that vouch for the server are expected", c.URL)
	}
	parity := slices.Index([]string{"", "none", "even", "odd"}, c.Serial.Parity)
	if parity < 0 {
		return nil, fmt.Errorf("parity %q: none, even or odd is expected", c.Serial.Parity)
	}
	conf := &library.ClientConfiguration{
		URL: c.URL, Timeout: c.Timeout,
		Speed: c.Serial.Speed, DataBits: c.Serial.DataBits, StopBits: c.Serial.StopBits, Parity: uint(max(0, parity-1)),
		TLSClientCert: c.TLS.Certificate, TLSRootCAs: c.TLS.Roots,
		Logger: slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
	client, err := library.NewClient(conf)
	if err != nil {
		return nil, fmt.Errorf("url %q: %w", c.URL, err)
	}
	return client, nil
}

// dial opens the connection. It gives up after 5 s, with TLS after 15.
func (c Config) dial() (line, error) {
	switch scheme, address, _ := strings.Cut(c.URL, "://"); scheme {
	case "tcp", "tcp+tls":
		return c.dialMBAP(address, scheme == "tcp+tls")
	case "rtuovertcp", "rtuoverudp":
		return c.dialRTU(strings.TrimPrefix(scheme, "rtuover"), address)
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	if err := client.Open(); err != nil {
		return nil, err
	}
	return &transport{client, -1}, nil
}

// close ends the connection.
func (t *transport) close() {
	_ = t.client.Close() // a broken connection complains when it is closed
}

// read brings the raw words of one block as they came over the wire. The
// library gives registers as bytes with the least effort.
func (t *transport) read(unit uint8, q request, into []uint16) ([]uint16, error) {
	if t.unit != int(unit) {
		if err := t.client.SetUnitId(unit); err != nil {
			return nil, err
		}
		t.unit = int(unit)
	}
	address, count := uint16(q.address), uint16(q.count)
	switch q.table {
	case registermap.Coil:
		bits, err := t.client.ReadCoils(address, count)
		return words(bits, into), answered(err)
	case registermap.Discrete:
		bits, err := t.client.ReadDiscreteInputs(address, count)
		return words(bits, into), answered(err)
	}
	kind := library.HOLDING_REGISTER
	if q.table == registermap.Input {
		kind = library.INPUT_REGISTER
	}
	bytes, err := t.client.ReadRawBytes(address, 2*count, kind)
	if err != nil {
		return nil, answered(err)
	}
	for len(bytes) >= 2 {
		into = append(into, binary.BigEndian.Uint16(bytes))
		bytes = bytes[2:]
	}
	return into, nil
}

// words are bits as 0 and 1, put behind those in into.
func words(bits []bool, into []uint16) []uint16 {
	for _, b := range bits {
		if b {
			into = append(into, 1)
		} else {
			into = append(into, 0)
		}
	}
	return into
}

// answered turns the library's errors into ours. Whatever it does not name is
// taken for a broken connection, which costs a new one and never a wrong value.
func answered(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, library.ErrRequestTimedOut):
		return errNoAnswer
	case errors.Is(err, library.ErrIllegalFunction):
		return exception(1)
	case errors.Is(err, library.ErrIllegalDataAddress):
		return exception(2)
	case errors.Is(err, library.ErrIllegalDataValue):
		return exception(3)
	case errors.Is(err, library.ErrServerDeviceFailure):
		return exception(4)
	case errors.Is(err, library.ErrAcknowledge):
		return exception(5)
	case errors.Is(err, library.ErrServerDeviceBusy):
		return exception(6)
	case errors.Is(err, library.ErrMemoryParityError):
		return exception(8)
	case errors.Is(err, library.ErrGWPathUnavailable):
		return exception(10)
	case errors.Is(err, library.ErrGWTargetFailedToRespond):
		return exception(11)
	}
	var code uint8 // the library gives the others as text only
	if n, _ := fmt.Sscanf(err.Error(), "unknown exception code (%d)", &code); n == 1 {
		return exception(code)
	}
	return err
}
