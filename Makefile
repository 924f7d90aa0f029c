# `make` lists what it can do. Everything is kept inside this folder: .venv and .haki.
PYTHON ?= python3
BIN := .venv/bin
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test benchmark evaluate check format lock clean

help: ## show this list
	@echo "Haki: rights information for migrants by SMS, WhatsApp and Telegram"
	@echo
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: ## bring Python 3.10 and the locked packages into .venv
	@$(PYTHON) scripts/bootstrap.py

demo: ## set up, then run everything on this machine (HAKI_PORT=8000)
	@$(PYTHON) scripts/bootstrap.py && exec $(BIN)/python -m bot.processes

test: ## set up, then run all tests on engines, ports and folders of their own
	@$(PYTHON) scripts/bootstrap.py && exec $(BIN)/python -m pytest $(ARGS)

benchmark: ## compare with stock Rasa on this machine (the first time some minutes more)
	@$(PYTHON) scripts/bootstrap.py && exec $(BIN)/python -m benchmarks.answers $(ARGS)

evaluate: ## measure what Haki understands, as a table, a picture and dialogues
	@$(PYTHON) scripts/bootstrap.py && exec $(BIN)/python scripts/evaluate.py

check: ## set up, then lint, check formats, types and content
	@$(PYTHON) scripts/bootstrap.py
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python scripts/check_types.py
	@$(BIN)/haki content check

format: ## let ruff mend what it can
	@$(PYTHON) scripts/bootstrap.py
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## write requirements.lock anew from requirements.in and overrides.txt
	@$(PYTHON) scripts/bootstrap.py --tool-only
	@.haki/uv/bin/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
		--override overrides.txt --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" $(ARGS) requirements.in -o requirements.lock

clean: ## remove .venv and .haki, with the demonstration's database
	@rm -rf .venv .haki
