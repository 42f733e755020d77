package config_test

import (
	"strings"
	"testing"
	"time"

	"heatledger/config"
)

func TestMailIsOffUntilAServerIsNamed(t *testing.T) {
	t.Parallel()
	c, faults := config.Parse("c.yaml", []byte("{}"))
	if len(faults) > 0 || c.Mail.On() {
		t.Errorf("mail of an empty file is on: %t (%v)", c.Mail.On(), faults)
	}
	c, faults = config.Parse("/etc/heat/c.yaml", []byte("public_url: https://h\nmail: {server: mail.example.city, from: a@example.city, user: u, password_file: p}"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if m := c.Mail; !m.On() || m.Port != 587 || m.Security != config.SecuritySTARTTLS || m.Timeout != time.Minute || m.PasswordFile != "/etc/heat/p" {
		t.Errorf("mail is %+v", m)
	}
	for security, port := range map[string]int{"tls": 465, "starttls": 587} {
		c, faults = config.Parse("c.yaml", []byte("public_url: https://h\nmail: {server: mail.example.city, from: a@example.city, security: "+security+"}"))
		if len(faults) > 0 || c.Mail.Port != port {
			t.Errorf("port of %s is %d (%v), want %d", security, c.Mail.Port, faults, port)
		}
	}
}

func TestEveryMistakeAboutMailIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	src := `schedule: {mail_digest: "0 * * * *"}
mail:
  server: smtp://mail.example.city
  port: 70000
  security: none
  user: heat
  reply_to: nobody
  timeout: 1h
`
	_, faults := config.Parse("c.yaml", []byte(src))
	want := []struct {
		line    int
		problem string
	}{
		{1, "more often than once a day"}, {3, "no host"}, {3, "without from"}, {3, "in the clear"}, {3, "without public_url"}, {4, "port is 70000"},
		{6, "user without password_file"}, {7, `"nobody" is no address`}, {8, "timeout is 1h"},
	}
	for _, w := range want {
		found := false
		for _, f := range faults {
			found = found || f.Line == w.line && strings.Contains(f.Problem, w.problem) && f.Remedy != ""
		}
		if !found {
			t.Errorf("line %d: %q is not among %v", w.line, w.problem, faults)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d: %v", len(faults), len(want), faults)
	}
	for src, why := range map[string]string{
		"mail: {server: 127.0.0.1, security: none, from: a@b}":        "a server on this host",
		"mail: {server: \"::1\", security: none, from: a@b}":          "a server on this host, IPv6",
		"mail: {server: m.example, from: 'Amt <a@b>', reply_to: c@d}": "an address with a name",
		"schedule: {mail_digest: ''}":                                 "no digest",
		"schedule: {mail_digest: '30 6 * * 1-5'}":                     "workdays",
	} {
		if _, faults := config.Parse("c.yaml", []byte("public_url: https://h\n"+src)); len(faults) > 0 {
			t.Errorf("%s is refused: %v", why, faults)
		}
	}
}
