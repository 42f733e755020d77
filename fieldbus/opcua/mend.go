package opcua

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/gopcua/opcua/ua"
)

const (
	// lookEvery is how often it is looked whether a person mended what only a
	// person can.
	lookEvery = 2 * time.Second
	// A host that refuses at once is asked again within refusedRest and what
	// chance adds: the attempt costs nothing.
	refusedRest   = 10 * time.Second
	refusedChance = 5 * time.Second
)

// remedy is what a person can do about the error of an attempt to connect;
// empty: nothing but wait, or look after network and server.
func (c Config) remedy(err error) string {
	is := func(codes ...ua.StatusCode) bool {
		for _, code := range codes {
			if errors.Is(err, code) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.As(err, new(*UntrustedError)) && strings.HasPrefix(c.ServerCertificate, pinPrefix):
		return "compare the fingerprint with the server's own display, then mend server_certificate of connection " + c.ID
	case errors.As(err, new(*UntrustedError)):
		return "compare the fingerprint with the server's own display, then: heatledger meters trust " + c.ID
	case is(ua.StatusBadUserAccessDenied, ua.StatusBadIdentityTokenRejected, ua.StatusBadIdentityTokenInvalid) && c.UserCertificate != "":
		return "the server does not admit this user: look after user_certificate and user_key of connection " + c.ID
	case is(ua.StatusBadUserAccessDenied, ua.StatusBadIdentityTokenRejected, ua.StatusBadIdentityTokenInvalid):
		return "the server does not admit this user: look after user and password_file of connection " + c.ID
	case is(ua.StatusBadCertificateUntrusted, ua.StatusBadSecurityChecksFailed, ua.StatusBadCertificateInvalid):
		return "the server does not trust our certificate: its operator must"
	case errors.As(err, new(*fs.PathError)):
		return "make the file readable for the account of the collector"
	}
	return ""
}

// mendable is what a person changes to mend a connection.
type mendable struct {
	trusted, user, key time.Time
	password           string
}

// mendable looks at it now. A file that is not there counts as one of no time.
func (d *Driver) mendable() (m mendable) {
	changed := func(path string) time.Time {
		if path == "" {
			return time.Time{}
		}
		info, err := os.Stat(path)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	m.trusted, m.user, m.key = changed(d.trust.folder), changed(d.config.UserCertificate), changed(d.config.UserKey)
	if d.config.User != "" && d.config.Password != nil {
		m.password, _ = d.config.Password() // unreadable: the attempt says so
	}
	return m
}

// pauseAfter is how long no connection is tried after one that ended with err.
func pauseAfter(pause time.Duration, err error) time.Duration {
	if errors.Is(err, syscall.ECONNREFUSED) && pause > refusedRest {
		return refusedRest + rand.N(refusedChance)
	}
	return pause
}

// rest waits before the next attempt; it ends early when what a person must mend
// changed since before the last one.
func (d *Driver) rest(ctx context.Context, wait time.Duration, err error, before mendable) (mended bool) {
	end := time.NewTimer(wait)
	defer end.Stop()
	var look <-chan time.Time
	if d.config.remedy(err) != "" {
		ticker := time.NewTicker(min(lookEvery, cmp.Or(wait, lookEvery)))
		defer ticker.Stop()
		look = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return false
		case <-end.C:
			return false
		case <-look:
			if d.mendable() != before {
				return true
			}
		}
	}
}
