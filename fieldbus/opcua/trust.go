package opcua

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gopcua/opcua/ua"
)

const pinPrefix = "sha256:"

// Fingerprint is how a certificate is named in configuration: "sha256:" and
// the SHA-256 of its DER form in hex.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return pinPrefix + hex.EncodeToString(sum[:])
}

// UntrustedError says that a server was not spoken to because its certificate
// is not one we trust. Fingerprint is what would have to be pinned.
type UntrustedError struct {
	Fingerprint string
	Before      string // of the certificate the server showed last, if it was another and was trusted
	Reason      string
}

// Error says why the certificate is not trusted, and the pin that would trust it.
func (e *UntrustedError) Error() string {
	changed := ""
	if e.Before != "" {
		changed = " (until now the server showed " + e.Before + ")"
	}
	return fmt.Sprintf("server certificate %s is refused: %s%s; if it is the right one, trust it with heatledger meters trust, or pin it: server_certificate: %s",
		e.Fingerprint, e.Reason, changed, e.Fingerprint)
}

// trust decides which server certificates are believed: one pin, or a folder.
// With neither, none is.
type trust struct {
	pin    string
	folder string
}

// parseTrust reads "sha256:HEX" (colons and capitals do no harm) or a folder.
func parseTrust(text string) (trust, error) {
	digits, ok := strings.CutPrefix(text, pinPrefix)
	if !ok {
		return trust{folder: text}, nil
	}
	digits = strings.ToLower(strings.ReplaceAll(digits, ":", ""))
	if raw, err := hex.DecodeString(digits); err != nil || len(raw) != sha256.Size {
		return trust{}, fmt.Errorf("%q is no fingerprint: sha256: and 64 hex digits are expected", text)
	}
	return trust{pin: pinPrefix + digits}, nil
}

// verify checks the certificate that an endpoint of host offers, at the given
// time, and gives it without the chain behind it. A warning is what a pin
// overrules, and a host name that a certificate trusted as such does not have:
// OPC 10000-4, 6.1.3 lets that be passed over, and many servers know only a
// name of their own. For a certificate that an authority vouches for, the host
// name is all that ties it to this server, and it must match.
func (t trust) verify(e *ua.EndpointDescription, host string, at time.Time) (leaf []byte, warning string, err error) {
	chain, err := x509.ParseCertificates(e.ServerCertificate)
	if err != nil {
		return nil, "", fmt.Errorf("parse server certificate: %w", err)
	}
	if len(chain) == 0 {
		return nil, "", errors.New("server shows no certificate although the endpoint has security")
	}
	server := chain[0]
	odd, elsewhere := oddity(server, e, at), strangeHost(server, host)
	refuse := func(reason string) error {
		return &UntrustedError{Fingerprint: Fingerprint(server.Raw), Reason: reason}
	}
	switch {
	case t.pin != "":
		if Fingerprint(server.Raw) != t.pin {
			return nil, "", refuse("pinned is " + t.pin)
		}
		return server.Raw, cmp.Or(odd, elsewhere), nil
	case t.folder == "":
		return nil, "", refuse("no certificate is pinned or trusted for this connection")
	case odd != "":
		return nil, "", refuse(odd)
	}
	trusted, err := loadTrusted(t.folder)
	if err != nil {
		return nil, "", err
	}
	if slices.ContainsFunc(trusted, func(c *x509.Certificate) bool { return bytes.Equal(c.Raw, server.Raw) }) {
		return server.Raw, elsewhere, nil
	}
	if reason := cmp.Or(chains(server, chain[1:], trusted, at), elsewhere); reason != "" {
		return nil, "", refuse(reason + " (trusted certificates are in " + t.folder + ")")
	}
	return server.Raw, "", nil
}

// oddity is what is wrong with a certificate besides not being trusted
// (OPC 10000-4, 6.1.3: validity period, URI). Empty: nothing.
func oddity(c *x509.Certificate, e *ua.EndpointDescription, at time.Time) string {
	switch {
	case at.After(c.NotAfter):
		return "it expired on " + c.NotAfter.UTC().Format(time.DateOnly)
	case at.Before(c.NotBefore):
		return "it is valid only from " + c.NotBefore.UTC().Format(time.DateOnly)
	}
	if e.Server == nil {
		return "server does not say its application URI"
	}
	for _, u := range c.URIs {
		if u.String() == e.Server.ApplicationURI {
			return ""
		}
	}
	return fmt.Sprintf("it was not made for application %q", e.Server.ApplicationURI)
}

// strangeHost says that a certificate was made for other hosts than the one we
// speak to; empty: for this one too.
func strangeHost(c *x509.Certificate, host string) string {
	if c.VerifyHostname(host) == nil {
		return ""
	}
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return fmt.Sprintf("it names no host, the connection goes to %s", host)
	}
	return fmt.Sprintf("it was made for %s, the connection goes to %s", strings.Join(names, ", "), host)
}

// chains is why server is not trusted; empty if one of the trusted authorities
// issued it.
func chains(server *x509.Certificate, between, trusted []*x509.Certificate, at time.Time) string {
	options := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	for _, c := range trusted {
		if c.IsCA {
			options.Roots.AddCert(c)
		}
	}
	for _, c := range between {
		options.Intermediates.AddCert(c)
	}
	if _, err := server.Verify(options); err != nil {
		return "neither it nor its issuer is trusted"
	}
	return ""
}

// loadTrusted reads every certificate (PEM or DER) of a folder. Files that hold
// none are passed over, so that notes and keys may lie there.
func loadTrusted(folder string) ([]*x509.Certificate, error) {
	files, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // nothing was trusted yet
	}
	if err != nil {
		return nil, fmt.Errorf("read trusted certificates: %w", err)
	}
	var all []*x509.Certificate
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read trusted certificates: %w", err)
		}
		if c, err := x509.ParseCertificate(content); err == nil {
			all = append(all, c)
			continue
		}
		for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
			if c, err := x509.ParseCertificate(block.Bytes); err == nil && block.Type == "CERTIFICATE" {
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// Trust writes a server's certificate (DER) into folder, which is made if
// there is none, and gives the file's name. A file stays as it is when the
// certificate is there already.
func Trust(folder string, der []byte) (path string, err error) {
	if _, err := x509.ParseCertificate(der); err != nil {
		return "", fmt.Errorf("trust server certificate: %w", err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("trust server certificate: %w", err)
	}
	path = filepath.Join(folder, strings.TrimPrefix(Fingerprint(der), pinPrefix)+".der")
	if held, err := os.ReadFile(path); err == nil && bytes.Equal(held, der) {
		return path, nil
	}
	// A file of half a certificate trusts nobody; a rename leaves none behind.
	temporary := path + ".new"
	if err := os.WriteFile(temporary, der, 0o644); err != nil {
		return "", fmt.Errorf("trust server certificate: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return "", fmt.Errorf("trust server certificate: %w", err)
	}
	return path, nil
}
