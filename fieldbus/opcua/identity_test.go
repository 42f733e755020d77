package opcua

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestOurCertificateIsMadeOnceAndRenewedInTime(t *testing.T) {
	t.Parallel()
	c := Config{CertificateFolder: filepath.Join(t.TempDir(), "own")}
	first, made, err := c.identity(noon())
	if err != nil || !made {
		t.Fatalf("the first use gives %t, %v, want a new certificate", made, err)
	}
	own, err := x509.ParseCertificate(first.der)
	if err != nil {
		t.Fatal(err)
	}
	if own.NotAfter != noon().AddDate(5, 0, 0) || first.key.N.BitLen() != 2048 || len(own.URIs) != 1 || own.URIs[0].Scheme != "urn" {
		t.Errorf("certificate is valid until %s, %d bits, URIs %v; want five years, 2048, one urn", own.NotAfter, first.key.N.BitLen(), own.URIs)
	}
	if public, err := os.ReadFile(filepath.Join(c.CertificateFolder, publicFile)); err != nil || string(public) != string(first.der) {
		t.Errorf("the certificate to hand over is %d bytes, %v, want our own", len(public), err)
	}
	if info, err := os.Stat(filepath.Join(c.CertificateFolder, identityFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file has mode %v, %v, want 0600", info.Mode(), err)
	}

	for _, step := range []struct {
		is   string
		at   time.Time
		made bool
	}{
		{"the day after", noon().AddDate(0, 0, 1), false},
		{"four years later", noon().AddDate(4, 0, 0), false},
		{"two months before it expires", own.NotAfter.Add(-renewBefore), true},
	} {
		id, made, err := c.identity(step.at)
		if err != nil || made != step.made || made == (string(id.der) == string(first.der)) {
			t.Errorf("%s: made %t, %v, the same: %t; want made %t", step.is, made, err, string(id.der) == string(first.der), step.made)
		}
	}
}

func TestConnectionsThatStartTogetherShareOneCertificate(t *testing.T) {
	t.Parallel()
	c := Config{CertificateFolder: t.TempDir()}
	ids := make([]identity, 4)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			id, _, err := c.identity(noon())
			if err != nil {
				t.Errorf("connection %d: %v", i, err)
			}
			ids[i] = id
		})
	}
	all.Wait()
	for i, id := range ids {
		if string(id.der) != string(ids[0].der) {
			t.Errorf("connection %d has another certificate than the first", i)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(c.CertificateFolder, "*")); len(left) != 2 {
		t.Errorf("the folder holds %v, want two files", left)
	}
}

func TestACertificateOfTheOperatorIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	a, b := sign(t, nil, false), sign(t, nil, false)
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := write("client.pem", "CERTIFICATE", a.certificate.Raw)
	for is, key := range map[string]string{
		"PKCS #1": write("pkcs1.pem", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(a.key)),
		"PKCS #8": write("pkcs8.pem", "PRIVATE KEY", pkcs8),
	} {
		id, made, err := Config{ClientCertificate: certificate, ClientKey: key}.identity(noon())
		if err != nil || made || !id.key.Equal(a.key) || string(id.der) != string(a.certificate.Raw) {
			t.Errorf("a key in %s: made %t, %v, want the operator's own", is, made, err)
		}
	}
	for is, key := range map[string]string{
		"another's key": write("other.pem", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(b.key)),
		"no key":        certificate,
		"rubbish":       write("rubbish.pem", "PRIVATE KEY", []byte("rubbish")),
		"a lost file":   filepath.Join(dir, "lost.pem"),
	} {
		if _, _, err := (Config{ClientCertificate: certificate, ClientKey: key}).identity(noon()); err == nil {
			t.Errorf("%s is taken", is)
		}
	}
	if _, _, err := (Config{}).identity(noon()); err == nil {
		t.Error("without certificate and folder there is an identity")
	}
}
