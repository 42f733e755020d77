package opcua

import (
	"context"
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
	patience := []opcua.Option{
		opcua.AutoReconnect(false),
		opcua.DialTimeout(d.options.Timeout),
		opcua.RequestTimeout(d.options.Timeout),
	}
	var offered []*ua.EndpointDescription
	err := d.guard(func() (err error) {
		asking, cancel := context.WithTimeout(ctx, d.options.Timeout)
		defer cancel()
		offered, err = opcua.GetEndpoints(asking, d.config.Endpoint, patience...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ask %s for its endpoints: %w", d.config.Endpoint, err)
	}
	options, err := d.secure(offered, time.Now())
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", d.config.Endpoint, err)
	}
	l := newLink(d)
	options = append(options, patience...)
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
	endpoint, warning, err := d.security.identify(endpoint, d.config.User)
	if err != nil {
		return nil, err
	}
	d.warn(warning)
	if d.security.none() && d.trust != (trust{}) {
		d.warn("server certificate is not looked at: security is None")
	}
	var options []opcua.Option
	if !d.security.none() {
		leaf, odd, err := d.trust.verify(endpoint, now)
		if err != nil {
			return nil, err
		}
		if odd != "" {
			d.warn("pinned server certificate: " + odd)
		}
		id, made, err := d.config.identity(now)
		if err != nil {
			return nil, err
		}
		if made {
			d.log.Warn("client certificate made: the server's operator must trust it",
				"fingerprint", Fingerprint(id.der), "folder", d.config.CertificateFolder)
		}
		endpoint.ServerCertificate = leaf
		options = append(options, opcua.Certificate(id.der), opcua.PrivateKey(id.key))
	}
	token := ua.UserTokenTypeAnonymous
	if d.config.User != "" {
		token = ua.UserTokenTypeUserName
		password, err := d.config.Password()
		if err != nil {
			return nil, err
		}
		options = append(options, opcua.AuthUsername(d.config.User, password))
	}
	return append(options, opcua.SecurityFromEndpoint(endpoint, token)), nil
}

// warn says something once, not at each connect.
func (d *Driver) warn(text string) {
	if text != "" && !d.warned[text] {
		d.warned[text] = true
		d.log.Warn("connection is less safe than it could be", "reason", text)
	}
}
