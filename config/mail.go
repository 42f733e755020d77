package config

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// Mail is the one SMTP server that letters are handed to. Without a server none
// is sent.
type Mail struct {
	Server       string        `yaml:"server"`        // host; "": no mail
	Port         int           `yaml:"port"`          // default: 465 for tls, else 587; 25 for none
	Security     string        `yaml:"security"`      // starttls (default), tls, or none on this host
	User         string        `yaml:"user"`          // "": the server wants none
	PasswordFile string        `yaml:"password_file"` // of the user
	CA           string        `yaml:"ca"`            // PEM, in place of the system's
	From         string        `yaml:"from"`          // NAME@HOST, or "NAME <NAME@HOST>"
	ReplyTo      string        `yaml:"reply_to"`      // default: from
	Timeout      time.Duration `yaml:"timeout"`       // of each step with the server
}

// On tells whether mail is sent.
func (m Mail) On() bool { return m.Server != "" }

// How the way to the server is protected.
const (
	SecuritySTARTTLS = "starttls"
	SecurityTLS      = "tls"
	SecurityNone     = "none"
)

// fill sets the defaults that depend on how the way there is protected.
func (m *Mail) fill() {
	if m.Timeout == 0 {
		m.Timeout = time.Minute
	}
	if m.Port != 0 {
		return
	}
	switch m.Security {
	case SecurityTLS:
		m.Port = 465 // RFC 8314, 3.3
	case SecurityNone:
		m.Port = 25
	default:
		m.Port = 587 // RFC 6409, 3.1
	}
}

// mail checks that letters go to one server, encrypted except within this host.
func (c *checker) mail(at path) {
	m := c.config.Mail
	c.oneOf("security", m.Security, []string{SecuritySTARTTLS, SecurityTLS, SecurityNone}, at.to("security"))
	c.duration(m.Timeout, time.Second, 5*time.Minute, at.to("timeout"))
	if c.given(at.to("port")) && (m.Port < 1 || m.Port > 65535) {
		c.fault(at.to("port"), fmt.Sprintf("port is %d", m.Port), "1 to 65535 is expected")
	}
	if when := (path{"schedule", "mail_digest"}); c.given(when) && !c.config.Schedule.MailDigest.AtMostDaily() {
		c.fault(when, fmt.Sprintf("%q is more often than once a day", c.config.Schedule.MailDigest), `one minute and one hour such as "0 7 * * *" are expected; errors are told at once to whom wants it so`)
	}
	for _, text := range []struct {
		field, value string
	}{{"from", m.From}, {"reply_to", m.ReplyTo}} {
		if !c.given(at.to(text.field)) || text.field == "reply_to" && text.value == "" {
			continue
		}
		if a, err := mail.ParseAddress(text.value); err != nil || !strings.Contains(a.Address, "@") {
			c.fault(at.to(text.field), fmt.Sprintf("%q is no address of mail", text.value), `NAME@HOST, or "NAME <NAME@HOST>", is expected`)
		}
	}
	for _, pair := range []struct{ a, has, b, lacks, want string }{
		{"user", m.User, "password_file", m.PasswordFile, "the file of the user's password is expected as password_file"},
		{"password_file", m.PasswordFile, "user", m.User, "the name to sign in with is expected as user"},
	} {
		if c.given(at.to(pair.a)) && pair.has != "" && pair.lacks == "" {
			c.fault(at.to(pair.a), fmt.Sprintf("a %s without %s", pair.a, pair.b), pair.want)
		}
	}
	c.mailServer(at)
}

// mailServer checks what a server needs beside its name.
func (c *checker) mailServer(at path) {
	m := c.config.Mail
	if !c.given(at.to("server")) || m.Server == "" {
		return
	}
	if strings.ContainsAny(m.Server, "/: @") && strings.Count(m.Server, ":") < 2 { // two or more: IPv6
		c.fault(at.to("server"), fmt.Sprintf("%q is no host", m.Server), "the name of a host is expected, without scheme and port; the port has a field of its own")
	}
	if m.From == "" {
		c.fault(at.to("server"), "a mail server without from", "the address that letters come from is expected as from")
	}
	if !c.config.present("public_url") {
		c.fault(at.to("server"), "a mail server without public_url", "the address where people find this server is expected as public_url: letters link to it")
	}
	if m.Security == SecurityNone && !isLoopback(m.Server) {
		c.fault(at.to("server"), "mail would go to another host in the clear", "starttls or tls is expected; none is for a server on this host")
	}
}
