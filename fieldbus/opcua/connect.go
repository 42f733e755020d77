package opcua

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gopcua/opcua"
	"github.com/gopcua/opcua/ua"
)

// sessionTimeout is how long a server keeps a session we could not close. The
// publish requests, at least one for each keep-alive, keep it from running out.
const sessionTimeout = 2 * time.Minute

// connect asks the server for its endpoints, checks who it is, and opens a
// session. The deadline of ctx also bounds what the library does not cancel.
func (d *Driver) connect(ctx context.Context) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*d.options.Timeout)
	defer cancel()
	offered, err := d.endpoints(ctx)
	if err != nil {
		return nil, err
	}
	options, err := d.secure(offered, time.Now())
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", d.config.Endpoint, err)
	}
	l := newLink(d)
	options = append(options, d.patience()...)
	options = append(options,
		opcua.ApplicationName(applicationName),
		opcua.SessionName(applicationName+" "+d.config.ID),
		opcua.SessionTimeout(sessionTimeout),
		opcua.StateChangedCh(l.states),
	)
	if l.client, err = opcua.NewClient(d.config.Endpoint, options...); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", d.config.Endpoint, err)
	}
	l.follow()
	if err := d.guard(func() error { return l.client.Connect(ctx) }); err != nil {
		l.close(ctx)
		return nil, fmt.Errorf("open session at %s: %w", d.config.Endpoint, err)
	}
	return l, nil
}

// secure chooses the endpoint, verifies the server and gives the options for
// security and log-on.
//
// What was offered came unprotected. That is enough: the channel is opened with
// a secret encrypted for the verified certificate, from which the keys of the
// channel are derived, so that only the owner of the certificate's key can go on.
func (d *Driver) secure(offered []*ua.EndpointDescription, now time.Time) ([]opcua.Option, error) {
	endpoint, err := d.security.choose(offered)
	if err != nil {
		return nil, err
	}
	endpoint, warning, err := d.security.identify(endpoint, d.config.token())
	if err != nil {
		return nil, err
	}
	d.warn(warning)
	if d.security.none() && d.config.ServerCertificate != "" {
		d.warn("server certificate is not looked at: security is None")
	}
	var options []opcua.Option
	if !d.security.none() {
		if endpoint.ServerCertificate, err = d.verify(endpoint, now); err != nil {
			return nil, err
		}
		own, made, err := d.config.identity(now)
		if err != nil {
			return nil, err
		}
		if made {
			d.log.Warn("client certificate made: the server's operator must trust it",
				"fingerprint", Fingerprint(own.der), "folder", d.config.CertificateFolder)
		}
		options = append(options, opcua.Certificate(own.der), opcua.PrivateKey(own.key))
	}
	user, err := d.config.logOn()
	if err != nil {
		return nil, err
	}
	options = append(options, user...)
	return append(options, opcua.SecurityFromEndpoint(endpoint, d.config.token())), nil
}

// verify is the certificate of the server, if it is trusted. That a server
// shows another than before is said, whether the new one is trusted or not.
func (d *Driver) verify(e *ua.EndpointDescription, now time.Time) (leaf []byte, err error) {
	leaf, odd, err := d.trust.verify(e, d.host(), now)
	if untrusted := (*UntrustedError)(nil); errors.As(err, &untrusted) && d.shown != untrusted.Fingerprint {
		untrusted.Before = d.shown
	}
	if err != nil {
		return nil, err
	}
	if odd != "" {
		d.warn("trusted server certificate: " + odd)
	}
	shown := Fingerprint(leaf)
	if d.shown != "" && d.shown != shown {
		d.log.Warn("server shows another certificate, which is trusted too", "before", d.shown, "now", shown)
	}
	d.shown = shown
	return leaf, nil
}

// token is the kind of user that c logs on as.
func (c Config) token() ua.UserTokenType {
	switch {
	case c.UserCertificate != "":
		return ua.UserTokenTypeCertificate
	case c.User != "":
		return ua.UserTokenTypeUserName
	}
	return ua.UserTokenTypeAnonymous
}

// logOn are the options that prove who the user is. Password and certificate
// are read anew each time.
func (c Config) logOn() ([]opcua.Option, error) {
	switch c.token() {
	case ua.UserTokenTypeCertificate:
		user, err := loadIdentity(c.UserCertificate, c.UserKey)
		if err != nil {
			return nil, fmt.Errorf("log on: %w", err)
		}
		return []opcua.Option{opcua.AuthCertificate(user.der), opcua.AuthPrivateKey(user.key)}, nil
	case ua.UserTokenTypeUserName:
		password, err := c.Password()
		if err != nil {
			return nil, err
		}
		return []opcua.Option{opcua.AuthUsername(c.User, password)}, nil
	}
	return nil, nil
}

// warn says something once, not at each connect.
func (d *Driver) warn(text string) {
	if text != "" && !d.warned[text] {
		d.warned[text] = true
		d.log.Warn("connection is less safe than it could be", "reason", text)
	}
}
