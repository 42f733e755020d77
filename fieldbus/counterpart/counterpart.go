// Package counterpart starts the independent programs that tests talk to:
// servers written by others, driven by small scripts in tools/counterparts.
// It is for tests only.
//
// A script prints "ready PORT" on its standard output when it listens on
// 127.0.0.1:PORT. It is killed when the test ends, and with the test process.
package counterpart

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Process is a running counterpart.
type Process struct {
	Address string // 127.0.0.1:PORT
	command *exec.Cmd
	done    chan struct{}
}

// Python starts a script of tools/counterparts with Debian's own interpreter.
func Python(t testing.TB, script string, args ...string) *Process {
	t.Helper()
	return start(t, "/usr/bin/python3", script, args)
}

// Node starts a script of tools/counterparts with Node.
func Node(t testing.TB, script string, args ...string) *Process {
	t.Helper()
	return start(t, NodeBinary(), script, args)
}

// NodeBinary is the Node that runs the counterparts: the one tools/setup brought
// where the machine's own is too old, else the machine's.
func NodeBinary() string {
	own, _ := filepath.Glob(filepath.Join(Folder(), "..", "node", "node_modules", "node-linux-*", "bin", "node"))
	if len(own) > 0 {
		return own[0]
	}
	return "node"
}

func start(t testing.TB, interpreter, script string, args []string) *Process {
	t.Helper()
	cmd := exec.Command(interpreter, append([]string{filepath.Join(Folder(), script)}, args...)...)
	cmd.Dir = t.TempDir() // scripts leave certificates and the like behind
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("start %s: %v", script, err)
	}
	p := &Process{command: cmd, done: make(chan struct{})}
	ready := make(chan string, 1)
	started := make(chan error, 1)
	go func() {
		defer close(p.done)
		runtime.LockOSThread() // Pdeathsig follows the thread that started the process
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if port, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				select {
				case ready <- strings.TrimSpace(port):
				default:
				}
			}
		}
		_ = cmd.Wait() // killed is how it ends
	}()
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v (tools/setup test installs what is missing)", script, err)
	}
	t.Cleanup(p.Kill)
	select {
	case port := <-ready:
		p.Address = "127.0.0.1:" + port
	case <-p.done:
		t.Fatalf("%s ended before it was ready", script)
	case <-time.After(60 * time.Second):
		t.Fatalf("%s was not ready after 60 s", script)
	}
	return p
}

// Kill ends the process as kill -9 does and waits for it.
func (p *Process) Kill() {
	_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// Signal sends s, such as SIGSTOP.
func (p *Process) Signal(s syscall.Signal) error {
	if err := syscall.Kill(-p.command.Process.Pid, s); err != nil {
		return fmt.Errorf("signal counterpart: %w", err)
	}
	return nil
}

// Folder is tools/counterparts of this checkout.
func Folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "tools", "counterparts")
}
