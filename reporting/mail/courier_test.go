package mail_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heatledger/energy/store"
	"heatledger/reporting/mail"
)

// queue queues letters of causes 0 to n-1.
func queue(t testing.TB, s *store.Store, n int) {
	t.Helper()
	for i := range n {
		if _, err := s.QueueMail(t.Context(), store.Mail{Cause: fmt.Sprintf("finding/%d", i), Kind: "findings", To: reader, Subject: fmt.Sprint("letter ", i), Body: "b"}); err != nil {
			t.Fatal(err)
		}
	}
}

// run lets a courier work until enough says so, or ten seconds have passed.
func run(t testing.TB, c *mail.Courier, enough func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	c.Look = 10 * time.Millisecond
	go func() { done <- c.Run(ctx) }()
	deadline := time.Now().Add(10 * time.Second)
	for !enough() && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// clock is a clock that a test turns forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

func entries(t testing.TB, s *store.Store) []store.MailEntry {
	t.Helper()
	list, err := s.ListMail(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEachLetterIsSentOnceAndForgotten(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, nil)
	queue(t, s, 5)
	queue(t, s, 5) // the same causes again
	server := (&smtpServer{}).start(t)
	couriers := []*mail.Courier{{Store: s, Sender: sender(t, server, mail.None), Log: slog.New(slog.DiscardHandler)}, {Store: s, Sender: sender(t, server, mail.None), Log: slog.New(slog.DiscardHandler)}}
	go run(t, couriers[1], func() bool { return len(server.letters()) >= 5 })
	run(t, couriers[0], func() bool { return sentOf(t, s) >= 5 && len(server.letters()) >= 5 })
	if n := len(server.letters()); n != 5 {
		t.Fatalf("%d letters arrived of 5", n)
	}
}

func sentOf(t testing.TB, s *store.Store) (n int64) {
	counts, err := s.CountMail(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, c := range counts {
		n += c.Sent
	}
	return n
}

func TestWhatAServerRefusesIsGivenUpWithAWord(t *testing.T) {
	t.Parallel()
	s, _ := opened(t, nil)
	queue(t, s, 1)
	server := (&smtpServer{answer: map[string]string{"RCPT": "550 5.1.1 <" + reader + "> unknown"}}).start(t)
	var log strings.Builder
	c := &mail.Courier{Store: s, Sender: sender(t, server, mail.None), Log: slog.New(slog.NewTextHandler(&log, nil))}
	run(t, c, func() bool { return entries(t, s)[0].GivenUpAt != nil })
	e := entries(t, s)[0]
	if e.GivenUpAt == nil || !strings.Contains(e.Trouble, "5.1.1") || e.Attempts != 1 {
		t.Errorf("%+v", e)
	}
	if text := log.String() + e.Trouble; strings.Contains(text, "ada") || !strings.Contains(text, "given up") {
		t.Errorf("log and list say %q", text)
	}
	var metrics strings.Builder
	c.WriteMetrics(t.Context(), &metrics)
	if want := `heatledger_mails{kind="findings",state="given_up"} 1`; !strings.Contains(metrics.String(), want) {
		t.Errorf("metrics lack %q:\n%s", want, metrics.String())
	}
}

func TestAGreylistedLetterComesBackLaterAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	var turned clock
	s, _ := opened(t, turned.now)
	queue(t, s, 1)
	if _, err := s.QueueMail(t.Context(), store.Mail{Cause: "other", Kind: "reminder", To: "bob@example.city", Subject: "s", Body: "b"}); err != nil {
		t.Fatal(err)
	}
	server := (&smtpServer{greylist: true}).start(t)
	server.seen["RCPT TO:<bob@example.city>"] = true
	c := &mail.Courier{Store: s, Sender: sender(t, server, mail.None), Log: slog.New(slog.DiscardHandler)}
	run(t, c, func() bool { return len(server.letters()) == 1 && entries(t, s)[1].Trouble != "" })
	if got := server.letters(); len(got) != 1 || !strings.Contains(got[0], "bob@") {
		t.Fatalf("first came %v", got)
	}
	turned.forward(2 * time.Minute)
	run(t, c, func() bool { return len(server.letters()) == 2 && sentOf(t, s) == 2 })
	if list := entries(t, s); len(server.letters()) != 2 || list[1].SentAt == nil || list[1].Attempts != 2 || list[1].Trouble != "" {
		t.Errorf("%d letters; %+v", len(server.letters()), list)
	}
}

func TestAServerThatIsAwayForDaysLosesNothingAndOneForLongerIsTold(t *testing.T) {
	t.Parallel()
	var turned clock
	s, _ := opened(t, turned.now)
	queue(t, s, 2)
	dead := (&smtpServer{}).start(t)
	_ = dead.listener.Close()
	var log strings.Builder
	c := &mail.Courier{Store: s, Sender: sender(t, dead, mail.None), Log: slog.New(slog.NewTextHandler(&log, nil))}
	for range 4 {
		before := entries(t, s)
		run(t, c, func() bool {
			now := entries(t, s)
			return now[0].Attempts > before[0].Attempts && now[1].Attempts > before[1].Attempts && now[0].NextAt.After(before[0].NextAt) && now[1].NextAt.After(before[1].NextAt)
		})
		turned.forward(24 * time.Hour)
	}
	if list := entries(t, s); list[0].Attempts < 4 || list[0].GivenUpAt != nil || !strings.Contains(list[0].Trouble, "refused") {
		t.Fatalf("after four days: %+v", list)
	}
	turned.forward(30 * time.Hour)
	run(t, c, func() bool { return entries(t, s)[0].GivenUpAt != nil })
	if list := entries(t, s); list[0].GivenUpAt == nil || list[1].GivenUpAt == nil {
		t.Errorf("after more than five days: %+v", list)
	}
	if !strings.Contains(log.String(), "could not be delivered in time") || strings.Contains(log.String(), "ada") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestWaitsGrowAndEnd(t *testing.T) {
	t.Parallel()
	total, last := time.Duration(0), time.Duration(0)
	for attempt := 1; attempt <= 100; attempt++ {
		wait := mail.Wait(attempt)
		if wait < last || wait > 6*time.Hour || wait < time.Minute {
			t.Fatalf("wait %d is %s after %s", attempt, wait, last)
		}
		total, last = total+wait, wait
	}
	if total < store.MailLasts {
		t.Errorf("100 attempts are over after %s", total)
	}
}

// childEnv makes the test's binary a courier that sends until it is killed.
const childEnv = "HEATLEDGER_TEST_COURIER"

func TestMain(m *testing.M) {
	if database := os.Getenv(childEnv); database != "" {
		child(database)
		return
	}
	os.Exit(m.Run())
}

// child runs a courier on a database, whose clock is ahead: what a killed one
// had taken is free again.
func child(database string) {
	ahead, err := time.ParseDuration(os.Getenv(childEnv + "_AHEAD"))
	if err != nil {
		panic(err)
	}
	s, err := store.Open(context.Background(), database, store.Options{Now: func() time.Time { return time.Now().Add(ahead) }})
	if err != nil {
		panic(err)
	}
	send, err := mail.New(mail.Settings{Server: "127.0.0.1", Port: os.Getenv(childEnv + "_PORT"), Security: mail.None, From: "heat@example.city"})
	if err != nil {
		panic(err)
	}
	c := mail.Courier{Store: s, Sender: send, Log: slog.New(slog.DiscardHandler), Look: 10 * time.Millisecond}
	_ = c.Run(context.Background())
}

// A letter whose text is on its way when the courier dies may be taken by a
// server that then answers into nothing; nobody can know (RFC 1047). It comes
// again, as the same Message-ID. Before that no kill doubles anything.
func TestACourierThatIsKilledLosesNoLetterAndDoublesNoneThatWasNotOnItsWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stages  []string
		doubles int // at most
	}{
		"before the text goes out":     {[]string{"RCPT", "DATA", "DATA", "RCPT"}, 0},
		"while the text is on its way": {[]string{"LETTER", "END", "END"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := opened(t, nil)
			const n = 8
			queue(t, s, n)
			k := newKiller(t, address)
			for round, stage := range c.stages {
				k.killAt(stage, time.Duration(round)*20*time.Minute)
			}
			k.free.Store(true)
			close(k.goOn)
			after := reopened(t, address, func() time.Time { return time.Now().Add(3 * time.Hour) })
			run(t, &mail.Courier{Store: after, Sender: sender(t, k.server, mail.None), Log: slog.New(slog.DiscardHandler)}, func() bool { return sentOf(t, s) == n })
			arrived := map[string]int{}
			for _, l := range k.server.letters() {
				arrived[regexp.MustCompile(`Message-ID: (<[^>]*>)`).FindStringSubmatch(l)[1]]++
			}
			if doubles := len(k.server.letters()) - len(arrived); len(arrived) != n || doubles > c.doubles {
				t.Errorf("%d letters arrived of %d, and %d doubles: %v", len(arrived), n, doubles, arrived)
			}
		})
	}
}

// killer starts couriers in processes of their own and kills them (SIGKILL) at a
// stage of their conversation with the server.
type killer struct {
	t       *testing.T
	address string
	server  *smtpServer
	at      chan string // the stages, told as they come
	goOn    chan struct{}
	free    atomic.Bool
}

func newKiller(t *testing.T, address string) *killer {
	k := &killer{t: t, address: address, at: make(chan string, 100), goOn: make(chan struct{}, 100)}
	k.server = (&smtpServer{hold: func(stage string) bool {
		if !k.free.Load() {
			k.at <- stage
			<-k.goOn
		}
		return false
	}}).start(t)
	return k
}

// killAt lets a courier whose clock is ahead work until a stage.
func (k *killer) killAt(stage string, ahead time.Duration) {
	k.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+k.address, childEnv+"_PORT="+k.server.port(), childEnv+"_AHEAD="+ahead.String())
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	for reached := false; !reached; {
		select {
		case now := <-k.at:
			if reached = now == stage; !reached {
				k.goOn <- struct{}{}
			}
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			k.t.Fatalf("the courier did not come to %s", stage)
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	k.goOn <- struct{}{}
	drain(k.at, k.goOn)
}

// drain lets a conversation whose other end is dead come to its end.
func drain(at chan string, goOn chan struct{}) {
	for {
		select {
		case <-at:
			goOn <- struct{}{}
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}
