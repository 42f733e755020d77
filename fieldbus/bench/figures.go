package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// figures measures what derives, answers and judges: benchmarks that stand beside
// the code and run ours and its peer in turns, on one database.
func (b *bench) figures(ctx context.Context) (lines []line, err error) {
	var problems []error
	for _, run := range figureRuns(b.small) {
		fmt.Fprintf(os.Stderr, "bench: %s of %s\n", run.bench, run.room)
		found, err := run.run(ctx)
		if err != nil { // the others are worth their time all the same
			problems = append(problems, err)
		}
		for _, f := range run.figures {
			lines = append(lines, f.line(found))
		}
	}
	return lines, errors.Join(problems...)
}

// figureRun is a run of benchmarks of one package.
type figureRun struct {
	room    string // the package
	bench   string // the pattern of the benchmarks
	times   string // -benchtime
	flags   []string
	figures []figureOf
}

// figureOf is a line of the table: what of a benchmark is ours, and what of it,
// or of another of the same run, is the peer's. scale brings nanoseconds to the unit.
type figureOf struct {
	what, unit  string
	scale       float64
	bench, ours string // the benchmark, and the unit it reports ours in
	with, peer  string // those of the peer; with empty: the same, peer empty: none
	who         string
	goal        goal
}

const (
	millisecond = 1e-6 // of nanoseconds
	second      = 1e-9
)

// figureRuns are the goals of the figures. small is for a try.
func figureRuns(small bool) []figureRun {
	points, years := "100", "(1|3|6)"
	if small {
		points, years = "8", "(1|6)"
	}
	floor := "what the machine takes at least: "
	ms := func(bench, what, peer, who string, g goal) figureOf {
		return figureOf{what, "ms", millisecond, bench, "ns/op", "", peer, who, g}
	}
	city := func(years int, g goal) figureOf {
		return figureOf{fmt.Sprintf("all verdicts of 500 sites, %d years of balances", years), "s", second,
			fmt.Sprintf("AssessACity/years=%d", years), "ns/op", "", "", "", g}
	}
	memory := func(what, unit, metric string, scale float64, g goal) figureOf {
		return figureOf{"verdicts of 500 sites: " + what, unit, scale, "AssessACity/years=6", metric, "AssessACity/years=1", metric, "the same with one year instead of six", g}
	}
	judged := []figureOf{city(1, atMost(figure, 1)), city(3, atMost(figure, 1)), city(6, atMost(figure, 1)),
		memory("most memory in use", "MiB", "MiB-peak", 1, atMost(ratio, 1.1)), memory("memory taken in all", "MB", "B/op", 1e-6, goal{})}
	if small {
		judged = append(judged[:1], judged[2:]...)
	}
	derived := func(peer, who string, g goal) figureOf {
		return figureOf{"a year of " + points + " points × 35,040 readings derived", "s", second, "DeriveYear", "ns/op", "", peer, who, g}
	}
	return []figureRun{
		{"heatledger/energy/store", "^Benchmark(AYearOfAPoint|AnnualPUE)$", "50x", nil, []figureOf{
			ms("AYearOfAPoint", "a point's year of 35,040 readings from chunks", "peer", "a row per reading with a key (TimescaleDB, elsewhere: 10.6 ms)", atMost(figure, 1.5)),
			ms("AnnualPUE", "annual PUE of 50 sites, in the database", "peer", floor+"select 1", atMost(figure, 1))}},
		{"heatledger/energy/closing", "^BenchmarkDeriveYear$", "1x", []string{"-points", points}, []figureOf{
			derived("peer", "plain SQL to rows of quarter-hours and days", atMost(ratio, 0.25)),
			derived("hours", "plain SQL to rows of hours and days only", goal{})}},
		{"heatledger/energy/closing", "^BenchmarkAnHourMore$", "1x", nil, []figureOf{
			ms("AnHourMore", "an hour's increment of 1,000 points", "peer", "the bare update of 1,000 day rows", atMost(ratio, 2)),
			ms("AnHourMore", "an hour's increment of 1,000 points", "hour", "UPDATE of four values in each of 1,000 rows, no more", goal{})}},
		{"heatledger/energy/ledger", "^BenchmarkMatrixOfAYear$", "50x", nil, []figureOf{
			ms("MatrixOfAYear", "a year's hour × day matrix of a point", "peer", "lag() and group by over rows", atMost(figure, 3))}},
		{"heatledger/reporting/web", "^BenchmarkColumnsOfAYear$", "50x", nil, []figureOf{
			ms("ColumnsOfAYear", "a year of quarter-hours of a point over HTTP, format=columns", "peer", floor+"the same bytes over HTTP", atMost(figure, 5))}},
		{"heatledger/energy/ledger", "^BenchmarkAssessACity$/^years=" + years + "$", "5x", nil, judged},
	}
}

// run runs the benchmarks and gives what they report, by benchmark and unit.
func (r figureRun) run(ctx context.Context) (map[string]map[string]float64, error) {
	args := append([]string{"test", "-run", "^$", "-bench", r.bench, "-benchtime", r.times, "-benchmem", "-timeout", "0", r.room}, r.flags...)
	command := exec.CommandContext(ctx, "go", args...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, os.Stderr
	err := command.Run()
	if err != nil {
		err = fmt.Errorf("run %s of %s: %w: %s", r.bench, r.room, err, &out)
	}
	return reported(out.String()), err
}

// reported reads what go test prints of benchmarks: a name with the number of
// processors, how often it ran, then figures with their units.
func reported(out string) map[string]map[string]float64 {
	found := map[string]map[string]float64{}
	for text := range strings.Lines(out) {
		fields := strings.Fields(text)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if cut := strings.LastIndexByte(name, '-'); cut > 0 {
			if _, err := strconv.Atoi(name[cut+1:]); err == nil {
				name = name[:cut]
			}
		}
		found[name] = map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if x, err := strconv.ParseFloat(fields[i], 64); err == nil {
				found[name][fields[i+1]] = x
			}
		}
	}
	return found
}

// line is the figure as found; what was not reported is no number, and no goal
// is reached by it.
func (f figureOf) line(found map[string]map[string]float64) line {
	of := func(bench, unit string) float64 {
		if x, ok := found[bench][unit]; ok {
			return x * f.scale
		}
		return math.NaN()
	}
	l := line{what: f.what, unit: f.unit, ours: of(f.bench, f.ours), peer: math.NaN(), who: f.who, goal: f.goal}
	with, unit := f.with, f.peer
	if with == "" {
		with, unit = f.bench, f.peer+"-ns/op"
	}
	if f.peer != "" {
		l.peer = of(with, unit)
	}
	return l
}
