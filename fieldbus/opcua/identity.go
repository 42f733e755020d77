package opcua

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What our own certificate looks like. A server's operator trusts it by hand,
// so it lives long; it is renewed while the old one still works.
const (
	identityFile    = "opcua-client.pem" // key and certificate together: one rename changes both
	publicFile      = "opcua-client.der" // the certificate alone, to hand to the server's operator
	identityBits    = 2048
	identityYears   = 5
	renewBefore     = 60 * 24 * time.Hour
	applicationName = "Heatledger"
)

// identity is who we are to a server.
type identity struct {
	der []byte
	key *rsa.PrivateKey
}

// identity loads the configured certificate, or the one of our own, which is
// made or renewed when it is due. Made tells that the server's operator has to
// trust a new one. What does not parse is never overwritten.
func (c Config) identity(now time.Time) (id identity, made bool, err error) {
	if c.ClientCertificate != "" {
		id, err = loadIdentity(c.ClientCertificate, c.ClientKey)
		return id, false, err
	}
	if c.CertificateFolder == "" {
		return identity{}, false, errors.New("security needs a client certificate: give one, or a folder where it can be made")
	}
	path := filepath.Join(c.CertificateFolder, identityFile)
	id, err = loadIdentity(path, path)
	if err == nil {
		var own *x509.Certificate
		if own, err = x509.ParseCertificate(id.der); err == nil && now.Add(renewBefore).Before(own.NotAfter) {
			return id, false, nil
		}
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return identity{}, false, err // what is there is not ours to overwrite
	}
	if err := makeIdentity(c.CertificateFolder, now, err != nil); err != nil {
		return identity{}, false, err
	}
	id, err = loadIdentity(path, path)
	return id, true, err
}

// loadIdentity reads a certificate and its RSA key (PKCS #1 or #8) from PEM files,
// which may be one and the same, and checks that they belong together.
func loadIdentity(certificate, key string) (identity, error) {
	var id identity
	der, err := pemBlock(certificate, func(kind string) bool { return kind == "CERTIFICATE" })
	if err != nil {
		return id, fmt.Errorf("read client certificate: %w", err)
	}
	secret, err := pemBlock(key, func(kind string) bool { return strings.HasSuffix(kind, "PRIVATE KEY") })
	if err != nil {
		return id, fmt.Errorf("read client key: %w", err)
	}
	parsed, err := x509.ParsePKCS1PrivateKey(secret)
	if err != nil {
		other, err := x509.ParsePKCS8PrivateKey(secret)
		if err != nil {
			return id, fmt.Errorf("parse client key %s: %w", key, err)
		}
		ok := false
		if parsed, ok = other.(*rsa.PrivateKey); !ok {
			return id, fmt.Errorf("client key %s is of type %T: an RSA key is expected", key, other)
		}
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		return id, fmt.Errorf("parse client certificate %s: %w", certificate, err)
	}
	if !parsed.PublicKey.Equal(own.PublicKey) {
		return id, fmt.Errorf("client key %s does not belong to certificate %s", key, certificate)
	}
	return identity{der, parsed}, nil
}

// pemBlock is the first block of a file whose type is wanted.
func pemBlock(path string, wanted func(kind string) bool) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if wanted(block.Type) {
			return block.Bytes, nil
		}
	}
	return nil, fmt.Errorf("%s holds none in PEM form", path)
}

// makeIdentity writes a self-signed certificate and its key into folder. With
// first it leaves an identity alone that another connection made meanwhile.
func makeIdentity(folder string, now time.Time, first bool) error {
	key, err := rsa.GenerateKey(rand.Reader, identityBits)
	if err != nil {
		return fmt.Errorf("make client key: %w", err)
	}
	der, err := selfSigned(key, now)
	if err != nil {
		return fmt.Errorf("make client certificate: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make client certificate: %w", err)
	}
	temporary, err := os.CreateTemp(folder, identityFile+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("make client certificate: %w", err)
	}
	defer os.Remove(temporary.Name())
	content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	content = append(content, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})...)
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return fmt.Errorf("write client certificate: %w", err)
	}
	path := filepath.Join(folder, identityFile)
	if first {
		err = os.Link(temporary.Name(), path)
		if errors.Is(err, os.ErrExist) {
			return nil
		}
	} else {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write client certificate: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, publicFile), der, 0o644); err != nil {
		return fmt.Errorf("write client certificate: %w", err)
	}
	return nil
}

// selfSigned is a client application's certificate (OPC 10000-6, 6.2.2).
func selfSigned(key *rsa.PrivateKey, now time.Time) ([]byte, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: applicationName + " on " + host, Organization: []string{applicationName}},
		NotBefore:    now.Add(-time.Hour), // a server whose clock lags must take it too
		NotAfter:     now.AddDate(identityYears, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment | x509.KeyUsageKeyEncipherment |
			x509.KeyUsageDataEncipherment | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{host},
		URIs:                  []*url.URL{{Scheme: "urn", Opaque: url.PathEscape(host) + ":heatledger"}},
	}
	return x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
}
