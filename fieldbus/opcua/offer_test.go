package opcua

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/fieldbus"
)

func TestAServerIsTrustedInTwoSteps(t *testing.T) {
	t.Parallel()
	p := startPlant(t, t.TempDir())
	trusted := filepath.Join(t.TempDir(), "opcua", "trusted")
	c := Config{
		ID: "bms", Endpoint: p.endpoint(), Security: "Basic256Sha256/SignAndEncrypt", Trust: trusted,
		CertificateFolder: t.TempDir(), Meters: []Meter{{ID: "ups", Nodes: []Node{node("Double")}}},
	}
	offer, err := Offered(t.Context(), c, hasty(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(offer.Certificates) != 1 {
		t.Fatalf("%d certificates are offered, want one for all endpoints", len(offer.Certificates))
	}
	shown := offer.Certificates[0]
	if shown.Fingerprint != p.fingerprint(t) || Fingerprint(shown.DER) != shown.Fingerprint {
		t.Errorf("fingerprint is %s of a certificate of %s, want the server's", shown.Fingerprint, Fingerprint(shown.DER))
	}
	if shown.Subject == "" || shown.Issuer == "" || !shown.NotAfter.After(time.Now()) || !shown.NotBefore.Before(time.Now()) || len(shown.Hosts) == 0 {
		t.Errorf("the certificate is described as %+v, want who, by whom, how long and for which hosts", shown)
	}
	if shown.ApplicationURI != offer.ApplicationURI || shown.ApplicationURI == "" {
		t.Errorf("the certificate is of application %q, the server of %q, want the same", shown.ApplicationURI, offer.ApplicationURI)
	}
	if shown.Trusted || !strings.Contains(shown.Refusal, "neither it nor its issuer is trusted") {
		t.Errorf("on first contact trusted is %t, because %q", shown.Trusted, shown.Refusal)
	}
	want := OfferedEndpoint{Security: "Basic256Sha256/SignAndEncrypt", Users: []string{"anonymous", "user name", "certificate"}, Fingerprint: shown.Fingerprint}
	if !slices.ContainsFunc(offer.Endpoints, func(e OfferedEndpoint) bool {
		slices.Sort(e.Users)
		return e.Security == want.Security && e.Fingerprint == want.Fingerprint && slices.Equal(e.Users, []string{"anonymous", "certificate", "user name"}) && strings.HasPrefix(e.URL, "opc.tcp://")
	}) {
		t.Errorf("endpoints are %+v, want one like %+v", offer.Endpoints, want)
	}
	if n := len(offer.Endpoints); n != 7 {
		t.Errorf("%d endpoints are offered, want None and three policies twice", n)
	}

	d, stop := start(t, c, hasty(t), &basket{})
	wait(t, 10*time.Second, "the stranger is refused by name", func() bool { return strings.Contains(health(d).LastError, shown.Fingerprint) })
	if n := len(p.told(t, "create_session_request")); n != 0 {
		t.Errorf("a server that is not trusted was asked for %d sessions", n)
	}
	if path, err := Trust(trusted, shown.DER); err != nil || filepath.Dir(path) != trusted {
		t.Fatalf("Trust writes %s, %v", path, err)
	}
	wait(t, 10*time.Second, "the trusted server is read without a restart", func() bool { return health(d).State == fieldbus.Healthy })
	stop()

	again, err := Offered(t.Context(), c, hasty(t))
	if err != nil || !again.Certificates[0].Trusted || again.Certificates[0].Refusal != "" {
		t.Errorf("after Trust the certificate is trusted: %+v, %v", again.Certificates, err)
	}
}

func TestTrustWritesOneFileForACertificate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "yet")
	der := sign(t, nil, false).certificate.Raw
	first, err := Trust(dir, der)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Trust(dir, der)
	if err != nil || second != first {
		t.Errorf("the second time it is %s, %v, want %s", second, err, first)
	}
	if content, err := os.ReadFile(first); err != nil || !bytes.Equal(content, der) {
		t.Errorf("the file holds %d bytes, %v, want the certificate", len(content), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("the folder holds %v, want one file", files)
	}
	if _, err := Trust(dir, []byte("rubbish")); err == nil {
		t.Error("rubbish is trusted")
	}
}

func TestNobodyIsTrustedByAFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	if all, err := loadTrusted(filepath.Join(t.TempDir(), "none")); err != nil || len(all) != 0 {
		t.Errorf("a folder that is not there trusts %d, %v", len(all), err)
	}
}
