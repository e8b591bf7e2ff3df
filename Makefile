# make run    open DermTutor (the first time this installs what is missing, minutes; then seconds)
# make test   the whole test suite
# make lint   ruff, mypy, import contracts
# make venv   only prepare .venv for development
# make pictures  take the documents' pictures from the real windows

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint venv pictures

run:
	@$(PYTHON) tools/prepare.py run
	@$(BIN)/python tools/run.py

venv:
	@$(PYTHON) tools/prepare.py dev

test: venv
	$(BIN)/python -m pytest $(or $(PYTEST_ARGS),-n auto --dist loadfile --max-worker-restart 0)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pictures: venv
	$(BIN)/python tools/pictures.py
