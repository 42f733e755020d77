package push_test

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus/push"
)

func batch() energy.Batch {
	at := time.Date(2025, 6, 3, 0, 0, 0, 123456000, time.UTC)
	reading := func(point energy.PointID, after time.Duration, v energy.Value, length time.Duration) energy.PointReading {
		return energy.PointReading{Point: point, Reading: energy.Reading{At: at.Add(after), Length: length, Value: v, Quality: energy.Measured}}
	}
	return energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Backlog, Sequence: 42, Readings: []energy.PointReading{
		reading("hafen/grid", 0, energy.Decimal(10, -2), 0), // 0.10 stays 0.10
		reading("hafen/power", time.Millisecond, energy.Float(math.Pi), 0),
		reading("hafen/grid", time.Second, energy.Decimal(11, -2), 0),
		reading("hafen/grid", time.Second, energy.Float(0.11), 0), // another form at the same instant
		reading("hafen/bill", 0, energy.Decimal(7, 3), 15*time.Minute),
	}}
}

const limit = 1 << 20

func TestABatchTravelsToTheLastBit(t *testing.T) {
	t.Parallel()
	want := batch()
	body, err := push.EncodeBatch(want)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	got, err := push.DecodeBatch(bytes.NewReader(body), limit)
	if err != nil || !reflect.DeepEqual(got, want) || got.Digest() != want.Digest() {
		t.Errorf("decoded %+v, %v, want %+v", got, err, want)
	}
	if _, err := push.DecodeBatch(bytes.NewReader(body), 100); err == nil {
		t.Error("a batch beyond the limit was taken")
	}
}

func TestADamagedBatchIsRefused(t *testing.T) {
	t.Parallel()
	body, err := push.EncodeBatch(batch())
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	want := batch().Readings
	for i := range body {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			damaged := bytes.Clone(body)
			damaged[i] ^= flip
			if got, err := push.DecodeBatch(bytes.NewReader(damaged), limit); err == nil && !reflect.DeepEqual(got.Readings, want) {
				t.Errorf("byte %d damaged: other readings were taken", i)
			}
		}
		if _, err := push.DecodeBatch(bytes.NewReader(body[:i]), limit); err == nil {
			t.Errorf("a batch cut at byte %d was taken", i)
		}
	}
}

func TestTheCentresAnswersMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		status   int
		body     string
		check    func(energy.Delivery, error) bool
	}{
		{"taken", 200, `{"Upto":42,"Fact":7,"Duplicate":false}`, func(d energy.Delivery, err error) bool { return err == nil && d.Upto == 42 && d.Fact == 7 }},
		{"known with other content", 409, `{}`, func(_ energy.Delivery, err error) bool { return errors.Is(err, energy.ErrConflict) }},
		{"behind", 412, `{"upto":17}`, func(_ energy.Delivery, err error) bool {
			var behind *energy.BehindError
			return errors.As(err, &behind) && behind.Upto == 17
		}},
		{"a proxy's page", 502, `<html>`, func(_ energy.Delivery, err error) bool { return err != nil }},
		{"not allowed", 403, `{"detail":"no"}`, func(_ energy.Delivery, err error) bool { return err != nil }},
		{"nonsense", 200, `<html>`, func(_ energy.Delivery, err error) bool { return err != nil }},
	} {
		var token, path string
		centre := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token, path = r.Header.Get("Authorization"), r.URL.Path
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		delivery, err := push.New(centre.URL+"/", func() (string, error) { return "secret", nil }, push.Options{}).Deliver(t.Context(), batch())
		centre.Close()
		if !tt.check(delivery, err) {
			t.Errorf("%s: %+v, %v", tt.sentence, delivery, err)
		}
		if token != "Bearer secret" || path != push.Path {
			t.Errorf("%s: asked %s with %q", tt.sentence, path, token)
		}
	}
}

func FuzzDecodeBatch(f *testing.F) {
	body, err := push.EncodeBatch(batch())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(body[:len(body)/2])
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := push.DecodeBatch(bytes.NewReader(body), limit)
		if err != nil {
			return
		}
		again, err := push.EncodeBatch(got)
		if err != nil {
			t.Fatalf("encode what was decoded: %v", err)
		}
		if back, err := push.DecodeBatch(bytes.NewReader(again), limit); err != nil || back.Digest() != got.Digest() {
			t.Errorf("decoded, encoded and decoded again: %v, another batch", err)
		}
	})
}
