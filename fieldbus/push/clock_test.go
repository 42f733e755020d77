package push_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heatledger/fieldbus/push"
)

func TestAWrongClockIsToldWhenItComesAndWhenItGoes(t *testing.T) {
	t.Parallel()
	ahead, dateOnly := time.Duration(0), false
	centre := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := time.Now().Add(ahead).UTC()
		w.Header().Set("Date", now.Format(http.TimeFormat))
		if !dateOnly {
			w.Header().Set(push.HeaderTime, now.Format(time.RFC3339Nano))
		}
		if sent, err := time.Parse(time.RFC3339Nano, r.Header.Get(push.HeaderSent)); err != nil || time.Since(sent).Abs() > time.Minute {
			t.Errorf("the request was sent at %q", r.Header.Get(push.HeaderSent))
		}
		_, _ = w.Write([]byte(`{"Upto":42}`))
	}))
	defer centre.Close()
	var log bytes.Buffer
	client := push.New(centre.URL, nil, push.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, step := range []struct {
		sentence         string
		ahead            time.Duration
		dateOnly         bool
		apart            bool
		warnings, infos  int
		earliest, latest time.Duration
	}{
		{"the clocks agree", 0, false, false, 0, 0, -time.Second, time.Second},
		{"the centre's is a minute ahead", time.Minute, false, true, 1, 0, 59 * time.Second, 61 * time.Second},
		{"and still is: it was told", time.Minute, false, true, 1, 0, 59 * time.Second, 61 * time.Second},
		{"a proxy passes on the date alone", time.Minute, true, true, 1, 0, 58 * time.Second, 62 * time.Second},
		{"it was put right", 0, false, false, 1, 1, -time.Second, time.Second},
		{"it is an hour behind", -time.Hour, true, true, 2, 1, -time.Hour - 2*time.Second, -time.Hour + 2*time.Second},
		{"and right again", 0, true, false, 2, 2, -2 * time.Second, 2 * time.Second},
	} {
		ahead, dateOnly = step.ahead, step.dateOnly
		if _, err := client.Deliver(t.Context(), batch()); err != nil {
			t.Fatal(err)
		}
		clock := client.Clock()
		// On a machine that is busy the answer takes its time, which Within tells.
		slack := clock.Within
		if clock.Ahead < step.earliest-slack || clock.Ahead > step.latest+slack || clock.Apart() != step.apart {
			t.Errorf("%s: %s ± %s", step.sentence, clock.Ahead, clock.Within)
		}
		warnings, infos := strings.Count(log.String(), "level=WARN"), strings.Count(log.String(), "level=INFO")
		if warnings != step.warnings || infos != step.infos {
			t.Errorf("%s: %d warnings and %d infos were logged", step.sentence, warnings, infos)
		}
	}
}
