package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/fieldbus/push"
)

// The largest bodies we take, as sent and unpacked.
const (
	bodyLimit     = 64 << 20
	unpackedLimit = 256 << 20
)

// The most rows of one body, and the most of them that are named as unreadable.
const (
	rowLimit    = 1_000_000
	rejectLimit = 10_000
)

// submitReadings answers POST /api/v1/readings: row by row, good rows are
// taken though others are rejected.
func (s *Server) submitReadings(w http.ResponseWriter, r *http.Request, who caller) error {
	format, err := formatOf(r)
	if err != nil {
		return err
	}
	profile, err := profileOf(r)
	if err != nil {
		return err
	}
	body, err := unpacked(w, r)
	if err != nil {
		return err
	}
	digest := sha256.New()
	submission := intake.Submission{Source: who.name, Partial: true, AllowedPoint: who.maySeePoint}
	if submission.Correction, submission.Replaces, err = s.correction(r); err != nil {
		return err
	}
	err = intake.ReadProfile(io.TeeReader(body, digest), "body", format, profile,
		func(row intake.Row) {
			if len(submission.Rows) <= rowLimit {
				submission.Rows = append(submission.Rows, row)
			}
		},
		func(rejection intake.Rejection) {
			if len(submission.Rejected) <= rejectLimit {
				submission.Rejected = append(submission.Rejected, rejection)
			}
		})
	if err != nil && !errors.Is(err, intake.ErrRows) {
		return err
	}
	if err != nil || len(submission.Rows) > rowLimit || len(submission.Rejected) > rejectLimit {
		return refuse(http.StatusRequestEntityTooLarge, "too_many_rows", "the body has more than %d rows, or more than %d that are no readings: send it in parts", rowLimit, rejectLimit)
	}
	if err := s.refuseAlone(r, who, submission.Rows); err != nil {
		return err
	}
	submission.Content = [sha256.Size]byte(digest.Sum(nil))
	// The same body is another submission as a correction, or read in another way.
	fmt.Fprintf(digest, "\x00%s\x00%s", submission.Correction, submission.Replaces)
	if profile.Label != "" || profile.Zone.Location != nil {
		fmt.Fprintf(digest, "\x00%s\x00%s\x00%s", profile.Label, profile.Step, profile.Zone.Location)
	}
	submission.Digest = [sha256.Size]byte(digest.Sum(nil))
	if submission.Key = r.Header.Get("Idempotency-Key"); submission.Key == "" {
		submission.Key = hex.EncodeToString(submission.Digest[:])
	}
	receipt, err := s.options.Intake.Submit(r.Context(), submission)
	if errors.Is(err, intake.ErrKey) {
		return refuse(http.StatusConflict, "key_used", "%v; choose another Idempotency-Key", intake.ErrKey)
	}
	if err != nil {
		return err
	}
	proven, err := s.proven(r, receipt)
	if err != nil {
		return err
	}
	return writeJSON(w, proven)
}

// refuseAlone refuses readings of sites whose operator wants two people: they become
// facts at once here. Collectors deliver theirs as batches; nobody is asked about
// what a meter said.
func (s *Server) refuseAlone(r *http.Request, who caller, rows []intake.Row) error {
	of := map[energy.SiteID]bool{}
	for _, row := range rows {
		if who.maySeePoint(row.Point) { // other rows are rejected one by one
			of[row.Point.Site()] = true
		}
	}
	second, err := s.handing().NeedsSecond(r.Context(), who.submitter(), slices.Sorted(maps.Keys(of)))
	if err == nil && second {
		return refuse(http.StatusForbidden, "second_person", "the operator wants a second person to approve what is handed in: send it as a file to POST /api/v1/submissions, where it waits for the approval")
	}
	return err
}

// correction reads the reason of a correction and the interval it replaces.
func (s *Server) correction(r *http.Request) (reason string, replaces energy.Period, err error) {
	query := r.URL.Query()
	if reason = query.Get("correction"); reason == "" {
		if query.Has("correction") || query.Has("replaces") {
			return "", replaces, refuse(http.StatusBadRequest, "no_reason", "a correction needs its reason: correction=REASON")
		}
		return "", replaces, nil
	}
	if text := query.Get("replaces"); text != "" {
		from, to, _ := strings.Cut(text, "/")
		bounds := url.Values{"from": {from}, "to": {to}}
		if replaces, err = period(bounds, energy.Calendar{Location: time.UTC}); err != nil {
			return "", replaces, refuse(http.StatusBadRequest, "bad_period", "replaces=%q is no interval: FROM/TO in RFC 3339 is expected", text)
		}
	}
	return reason, replaces, nil
}

// formatOf tells the form of a body by its content type.
func formatOf(r *http.Request) (intake.Format, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil {
		switch kind {
		case "text/csv":
			return intake.CSV, nil
		case "application/json":
			return intake.JSON, nil
		case "application/x-ndjson", "application/ndjson":
			return intake.NDJSON, nil
		}
	}
	return "", refuse(http.StatusUnsupportedMediaType, "bad_type", "Content-Type %q is not taken: text/csv, application/json or application/x-ndjson is expected", r.Header.Get("Content-Type"))
}

// unpacked is the body without its content encoding, bounded on both sides.
func unpacked(w http.ResponseWriter, r *http.Request) (io.Reader, error) {
	body := io.Reader(http.MaxBytesReader(w, r.Body, bodyLimit))
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return body, nil
	case "gzip":
		plain, err := gzip.NewReader(body)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "bad_encoding", "the body is no gzip, as Content-Encoding says")
		}
		body = plain
	case "zstd":
		plain, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "bad_encoding", "the body is no zstd, as Content-Encoding says")
		}
		body = plain.IOReadCloser()
	default:
		return nil, refuse(http.StatusUnsupportedMediaType, "bad_encoding", "Content-Encoding %q is not taken: gzip or zstd is expected", encoding)
	}
	return &bounded{reader: body, left: unpackedLimit}, nil
}

// bounded ends a reader that unpacks to more than it should.
type bounded struct {
	reader io.Reader
	left   int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &http.MaxBytesError{Limit: unpackedLimit}
	}
	n, err := b.reader.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// takeBatch answers POST /api/v1/batches: a collector's batch.
func (s *Server) takeBatch(w http.ResponseWriter, r *http.Request, who caller) error {
	came := s.now()
	packed, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		return err
	}
	batch, err := push.DecodeBatch(bytes.NewReader(packed), unpackedLimit)
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_batch", "the body is no batch of a collector: heatledger collect writes them, nothing else does")
	}
	if !who.maySee(batch.Site) {
		err := refuse(http.StatusForbidden, "not_your_site", "this token may not deliver for site %s", batch.Site)
		s.collectors.note(batch.Source, who.name, r, came, err)
		return err
	}
	delivery, err := s.options.Intake.Deliver(r.Context(), batch)
	s.collectors.note(batch.Source, who.name, r, came, err)
	w.Header().Set(push.HeaderTime, s.now().UTC().Format(time.RFC3339Nano))
	var behind *energy.BehindError
	switch {
	case errors.Is(err, energy.ErrConflict):
		return refuse(http.StatusConflict, "conflict", "batch %d is known with other content: begin a new epoch", batch.Sequence)
	case errors.As(err, &behind):
		return &problem{Status: http.StatusPreconditionFailed, Code: "behind", Detail: behind.Error(), Upto: &behind.Upto}
	case err != nil:
		return err
	}
	return writeJSON(w, delivery)
}
