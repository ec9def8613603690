# The chores of this repository. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# Where builds go; one folder a kind of build, so that none undoes another's work.
SCRATCH ?= .build
# How long `make fuzz` runs each fuzz target.
SECONDS ?= 60

RELEASE_BUILD = swift build -c release --product leeway --scratch-path $(SCRATCH)
LEEWAY = $(SCRATCH)/release/leeway
FLIGHTS = fixtures/flights
RULES = rules/flights.yaml
PAYMENTS = fixtures/payments/payments.stream.yaml

.PHONY: help setup build demo demo-flights demo-payments test reports oracles soak lint format bench gate tsan fuzz release picture clean

help: ## list the chores
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install the Debian packages that building and testing need, and make librdkafka once
	@deploy/install-packages build test
	@deploy/librdkafka >/dev/null

build: setup ## build the optimised executable
	@$(RELEASE_BUILD)

# What `make demo` says at the end.
define DEMO_END

Two stories, a report each: open them in a browser.
  out/flights.html           eight real months of departures from New York; docs/flights.md
  out/payments.html          two made-up weeks of card payments; docs/payments.md walks through them
Written beside them:
  out/flights.profile        the reference, March and April 2013; $(LEEWAY) inspect prints it
  out/metrics.ndjson         flights: every statistic of every signal in every window
  out/alerts.ndjson          flights: every alert with its evidence, and the incidents
  out/dead-letters.ndjson    flights: lines that could not be used, and why (here none)
  out/payments-alerts.ndjson payments: every alert with its evidence, and the incidents
docs/outputs.md describes the fields. Try:
  jq -r 'select(.type == "incident" and .state == "opened") | [.time, .severity, .title] | join("  ")' out/payments-alerts.ndjson
  jq -r 'select(.state == "firing") | [.time, .alert, .annotations.summary] | join("  ")' out/alerts.ndjson
  grep '"version":null,"segment":null,"window":"month".*"score","statistic":"psi"' out/metrics.ndjson | jq -c '[.start, .value, .n]'
  $(LEEWAY) test rules/
docs/tutorial.md has a worked example for a model of your own.
endef
export DEMO_END

demo: demo-flights demo-payments ## replay two stories, one real and one made up: what happened, and a report each
	@echo "$$DEMO_END"

demo-flights: build
	@mkdir -p out
	@$(LEEWAY) profile --monitor $(RULES) --force -o out/flights.profile \
	  $(FLIGHTS)/reference.ndjson.gz $(FLIGHTS)/reference.labels.ndjson.gz
	@$(LEEWAY) replay --monitor $(RULES) --profile out/flights.profile \
	  --metrics out/metrics.ndjson --alerts out/alerts.ndjson \
	  --dead-letters out/dead-letters.ndjson --report out/flights.html \
	  $(FLIGHTS)/stream.ndjson.gz $(FLIGHTS)/stream.labels.ndjson.gz

demo-payments: build
	@mkdir -p out
	@$(LEEWAY) generate $(PAYMENTS) --until 28d -o out/payments-reference.ndjson.gz
	@$(LEEWAY) generate $(PAYMENTS) --from 28d -o out/payments.ndjson.gz
	@$(LEEWAY) profile --monitor rules/payments.yaml out/payments-reference.ndjson.gz \
	  --force -o out/payments.profile
	@$(LEEWAY) replay --monitor rules/payments.yaml --alerts out/payments-alerts.ndjson \
	  --report out/payments.html out/payments.ndjson.gz

test: build oracles ## run all tests; LEEWAY names the optimised executable for the end-to-end ones
	@LEEWAY="$(abspath $(LEEWAY))" swift test --disable-xctest --scratch-path $(SCRATCH)

reports: build ## of the tests, those made after public reports of logs as they are
	@LEEWAY="$(abspath $(LEEWAY))" swift test --disable-xctest --scratch-path $(SCRATCH) \
	  --filter 'LeewayTests.Reported'

oracles: build ## hold tasks and answers to the labelling tools' own packages, where PyPI is reached
	@deploy/oracles "$(abspath $(LEEWAY))"

soak: build ## what takes too long for `test`: a real Label Studio, and Apache Kafka that fails
	@deploy/install-packages soak
	@deploy/soak "$(abspath $(LEEWAY))"
	@deploy/peers "$(abspath $(LEEWAY))"
	@deploy/kills "$(abspath $(LEEWAY))"
	@deploy/outages "$(abspath $(LEEWAY))" one
	@deploy/outages "$(abspath $(LEEWAY))" long
	@deploy/outages "$(abspath $(LEEWAY))" three
	@deploy/members "$(abspath $(LEEWAY))"
	@deploy/fleet "$(abspath $(LEEWAY))"
	@deploy/fleet "$(abspath $(LEEWAY))" 240000 14 3 2 3
	@deploy/system-librdkafka

lint: ## check the format and the documentation comments
	@swift format lint --strict --recursive --parallel \
	  $(wildcard Package.swift Sources Tests Benchmarks)

format: ## put the sources into the format that lint checks
	@swift format format --in-place --recursive --parallel \
	  $(wildcard Package.swift Sources Tests Benchmarks)

bench: build ## measure the speed against simdjson and from Apache Kafka, on this machine
	@deploy/install-packages bench
	@swift run --package-path Benchmarks -c release --scratch-path .build-bench \
	  --disable-build-manifest-caching DecodeBenchmark compare 9 "$(abspath $(LEEWAY))"
	@Benchmarks/kafka "$(abspath $(LEEWAY))"
	@Benchmarks/delay "$(abspath $(LEEWAY))"
	@Benchmarks/state "$(abspath $(LEEWAY))"

gate: build ## count instructions an event, and how they grow; more than allowed fails
	@deploy/install-packages bench
	@Benchmarks/gate "$(abspath $(LEEWAY))"

tsan: setup ## replay with four threads under ThreadSanitizer: the same bytes as with one, no race
	@swift build --product leeway --sanitize=thread --scratch-path .build-tsan
	@deploy/race-check .build-tsan/debug/leeway

fuzz: setup ## run each fuzz target with AddressSanitizer: make fuzz SECONDS=600
	@Tests/Fuzzing/run --sanitize --seconds $(SECONDS)

release: setup ## build the static executable that ships, and check its size and start-up
	@deploy/release

picture: demo ## make the README's picture of the report, docs/report.png
	@deploy/report-picture out/payments.html docs/report.png

clean: ## remove what was built and written
	@rm -rf .build .build-* out
