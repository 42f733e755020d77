package opcua

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"heatledger/energy"
)

// Config is one connection: the server, how to prove who is who, and the
// meters behind it.
type Config struct {
	ID       string
	Endpoint string // opc.tcp://HOST:PORT[/PATH]

	// Security is "None" (or empty), or POLICY/Sign or POLICY/SignAndEncrypt
	// with POLICY one of Basic256Sha256, Aes128_Sha256_RsaOaep,
	// Aes256_Sha256_RsaPss and the outdated Basic256, Basic128Rsa15.
	Security string

	// User and Password; an empty User is anonymous. Password is called at
	// each connect, so that a changed secret needs no restart.
	User     string
	Password func() (string, error)

	// ServerCertificate is a pin, "sha256:" and the SHA-256 of the
	// certificate's DER form in hex, or else a folder of trusted certificates
	// (PEM or DER; the server's own, or those of authorities). A pin names one
	// certificate: its age and its URI are warned of and not refused.
	ServerCertificate string

	// ClientCertificate and ClientKey are PEM files of our own identity. Without
	// them one is made in CertificateFolder on first use and renewed before it
	// expires. Only needed where Security is not None.
	ClientCertificate string
	ClientKey         string
	CertificateFolder string

	Meters []Meter
}

// Meter is an instrument whose values the server has.
type Meter struct {
	ID       energy.MeterID
	Sampling time.Duration // how often the server looks for changes; 0: 1 s
	Nodes    []Node
}

// Node is a variable of the server and the point it measures.
type Node struct {
	Point energy.PointID
	// Quantity gives the canonical unit. Empty: the unit's usual one (kWh for
	// energies, m³ for volumes).
	Quantity energy.Quantity
	// Node is the variable: "nsu=URI;s=NAME", "ns=2;i=5", "g=…", "b=…" (base64).
	Node string
	Unit energy.Unit
	// Scale is what one of the variable's units counts, in Unit; the zero Value is 1.
	Scale energy.Value
}

// Options are the driver's patience and where it logs. The zero value works.
type Options struct {
	Log        *slog.Logger
	Timeout    time.Duration // for one request and for taking leave; 0: 5 s
	Publishing time.Duration // shortest interval between reports; 0: 1 s
	Heartbeat  time.Duration // sampling of the server's clock; 0: 5 s
	Silence    time.Duration // without any report the connection is taken for dead; 0: 20 s
	Refresh    time.Duration // a standing value is stated again after this; 0: 60 s
	Tolerance  time.Duration // a clock farther off than this is not believed; 0: 5 min

	RetryMin, RetryMax           time.Duration // pause before connecting again; 0: 1 s, 1 min
	PointRetryMin, PointRetryMax time.Duration // pause before trying a refused node again; 0: 30 s, 15 min

	Buffer int // readings held while the sink is slow; 0: 10,000
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Timeout = cmp.Or(o.Timeout, 5*time.Second)
	o.Publishing = cmp.Or(o.Publishing, time.Second)
	o.Heartbeat = cmp.Or(o.Heartbeat, 5*time.Second)
	o.Silence = cmp.Or(o.Silence, 20*time.Second)
	o.Refresh = cmp.Or(o.Refresh, time.Minute)
	o.Tolerance = cmp.Or(o.Tolerance, 5*time.Minute)
	o.RetryMin = cmp.Or(o.RetryMin, time.Second)
	o.RetryMax = cmp.Or(o.RetryMax, time.Minute)
	o.PointRetryMin = cmp.Or(o.PointRetryMin, 30*time.Second)
	o.PointRetryMax = cmp.Or(o.PointRetryMax, 15*time.Minute)
	o.Buffer = cmp.Or(o.Buffer, 10_000)
	return o
}

// PasswordFile reads the password from a file, without the line break at its
// end, each time it is called.
func PasswordFile(path string) func() (string, error) {
	return func() (string, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		return strings.TrimRight(string(content), "\r\n"), nil
	}
}

// check names everything that no connection attempt could mend.
func (c Config) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if u, err := url.Parse(c.Endpoint); err != nil || u.Scheme != "opc.tcp" || u.Host == "" {
		fault("%q is no endpoint: opc.tcp://HOST:PORT is expected", c.Endpoint)
	}
	if _, err := parseSecurity(c.Security); err != nil {
		faults = append(faults, err)
	}
	if _, err := parseTrust(c.ServerCertificate); err != nil {
		faults = append(faults, err)
	}
	if c.User != "" && c.Password == nil {
		fault("user %q has no password", c.User)
	}
	if (c.ClientCertificate == "") != (c.ClientKey == "") {
		fault("a client certificate and its key are given together or not at all")
	}
	points := make(map[energy.PointID]bool)
	for _, m := range c.Meters {
		if m.Sampling < 0 {
			fault("meter %s: a sampling of %s: a duration above zero is expected", m.ID, m.Sampling)
		}
		for _, n := range m.Nodes {
			if err := n.check(); err != nil {
				fault("meter %s: point %s: %w", m.ID, n.Point, err)
			}
			if points[n.Point] {
				fault("meter %s: point %s is read from two nodes", m.ID, n.Point)
			}
			points[n.Point] = true
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("connection %s: %w", c.ID, err)
	}
	return nil
}

func (n Node) check() error {
	if err := n.Point.Check(); err != nil {
		return err
	}
	if _, err := parseAddress(n.Node); err != nil {
		return err
	}
	_, err := n.target()
	return err
}

// target is the canonical unit that the node's values are converted to.
func (n Node) target() (energy.Unit, error) {
	if !n.Unit.Known() {
		return "", fmt.Errorf("unknown unit %q: a unit such as kWh, kW, °C or m³ is expected", n.Unit)
	}
	if n.Quantity == "" {
		for _, q := range energy.Quantities() {
			if n.Unit.Convertible(q.Unit()) {
				return q.Unit(), nil
			}
		}
		return "", fmt.Errorf("no quantity is measured in %s: a unit such as kWh, kW, °C or m³ is expected", n.Unit)
	}
	if !n.Quantity.Known() {
		return "", fmt.Errorf("unknown quantity %q: a quantity such as %s is expected", n.Quantity, energy.ActiveEnergyImport)
	}
	if !n.Unit.Convertible(n.Quantity.Unit()) {
		return "", fmt.Errorf("%s is not measured in %s: a unit that converts to %s is expected", n.Quantity, n.Unit, n.Quantity.Unit())
	}
	return n.Quantity.Unit(), nil
}
