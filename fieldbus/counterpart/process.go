package counterpart

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a running counterpart.
type Process struct {
	Address string // 127.0.0.1:PORT, the same after a restart

	name    string
	command []string
	args    []string
	folder  string

	mu  sync.Mutex // guards run
	run *run
}

// run is one life of a process.
type run struct {
	command *exec.Cmd
	ready   chan string
	started chan error
	done    chan struct{}
}

// patience is how long a counterpart may take until it is ready: a loaded
// machine that makes a certificate for it needs long.
const patience = 90 * time.Second

func start(t testing.TB, name string, args []string, command ...string) *Process {
	t.Helper()
	p := &Process{name: name, command: command, args: args, folder: t.TempDir()} // scripts leave certificates and the like behind
	port, err := p.live(args)
	if err != nil {
		t.Fatalf("%v (tools/setup test installs what is missing)", err)
	}
	t.Cleanup(p.Kill)
	p.Address = "127.0.0.1:" + port
	return p
}

// live starts the program and gives the port it says it listens on.
func (p *Process) live(args []string) (port string, err error) {
	cmd := exec.Command(p.command[0], append(p.command[1:len(p.command):len(p.command)], args...)...)
	cmd.Dir = p.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	r := &run{command: cmd, ready: make(chan string, 1), started: make(chan error, 1), done: make(chan struct{})}
	go r.attend()
	if err := <-r.started; err != nil {
		return "", fmt.Errorf("start %s: %w", p.name, err)
	}
	p.mu.Lock()
	p.run = r
	p.mu.Unlock()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case port := <-r.ready:
		return port, nil
	case <-r.done:
		return "", fmt.Errorf("start %s: it ended before it was ready", p.name)
	case <-late.C:
		p.Kill()
		return "", fmt.Errorf("start %s: it was not ready after %s", p.name, patience)
	}
}

// attend starts the program, reads what it says and waits for its end.
func (r *run) attend() {
	defer close(r.done)
	runtime.LockOSThread() // Pdeathsig follows the thread that started the process
	out, err := r.command.StdoutPipe()
	if err == nil {
		err = r.command.Start()
	}
	r.started <- err
	if err != nil {
		return
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if port, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			select {
			case r.ready <- strings.TrimSpace(port):
			default:
			}
		}
	}
	_ = r.command.Wait() // killed is how it ends
}

// now is the present life of the process.
func (p *Process) now() *run {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}

// Kill ends the process as kill -9 does and waits for it.
func (p *Process) Kill() {
	r := p.now()
	select {
	case <-r.done: // its number may be another's by now
		return
	default:
	}
	_ = syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL)
	<-r.done
}

// Restart kills the process and starts it again at its address.
func (p *Process) Restart() error {
	p.Kill()
	_, port, _ := strings.Cut(p.Address, ":")
	_, err := p.live(append([]string{"--port", port}, p.args...))
	return err
}

// File is the path of a file that the program keeps in its folder.
func (p *Process) File(name string) string { return filepath.Join(p.folder, name) }

// Signal sends s, such as SIGSTOP.
func (p *Process) Signal(s syscall.Signal) error {
	if err := syscall.Kill(-p.now().command.Process.Pid, s); err != nil {
		return fmt.Errorf("signal counterpart: %w", err)
	}
	return nil
}
