package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const hidden = "xxxxx"

// Redacted is a copy that can be shown and logged: passwords within addresses
// are replaced. Secret files stay named; what they hold was never read.
func (c *Config) Redacted() *Config {
	shown := *c
	shown.Database.URL = redact(c.Database.URL)
	shown.Push.URL = redact(c.Push.URL)
	shown.PublicURL = redact(c.PublicURL)
	shown.Connections = slices.Clone(c.Connections)
	for i := range shown.Connections {
		k := &shown.Connections[i]
		if k.Modbus != nil {
			m := *k.Modbus
			m.URL, k.Modbus = redact(m.URL), &m
		}
		if k.OPCUA != nil {
			o := *k.OPCUA
			o.Endpoint, k.OPCUA = redact(o.Endpoint), &o
		}
	}
	return &shown
}

// redactWithin hides the passwords of addresses within a message.
func redactWithin(message string) string {
	return regexp.MustCompile(`(://[^:/@\s"]*:)[^@\s"]*@`).ReplaceAllString(message, "${1}"+hidden+"@")
}

// redact hides the password of an address, or of the words of a connection
// string (password=…). An address that does not parse is hidden as a whole.
func redact(address string) string {
	if !strings.Contains(address, "://") {
		return regexp.MustCompile(`(?i)((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'?|\S*)`).ReplaceAllString(address, "${1}"+hidden)
	}
	u, err := url.Parse(address)
	if err != nil {
		return hidden
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), hidden)
	}
	if values := u.Query(); len(values) > 0 {
		secret := false
		for name := range values {
			if strings.Contains(strings.ToLower(name), "password") || strings.Contains(strings.ToLower(name), "token") {
				values.Set(name, hidden)
				secret = true
			}
		}
		if secret {
			u.RawQuery = values.Encode()
		}
	}
	return u.String()
}
