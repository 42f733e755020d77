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

	// UserCertificate and UserKey are PEM files that stand for the user in the
	// place of a name and a password. Their key must be RSA.
	UserCertificate string
	UserKey         string

	// ServerCertificate is a pin, "sha256:" and the SHA-256 of the
	// certificate's DER form in hex, or else a folder of trusted certificates
	// (PEM or DER; the server's own, or those of authorities). A pin names one
	// certificate: its age, its host names and its URI are warned of and not refused.
	ServerCertificate string

	// Trust is the folder of trusted certificates that counts where
	// ServerCertificate is empty; [Trust] writes into it. One that does not
	// exist trusts nobody.
	Trust string

	// ClientCertificate and ClientKey are PEM files of our own identity. Without
	// them one is made in CertificateFolder on first use and renewed before it
	// expires. Only needed where Security is not None.
	ClientCertificate string
	ClientKey         string
	CertificateFolder string

	// History: what was missed while there was no connection is asked of the
	// server's history, where it keeps one.
	History bool

	Meters []Meter
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

	// Last is the instant of a point's last reading before this run, zero if it
	// is not known: history is asked for from there. Nil: no point has one.
	Last func(energy.PointID) time.Time

	HistoryMost   time.Duration // no older history is asked for; 0: 14 days
	HistoryValues int           // most values for one point after one break; 0: 1,000,000
	HistoryChunk  int           // values asked for at once; 0: 1,000
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
	o.HistoryMost = cmp.Or(o.HistoryMost, 14*24*time.Hour)
	o.HistoryValues = cmp.Or(o.HistoryValues, 1_000_000)
	o.HistoryChunk = cmp.Or(o.HistoryChunk, 1000)
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
	if (c.UserCertificate == "") != (c.UserKey == "") {
		fault("a user's certificate and its key are given together or not at all")
	}
	if c.User != "" && c.UserCertificate != "" {
		fault("user %q and a user's certificate: one of them is expected", c.User)
	}
	read := make(map[energy.PointID]bool)
	for _, m := range c.Meters {
		for _, err := range m.check(read) {
			fault("meter %s: %w", m.ID, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("connection %s: %w", c.ID, err)
	}
	return nil
}
