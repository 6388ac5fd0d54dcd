# Targets of the contract. `make setup` needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test setup check bench pictures torture lock schema clean

demo: setup
	@if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then exec $(BIN)/pilotage new --sandbox; fi; \
		exec $(BIN)/pilotage replay blueprints/fasttriage.yaml --env dev --sandbox --yes --secrets-file blueprints/practice.env

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q wizard screens
	@touch .venv/ready

test: setup
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not torture"

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: setup
	@$(BIN)/python -m tests.bench

pictures: setup
	@$(BIN)/python -m tests.screens.pictures

torture: setup
	@$(BIN)/python -m pytest -m torture --timeout 3600

lock:
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --universal \
		--python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock

schema: setup
	@$(BIN)/pilotage schema > blueprints/blueprint.schema.json

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
