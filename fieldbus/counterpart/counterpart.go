// Package counterpart starts the independent programs that tests talk to:
// servers written by others, driven by small scripts in tools/counterparts.
// It is for tests only.
//
// A script prints "ready PORT" on its standard output when it listens on
// 127.0.0.1:PORT. It is killed when the test ends, and with the test process.
package counterpart

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Python starts a script of tools/counterparts with Debian's own interpreter.
func Python(t testing.TB, script string, args ...string) *Process {
	t.Helper()
	return start(t, script, args, "/usr/bin/python3", filepath.Join(Folder(), script))
}

// Node starts a script of tools/counterparts with Node.
func Node(t testing.TB, script string, args ...string) *Process {
	t.Helper()
	return start(t, script, args, NodeBinary(), filepath.Join(Folder(), script))
}

// C compiles a program of tools/counterparts against a library that pkg-config
// knows, and starts it.
func C(t testing.TB, source, library string, args ...string) *Process {
	t.Helper()
	const remedy = "tools/setup test installs what is missing"
	flags, err := exec.Command("pkg-config", "--cflags", "--libs", library).Output()
	if err != nil {
		t.Fatalf("look for %s: %v (%s)", library, err, remedy)
	}
	program := filepath.Join(t.TempDir(), strings.TrimSuffix(source, ".c"))
	compile := append([]string{"-O1", "-Wall", "-o", program, filepath.Join(Folder(), source)}, strings.Fields(string(flags))...)
	if said, err := exec.Command("cc", compile...).CombinedOutput(); err != nil {
		t.Fatalf("compile %s: %v (%s)\n%s", source, err, remedy, said)
	}
	return start(t, source, args, program)
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

// Folder is tools/counterparts of this checkout.
func Folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "tools", "counterparts")
}
