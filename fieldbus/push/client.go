package push

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"heatledger/energy"
)

// Path is where a centre takes batches.
const Path = "/api/v1/batches"

// Client delivers batches to a centre. It is a spool's Deliverer.
type Client struct {
	url   string
	token func() (string, error)
	http  *http.Client
}

// Options are the optional parts of a Client; the zero value works.
type Options struct {
	TLS     *tls.Config   // authorities to trust, and a client certificate
	Timeout time.Duration // of one delivery; 0: a minute
}

// New is a client of the centre at url (https://heat.example.city). token is
// asked at each delivery, so that a changed secret needs no restart; nil: none.
func New(url string, token func() (string, error), o Options) *Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: o.TLS, MaxIdleConns: 4, MaxIdleConnsPerHost: 4,
		IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 15 * time.Second, ForceAttemptHTTP2: true,
	}
	return &Client{url: strings.TrimRight(url, "/") + Path, token: token,
		http: &http.Client{Transport: transport, Timeout: cmp.Or(o.Timeout, time.Minute)}}
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

// Deliver sends a batch. It errs with [energy.ErrConflict] and
// [*energy.BehindError] as the centre says; anything else may be gone when the
// same batch is sent again.
func (c *Client) Deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	delivery, err := c.deliver(ctx, b)
	if err != nil {
		return energy.Delivery{}, fmt.Errorf("push batch %d of site %s: %w", b.Sequence, b.Site, err)
	}
	return delivery, nil
}

func (c *Client) deliver(ctx context.Context, b energy.Batch) (energy.Delivery, error) {
	body, err := EncodeBatch(b)
	if err != nil {
		return energy.Delivery{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return energy.Delivery{}, err
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	if c.token != nil {
		token, err := c.token()
		if err != nil {
			return energy.Delivery{}, err
		}
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return energy.Delivery{}, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err != nil {
		return energy.Delivery{}, err
	}
	if answer.StatusCode != http.StatusOK {
		return energy.Delivery{}, refusal(answer.StatusCode, content)
	}
	var delivery energy.Delivery
	if err := json.Unmarshal(content, &delivery); err != nil {
		return energy.Delivery{}, fmt.Errorf("read the centre's answer: %w", err)
	}
	return delivery, nil
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
	case status == http.StatusPreconditionFailed && problem.Upto != nil:
		return &energy.BehindError{Upto: *problem.Upto}
	}
	return fmt.Errorf("the centre answered %d %s: %s", status, http.StatusText(status), cmp.Or(problem.Detail, "no reason given"))
}
