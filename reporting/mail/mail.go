// Package mail sends plain-text letters to one SMTP server, the one that is
// configured, and to no other host. It takes them from the outbox of the store,
// tries again what a server was not ready for, and says in the end what could
// not be delivered. It knows no reader and no finding: what a letter says was
// written when it was queued.
//
// A letter is queued in the transaction of its cause and closed when the server
// has answered its last line with 250. If this process dies between that answer
// and the note of it, a matter of milliseconds, nobody can know whether the
// server took the letter (RFC 1047): it is sent again, with the same Message-ID,
// by which readers' programs know the double for what it is.
package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"os"
	"strings"
	"time"
)

// Settings say where mail is handed over, and as whom. The zero Settings send none.
type Settings struct {
	Server       string   // host name or address of the one server; "": no mail
	Port         string   // 587 for STARTTLS, 465 for TLS
	Security     Security // how the way there is protected
	User         string   // "": the server wants none
	PasswordFile string   // read anew for each connection: a password may change
	CA           string   // PEM, in place of the system's certificates
	From         string   // NAME@HOST, or "NAME <NAME@HOST>": whom letters come from
	ReplyTo      string   // "": From
	// Timeout bounds each step with the server; 0: one minute.
	Timeout time.Duration
}

// Security is how the way to the server is protected.
type Security string

// STARTTLS upgrades a plain connection and goes on only encrypted (RFC 3207); TLS
// is encrypted from the first byte (RFC 8314); None is for a server on this host.
const (
	STARTTLS Security = "starttls"
	TLS      Security = "tls"
	None     Security = "none"
)

// Sender hands letters over to the server.
type Sender struct {
	settings Settings
	from     *mail.Address
	replyTo  *mail.Address
	roots    *x509.CertPool // nil: the system's
}

// New is a sender. It errs when the settings contradict themselves, or the file
// of the CA is not readable; the server is not asked.
func New(s Settings) (*Sender, error) {
	if s.Timeout == 0 {
		s.Timeout = time.Minute
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("read mail.from %q: %w", s.From, err)
	}
	sender := &Sender{settings: s, from: from}
	if s.ReplyTo != "" {
		if sender.replyTo, err = mail.ParseAddress(s.ReplyTo); err != nil {
			return nil, fmt.Errorf("read mail.reply_to %q: %w", s.ReplyTo, err)
		}
	}
	if s.Security == None && !isLoopback(s.Server) {
		return nil, fmt.Errorf("send mail to %s without TLS: only a server on this host may be spoken to in the clear", s.Server)
	}
	if s.CA != "" {
		pem, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, fmt.Errorf("read mail.ca: %w", err)
		}
		if sender.roots = x509.NewCertPool(); !sender.roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read mail.ca: %s holds no certificate (PEM)", s.CA)
		}
	}
	return sender, nil
}

// isLoopback tells whether a host is this one.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// domain is the right part of the address letters come from: it stands in their
// Message-ID and the greeting, where the name of this machine would say too much.
func (s *Sender) domain() string {
	_, host, _ := strings.Cut(s.from.Address, "@")
	return host
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.settings.Server, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// password reads the secret file; white space at its ends is no part of it.
func (s *Sender) password() (string, error) {
	text, err := os.ReadFile(s.settings.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("read mail.password_file: %w", err)
	}
	if p := strings.TrimSpace(string(text)); p != "" {
		return p, nil
	}
	return "", errors.New("read mail.password_file: the file is empty")
}
