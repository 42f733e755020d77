package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/fieldbus/push"
)

// standIn is a centre that keeps marks alone, as much of one as a collector sees.
type standIn struct {
	*httptest.Server
	away     atomic.Bool  // answers nothing
	refusing atomic.Bool  // knows no token
	ahead    atomic.Int64 // of its clock, ns
	slow     atomic.Int64 // each batch takes as long, ns
	readings atomic.Int64
	tries    atomic.Int64

	mu   sync.Mutex
	upto map[string]uint64 // by site, source, epoch and lane
}

func newStandIn(t *testing.T) *standIn {
	c := unstartedStandIn()
	c.Start()
	t.Cleanup(c.Close)
	return c
}

func unstartedStandIn() *standIn {
	c := &standIn{upto: make(map[string]uint64)}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.tries.Add(1)
		b, err := push.DecodeBatch(r.Body, 64<<20)
		if c.away.Load() {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set(push.HeaderTime, time.Now().Add(time.Duration(c.ahead.Load())).UTC().Format(time.RFC3339Nano))
		if err != nil || c.refusing.Load() {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"detail":"the token is unknown (%v)"}`, err)
			return
		}
		time.Sleep(time.Duration(c.slow.Load()))
		c.mu.Lock()
		defer c.mu.Unlock()
		key := fmt.Sprint(b.Site, b.Source, b.Epoch, b.Lane)
		switch upto := c.upto[key]; {
		case b.Sequence > upto+1:
			w.WriteHeader(http.StatusPreconditionFailed)
			fmt.Fprintf(w, `{"upto":%d}`, upto)
		case b.Sequence == upto+1:
			c.upto[key]++
			c.readings.Add(int64(len(b.Readings)))
			fallthrough
		default:
			fmt.Fprintf(w, `{"Upto":%d}`, c.upto[key])
		}
	}))
	return c
}

// edgeAsked is a collector that shows how it does.
type edgeAsked struct {
	t       *testing.T
	address string
}

func (e edgeAsked) get(path string) (int, string) {
	e.t.Helper()
	answer, err := http.Get("http://" + e.address + path)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(body)
}

func (e edgeAsked) health() (h edgeHealth) {
	e.t.Helper()
	if status, body := e.get("/health"); status == http.StatusOK {
		if err := json.Unmarshal([]byte(body), &h); err != nil {
			e.t.Fatalf("read /health: %v", err)
		}
	}
	return h
}

// metric reads one sample of /metrics; absent is false.
func (e edgeAsked) metric(name string) (value float64, ok bool) {
	e.t.Helper()
	_, body := e.get("/metrics")
	line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindStringSubmatch(body)
	if line == nil {
		return 0, false
	}
	value, err := strconv.ParseFloat(line[1], 64)
	if err != nil {
		e.t.Fatalf("metric %s: %v", name, err)
	}
	return value, true
}

// TestACollectorShowsHowItDoes lets the centre be away, refuse the token, have
// another clock and be well, and looks what the collector shows of each.
func TestACollectorShowsHowItDoes(t *testing.T) {
	t.Parallel()
	dir, centre := t.TempDir(), newStandIn(t)
	centre.away.Store(true)
	config := write(t, dir, "config.yaml", edgeConfig(t, dir, centre.URL, 4, 100*time.Millisecond))
	e := edgeAsked{t, freeAddress(t)}
	collecting := begin(t, "postgres://127.0.0.1:1/nobody-is-asked", "--config", config, "collect", "--listen", e.address)

	eventually(t, "readings wait for the centre, and meters are healthy", func() bool {
		h := e.health()
		return h.Spool.Queued > 100 && h.Spool.Collected == h.Spool.Queued && len(h.Meters) > 0 && h.Meters[0].State == "healthy"
	})
	h := e.health()
	if status, _ := e.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answers %d", status)
	}
	if status, _ := e.get("/readyz"); status != http.StatusOK || !h.Ready {
		t.Errorf("/readyz answers %d while the centre is away, /health says %v", status, h.Ready)
	}
	if _, known := e.metric("heatledger_push_clock_ahead_seconds"); known || !h.Push.LastAnswer.IsZero() {
		t.Error("the clock of a centre that never answered is compared")
	}
	eventually(t, "the failure is shown", func() bool { h = e.health(); return h.Push != nil && h.Push.Failure != push.NoFailure })
	if h.Push.ClockAhead != nil || h.Push.Failure != push.Unreached || h.Push.LastError == "" || h.Push.LastErrorAt.IsZero() || !h.Push.LastSuccess.IsZero() {
		t.Errorf("of a centre that never answered it shows %+v", h.Push)
	}
	if status, body := e.get("/"); status != http.StatusOK || !strings.Contains(body, "/health") {
		t.Errorf("/ answers %d %s", status, body)
	}

	centre.refusing.Store(true)
	centre.away.Store(false)
	centre.ahead.Store(int64(time.Minute))
	eventually(t, "the refusal and the clock are shown as problems", func() bool {
		problems := fmt.Sprint(e.health().Problems)
		return strings.Contains(problems, "the token is unknown") && strings.Contains(problems, "differ by")
	})
	if lanes, _ := e.metric("heatledger_spool_lanes_refused"); lanes < 1 {
		t.Errorf("%v lanes are refused", lanes)
	}
	if ahead, _ := e.metric("heatledger_push_clock_ahead_seconds"); ahead < 45 || ahead > 75 {
		t.Errorf("the centre's clock is said to be %v s ahead, it is a minute", ahead)
	}
	told := func(what string) int { return strings.Count(collecting.stderr.String(), what) }
	if n := told("until a person acts"); n != 1 {
		t.Errorf("the refusal was told %d times", n)
	}

	centre.refusing.Store(false)
	centre.ahead.Store(0)
	eventually(t, "everything is delivered, and nothing is a problem", func() bool {
		h := e.health()
		return len(h.Problems) == 0 && h.Spool.Delivered > 100 && centre.readings.Load() >= h.Spool.Delivered
	})
	if h := e.health(); h.Spool.Collected != h.Spool.Delivered+h.Spool.Queued+h.Spool.Refused+h.Spool.Lost {
		t.Errorf("the account is %+v", h.Spool)
	}
	if n := told("clock and the centre's differ"); n != 1 {
		t.Errorf("the wrong clock was told %d times", n)
	}
	collecting.stop().want(t, exitFine)
}

// TestACollectorReachesAnEncryptedCentreWithItsCertificate asks for a client
// certificate in place of a token.
func TestACollectorReachesAnEncryptedCentreWithItsCertificate(t *testing.T) {
	t.Parallel()
	dir, centre := t.TempDir(), unstartedStandIn()
	centre.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	centre.StartTLS()
	defer centre.Close()
	own := centre.TLS.Certificates[0] // one pair serves both ends
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]}))
	write(t, dir, "edge.pem", certificate)
	write(t, dir, "edge.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	write(t, dir, "ca.pem", certificate)
	config := edgeConfig(t, dir, centre.URL, 2, 100*time.Millisecond)
	config = strings.Replace(config, "token_file: push.token", "certificate: edge.pem, key: edge.key, ca: ca.pem", 1)
	collecting := begin(t, "", "--config", write(t, dir, "config.yaml", config), "collect", "--listen", "")
	eventually(t, "readings arrive", func() bool { return centre.readings.Load() > 100 })
	collecting.stop().want(t, exitFine)

	stranger := strings.Replace(config, ", ca: ca.pem", "", 1) // trusts the system's authorities only
	e := edgeAsked{t, freeAddress(t)}
	refusing := begin(t, "", "--config", write(t, dir, "stranger.yaml", stranger), "collect", "--listen", e.address)
	before := centre.readings.Load()
	eventually(t, "the certificate of an unknown authority is refused", func() bool { return strings.Contains(refusing.stderr.String(), "unknown authority") })
	if h := e.health(); h.Spool.Queued == 0 || centre.readings.Load() != before {
		t.Errorf("to a centre that is not trusted %d readings went, %+v", centre.readings.Load()-before, h.Spool)
	}
	refusing.stop().want(t, exitFine)
}

func TestWhatACollectorShowsIsForThisHostAlone(t *testing.T) {
	t.Parallel()
	local := (&edge{local: true}).handler()
	for host, want := range map[string]int{"127.0.0.1:8081": 200, "localhost": 200, "[::1]:8081": 200, "evil.example:8081": 403, "evil.example": 403} {
		r := httptest.NewRequest("GET", "/healthz", nil)
		r.Host = host
		w := httptest.NewRecorder()
		local.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("asked by the name %s it answers %d, want %d", host, w.Code, want)
		}
	}
}

func TestAnAddressThatIsTakenKeepsNobodyFromCollecting(t *testing.T) {
	t.Parallel()
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	address := strings.TrimPrefix(taken.URL, "http://")
	dir := t.TempDir()
	config := write(t, dir, "config.yaml", edgeConfig(t, dir, newStandIn(t).URL, 1, time.Second))
	o := command(t, "", "--config", config, "collect", "--listen", address).want(t, exitWrong)
	if !strings.Contains(o.stderr, address) {
		t.Errorf("the address that is taken is not named:\n%s", o.stderr)
	}
	command(t, "", "--config", config, "collect", "--listen", "nonsense").want(t, exitUsage)
	silent := begin(t, "", "--config", config, "collect", "--listen", "")
	eventually(t, "it collects without showing anything", func() bool { return strings.Contains(silent.stderr.String(), "msg=collecting") })
	silent.stop().want(t, exitFine)
	if strings.Contains(silent.stderr.String(), "showing health") {
		t.Errorf("told to show nothing it says:\n%s", silent.stderr)
	}
}

// edgeConfig is the configuration of a collector that reads meters of ten
// registers each and pushes to a centre.
func edgeConfig(t *testing.T, dir, centre string, meters int, every time.Duration) string {
	t.Helper()
	write(t, dir, "push.token", "secret\n")
	var c strings.Builder
	fmt.Fprintf(&c, "data_dir: ./var\ncollector: {name: cellar}\npush: {url: '%s', token_file: push.token}\nspool: {batch: 1s}\nconnections:\n", centre)
	for m := range meters {
		if m%10 == 0 {
			fmt.Fprintf(&c, "  - id: line-%d\n    modbus: {url: 'tcp://%s'}\n    meters:\n", m/10, newRegisters(t))
		}
		fmt.Fprintf(&c, "      - {id: meter-%d, unit: %d, every: %s, registers: [", m, m%10+1, every)
		for p := range 10 {
			fmt.Fprintf(&c, "{point: hall%d/m%d-p%d, table: holding, address: %d, type: float32, unit: W}, ", m/10, m, p, 2*p)
		}
		c.WriteString("]}\n")
	}
	return c.String()
}
