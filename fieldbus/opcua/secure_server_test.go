package opcua

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/fieldbus"
)

// ticket makes a user's certificate and key, as PEM files.
func ticket(t *testing.T) (certificate, key string) {
	t.Helper()
	secret, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := selfSigned(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "user.pem"), filepath.Join(dir, "user.key")
	for path, block := range map[string]*pem.Block{
		certificate: {Type: "CERTIFICATE", Bytes: der},
		key:         {Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(secret)},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

func TestEveryWayInIsGone(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	own, certificate, key := t.TempDir(), "", ""
	certificate, key = ticket(t)
	securities := []string{"None"}
	for _, policy := range []string{"Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"} {
		securities = append(securities, policy+"/Sign", policy+"/SignAndEncrypt")
	}
	for _, security := range securities {
		t.Run(security, func(t *testing.T) {
			t.Parallel()
			for is, logOn := range map[string]func(*Config){
				"anonymous": func(*Config) {},
				"user name": func(c *Config) {
					c.User, c.Password = "heatledger", func() (string, error) { return "heatledger", nil }
				},
				"certificate": func(c *Config) { c.UserCertificate, c.UserKey = certificate, key },
			} {
				sink := &basket{}
				c := Config{
					ID: "bms", Endpoint: p.endpoint(), Security: security, ServerCertificate: p.fingerprint(t), CertificateFolder: own,
					Meters: []Meter{{ID: "ups", Nodes: []Node{node("Double")}}},
				}
				logOn(&c)
				o := hasty(t)
				o.Timeout = 10 * time.Second
				d, stop := start(t, c, o, sink)
				wait(t, 60*time.Second, "the meter is read as "+is, func() bool { return len(sink.of(node("Double").Point)) > 0 })
				if h := health(d); h.State != fieldbus.Healthy {
					t.Errorf("as %s health is %+v, want healthy", is, h)
				}
				stop()
			}
		})
	}
	t.Cleanup(func() {
		created, closed := len(p.told(t, "session_created")), len(p.told(t, "session_closed"))
		if created != 3*len(securities) || closed != created {
			t.Errorf("the server counts %d sessions and %d closed, want %d of each", created, closed, 3*len(securities))
		}
	})
}

func TestAServerThatShowsAnotherCertificateIsRefusedUntilThatIsTrusted(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	c := lay(t, p.Address)
	trusted := filepath.Join(t.TempDir(), "trusted")
	config := Config{
		ID: "bms", Endpoint: c.endpoint(), Security: "Basic256Sha256/Sign", Trust: trusted, CertificateFolder: t.TempDir(),
		Meters: []Meter{{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{node("UPS1.Energy")}}},
	}
	offer, err := Offered(t.Context(), config, hasty(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Trust(trusted, offer.Certificates[0].DER); err != nil {
		t.Fatal(err)
	}
	before := p.fingerprint(t)
	sink := &basket{}
	d, stop := start(t, config, hasty(t), sink)
	wait(t, 20*time.Second, "the trusted server is read", func() bool { return health(d).State == fieldbus.Healthy })

	p.Kill()
	p = startPlant(t, t.TempDir()) // with keys of its own
	c.to.Store(p.Address)
	wait(t, 20*time.Second, "both fingerprints are in health", func() bool {
		err := health(d).LastError
		return strings.Contains(err, "server certificate "+p.fingerprint(t)+" is refused") && strings.Contains(err, "until now the server showed "+before)
	})
	seen, errors := len(sink.of(node("UPS1.Energy").Point)), health(d).Errors
	wait(t, 20*time.Second, "it was tried again", func() bool { return health(d).Errors >= errors+2 })
	if n := len(p.told(t, "create_session_request")); n != 0 {
		t.Errorf("a server with another certificate was asked for %d sessions, want none", n)
	}
	if got := len(sink.of(node("UPS1.Energy").Point)); got != seen {
		t.Errorf("a server with another certificate gave %d readings", got-seen)
	}

	offer, err = Offered(t.Context(), config, hasty(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Trust(trusted, offer.Certificates[0].DER); err != nil {
		t.Fatal(err)
	}
	wait(t, 20*time.Second, "it is read once it is trusted", func() bool { return len(sink.of(node("UPS1.Energy").Point)) > seen })
	stop()
	if n := len(p.told(t, "create_session_request")); n != 1 {
		t.Errorf("the server was asked for %d sessions, want 1", n)
	}
}

func TestAServerWithoutAFreeSessionIsAskedNoOftenerThanTheScheduleAllows(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir(), "--sessions", "1")
	c := Config{ID: "bms", Endpoint: p.endpoint(), Meters: []Meter{{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: []Node{node("UPS1.Energy")}}}}
	first, stopFirst := start(t, c, hasty(t), &basket{})
	wait(t, 20*time.Second, "the session is taken", func() bool { return health(first).State == fieldbus.Healthy })

	o := hasty(t)
	sink := &basket{}
	second, stopSecond := start(t, c, o, sink)
	wait(t, 60*time.Second, "eight were refused", func() bool { return len(p.told(t, "create_session_request")) >= 9 })
	if h := health(second); h.State != fieldbus.Silent || !strings.Contains(h.LastError, "BadTooManySessions") {
		t.Errorf("health is %+v, want silent because there are too many sessions", h)
	}
	requests := p.told(t, "create_session_request")[1:]
	for i, r := range requests[1:] {
		least := min(o.RetryMin<<i, o.RetryMax) / 2
		if pause := time.Duration(r.At-requests[i].At) * time.Millisecond; pause < least-5*time.Millisecond { // clocks of two processes
			t.Errorf("attempt %d comes %s after the one before, want %s at least", i+2, pause, least)
		}
	}
	stopFirst()
	wait(t, 30*time.Second, "the session is had when it is free", func() bool { return len(sink.of(node("UPS1.Energy").Point)) > 0 })
	stopSecond()
	wait(t, 20*time.Second, "both sessions were closed", func() bool { return len(p.told(t, "session_closed")) == 2 })
	if n := len(p.told(t, "session_created")); n != 2 {
		t.Errorf("the server counts %d sessions, want 2", n)
	}
}
