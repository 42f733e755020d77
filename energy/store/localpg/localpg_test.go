package localpg_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/store/localpg"
)

// TestMain lets the test binary also be a second user: with a data directory
// in the environment it starts the server, says so and waits to be killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("LOCALPG_TEST_USER_OF")
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := localpg.Start(context.Background(), localpg.Options{DataDir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.PID())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(context.Background()); err != nil {
		os.Exit(1)
	}
}

func TestTheServerStopsWithItsLastUser(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	first, second := start(t, dir), start(t, dir)
	if first.PID() != second.PID() || first.URL() != second.URL() {
		t.Fatalf("two users have servers %d at %s and %d at %s, want the same", first.PID(), first.URL(), second.PID(), second.URL())
	}
	stop(t, first) // the one that started it
	if got := ask(t, second.URL(), "select 42"); got != 42 {
		t.Errorf("after the starter left: got %d", got)
	}
	stop(t, second)
	if alive(second.PID()) {
		t.Errorf("server %d runs without a user", second.PID())
	}
	third := start(t, dir)
	if got := ask(t, third.URL(), "select 43"); got != 43 {
		t.Errorf("after a new start: got %d", got)
	}
	stop(t, third)
}

func TestManyStartAndStopAtOnce(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for range 3 {
				s, err := localpg.Start(t.Context(), localpg.Options{DataDir: dir})
				if err != nil {
					t.Error(err)
					return
				}
				if got := ask(t, s.URL(), "select 7"); got != 7 {
					t.Errorf("got %d", got)
				}
				if err := s.Stop(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if pid := runningPID(dir); pid != 0 {
		t.Errorf("server %d runs without a user", pid)
	}
}

func TestTheServerStopsWhenItsLastUserIsKilled(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	user, pid := otherUser(t, dir)
	if err := user.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = user.Wait()
	waitFor(t, "the guard stops the server", func() bool { return !alive(pid) })
}

func TestTheServerOutlivesItsKilledStarter(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	user, pid := otherUser(t, dir)
	mine := start(t, dir)
	if err := user.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = user.Wait()
	if got := ask(t, mine.URL(), "select 1"); got != 1 || mine.PID() != pid {
		t.Errorf("got %d from server %d, want 1 from %d", got, mine.PID(), pid)
	}
	stop(t, mine)
	if alive(pid) {
		t.Errorf("server %d runs without a user", pid)
	}
}

func TestAKilledServerIsStartedAgainAndHasItsRows(t *testing.T) {
	t.Parallel()
	s := start(t, dataDir(t))
	ask(t, s.URL(), "with t as (select 1) select 1 from t")
	exec1(t, s.URL(), "create table kept (n int); insert into kept values (17)")
	killed := s.PID()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "another server", func() bool { return s.PID() != killed })
	if got := ask(t, s.URL(), "select n from kept"); got != 17 {
		t.Errorf("got %d, want 17", got)
	}
	stop(t, s)
}

func TestTheWorkRoleIsNoSuperuser(t *testing.T) {
	t.Parallel()
	s := start(t, dataDir(t))
	defer stop(t, s)
	for name, sql := range map[string]string{
		"work role is no superuser": "select count(*)::int from pg_roles where rolname = current_user and not rolsuper",
		"it may make tables":        "select has_schema_privilege('public', 'create')::int",
		"pages carry checksums":     "select (current_setting('data_checksums') = 'on')::int",
		"nothing listens on TCP":    "select (current_setting('listen_addresses') = '')::int",
		"the locale is C":           "select count(*)::int from pg_database where datname = current_database() and datcollate = 'C'",
	} {
		if got := ask(t, s.URL(), sql); got != 1 {
			t.Errorf("%s: got %d", name, got)
		}
	}
}

func TestWhatStandsInTheWayIsNamedWithItsRemedy(t *testing.T) {
	t.Parallel()
	closed := dataDir(t)
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	foreign := dataDir(t)
	if err := os.MkdirAll(filepath.Join(foreign, "postgresql", "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "postgresql", "data", "PG_VERSION"), []byte("9\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		opts localpg.Options
		want []string
	}{
		"a data directory the account may not enter": {
			localpg.Options{DataDir: filepath.Join(closed, "below")}, []string{closed, "data_dir"}},
		"a cluster of a version that is not installed": {
			localpg.Options{DataDir: foreign}, []string{"PostgreSQL 9", "postgresql-9"}},
		"an account that does not exist": {
			localpg.Options{DataDir: dataDir(t), Account: "no-such-account"}, []string{"no-such-account"}},
	} {
		s, err := localpg.Start(t.Context(), c.opts)
		if err == nil {
			stop(t, s)
			t.Errorf("%s: no error", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error does not name %q: %v", name, want, err)
			}
		}
	}
}

// dataDir is a directory that the server's account may enter, unlike t.TempDir.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localpg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700)
		// A guard that was killed with its user may still be on its way out.
		waitFor(t, "remove "+dir, func() bool { return os.RemoveAll(dir) == nil })
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *localpg.Server {
	t.Helper()
	s, err := localpg.Start(t.Context(), localpg.Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *localpg.Server) {
	t.Helper()
	if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// otherUser is a process that uses the server of dir, and the server's pid.
func otherUser(t *testing.T, dir string) (*exec.Cmd, int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCALPG_TEST_USER_OF="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("the other user says: %s", line)
	}
	return cmd, pid
}

func ask(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer conn.Close(context.Background()) //nolint:errcheck // only read
	if err := conn.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Error(err)
	}
	return n
}

func exec1(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // done
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// alive tells whether the process runs and is no zombie.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func runningPID(dir string) int {
	text, err := os.ReadFile(filepath.Join(dir, "postgresql", "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	return pid
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}
