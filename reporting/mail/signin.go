package mail

import (
	"errors"
	"net/smtp"
	"slices"
	"strings"
)

// account signs in by PLAIN (RFC 4616), or by LOGIN, which some providers offer
// alone (draft-murchison-sasl-login-00). Both show the password: they are used on
// a connection that is encrypted, or within this host.
type account struct {
	user, password string
	login          bool
	asked          int
}

// signIn chooses among the mechanisms that a server offers; PLAIN where it can.
func signIn(offered, user, password string) smtp.Auth {
	names := strings.Fields(strings.ToUpper(offered))
	return &account{user: user, password: password, login: !slices.Contains(names, "PLAIN") && slices.Contains(names, "LOGIN")}
}

// Start names the mechanism.
func (a *account) Start(server *smtp.ServerInfo) (mechanism string, first []byte, err error) {
	if !server.TLS && !isLoopback(server.Name) {
		return "", nil, errors.New("the connection is not encrypted")
	}
	if a.login {
		return "LOGIN", nil, nil
	}
	return "PLAIN", []byte("\x00" + a.user + "\x00" + a.password), nil
}

// Next answers what the server asks: LOGIN asks for the name, then the password.
func (a *account) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if a.asked++; a.login && a.asked == 1 {
		return []byte(a.user), nil
	}
	if a.login && a.asked == 2 {
		return []byte(a.password), nil
	}
	return nil, errors.New("the server asks for more than a name and a password")
}
