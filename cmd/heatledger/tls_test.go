package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// pairFiles writes a certificate for 127.0.0.1 that vouches for itself, and its key.
func pairFiles(t *testing.T, dir string) tls.Certificate {
	t.Helper()
	made := httptest.NewTLSServer(http.NotFoundHandler())
	made.Close()
	pair := made.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "pair.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	write(t, dir, "pair.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	return pair
}

// TestACollectorIsKnownByItsCertificateAlone: a centre with TLS of its own takes
// readings from whoever shows an admitted certificate, without any token.
func TestACollectorIsKnownByItsCertificateAlone(t *testing.T) {
	t.Parallel()
	dir, url, address := t.TempDir(), storetest.URL(t), freeAddress(t)
	pair := pairFiles(t, dir)
	write(t, dir, "registry.yaml", `municipality: {ags: "06413000", name: Offenbach am Main}
operators: [{id: op, name: Operator}]
sites:
  - id: hall0
    name: Hall
    kind: data_centre
    operator: op
    meters: [{id: hall0-m, points: [{id: hall0/m0-p0, quantity: active_power, role: it_load, category: 1}]}]
`)
	config := write(t, dir, "centre.yaml", "registry: [registry.yaml]\ndata_dir: ./var\ntls: {certificate: pair.pem, key: pair.key}\n")
	centre := begin(t, url, "serve", "--config", config, "--listen", address)
	roots := x509.NewCertPool()
	roots.AddCert(mustParse(t, pair.Certificate[0]))
	browser := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}}
	answers := func(path string) int {
		answer, err := browser.Get("https://" + address + path)
		if err != nil {
			return 0
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	eventually(t, "the centre is ready over TLS", func() bool { return answers("/readyz") == http.StatusOK })
	if status := answers("/api/v1/sites"); status != http.StatusUnauthorized {
		t.Errorf("a certificate that nobody admitted: status %d, 401 is expected", status)
	}

	pushed := edgeConfig(t, dir, "https://"+address, 1, 100*time.Millisecond)
	pushed = strings.Replace(pushed, "token_file: push.token", "certificate: pair.pem, key: pair.key, ca: pair.pem", 1)
	collecting := begin(t, "", "--config", write(t, dir, "edge.yaml", pushed), "collect", "--listen", "")
	eventually(t, "the centre refuses who was not admitted", func() bool { return strings.Contains(collecting.stderr.String(), "401") })
	admit := []string{"--config", config, "token", "create", "--role", "collector", "--site", "hall0", "--certificate", dir + "/pair.pem"}
	if got := command(t, url, admit...).want(t, exitFine).stdout; !strings.HasPrefix(got, "sha256:") || len(got) != len("sha256:\n")+64 {
		t.Errorf("the fingerprint alone is expected, not %q", got)
	}
	command(t, url, admit...).want(t, exitWrong) // admitted already
	db := storetest.Open(t, url, store.Options{})
	eventually(t, "readings arrive", func() bool {
		extent, ok, err := db.Extent(t.Context(), "hall0", energy.PointID("hall0/m0-p0"))
		return err == nil && ok && extent.Length() > 2*time.Second
	})
	if status := answers("/api/v1/sites"); status != http.StatusForbidden {
		t.Errorf("a collector's certificate reads: status %d, 403 is expected", status)
	}
	collecting.stop().want(t, exitFine)
	centre.stop().want(t, exitFine)
}

// TestNoHandshakeIsWeak offers the server each version and each suite by itself.
func TestNoHandshakeIsWeak(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pair := pairFiles(t, dir)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := overTLS(plain, config.TLS{Certificate: dir + "/pair.pem", Key: dir + "/pair.key"})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	defer serving.Wait()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(mustParse(t, pair.Certificate[0]))
	shake := func(c *tls.Config) (tls.ConnectionState, error) {
		c.RootCAs = roots
		conn, err := tls.Dial("tcp", plain.Addr().String(), c)
		if err != nil {
			return tls.ConnectionState{}, err
		}
		defer conn.Close()
		return conn.ConnectionState(), nil
	}
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		if _, err := shake(&tls.Config{MinVersion: version, MaxVersion: version}); (err == nil) != want {
			t.Errorf("%s alone: %v, want it taken: %v", tls.VersionName(version), err, want)
		}
	}
	// The server's key is of RSA: suites of ECDSA fail for want of such a key, whatever
	// the server allows.
	taken := 0
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if slices.Contains(suite.SupportedVersions, tls.VersionTLS13) && !slices.Contains(suite.SupportedVersions, tls.VersionTLS12) {
			continue
		}
		strong := strings.HasPrefix(suite.Name, "TLS_ECDHE_") && !strings.Contains(suite.Name, "CBC") && !strings.Contains(suite.Name, "RC4")
		_, err := shake(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}})
		if err == nil && !strong {
			t.Errorf("%s is taken", suite.Name)
		}
		if err == nil {
			taken++
		}
	}
	if taken < 3 {
		t.Errorf("only %d suites of TLS 1.2 are taken: the test would not tell", taken)
	}
	if state, err := shake(&tls.Config{NextProtos: []string{"h2"}}); err != nil || state.NegotiatedProtocol != "h2" || state.Version != tls.VersionTLS13 {
		t.Errorf("a browser of today gets %s with %q, %v", tls.VersionName(state.Version), state.NegotiatedProtocol, err)
	}
}

func mustParse(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
