package push_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/fieldbus/push"
)

func TestWhyNothingIsDeliveredIsKeptAndToldWhenItChanges(t *testing.T) {
	t.Parallel()
	type answer struct {
		status       int
		header, body string
	}
	var next atomic.Pointer[answer] // a handler that was hung up on may still run
	centre := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		a := next.Load()
		if a.status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", a.header)
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	defer centre.Close()
	var log bytes.Buffer
	client := push.New(centre.URL, nil, push.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, step := range []struct {
		sentence     string
		status       int
		header, body string
		failure      push.Failure
		answered     bool // by a centre, ever
		told         int
	}{
		{"it hangs up", 0, "", "", push.Unreached, false, 0},
		{"it hangs up again: that is known", 0, "", "", push.Unreached, false, 0},
		{"a file server answers", 501, "text/html", "<p>Unsupported method", push.Foreign, false, 1},
		{"and once more", 501, "text/html", "<p>Unsupported method", push.Foreign, false, 1},
		{"a stranger that takes everything", 200, "application/json", "{}", push.Foreign, false, 2},
		{"a stranger's conflict begins no epoch", 409, "application/json", "{}", push.Foreign, false, 3},
		{"the centre is overloaded", 503, "application/problem+json", `{"detail":"later"}`, push.Refused, true, 4},
		{"it takes the batch", 200, "application/json", `{"Upto":42}`, push.NoFailure, true, 4},
		{"after a success the first failure is the spool's to tell", 0, "", "", push.Unreached, true, 4},
	} {
		next.Store(&answer{step.status, step.header, step.body})
		_, err := client.Deliver(t.Context(), batch())
		c := client.Contact()
		if (err == nil) != (step.failure == push.NoFailure) || c.Failure != step.failure || c.LastAnswer.IsZero() == step.answered || c.Since.IsZero() != (err == nil) {
			t.Errorf("%s: %v, %+v", step.sentence, err, c)
		}
		if err != nil && (c.LastError == "" || c.LastErrorAt.IsZero()) {
			t.Errorf("%s: the error is not kept: %+v", step.sentence, c)
		}
		if clock := client.Clock(); clock.Seen.IsZero() == step.answered {
			t.Errorf("%s: the clock is %+v", step.sentence, clock)
		}
		if told := strings.Count(log.String(), "another reason"); told != step.told {
			t.Errorf("%s: changes were told %d times, want %d:\n%s", step.sentence, told, step.told, log.String())
		}
	}
	if c := client.Contact(); c.LastSuccess.IsZero() || time.Since(c.LastSuccess) > time.Hour {
		t.Errorf("the success is not kept: %+v", c)
	}
	lost := push.New(centre.URL, push.TokenFile(filepath.Join(t.TempDir(), "none")), push.Options{})
	if _, err := lost.Deliver(t.Context(), batch()); err == nil || lost.Contact().Failure != push.NoSecret {
		t.Errorf("without the file of the token: %v, %+v", err, lost.Contact())
	}
}
