package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// telegrafVersion is the release we compare with.
const telegrafVersion = "v1.37.2"

// telegraf is the peer: inputs.modbus into outputs.file, everything else as it
// comes. Its file is written without fsync.
type telegraf struct {
	program      string
	optimization string // of requests: none, which is the default, or max_insert
	buffer       int    // metric_buffer_limit; 0: the default
}

// buildTelegraf makes the program once, in the cache folder of the account,
// with no more plugins than are measured.
func buildTelegraf(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for telegraf: %w", err)
	}
	dir := filepath.Join(cache, "heatledger", "bench", "telegraf-"+telegrafVersion)
	program := filepath.Join(dir, "telegraf")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	fmt.Fprintf(os.Stderr, "bench: building telegraf %s once, in %s\n", telegrafVersion, dir)
	build := exec.CommandContext(ctx, "go", "install", "-trimpath", "-tags",
		"custom,inputs.modbus,outputs.file,serializers.influx", "github.com/influxdata/telegraf/cmd/telegraf@"+telegrafVersion)
	build.Dir = os.TempDir() // not in our module
	build.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=-mod=mod")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build telegraf %s: %w: %s", telegrafVersion, err, tail(said))
	}
	return program, nil
}

func (t telegraf) name() string { return "telegraf " + t.optimization }

// telegrafFile is where it stores what it read.
const telegrafFile = "metrics.influx"

// start writes the configuration and starts the program.
func (t telegraf) start(ctx context.Context, dir string, d *devices, group int, every time.Duration) (*client, error) {
	if err := t.configure(dir, d.layouts[group], d.Ports[group], every); err != nil {
		return nil, fmt.Errorf("write the configuration of telegraf: %w", err)
	}
	return startClient(ctx, t.name(), dir, t.program, "--config", "telegraf.conf", "--quiet")
}

func (t telegraf) configure(dir string, l layout, ports []int, every time.Duration) error {
	file, err := os.Create(filepath.Join(dir, "telegraf.conf"))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	fmt.Fprintf(out, "[agent]\n  interval = %q\n  flush_interval = \"1s\"\n  omit_hostname = true\n", every)
	if t.buffer > 0 {
		fmt.Fprintf(out, "  metric_buffer_limit = %d\n", t.buffer)
	}
	fmt.Fprintf(out, "[[outputs.file]]\n  files = [%q]\n  data_format = \"influx\"\n", telegrafFile)
	for device, port := range ports {
		fmt.Fprintf(out, "[[inputs.modbus]]\n  name = \"d%04d\"\n  timeout = \"1s\"\n  controller = \"tcp://127.0.0.1:%d\"\n  configuration_type = \"request\"\n", device, port)
		for unit := 1; unit <= l.Units; unit++ {
			fmt.Fprintf(out, "  [[inputs.modbus.request]]\n    slave_id = %d\n    byte_order = \"ABCD\"\n    register = \"holding\"\n    optimization = %q\n", unit, t.optimization)
			if t.optimization == "max_insert" {
				fmt.Fprintf(out, "    optimization_max_register_fill = 50\n") // the documented default is refused when it is not written
			}
			fmt.Fprintf(out, "    fields = [\n")
			for value := range l.Values {
				fmt.Fprintf(out, "      { name=\"v%02d\", address=%d, type=\"FLOAT32\" },\n", value, l.address(value))
			}
			fmt.Fprintf(out, "    ]\n")
		}
	}
	return errors.Join(out.Flush(), file.Close())
}

// count reads the file it wrote.
func (t telegraf) count(_ context.Context, dir string, w window) (*stored, error) {
	file, err := os.Open(filepath.Join(dir, telegrafFile))
	if errors.Is(err, os.ErrNotExist) { // nothing was ever read
		return newStored(w), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what telegraf stored: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	found := newStored(w)
	if err := countLines(file, found); err != nil {
		return nil, fmt.Errorf("read what telegraf stored: %w", err)
	}
	return found, nil
}

// countLines counts the fields of line protocol: name and tags, fields, and the
// instant in nanoseconds, parted by blanks. None of ours holds a blank or comma.
func countLines(from io.Reader, into *stored) error {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		series, rest, _ := bytes.Cut(lines.Bytes(), []byte(" "))
		fields, instant, ok := bytes.Cut(rest, []byte(" "))
		nanoseconds, err := strconv.ParseInt(string(instant), 10, 64)
		if !ok || err != nil {
			return fmt.Errorf("line %q is no line protocol", lines.Bytes())
		}
		at := time.Unix(0, nanoseconds)
		for field := range bytes.SplitSeq(fields, []byte(",")) {
			name, _, _ := bytes.Cut(field, []byte("="))
			into.add(string(series)+" "+string(name), at)
		}
	}
	return lines.Err()
}
