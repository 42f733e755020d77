# The two commands a newcomer needs are `make run` and `make test`.
GO ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

.PHONY: run build test check bench fuzz soak mutation golden setup clean

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/heatledger ./cmd/heatledger

run: build
	@tools/setup run
	bin/heatledger demo

setup:
	@tools/setup test

# Everything CI runs.
test: setup check build
	tools/gotest

check:
	tools/check

# How good the collector is, and what makes figures and verdicts of readings, as
# ratios to peers in one run, then the benchmarks of the packages.
# ONLY="collector ingest" runs some of the sections: collector, requests, gateway,
# saturation, ingest, figures, packages.
bench: build
	@tools/setup test
	$(GO) run ./fieldbus/bench $(ONLY)

# A minute of fuzzing for each target; the seeds alone run with every `make test`.
fuzz:
	tools/fuzz

# Ten minutes of random faults on every server that others wrote (SOAK=1h: longer);
# a minute of it runs with every `make test`.
soak:
	@tools/setup test
	$(GO) test -race -count=1 -v ./fieldbus/soak -run TestEveryReading -soak $(or $(SOAK),10m) -timeout 0

# What the tests of the figures notice: changes the code in one place at a time. A
# change that no test notices is an error unless testdata/mutants.txt of the package
# says why it means nothing. Minutes for each package; PACKAGE=energy/kpi: that one,
# ONLY=REGEXP: the mutants whose "file:line function" matches.
mutation:
	$(GO) -C tools run ./mutate $(if $(JOBS),-jobs $(JOBS)) $(if $(ONLY),-only '$(ONLY)') $(abspath $(or $(PACKAGE),energy/kpi energy/commitment energy/series heatmap/source heatmap/heatpump))

golden:
	$(GO) test ./cmd/heatledger -run TestWhatPeopleRead -update

clean:
	rm -rf bin tools/counterparts/node_modules tools/node/node_modules
	$(GO) clean -testcache
