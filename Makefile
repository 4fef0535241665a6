# Every target goes through local/bootstrap.py, which needs Python 3.11 and nothing else.
PYTHON := $(firstword $(wildcard /usr/bin/python3.11) $(shell command -v python3.11 2>/dev/null) python3)
IN_VENV := $(PYTHON) local/bootstrap.py
PLATFORM := linux-arm64 local
.DEFAULT_GOAL := help
.PHONY: help run web demo test check bench synth layers enclave openapi reset

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## the whole stack on this machine; Ctrl-C stops it, data stay (flags: ARGS="--help")
	@$(IN_VENV) python -m local.run --stop-with-parent $(ARGS)

web: ## the page into web/dist; a stack that runs serves it at once
	@$(IN_VENV) python -m local.page_build

demo: ## a week of 37 agents by six commands, against the stack that runs here or one of its own
	@$(IN_VENV) python -m local.demo_week $(ARGS)

test: ## every test that needs no AWS account (some: ARGS="tests/unit/certificates")
	@$(IN_VENV) python -m local.test_tools
	@$(IN_VENV) pytest -n 3 $(ARGS)

check: ## format, lint and types; changes nothing
	@$(IN_VENV) ruff format --check .
	@$(IN_VENV) ruff check .
	@$(IN_VENV) mypy
	@$(IN_VENV) python -m local.page_check

bench: ## lotes, SOAP pages, import files, certificates, attestation, sealing, cold imports, the page, each against a yardstick
	@$(IN_VENV) python -m benchmarks

synth: layers ## CloudFormation templates into cdk.out, with cdk-nag
	@$(IN_VENV) python -m local.synth --output cdk.out

layers: ## the dependencies layer for AWS and for this machine (one: PLATFORM=linux-arm64)
	@$(IN_VENV) python layers/dependencies/build.py $(PLATFORM)

enclave: ## the image for AWS, built twice and compared, and its PCRs (ARGS="--configuration FILE --signer PEM")
	@$(IN_VENV) python -m enclave_app.image .aval/enclave/$(firstword $(PLATFORM)) --twice $(ARGS)

openapi: ## the description of the JSON API, from its handlers
	@$(IN_VENV) python -m local.openapi

reset: ## forget all local data: registry, adhesions, logins, keys
	@$(IN_VENV) python -m local.reset $(ARGS)
