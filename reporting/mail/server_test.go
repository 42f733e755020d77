package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is an SMTP server that behaves, or misbehaves on purpose.
type smtpServer struct {
	startTLS, implicitTLS bool
	mechanisms            string // "PLAIN LOGIN"; "": it takes no password
	user, password        string
	greylist              bool                    // the first attempt of each reader is asked to come back
	answer                map[string]string       // what it answers to a command in place of yes: "RCPT": "550 no such reader"
	hold                  func(stage string) bool // called at RCPT, DATA, in the letter and after its last line; true: hang up

	address     string
	certificate tls.Certificate
	ca          string // PEM file
	listener    net.Listener

	mutex    sync.Mutex
	accepted []string // letters it answered 250 for
	commands []string // all it was told in the clear, and encrypted
	clear    []string
	seen     map[string]bool
}

// start listens on a port of its own until the test ends.
func (s *smtpServer) start(t testing.TB) *smtpServer {
	t.Helper()
	s.seen = map[string]bool{}
	s.certificate, s.ca = selfSigned(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener, s.address = listener, listener.Addr().String()
	var conns sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		conns.Wait()
	})
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.serve(conn) })
		}
	})
	return s
}

func (s *smtpServer) port() string {
	_, port, _ := net.SplitHostPort(s.address)
	return port
}

func (s *smtpServer) letters() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]string(nil), s.accepted...)
}

// told are the commands it got: those in the clear, or all.
func (s *smtpServer) told(clear bool) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if clear {
		return strings.Join(s.clear, "\n")
	}
	return strings.Join(s.commands, "\n")
}

func (s *smtpServer) config() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12}
}

func (s *smtpServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	encrypted := s.implicitTLS
	if encrypted {
		conn = tls.Server(conn, s.config())
	}
	in := bufio.NewReader(conn)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(conn, format+"\r\n", args...) }
	say("220 fake.example ready")
	reader := ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mutex.Lock()
		if s.commands = append(s.commands, line); !encrypted {
			s.clear = append(s.clear, line)
		}
		s.mutex.Unlock()
		verb := strings.ToUpper(strings.Fields(line + " ?")[0])
		if no, ok := s.answer[verb]; ok {
			say("%s", no)
			continue
		}
		if s.hold != nil && (verb == "RCPT" || verb == "DATA") && s.hold(verb) {
			return
		}
		switch verb {
		case "EHLO":
			say("250-fake.example")
			if s.startTLS && !encrypted {
				say("250-STARTTLS")
			}
			if s.mechanisms != "" {
				say("250-AUTH %s", s.mechanisms)
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.config())
			in, encrypted = bufio.NewReader(conn), true
		case "AUTH":
			say("%s", s.signIn(line, in, say))
		case "RCPT":
			reader = line
			if s.greylist && !s.known(reader) {
				say("450 4.2.0 <ada@example.city> greylisted, come back")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			if !s.take(in, say) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// known tells whether a reader was named before.
func (s *smtpServer) known(reader string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before := s.seen[reader]
	s.seen[reader] = true
	return before
}

// signIn takes a password by PLAIN or LOGIN.
func (s *smtpServer) signIn(line string, in *bufio.Reader, say func(string, ...any)) string {
	ask := func(what string) string {
		say("334 %s", base64.StdEncoding.EncodeToString([]byte(what)))
		answer, _ := in.ReadString('\n')
		text, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(answer))
		return string(text)
	}
	var user, password string
	switch words := strings.Fields(line); {
	case len(words) == 3 && words[1] == "PLAIN":
		text, _ := base64.StdEncoding.DecodeString(words[2])
		parts := strings.Split(string(text)+"\x00\x00", "\x00")
		user, password = parts[1], parts[2]
	case len(words) == 2 && words[1] == "LOGIN":
		user, password = ask("Username:"), ask("Password:")
	}
	if user == s.user && password == s.password {
		return "235 welcome"
	}
	return "535 5.7.8 wrong"
}

// take reads a letter up to its last line; false: it hangs up.
func (s *smtpServer) take(in *bufio.Reader, say func(string, ...any)) bool {
	var letter strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if s.hold != nil && s.hold("LETTER") {
			return false
		}
		if line == ".\r\n" {
			break
		}
		letter.WriteString(strings.TrimPrefix(line, "."))
	}
	if s.hold != nil && s.hold("END") {
		return false
	}
	if no, ok := s.answer["END"]; ok {
		say("%s", no)
		return true
	}
	s.mutex.Lock()
	s.accepted = append(s.accepted, letter.String())
	s.mutex.Unlock()
	say("250 taken")
	return true
}

// selfSigned is a certificate of 127.0.0.1, and the file that vouches for it.
func selfSigned(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fake"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "ca.pem")
	for name, block := range map[string]*pem.Block{"ca.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
