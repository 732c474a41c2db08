# The two commands that matter: `make generate` and `make test`. Both install what they need.
.DEFAULT_GOAL := help
.PHONY: help generate flowrex flowrex-console slipway-gate check test lint leaks tools \
  traceability hard-stops rules dependencies bench endurance long-proofs

SWIFT ?= swift
# The index is for editors, which make their own; it would be a quarter of a first build.
BUILD = scripts/resolve && $(SWIFT) build --disable-index-store
RUN = scripts/resolve && $(SWIFT) run --disable-index-store

help: ## Says what there is.
	@grep -E '^[a-z -]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

generate: ## Builds Slipway, generates all environments and checks them.
	@scripts/install-build-needs
	$(BUILD) --product slipway
	.build/debug/slipway generate
	.build/debug/slipway check

flowrex flowrex-console slipway-gate: ## Builds this program alone, into .build/debug.
	@scripts/install-build-needs service
	$(BUILD) --product $@

check: ## Compares generated files with their specification; writes nothing.
	@scripts/install-build-needs
	$(BUILD) --product slipway
	.build/debug/slipway check

tools: ## Installs the pinned tools that judge generated files, into .tools/.
	@scripts/install-build-needs
	@scripts/install-tools

test: tools ## Runs all tests; leaves reports and coverage in .build/results/.
	@scripts/test

endurance: tools ## Kills processes 300 times and judges by the venue's journal; takes half an hour.
	@scripts/resolve
	$(SWIFT) build --build-tests --enable-code-coverage --disable-index-store
	@KILLS=300 LLVM_PROFILE_FILE=/dev/null .build/debug/slipwayPackageTests.xctest \
		--testing-library swift-testing --filter 'FlowrexTests.KillTests'

lint: tools ## Checks the form of Swift and shell.
	scripts/lint

leaks: ## Looks for secrets in all files and their whole history.
	@scripts/install-build-needs
	$(BUILD) --product slipway
	@mkdir -p .build/results
	@.build/debug/slipway leaks --format sarif >.build/results/leaks.sarif || \
		.build/debug/slipway leaks

traceability: ## Writes docs/traceability.md from the requirements, tests and rules.
	$(RUN) traceability

hard-stops: ## Breaks every hard stop on purpose and writes docs/hard-stops.md.
	$(BUILD) --product flowrex
	$(RUN) hard-stops

rules: ## Writes docs/rules.md from the rules themselves.
	@scripts/install-build-needs
	$(BUILD) --product slipway
	@.build/debug/slipway explain --page >docs/rules.md

dependencies: tools ## Records the graph: dependencies.txt, docs/dependencies.md.
	scripts/record-dependencies

long-proofs: ## A thousand simulated seeds and 10,000 histories of money, with optimisation.
	@scripts/install-build-needs service
	@scripts/long-proofs

bench: ## Measures, and prints one table.
	Benchmarks/run
