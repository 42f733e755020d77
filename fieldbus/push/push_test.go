package push_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

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
		{"behind, in the other way", 410, `{"upto":0}`, func(_ energy.Delivery, err error) bool {
			var behind *energy.BehindError
			return errors.As(err, &behind) && behind.Upto == 0
		}},
		{"gone without a word", 410, `{}`, refused(true)},
		{"no such token", 401, `{"detail":"no such token"}`, refused(true)},
		{"too many", 429, `{}`, refused(false)},
		{"a proxy's page", 502, `<html>`, refused(false)},
		{"moved", 307, ``, refused(true)},
		{"not allowed", 403, `{"detail":"no"}`, refused(true)},
		{"nonsense", 200, `<html>`, func(_ energy.Delivery, err error) bool { return err != nil }},
	} {
		var token, path, key string
		centre := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token, path, key = r.Header.Get("Authorization"), r.URL.Path, r.Header.Get("Idempotency-Key")
			w.Header().Set("Location", "http://elsewhere.invalid/")
			if strings.HasPrefix(tt.body, "{") {
				w.Header().Set("Content-Type", "application/problem+json")
			}
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		}))
		delivery, err := push.New(centre.URL+"/", func() (string, error) { return "secret", nil }, push.Options{}).Deliver(t.Context(), batch())
		centre.Close()
		if !tt.check(delivery, err) {
			t.Errorf("%s: %+v, %v", tt.sentence, delivery, err)
		}
		if token != "Bearer secret" || path != push.Path || !strings.HasPrefix(key, "hafen/edge/") || !strings.HasSuffix(key, "/2/42") {
			t.Errorf("%s: asked %s with %q for %q", tt.sentence, path, token, key)
		}
	}
}

// refused expects a refusal that is permanent or not.
func refused(permanent bool) func(energy.Delivery, error) bool {
	return func(_ energy.Delivery, err error) bool {
		var refused *push.RefusedError
		return errors.As(err, &refused) && refused.Permanent() == permanent
	}
}

func TestABatchReachesAnEncryptedCentreWithAClientCertificate(t *testing.T) {
	t.Parallel()
	var got energy.Batch
	var digest string
	centre := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		digest = r.Header.Get("Heatledger-Digest")
		var err error
		if got, err = push.DecodeBatch(r.Body, limit); err != nil || len(r.TLS.PeerCertificates) != 1 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = w.Write([]byte(`{"Upto":42,"Fact":1,"Duplicate":false}`))
	}))
	centre.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	centre.StartTLS()
	defer centre.Close()
	trust := &tls.Config{RootCAs: x509.NewCertPool(), Certificates: centre.TLS.Certificates}
	trust.RootCAs.AddCert(centre.Certificate())
	want := batch()
	client := push.New(centre.URL, nil, push.Options{TLS: trust})
	if client.Clock() != (push.ClockDifference{}) {
		t.Error("the clocks are compared before the centre answered")
	}
	if _, err := client.Deliver(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if d := want.Digest(); !reflect.DeepEqual(got, want) || digest != hex.EncodeToString(d[:]) {
		t.Errorf("%+v came with digest %s", got, digest)
	}
	if clock := client.Clock(); clock.Ahead.Abs() > clock.Within+10*time.Millisecond || clock.Seen.IsZero() {
		t.Errorf("one clock differs from itself by %s ± %s", clock.Ahead, clock.Within)
	}
	if _, err := push.New(centre.URL, nil, push.Options{}).Deliver(t.Context(), want); err == nil {
		t.Error("a centre of an unknown authority was trusted")
	}
}

func TestASecretThatIsNotThereStopsTheDelivery(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	client := push.New("http://127.0.0.1:1", push.TokenFile(file), push.Options{})
	if _, err := client.Deliver(t.Context(), batch()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its file: %v", err)
	}
	if err := os.WriteFile(file, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Deliver(t.Context(), batch()); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("with an empty file: %v", err)
	}
}

func TestABatchThatClaimsTooMuchIsRefusedBeforeItIsUnpacked(t *testing.T) {
	t.Parallel()
	b := batch()
	b.Readings = nil
	for n := range 200_000 {
		b.Readings = append(b.Readings, energy.PointReading{Point: "hafen/p", Reading: energy.Reading{
			At: time.UnixMicro(int64(n)).UTC(), Quality: energy.Measured}})
	}
	one, err := push.EncodeBatch(b)
	if err != nil {
		t.Fatal(err)
	}
	plain := unpack(t, one)
	// The same few bytes of 200,000 readings again and again.
	name := []byte("\x07hafen/p")
	at := bytes.Index(plain, name) - 1
	block := plain[at+1 : len(plain)-32-200_000-3]
	bomb := append(bytes.Clone(plain[:at]), 200, 1)
	bomb = append(bomb, bytes.Repeat(block, 200)...)
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed := packer.EncodeAll(bomb, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := push.DecodeBatch(bytes.NewReader(packed), 1<<30); err == nil {
		t.Error("forty million readings were taken")
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 200<<20 {
		t.Errorf("%d bytes packed took %d MB", len(packed), used>>20)
	}
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	unpacker, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unpacker.Close()
	plain, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestABatchOfAnotherFormIsRefused(t *testing.T) {
	t.Parallel()
	for sentence, change := range map[string]func(*energy.Batch){
		"a point of another site": func(b *energy.Batch) { b.Readings[0].Point = "west/grid" },
		"no site":                 func(b *energy.Batch) { b.Site = "" },
		"no source":               func(b *energy.Batch) { b.Source = "" },
		"an unknown lane":         func(b *energy.Batch) { b.Lane = 3 },
		"sequence 0":              func(b *energy.Batch) { b.Sequence = 0 },
	} {
		b := batch()
		change(&b)
		body, err := push.EncodeBatch(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := push.DecodeBatch(bytes.NewReader(body), limit); err == nil {
			t.Errorf("%s: taken", sentence)
		}
	}
	empty := batch()
	empty.Readings = nil
	body, err := push.EncodeBatch(empty)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := push.DecodeBatch(bytes.NewReader(body), limit); err != nil || len(got.Readings) != 0 {
		t.Errorf("a batch without readings: %v, %v", got, err)
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

// steady is 500 polls of 40 registers, half of them floats.
func steady() energy.Batch {
	b := batch()
	b.Readings = nil
	for poll := range 500 {
		at := time.Date(2025, 6, 3, 0, 0, poll, poll*1000, time.UTC)
		for point := range 40 {
			v := energy.Decimal(int64(1_000_000+poll*(point+1)), -1)
			if point%2 == 0 {
				v = energy.Float(float64(float32(230 + math.Sin(float64(poll*point)))))
			}
			b.Readings = append(b.Readings, energy.PointReading{Point: energy.PointID(fmt.Sprintf("hafen/p%d", point)),
				Reading: energy.Reading{At: at, Value: v, Quality: energy.Measured}})
		}
	}
	return b
}

func BenchmarkEncodeBatch(b *testing.B) {
	batch := steady()
	size := 0
	for b.Loop() {
		body, err := push.EncodeBatch(batch)
		if err != nil {
			b.Fatal(err)
		}
		size = len(body)
	}
	b.ReportMetric(float64(b.N)*float64(len(batch.Readings))/b.Elapsed().Seconds(), "readings/s")
	b.ReportMetric(float64(size)/float64(len(batch.Readings)), "bytes/reading")
}

func BenchmarkDecodeBatch(b *testing.B) {
	batch := steady()
	body, err := push.EncodeBatch(batch)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := push.DecodeBatch(bytes.NewReader(body), 64<<20); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(batch.Readings))/b.Elapsed().Seconds(), "readings/s")
}
