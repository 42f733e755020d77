package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/plantsim"
)

// campaignRounds is how many times something is killed, stopped or restarted.
const campaignRounds = 200

// program is the real binary under test, started again and again.
type program struct {
	t       *testing.T
	binary  string
	config  string
	listen  string
	url     string // DATABASE_URL
	output  *os.File
	command *exec.Cmd
	ended   chan struct{}
}

// build compiles the program as users get it.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "heatledger")
	cmd := exec.Command("go", "build", "-o", binary, "heatledger/cmd/heatledger")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return binary
}

func (p *program) start() {
	p.t.Helper()
	p.command = exec.Command(p.binary, "serve", "--config", p.config, "--listen", p.listen)
	p.command.Env = append(os.Environ(), "DATABASE_URL="+p.url)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.command.Start(); err != nil {
		p.t.Fatalf("start the program: %v", err)
	}
	p.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		defer close(ended)
		_ = cmd.Wait() // killed is how it usually ends
	}(p.command, p.ended)
}

func (p *program) signal(s syscall.Signal) { _ = syscall.Kill(p.command.Process.Pid, s) }

// stop sends s and waits for the end.
func (p *program) stop(s syscall.Signal) {
	p.t.Helper()
	p.signal(s)
	select {
	case <-p.ended:
	case <-time.After(60 * time.Second):
		p.signal(syscall.SIGQUIT)
		<-p.ended
		p.t.Fatalf("the program did not end within a minute of %s", s)
	}
}

// clerk hands in readings over HTTP all the while, and repeats each until it
// has a receipt, as somebody with a bad line does.
type clerk struct {
	url, token string
	sent       int
	failures   int
}

func (c *clerk) run(ctx context.Context) {
	for ctx.Err() == nil {
		if c.post(ctx, c.sent) {
			c.sent++
			continue
		}
		c.failures++
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// clerkReading is the n-th reading: one an hour, from 2024 on.
func clerkReading(n int) (at time.Time, value int) {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour), 1000 + 3*n
}

func (c *clerk) post(ctx context.Context, n int) bool {
	at, value := clerkReading(n)
	body := fmt.Sprintf("point,at,value\nhafen/by-hand,%s,%d\n", at.Format(time.RFC3339), value)
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/v1/readings", strings.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "text/csv")
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var receipt struct{ Accepted, Duplicate int }
	return answer.StatusCode == http.StatusOK && json.NewDecoder(answer.Body).Decode(&receipt) == nil && receipt.Accepted+receipt.Duplicate == 1
}

// TestEveryCollectedReadingIsThereOnceThroughKills is the counting campaign:
// the program, PostgreSQL or both are killed, stopped and restarted at random
// under load; afterwards every reading that was collected is a fact, once, and
// the sums of the days equal the differences of the counters.
func TestEveryCollectedReadingIsThereOnceThroughKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	cluster := storetest.NewCluster(t)
	dir := campaignPlant(t)
	output, err := os.Create(filepath.Join(dir, "program.log"))
	if err != nil {
		t.Fatalf("make the program's log: %v", err)
	}
	defer output.Close()
	p := &program{t: t, binary: build(t), config: filepath.Join(dir, "config.yaml"), listen: freeAddress(t), url: cluster.URL(), output: output}
	token := campaignToken(t, cluster.URL())
	p.start()
	defer func() { p.stop(syscall.SIGKILL) }()

	ctx, cancel := context.WithCancel(t.Context())
	c := &clerk{url: "http://" + p.listen, token: token}
	var posting sync.WaitGroup
	posting.Go(func() { c.run(ctx) })
	counts := map[string]int{}
	for range campaignRounds {
		time.Sleep(time.Duration(100+rnd.IntN(900)) * time.Millisecond)
		counts[strike(t, rnd, p, cluster)]++
	}
	cluster.Start()
	drained(t, p)
	cancel()
	posting.Wait()
	p.stop(syscall.SIGTERM)
	t.Logf("strikes: %v; %d readings handed in, %d attempts in vain", counts, c.sent, c.failures)
	account(t, dir, cluster.URL(), c.sent)
	if t.Failed() {
		log, _ := os.ReadFile(output.Name())
		t.Logf("the program's log ends:\n%s", log[max(0, len(log)-20_000):])
	}
}

// strike does something to the program, the database or both.
func strike(t *testing.T, rnd *rand.Rand, p *program, cluster *storetest.Cluster) string {
	t.Helper()
	pause := func() { time.Sleep(time.Duration(rnd.IntN(600)) * time.Millisecond) }
	switch rnd.IntN(7) {
	case 0, 1:
		p.stop(syscall.SIGKILL)
		p.start()
		return "program killed"
	case 2:
		cluster.Kill9()
		pause()
		cluster.Start()
		return "database killed"
	case 3:
		cluster.Kill9()
		p.stop(syscall.SIGKILL)
		p.start() // finds no database
		pause()
		cluster.Start()
		return "both killed"
	case 4:
		p.signal(syscall.SIGSTOP)
		pause()
		p.signal(syscall.SIGCONT)
		return "program stopped for a while"
	case 5:
		p.stop(syscall.SIGTERM)
		p.start()
		return "program restarted"
	}
	cluster.Stop()
	pause()
	cluster.Start()
	return "database restarted"
}

// campaignPlant serves the virtual plant with fast polls, and writes its
// configuration with batches as short as the rounds.
func campaignPlant(t *testing.T) string {
	t.Helper()
	sites := plantsim.SmallTown()
	for i := range sites {
		for j := range sites[i].Connections {
			for k := range sites[i].Connections[j].Meters {
				sites[i].Connections[j].Meters[k].Every = 200 * time.Millisecond // as often as an UMG 96RM renews its registers
			}
		}
	}
	plant, err := plantsim.Start(t.Context(), plantsim.Options{Seed: 1, Sites: sites})
	if err != nil {
		t.Fatalf("start the plant: %v", err)
	}
	t.Cleanup(func() { _ = plant.Close() })
	dir := t.TempDir()
	if err := plant.WriteConfig(dir); err != nil {
		t.Fatalf("write the plant's configuration: %v", err)
	}
	config, err := os.OpenFile(filepath.Join(dir, "config.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatalf("open the configuration: %v", err)
	}
	defer config.Close()
	if _, err := fmt.Fprintln(config, "spool: {batch: 300ms}"); err != nil {
		t.Fatalf("write the configuration: %v", err)
	}
	file := filepath.Join(dir, "registry.yaml")
	registry, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read the registry: %v", err)
	}
	byHand := "    meters:\n      - id: hafen-by-hand\n        points: [{id: hafen/by-hand, quantity: active_energy_import, use: info}]\n"
	registry = bytes.Replace(registry, []byte("    meters:\n"), []byte(byHand), 1)
	if err := os.WriteFile(file, registry, 0o644); err != nil {
		t.Fatalf("write the registry: %v", err)
	}
	return dir
}

func campaignToken(t *testing.T, url string) string {
	t.Helper()
	s := openStore(t, url)
	defer s.Close()
	text, err := s.CreateToken(t.Context(), store.Token{Name: "clerk", Role: "admin"})
	if err != nil {
		t.Fatalf("make a token: %v", err)
	}
	return text
}

func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatalf("migrate the database: %v", err)
	}
	return s
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}

// drained waits until the program has delivered for a while without a strike.
func drained(t *testing.T, p *program) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		time.Sleep(time.Second)
		answer, err := http.Get("http://" + p.listen + "/readyz")
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			time.Sleep(3 * time.Second)
			return
		}
	}
	t.Errorf("the program was not ready again within a minute")
}
