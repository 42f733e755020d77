package push

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
)

// Path is where a centre takes batches.
const Path = "/api/v1/batches"

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// Client delivers batches to a centre. It is a spool's Deliverer; its methods
// may be called from many goroutines.
type Client struct {
	url   string
	token func() (string, error)
	http  *http.Client

	packer *zstd.Encoder
	queued func() int64 // nil: it is not told
	log    *slog.Logger

	mu      sync.Mutex
	clock   ClockDifference
	apart   bool // the clocks are, and it was told
	contact Contact
	reasons map[energy.SiteID]string // why batches of a site are not delivered
}

// Options are the optional parts of a Client; the zero value works.
type Options struct {
	TLS     *tls.Config   // authorities to trust, and a client certificate
	Timeout time.Duration // of one delivery; 0: a minute
	Queued  func() int64  // readings that wait, for the centre to show; nil: it is not told
	Log     *slog.Logger  // of state changes; nil: nobody is told
}

// New is a client of the centre at url (https://heat.example.city). token is
// asked at each delivery, so that a changed secret needs no restart; nil: none.
func New(url string, token func() (string, error), o Options) *Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: o.TLS, MaxIdleConns: 4, MaxIdleConnsPerHost: 4,
		IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 15 * time.Second, ForceAttemptHTTP2: true,
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Client{url: strings.TrimRight(url, "/") + Path, token: token, packer: newPacker(), queued: o.Queued, log: log, reasons: make(map[energy.SiteID]string), http: &http.Client{
		Transport: transport,
		Timeout:   cmp.Or(o.Timeout, time.Minute),
		// A token is for the centre alone: what it points at elsewhere is a refusal.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// TokenFile reads a token from a file each time it is called.
func TokenFile(path string) func() (string, error) {
	return func() (string, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the push token: %w", err)
		}
		return strings.TrimSpace(string(content)), nil
	}
}

// RefusedError is a centre's answer that is neither a delivery nor one of the
// answers a spool knows what to do about.
type RefusedError struct {
	Status  int    // of HTTP
	Detail  string // as the centre put it
	Foreign bool   // whoever answered is not a Heatledger
}

// Error is the centre's answer and its reason.
func (e *RefusedError) Error() string {
	if e.Foreign {
		return fmt.Sprintf("what answers at push.url is not a Heatledger: it answered %d %s", e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("the centre answered %d %s: %s", e.Status, http.StatusText(e.Status), cmp.Or(e.Detail, "no reason given"))
}

// Permanent tells a refusal that a person must look into (token, site, form)
// from one that time may mend.
func (e *RefusedError) Permanent() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return e.Status >= 300 && e.Status < 500
}

// Deliver sends a batch. It errs with [energy.ErrConflict] and
// [*energy.BehindError] as the centre says, with [*RefusedError] when it says
// something else, and with the network's error when it says nothing; after the
// last two the same batch may be sent again.
func (c *Client) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	delivery, err := c.deliver(ctx, b)
	if err == nil || ctx.Err() == nil {
		c.note(b.Site, err, time.Now())
	}
	if err != nil {
		return energy.Delivery{}, fmt.Errorf("push batch %d of site %s: %w", b.Sequence, b.Site, err)
	}
	return delivery, nil
}

func (c *Client) deliver(ctx context.Context, b energy.Batch) (delivery energy.Delivery, err error) {
	request, err := c.request(ctx, b)
	if err != nil {
		return delivery, err
	}
	sent := time.Now()
	answer, err := c.http.Do(request)
	if err != nil {
		return delivery, err
	}
	defer func() { _ = answer.Body.Close() }() // all that is wanted of it was read
	received := time.Now()
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return delivery, fmt.Errorf("read the centre's answer: %w", err)
	}
	if !isCentre(answer.StatusCode, answer.Header, content) {
		return delivery, &RefusedError{Status: answer.StatusCode, Foreign: true}
	}
	c.compare(answer.Header, sent, received)
	if answer.StatusCode != http.StatusOK {
		return delivery, refusal(answer.StatusCode, content)
	}
	if err := json.Unmarshal(content, &delivery); err != nil {
		return energy.Delivery{}, fmt.Errorf("read the centre's answer: %w", err)
	}
	return delivery, nil
}

func (c *Client) request(ctx context.Context, b energy.Batch) (*http.Request, error) {
	body, err := encodeBatch(c.packer, b)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	digest := b.Digest()
	request.Header.Set("Content-Type", "application/octet-stream")
	request.Header.Set("Idempotency-Key", fmt.Sprintf("%s/%s/%s/%d/%d", b.Site, url.PathEscape(b.Source), b.Epoch, b.Lane, b.Sequence))
	request.Header.Set("Heatledger-Digest", hex.EncodeToString(digest[:]))
	request.Header.Set(HeaderSent, time.Now().UTC().Format(time.RFC3339Nano))
	if c.queued != nil {
		request.Header.Set(HeaderQueued, strconv.FormatInt(c.queued(), 10))
	}
	if c.token == nil {
		return request, nil
	}
	token, err := c.token()
	if err != nil {
		return nil, secretError{err}
	}
	if token == "" {
		return nil, secretError{errors.New("the push token is empty")}
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return request, nil
}

// refusal is what a centre's refusal means.
func refusal(status int, content []byte) error {
	var problem struct {
		Detail string  `json:"detail"`
		Upto   *uint64 `json:"upto"`
	}
	_ = json.Unmarshal(content, &problem) // a proxy's page is no problem document
	switch {
	case status == http.StatusConflict:
		return energy.ErrConflict
	case (status == http.StatusPreconditionFailed || status == http.StatusGone) && problem.Upto != nil:
		return &energy.BehindError{Upto: *problem.Upto}
	}
	return &RefusedError{Status: status, Detail: problem.Detail}
}
