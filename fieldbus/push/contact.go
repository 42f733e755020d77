package push

import (
	"encoding/json"
	"errors"
	"mime"
	"net"
	"net/http"
	"time"

	"heatledger/energy"
)

// Failure is the kind of reason why nothing is delivered: each is mended in
// another place.
type Failure string

// The kinds of failure.
const (
	NoFailure Failure = ""
	Unreached Failure = "unreached" // nothing answers: network, name, certificate
	Foreign   Failure = "foreign"   // something answers that is not a Heatledger
	NoSecret  Failure = "no_token"  // the token is not there or not readable
	Refused   Failure = "refused"   // the centre says no, or not now
)

// Contact is how it stands between this collector and its centre.
type Contact struct {
	LastSuccess time.Time // a batch was taken; zero: none was since the start
	LastAnswer  time.Time // the centre answered anything; zero: not yet
	LastError   string    // the last that went wrong, also when it works again
	LastErrorAt time.Time // zero: nothing went wrong
	Failure     Failure   // of the last delivery
	Since       time.Time // when deliveries began to go wrong; zero: the last one worked
}

// Contact is how it stands with the centre now.
func (c *Client) Contact() Contact {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.contact
}

// note keeps how a delivery ended, and logs when the reason why those of a site
// do not work became another. What a person must mend the spool tells.
func (c *Client) note(site energy.SiteID, err error, now time.Time) {
	now = now.UTC()
	c.mu.Lock()
	if err == nil {
		c.contact.LastSuccess, c.contact.LastAnswer = now, now
		c.contact.Failure, c.contact.Since = NoFailure, time.Time{}
		delete(c.reasons, site)
		c.mu.Unlock()
		return
	}
	kind, why := classify(err), reason(err)
	if kind == Refused {
		c.contact.LastAnswer = now
	}
	if c.contact.Since.IsZero() || c.contact.Failure != kind {
		c.contact.Since = now
	}
	c.contact.LastError, c.contact.LastErrorAt, c.contact.Failure = why, now, kind
	was, failing := c.reasons[site]
	c.reasons[site] = why
	c.mu.Unlock()
	if failing && was != why {
		c.log.Warn("batches stay queued for another reason than before", "site", site, "kind", kind, "why", why, "was", was)
	}
}

// secretError says that there is no token to show.
type secretError struct{ reason error }

func (e secretError) Error() string { return e.reason.Error() }
func (e secretError) Unwrap() error { return e.reason }

// classify is the kind of an error of a delivery.
func classify(err error) Failure {
	var refused *RefusedError
	switch {
	case errors.As(err, new(secretError)):
		return NoSecret
	case errors.As(err, &refused) && refused.Foreign:
		return Foreign
	case refused != nil, errors.Is(err, energy.ErrConflict), errors.As(err, new(*energy.BehindError)):
		return Refused
	}
	return Unreached
}

// reason is an error without what differs at each attempt: our own port.
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Source != nil {
		plain := *op
		plain.Source = nil
		return plain.Error()
	}
	return err.Error()
}

// isCentre tells whether an answer is a Heatledger's: it bears our header, is a
// problem document, or a delivery.
func isCentre(status int, header http.Header, content []byte) bool {
	if header.Get(HeaderTime) != "" {
		return true
	}
	if kind, _, err := mime.ParseMediaType(header.Get("Content-Type")); err == nil && kind == "application/problem+json" {
		return true
	}
	var taken struct{ Upto *uint64 }
	return status == http.StatusOK && json.Unmarshal(content, &taken) == nil && taken.Upto != nil
}
