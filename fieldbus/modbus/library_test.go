package modbus

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"testing"
	"time"

	library "github.com/simonvetter/modbus"

	"heatledger/energy"
	"heatledger/fieldbus"
	"heatledger/fieldbus/registermap"
)

// units answers input register a of unit u with 1000 u + a.
type units struct{}

func (units) HandleCoils(*library.CoilsRequest) ([]bool, error) {
	return nil, library.ErrIllegalFunction
}

func (units) HandleDiscreteInputs(*library.DiscreteInputsRequest) ([]bool, error) {
	return nil, library.ErrIllegalFunction
}

func (units) HandleHoldingRegisters(*library.HoldingRegistersRequest) ([]uint16, error) {
	return nil, library.ErrServerDeviceFailure
}

func (units) HandleInputRegisters(q *library.InputRegistersRequest) ([]uint16, error) {
	words := make([]uint16, q.Quantity)
	for i := range words {
		words[i] = uint16(q.UnitId)*1000 + q.Addr + uint16(i)
	}
	return words, nil
}

// identity is a certificate that vouches for itself.
type identity struct {
	certificate tls.Certificate
	pool        *x509.CertPool
}

func newIdentity(t *testing.T) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool}
}

// startUnits serves units with the library's server, over TLS if a server and
// a client identity are given.
func startUnits(t *testing.T, secured *[2]identity) (address string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0") // the library does not tell its port
	if err != nil {
		t.Fatal(err)
	}
	address = free.Addr().String()
	free.Close()
	c := &library.ServerConfiguration{URL: "tcp://" + address, Logger: log.New(io.Discard, "", 0)}
	if secured != nil {
		c.URL = "tcp+tls://" + address
		c.TLSServerCert, c.TLSClientCAs = &secured[0].certificate, secured[1].pool
	}
	server, err := library.NewServer(c, units{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return address
}

func TestATLSConnectionIsReadIfBothSidesVouchForEachOther(t *testing.T) {
	t.Parallel()
	ours, theirs, strangers := newIdentity(t), newIdentity(t), newIdentity(t)
	address := startUnits(t, &[2]identity{theirs, ours})
	meter := Meter{ID: "m", Unit: 3, Every: 20 * time.Millisecond, Registers: []registermap.PointRegister{
		typed("s/r7", registermap.Input, 7, registermap.Uint16, registermap.ABCD, "kWh"),
	}}
	sink := &memorySink{}
	run(t, Config{ID: "line", URL: "tcp+tls://" + address, TLS: TLS{&ours.certificate, theirs.pool}, Meters: []Meter{meter}}, sink)
	eventually(t, "three readings", func() bool { return len(sink.of("s/r7")) >= 3 })
	if r := sink.of("s/r7")[0]; !r.Value.Equal(energy.Decimal(3007, 0)) {
		t.Errorf("read %s", r.Value)
	}
	for name, wrong := range map[string]TLS{
		"a server nobody vouches for": {&ours.certificate, strangers.pool},
		"a client nobody vouches for": {&strangers.certificate, theirs.pool},
	} {
		none := &memorySink{}
		d := run(t, Config{ID: "line", URL: "tcp+tls://" + address, TLS: wrong, Meters: []Meter{meter}}, none)
		eventually(t, name+" is refused", func() bool { return healthOf(t, d, "m").State == fieldbus.Silent })
		if n := len(none.of("s/r7")); n != 0 {
			t.Errorf("%s: %d readings", name, n)
		}
	}
}

func TestExceptionsOfTheLibrarysServerAreNamed(t *testing.T) {
	t.Parallel()
	address := startUnits(t, nil)
	d := run(t, Config{ID: "line", URL: "tcp://" + address, Meters: []Meter{{ID: "m", Unit: 1, Every: 20 * time.Millisecond, Registers: []registermap.PointRegister{
		typed("s/coil", registermap.Coil, 1, registermap.Bool, registermap.ABCD, "1"),
		typed("s/holding", registermap.Holding, 1, registermap.Uint16, registermap.ABCD, "kWh"),
		typed("s/input", registermap.Input, 1, registermap.Uint16, registermap.ABCD, "kWh"),
	}}}}, &memorySink{})
	eventually(t, "two points set aside", func() bool { return len(healthOf(t, d, "m").Points) == 2 })
	h := healthOf(t, d, "m")
	if h.Points[0].Reason != "exception 1 (illegal function) at coil 1" || h.Points[1].Reason != "exception 4 (device failure) at holding 1" {
		t.Errorf("health %+v", h)
	}
}
