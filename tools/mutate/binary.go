package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// binary is the compiled tests of a package with its mutants.
type binary struct {
	*pack
	path string
	work string // folder to compile in
}

// test is one test function, what it takes and which mutants it reaches.
type test struct {
	name    string
	took    time.Duration
	reaches map[int]bool
}

// compile builds the common binary in a folder.
func (p *pack) compile(ctx context.Context, work string) (*binary, error) {
	written, err := p.schema()
	if err != nil {
		return nil, err
	}
	b := &binary{pack: p, work: work, path: filepath.Join(work, "mutants.test")}
	return b, p.build(ctx, work, b.path, written)
}

// build compiles the tests with some files overlaid.
func (p *pack) build(ctx context.Context, work, path string, overlaid map[string]string) error {
	replace := map[string]string{}
	for name, text := range overlaid {
		at := filepath.Join(work, name+".txt")
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write a mutated file: %w", err)
		}
		replace[filepath.Join(p.dir, name)] = at
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return fmt.Errorf("write the overlay: %w", err)
	}
	list := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return fmt.Errorf("write the overlay: %w", err)
	}
	_, err = goCommand(ctx, p.dir, "test", "-c", "-vet=off", "-overlay", list, "-o", path, ".")
	return err
}

// tests runs each test by itself, without a mutant, and notes what it reaches.
func (b *binary) tests(ctx context.Context, o options) ([]test, error) {
	list, err := b.command(ctx, b.path, 0, "-test.list", "^(Test|Fuzz|Example)").Output()
	if err != nil {
		return nil, fmt.Errorf("list the tests: %w", err)
	}
	notes := filepath.Join(b.work, "reached")
	var tests []test
	for name := range strings.FieldsSeq(string(list)) {
		c := b.command(ctx, b.path, 0, b.arguments(o, name)...)
		c.Env = append(c.Environ(), "MUTANT_REACH="+notes)
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("run %s without a mutant: %w\n%s", name, err, out)
		}
		reached, err := os.ReadFile(notes)
		if err != nil {
			return nil, fmt.Errorf("read what %s reaches: %w", name, err)
		}
		t := test{name: name, reaches: map[int]bool{}}
		for line := range strings.FieldsSeq(string(reached)) {
			if id, err := strconv.Atoi(line); err == nil {
				t.reaches[id] = true
			}
		}
		began := time.Now()
		if out, err := b.command(ctx, b.path, 0, b.arguments(o, name)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("run %s without a mutant: %w\n%s", name, err, out)
		}
		t.took = time.Since(began)
		tests = append(tests, t)
	}
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return tests, nil
}

// arguments let a test binary run some tests up to the first failure. Property
// tests draw the same in each run and do not look for a smaller failure.
func (b *binary) arguments(o options, names ...string) []string {
	list := []string{"-test.run", "^(" + strings.Join(names, "|") + ")$", "-test.failfast", "-test.parallel", "1"}
	if b.rapid {
		list = append(list, "-rapid.checks", strconv.Itoa(o.checks), "-rapid.seed", "1", "-rapid.nofailfile", "-rapid.shrinktime", "1ms")
	}
	return list
}

// memoryLimitKiB keeps a mutant that allocates without end from taking the
// whole machine.
const memoryLimitKiB = 4 << 20

// command starts a test binary on a mutant, in the package's folder.
func (b *binary) command(ctx context.Context, path string, id int, args ...string) *exec.Cmd {
	return b.limited(ctx, 0, path, id, args...)
}

// limited is command for a test binary that may take some seconds of processor
// time, as many as it wants for 0. Unlike those of the clock, they do not hang
// on what else the machine does.
func (b *binary) limited(ctx context.Context, seconds int, path string, id int, args ...string) *exec.Cmd {
	limit := fmt.Sprintf("ulimit -v %d && ", memoryLimitKiB)
	if seconds > 0 {
		limit += fmt.Sprintf("ulimit -t %d && ", seconds)
	}
	limit += `exec "$0" "$@"`
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", limit, path}, args...)...)
	c.Dir = b.dir
	c.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(id), "GOMAXPROCS=2", "GOTRACEBACK=none")
	c.WaitDelay = time.Second
	return c
}

// kill tries all mutants, some at a time, and tells of each when it is done.
func (b *binary) kill(ctx context.Context, mutants []*mutant, tests []test, o options, done func(*mutant)) error {
	var telling sync.Mutex
	queue := make(chan *mutant)
	faults := make([]error, max(1, o.jobs))
	var workers sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for worker := range faults {
		work := filepath.Join(b.work, fmt.Sprint("worker", worker))
		workers.Go(func() {
			for m := range queue {
				if err := b.tryOne(ctx, m, tests, o, work); err != nil && faults[worker] == nil {
					faults[worker] = fmt.Errorf("try the mutant %s: %w", m.key(), err)
					cancel()
				}
				telling.Lock()
				if ctx.Err() == nil {
					done(m)
				}
				telling.Unlock()
			}
		})
	}
	for _, m := range mutants {
		queue <- m
	}
	close(queue)
	workers.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// tryOne runs the tests that reach a mutant, the quick ones first.
func (b *binary) tryOne(ctx context.Context, m *mutant, tests []test, o options, work string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := b.path
	if m.alone {
		if err := os.MkdirAll(work, 0o700); err != nil {
			return fmt.Errorf("make a folder to compile in: %w", err)
		}
		path = filepath.Join(work, "lone.test")
		if err := b.build(ctx, work, path, map[string]string{m.edit.file.name: m.lone()}); err != nil {
			m.reached, m.killer = true, "compiler"
			return ctx.Err()
		}
	}
	var quick, slow []test
	for _, t := range tests {
		switch {
		case !m.alone && !t.reaches[m.id]:
		case t.took < max(50*time.Millisecond, 2*tests[len(tests)/2].took): // under load all take their time
			quick = append(quick, t)
		default:
			slow = append(slow, t)
		}
	}
	for _, some := range [][]test{quick, slow} {
		if len(some) == 0 {
			continue
		}
		m.reached = true
		if m.killer = b.runSome(ctx, path, m.id, some, o); m.killer != "" {
			break
		}
	}
	return ctx.Err()
}

var failure = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// runSome runs tests on a mutant and gives the one that notices.
func (b *binary) runSome(ctx context.Context, path string, id int, tests []test, o options) string {
	var names []string
	var took time.Duration
	for _, t := range tests {
		names = append(names, t.name)
		took += t.took
	}
	limit := 10*took + 5*time.Second
	ctx, cancel := context.WithTimeout(ctx, 10*limit) // of the clock: only what waits without end takes so long
	defer cancel()
	var out bytes.Buffer
	c := b.limited(ctx, int(limit/time.Second), path, id, b.arguments(o, names...)...)
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	switch used := c.ProcessState; {
	case err == nil:
		return ""
	case ctx.Err() != nil, used != nil && used.UserTime()+used.SystemTime() >= limit.Truncate(time.Second):
		return "time"
	}
	if found := failure.FindSubmatch(out.Bytes()); found != nil {
		return string(found[1])
	}
	return "crash"
}
