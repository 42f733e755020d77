package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"heatledger/config"
)

// overTLS is the listener with TLS, if the configuration names a certificate.
// Clients may show one of their own: it takes the place of a token where it was
// admitted (token create --certificate), whoever issued it.
func overTLS(listener net.Listener, c config.TLS) (net.Listener, error) {
	if c.Certificate == "" {
		return listener, nil
	}
	identity := &identity{files: c}
	if _, err := identity.show(nil); err != nil {
		return nil, err
	}
	return tls.NewListener(listener, &tls.Config{
		MinVersion: tls.VersionTLS12, CipherSuites: suites(), GetCertificate: identity.show, ClientAuth: tls.RequestClientCert,
		NextProtos: []string{"h2", "http/1.1"},
	}), nil
}

// suites are those of TLS 1.2: with keys that are forgotten after the connection, and
// with encryption that vouches for itself (RFC 9325, 4.2). Those of TLS 1.3 are all so.
func suites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}
}

// identity is the server's certificate, read anew when its file changes: they are
// renewed every few weeks, and a restart costs readings time.
type identity struct {
	files config.TLS

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time // of the file that was loaded
}

// show is the certificate for a handshake. One that cannot be read any more does
// not displace the one that could.
func (i *identity) show(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	info, err := os.Stat(i.files.Certificate)
	if err == nil && (i.loaded == nil || !info.ModTime().Equal(i.changed)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(i.files.Certificate, i.files.Key); err == nil {
			i.loaded, i.changed = &pair, info.ModTime()
		}
	}
	if i.loaded == nil {
		return nil, fmt.Errorf("load the certificate of the web server: %w", err)
	}
	return i.loaded, nil
}
