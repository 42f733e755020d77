package spool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
)

// The test binary is its own child: with childDir set it collects into that
// spool until it is killed, and writes the number of each reading that Collect
// took to its standard output, and "refused" for each that it did not take.
const (
	childDir  = "HEATLEDGER_TEST_SPOOL"
	childSize = "HEATLEDGER_TEST_FILE_SIZE" // limit of a file's size in bytes, which a full disk is like
	childFrom = "HEATLEDGER_TEST_FROM"      // the first number
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func child(dir string) error {
	from, err := strconv.ParseInt(os.Getenv(childFrom), 10, 64)
	if err != nil {
		return err
	}
	if limit, err := strconv.ParseUint(os.Getenv(childSize), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	s, err := Open(dir, Options{Source: "edge", BatchEvery: 10 * time.Millisecond, BacklogAfter: 50 * time.Millisecond,
		BatchReadings: 200, Gather: time.Microsecond, fileBytes: 1 << 20})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var background sync.WaitGroup
	background.Go(func() {
		// What it cuts meanwhile is for the parent's centre.
		_ = s.Deliver(ctx, deliverFunc(func(context.Context, energy.Batch) (energy.Delivery, error) {
			return energy.Delivery{}, errAway
		}))
	})
	var callers sync.WaitGroup
	var out sync.Mutex
	for caller := range int64(8) {
		callers.Go(func() {
			for n, refused := from+caller, 0; refused < 50; n += 8 {
				switch err := s.Collect(ctx, numbered1(n)); {
				case errors.Is(err, ErrFull):
					refused++
					out.Lock()
					fmt.Println("refused")
					out.Unlock()
					continue
				case err != nil:
					fmt.Fprintln(os.Stderr, err)
					return
				}
				out.Lock()
				fmt.Println(n)
				out.Unlock()
			}
		})
	}
	callers.Wait()
	stop()
	background.Wait()
	return nil // without Close: the kernel ends it as it ends a killed one
}

func numbered1(n int64) []energy.PointReading {
	return []energy.PointReading{{Point: energy.PointID(fmt.Sprintf("site%d/p%d", n%3, n%11)), Reading: energy.Reading{
		At: noon.Add(time.Duration(n) * time.Microsecond), Value: energy.Decimal(n, 0), Quality: energy.Measured}}}
}

// running is a child that collects.
type running struct {
	*exec.Cmd
	collecting chan struct{} // closed when it wrote its first number, or ended
	done       chan struct{}
	numbers    []int64 // valid when done is closed
	refused    int     // likewise
}

func start(t *testing.T, dir string, from int64, more ...string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command(os.Args[0]), collecting: make(chan struct{}), done: make(chan struct{})}
	r.Env = append(os.Environ(), append(more, childDir+"="+dir, fmt.Sprintf("%s=%d", childFrom, from))...)
	r.Stderr = os.Stderr
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.done)
		var begun sync.Once
		defer begun.Do(func() { close(r.collecting) })
		for in := bufio.NewReader(out); ; {
			line, err := in.ReadString('\n')
			if err != nil { // the last line may be cut short
				_ = r.Wait() // killed is how it ends
				return
			}
			if n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil {
				r.numbers = append(r.numbers, n)
			} else if strings.HasPrefix(line, "refused") {
				r.refused++
			}
			begun.Do(func() { close(r.collecting) })
		}
	}()
	t.Cleanup(func() {
		_ = r.Process.Kill() // it may have ended
		<-r.done
	})
	return r
}

// kill ends the child and gives the readings that it was told are durable.
func (r *running) kill(t *testing.T) []int64 {
	t.Helper()
	if err := r.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-r.done
	return r.numbers
}

func TestKilledAtFullSpeedNothingCollectedIsMissing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newCentre()
	var kept []int64
	for round := range int64(12) {
		r := start(t, dir, round*10_000_000)
		<-r.collecting
		time.Sleep(rand.N(150 * time.Millisecond)) // the moment of the kill is random
		kept = append(kept, r.kill(t)...)
		if round%3 != 2 {
			continue
		}
		s, err := Open(dir, Options{Source: "edge"})
		if err != nil {
			t.Fatal(err)
		}
		mustDrain(t, s, c)
		if st := s.Stats(); st.Collected != st.Delivered || int(st.Collected) != c.readings() || st.SetAside != 0 {
			t.Errorf("round %d: %d at the centre, %+v", round, c.readings(), st)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept) < 1000 {
		t.Errorf("%d readings were collected in all", len(kept))
	}
	for _, n := range kept {
		if times := c.count(numbered1(n)[0]); times != 1 {
			t.Fatalf("reading %d, which was collected, is at the centre %d times", n, times)
		}
	}
	for r, times := range c.facts {
		if times != 1 {
			t.Fatalf("%v is at the centre %d times", r, times)
		}
	}
}

func TestAProcessThatMayWriteNoMoreKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, dir, 0, childSize+"=100000")
	<-r.done
	kept := r.numbers
	if !r.ProcessState.Success() || len(kept) < 1000 {
		t.Errorf("the child ended with %s after %d readings", r.ProcessState, len(kept))
	}
	s, err := Open(dir, Options{Source: "edge"})
	if err != nil {
		t.Fatal(err)
	}
	c := newCentre()
	mustDrain(t, s, c)
	for _, n := range kept {
		if times := c.count(numbered1(n)[0]); times != 1 {
			t.Fatalf("reading %d, which was collected, is at the centre %d times", n, times)
		}
	}
	st := s.Stats()
	if r.refused != 8*50 || int(st.Refused) != r.refused || int(st.Delivered) != c.readings() || st.Collected != st.Delivered+st.Refused {
		t.Errorf("%d readings were refused, %d delivered, and counted: %+v", r.refused, c.readings(), st)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherProcessIsToldThePid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := start(t, dir, 0)
	<-r.collecting
	var held *HeldError
	if _, err := Open(dir, Options{Source: "edge"}); !errors.As(err, &held) || held.PID != r.Process.Pid {
		t.Errorf("got %v, the child is %d", err, r.Process.Pid)
	}
}
