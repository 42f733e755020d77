package opcua

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopcua/opcua/ua"
)

const uri = "urn:ups:server"

// signer makes certificates for tests.
type signer struct {
	certificate *x509.Certificate
	key         *rsa.PrivateKey
}

// sign makes a certificate valid around noon; by nil it signs itself.
func sign(t *testing.T, by *signer, authority bool) *signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: noon().AddDate(-1, 0, 0), NotAfter: noon().AddDate(1, 0, 0),
		URIs: []*url.URL{{Scheme: "urn", Opaque: "ups:server"}}, DNSNames: []string{"ups"}, IsCA: authority, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if by == nil {
		by = &signer{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, &key.PublicKey, by.key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{made, key}
}

// folder holds the certificates, half of them in PEM form, and a note.
func folder(t *testing.T, certificates ...*signer) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("README", []byte("the certificates of our servers"))
	for i, c := range certificates {
		name := string(rune('a' + i))
		if i%2 == 0 {
			write(name+".pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.certificate.Raw}))
		} else {
			write(name+".der", c.certificate.Raw)
		}
	}
	return dir
}

func TestAServerIsBelievedByPinOrFolderOnly(t *testing.T) {
	t.Parallel()
	own, other, authority := sign(t, nil, false), sign(t, nil, false), sign(t, nil, true)
	issued := sign(t, authority, false)
	pin := strings.ToUpper(strings.TrimPrefix(Fingerprint(own.certificate.Raw), "sha256:"))
	expired, early := noon().AddDate(2, 0, 0), noon().AddDate(-2, 0, 0)
	for _, c := range []struct {
		is      string
		trust   string
		server  []*signer // with the chain behind it
		host    string
		uri     string
		at      time.Time
		warning string
		refused string
	}{
		{"the pinned one", "sha256:" + pin, []*signer{own}, "ups", uri, noon(), "", ""},
		{"the pinned one with its chain", Fingerprint(issued.certificate.Raw), []*signer{issued, authority}, "ups", uri, noon(), "", ""},
		{"the pinned one, expired", "sha256:" + pin, []*signer{own}, "ups", uri, expired, "it expired on 2025-06-03", ""},
		{"the pinned one of another application", "sha256:" + pin, []*signer{own}, "ups", "urn:x", noon(), `it was not made for application "urn:x"`, ""},
		{"another than the pinned", "sha256:" + pin, []*signer{other}, "ups", uri, noon(), "", "pinned is sha256:"},
		{"its authority is pinned, not it", Fingerprint(authority.certificate.Raw), []*signer{issued, authority}, "ups", uri, noon(), "", "pinned is sha256:"},
		{"nothing is trusted", "", []*signer{own}, "ups", uri, noon(), "", "no certificate is pinned or trusted"},
		{"one of the folder", folder(t, other, own), []*signer{own}, "ups", uri, noon(), "", ""},
		{"issued by one of the folder", folder(t, authority), []*signer{issued}, "ups", uri, noon(), "", ""},
		{"not of the folder", folder(t, other), []*signer{own}, "ups", uri, noon(), "", "neither it nor its issuer is trusted"},
		{"signed by one that is no authority", folder(t, own), []*signer{sign(t, own, false)}, "ups", uri, noon(), "", "neither it nor its issuer is trusted"},
		{"the chain alone makes no trust", folder(t), []*signer{issued, authority}, "ups", uri, noon(), "", "neither it nor its issuer is trusted"},
		{"one of the folder, expired", folder(t, own), []*signer{own}, "ups", uri, expired, "", "it expired on 2025-06-03"},
		{"one of the folder, not yet valid", folder(t, own), []*signer{own}, "ups", uri, early, "", "it is valid only from 2023-06-03"},
		{"one of the folder, of another application", folder(t, own), []*signer{own}, "ups", "urn:x", noon(), "", `it was not made for application "urn:x"`},
		{"the pinned one, by another name", "sha256:" + pin, []*signer{own}, "10.1.2.3", uri, noon(), "it was made for ups, the connection goes to 10.1.2.3", ""},
		{"one of the folder, by another name", folder(t, own), []*signer{own}, "10.1.2.3", uri, noon(), "it was made for ups, the connection goes to 10.1.2.3", ""},
		{"issued by one of the folder, for another host", folder(t, authority), []*signer{issued}, "other", uri, noon(), "", "it was made for ups, the connection goes to other"},
	} {
		t.Run(c.is, func(t *testing.T) {
			t.Parallel()
			trust, err := parseTrust(c.trust)
			if err != nil {
				t.Fatal(err)
			}
			e := &ua.EndpointDescription{Server: &ua.ApplicationDescription{ApplicationURI: c.uri}}
			for _, s := range c.server {
				e.ServerCertificate = append(e.ServerCertificate, s.certificate.Raw...)
			}
			leaf, warning, err := trust.verify(e, c.host, c.at)
			if c.refused == "" {
				if err != nil || warning != c.warning || string(leaf) != string(c.server[0].certificate.Raw) {
					t.Errorf("verify gives a leaf of %d bytes, %q, %v; want the server's, %q", len(leaf), warning, err, c.warning)
				}
				return
			}
			var untrusted *UntrustedError
			if !errors.As(err, &untrusted) || !strings.HasPrefix(untrusted.Reason, c.refused) {
				t.Fatalf("verify gives %v, want a refusal: %s", err, c.refused)
			}
			if untrusted.Fingerprint != Fingerprint(c.server[0].certificate.Raw) {
				t.Errorf("the refusal names %s, want the server's fingerprint", untrusted.Fingerprint)
			}
		})
	}
}

func TestWhatIsNoCertificateIsRefused(t *testing.T) {
	t.Parallel()
	for is, der := range map[string][]byte{"nothing": nil, "rubbish": []byte("rubbish")} {
		if _, _, err := (trust{folder: t.TempDir()}).verify(&ua.EndpointDescription{ServerCertificate: der}, "ups", noon()); err == nil {
			t.Errorf("%s is believed", is)
		}
	}
	for _, pin := range []string{"sha256:", "sha256:0f1e", "sha256:" + strings.Repeat("xy", 32)} {
		if _, err := parseTrust(pin); err == nil {
			t.Errorf("%q is taken for a fingerprint", pin)
		}
	}
}
