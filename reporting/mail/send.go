package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"heatledger/energy/store"
)

// Refusal is a server's final no to one letter: to its reader or its content.
// What the server says of us, of the connection or of the password is no Refusal,
// and neither is an answer that asks to come back.
type Refusal struct {
	Code int    // 500 to 599 (RFC 5321, 4.2.1)
	Text string // what the server said, without the address
}

// Error is the server's answer.
func (r *Refusal) Error() string { return fmt.Sprintf("refused: %d %s", r.Code, r.Text) }

// Send hands one letter over. Without an error the server has taken it. An error
// never holds the reader's address; [Refusal] tells that there is no use in trying
// again.
func (s *Sender) Send(ctx context.Context, l store.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, lease/2) // a server that drips must not outlive the lease
	defer cancel()
	content, err := s.letter(l, time.Now())
	if err != nil {
		return err
	}
	if err := s.hand(ctx, l.To, content); err != nil {
		return withoutAddress(err, l.To)
	}
	return nil
}

// notNow is a server's answer that asks to come back with this letter (greylisting,
// a full mailbox): others may go on.
type notNow struct{ error }

// Unwrap is the answer.
func (n notNow) Unwrap() error { return n.error }

// withoutAddress hides the address in what a server said: servers like to repeat it.
func withoutAddress(err error, address string) error {
	hide := func(text string) string {
		name, _, _ := strings.Cut(address, "@")
		for _, secret := range []string{address, strings.ToLower(address), name} {
			if len(secret) > 2 || strings.Contains(secret, "@") {
				text = strings.ReplaceAll(text, secret, "…")
			}
		}
		return strings.Join(strings.Fields(text), " ")
	}
	var refused *Refusal
	if errors.As(err, &refused) {
		return &Refusal{Code: refused.Code, Text: hide(refused.Text)}
	}
	if later := (notNow{}); errors.As(err, &later) {
		return notNow{errors.New(hide(err.Error()))}
	}
	return errors.New(hide(err.Error()))
}

// hand is the conversation with the server (RFC 5321, 3.3).
func (s *Sender) hand(ctx context.Context, to string, content []byte) error {
	c, done, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := c.Mail(s.from.Address); err != nil {
		return fmt.Errorf("say that the mail is from %s: %w", s.from.Address, err)
	}
	if err := c.Rcpt(to); err != nil {
		return refusal("name the reader", err)
	}
	w, err := c.Data()
	if err != nil {
		return refusal("begin the letter", err)
	}
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("send the letter: %w", err)
	}
	if err := w.Close(); err != nil { // the answer to the last line decides
		return refusal("end the letter", err)
	}
	_ = c.Quit() // it is taken, whatever comes now
	return nil
}

// refusal tells a server's final no from everything else.
func refusal(doing string, err error) error {
	var said *textproto.Error
	switch {
	case !errors.As(err, &said) || said.Code == 421 || said.Code == 503 || said.Code == 530: // about the connection, or us
	case said.Code >= 500:
		return &Refusal{Code: said.Code, Text: said.Msg}
	default:
		return notNow{fmt.Errorf("%s: %w", doing, err)}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// connect is a connection to the server that is encrypted, where it has to be,
// and signed in. done closes it.
func (s *Sender) connect(ctx context.Context) (c *smtp.Client, done func(), err error) {
	address := net.JoinHostPort(s.settings.Server, s.settings.Port)
	dialer := net.Dialer{Timeout: s.settings.Timeout}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	done = func() {
		stop()
		_ = conn.Close()
	}
	var patient net.Conn = &patientConn{conn, s.settings.Timeout}
	if s.settings.Security == TLS {
		patient = tls.Client(patient, s.tls())
	}
	if c, err = s.greet(patient); err != nil {
		done()
		return nil, nil, fmt.Errorf("greet %s: %w", address, err)
	}
	return c, done, nil
}

// greet says who calls, encrypts and signs in.
func (s *Sender) greet(conn net.Conn) (*smtp.Client, error) {
	c, err := smtp.NewClient(conn, s.settings.Server)
	if err != nil {
		return nil, err
	}
	if err := c.Hello(s.domain()); err != nil {
		return nil, err
	}
	if s.settings.Security == STARTTLS {
		if offered, _ := c.Extension("STARTTLS"); !offered {
			return nil, errors.New("the server offers no STARTTLS, and nothing is sent in the clear: security: tls, on port 465, may be what it speaks")
		}
		if err := c.StartTLS(s.tls()); err != nil {
			return nil, fmt.Errorf("encrypt: %w", err)
		}
	}
	if s.settings.User == "" {
		return c, nil
	}
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	offered, mechanisms := c.Extension("AUTH")
	if !offered {
		return nil, errors.New("the server takes no password here; without mail.user none is shown to it")
	}
	if err := c.Auth(signIn(mechanisms, s.settings.User, password)); err != nil {
		return nil, fmt.Errorf("sign in as %s: %w", s.settings.User, err)
	}
	return c, nil
}

// patientConn gives up a step that takes longer than a while, not the whole.
type patientConn struct {
	net.Conn
	patience time.Duration
}

// Read waits for as long as a step may take.
func (c *patientConn) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(c.patience))
	return c.Conn.Read(b)
}

// Write waits for as long as a step may take.
func (c *patientConn) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(c.patience))
	return c.Conn.Write(b)
}
