# The two commands that matter: `make generate` and `make test`. Both install what they need.
.DEFAULT_GOAL := help
.PHONY: help generate check test lint tools traceability hard-stops bench

SWIFT ?= swift

help: ## Says what there is.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

generate: ## Builds Slipway, generates all environments and checks them.
	@scripts/install-build-needs
	$(SWIFT) build --product slipway
	.build/debug/slipway generate
	.build/debug/slipway check

check: ## Compares generated files with their specification; writes nothing.
	@scripts/install-build-needs
	$(SWIFT) build --product slipway
	.build/debug/slipway check

tools: ## Installs the pinned tools that judge generated files, into .tools/.
	@scripts/install-build-needs
	@scripts/install-tools

test: tools ## Runs all tests; leaves reports and coverage in .build/results/.
	@scripts/test

lint: tools ## Checks the form of Swift and shell.
	$(SWIFT) format lint --strict --recursive --parallel \
	  --configuration .swift-format Sources Tests environments Examples Package.swift
	scripts/lint-shell

traceability: ## Writes docs/traceability.md from the requirements, tests and rules.
	$(SWIFT) run traceability

hard-stops: ## Breaks every hard stop on purpose and writes docs/hard-stops.md.
	$(SWIFT) build --product flowrex
	$(SWIFT) run hard-stops

bench: ## Measures, and prints one table.
	Benchmarks/run
