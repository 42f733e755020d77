package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"

	"github.com/alecthomas/kong"

	"heatledger/energy"
)

// environment is what a command may touch of the process.
type environment struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	alone          bool // nothing else runs in this process: a command may bound its memory
}

// Exit codes (CONTRACT.md).
const (
	exitFine   = 0
	exitWrong  = 1 // it went wrong
	exitUsage  = 2 // wrong usage or configuration
	exitFinish = 3 // it ran, and a commitment is missed or data was rejected
)

// usageError is a mistake in how the command was called.
type usageError struct{ error }

// rejectedError says that the command ran and that data was rejected.
type rejectedError struct{ error }

// misuse is a usageError.
func misuse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// commandLine is the grammar of the command.
type commandLine struct {
	Config    string `help:"Configuration file." placeholder:"FILE" env:"HEATLEDGER_CONFIG"`
	DataDir   string `help:"Folder for everything kept on disk, in place of the configuration's." placeholder:"DIR"`
	LogLevel  string `help:"Least level that is logged: debug, info, warn, error." default:"info" enum:"debug,info,warn,error"`
	LogFormat string `help:"Form of the log: text or json." default:"text" enum:"text,json"`
	Output    string `help:"Form of results: table, json or csv." default:"table" enum:"table,json,csv"`

	Demo     demoCommand     `cmd:"" help:"Show everything at once: a virtual plant with its past, database, collector and web."`
	Serve    serveCommand    `cmd:"" help:"Read meters, keep readings, compute figures and serve them over HTTP."`
	Collect  collectCommand  `cmd:"" help:"Read meters and forward the readings to a central Heatledger, or to the database."`
	Simulate simulateCommand `cmd:"" help:"Run a virtual plant that speaks Modbus TCP and OPC UA."`
	Meters   metersCommand   `cmd:"" help:"Meter models, and looking at meters now."`
	Apply    applyCommand    `cmd:"" help:"Bring what exists and what was promised up to a registry file."`
	Import   importCommand   `cmd:"" help:"Take readings from files."`
	Assess   assessCommand   `cmd:"" help:"Judge the commitments of sites and say why."`
	Report   reportCommand   `cmd:"" help:"Write the yearly report of a site: PDF, workbook or CSV."`
	Export   exportCommand   `cmd:"" help:"Fill in a statutory form of a site: workbook, JSON, CSV or PDF."`
	Declare  declareCommand  `cmd:"" help:"Take what operators declared or registers published of the forms' fields."`
	Plan     planCommand     `cmd:"" help:"Plan heat networks: run scenarios, keep and cite what they come to."`
	Verify   verifyCommand   `cmd:"" help:"Prove that nothing was changed since it was logged, and name what was."`
	Log      logCommand      `cmd:"" name:"log" help:"The public ledger: hand it over to another signing key."`
	Expire   expireCommand   `cmd:"" help:"Delete old readings under a retention policy; without --yes, show what would go and what stays."`
	User     userCommand     `cmd:"" help:"Accounts of people."`
	Token    tokenCommand    `cmd:"" help:"API tokens."`
	Mail     mailCommand     `cmd:"" help:"Mail: try it, and who is written to."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database up to this version's schema."`
	Settings configCommand   `cmd:"" name:"config" help:"The configuration file."`
	Version  versionCommand  `cmd:"" help:"Show the version."`
}

// process is what every command is handed.
type process struct {
	environment
	ctx     context.Context
	line    *commandLine
	log     *slog.Logger
	version string
}

// run does what the arguments say and returns the exit code. It never ends
// the process, so that tests start it as main does.
func run(ctx context.Context, args []string, env environment) int {
	var line commandLine
	exited := -1
	parser, err := kong.New(&line, kong.Name("heatledger"),
		kong.Description("Readings, figures and commitments of data centres."),
		kong.Writers(env.stdout, env.stderr), kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.UsageOnError(), kong.Vars{"roles": roleNames(), "forms": formNames()})
	if err != nil {
		fmt.Fprintln(env.stderr, "heatledger:", err)
		return exitWrong
	}
	chosen, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(env.stderr, "heatledger: %v; heatledger --help lists the commands\n", err)
		return exitUsage
	}
	if line.Config == "" {
		line.Config = env.getenv("HEATLEDGER_CONFIG")
	}
	p := &process{environment: env, ctx: ctx, line: &line, log: logger(env.stderr, line), version: version}
	quieten(p.log)
	return p.exitCode(chosen.Run(p))
}

// quieten sends what libraries print by the global logger to ours, as details.
func quieten(log *slog.Logger) {
	stdlog.SetFlags(0)
	stdlog.SetOutput(slog.NewLogLogger(log.Handler(), slog.LevelDebug).Writer())
}

// exitCode shows an error and tells how the process ends.
func (p *process) exitCode(err error) int {
	if err == nil {
		return exitFine
	}
	fmt.Fprintln(p.stderr, "heatledger:", err)
	var faults energy.Faults
	var fault energy.Fault
	switch {
	case errors.As(err, new(rejectedError)):
		return exitFinish
	case errors.As(err, new(usageError)), errors.As(err, &faults), errors.As(err, &fault):
		return exitUsage
	}
	return exitWrong
}

func logger(w io.Writer, line commandLine) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(line.LogLevel)) // kong allows the four levels only
	options := &slog.HandlerOptions{Level: level}
	if line.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

type versionCommand struct{}

// Run shows the version.
func (versionCommand) Run(p *process) error {
	_, err := fmt.Fprintln(p.stdout, p.version)
	return err
}
