# Two commands on a fresh machine with Python 3.11+, git and make:
#   make corpus   set up .venv, then build and check the corpus in raw/
#   make test     set up .venv, then run the tests
# Everything runs from .venv; nothing needs to be activated.

PYTHON ?= $(shell command -v python$$(cat .python-version) || command -v python3)
BIN := .venv/bin
READY := .venv/ready

# Locks have hashes and no address: packages come from the index that this machine's pip or uv is set up for.
INSTALL := --require-hashes --no-build-isolation --no-deps -r

export DVC_NO_ANALYTICS := 1

.PHONY: native corpus test test-cards test-cluster test-pages lint types dictionary lock train bench clean

corpus: $(READY)
	@$(BIN)/python -m broadsheet.raw_names raw
	@$(BIN)/dvc repro

test: $(READY)
	@$(BIN)/python -m pytest

# Each card of a release against its own standard's library, and the recipes for libraries that broadsheet does not
# need; this installs them.
test-cards: $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python $(INSTALL) requirements-cards.lock
	@$(BIN)/python -m pytest tests/cards tests/test_docs.py

# On Ray and on an S3 server, which this installs; both on loopback.
test-cluster: $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python $(INSTALL) requirements-cluster.lock
	@$(BIN)/python -m pytest tests/cluster

# The pages in a real browser, where there is one: apt-get install chromium.
test-pages: $(READY)
	@$(BIN)/python -m pytest tests/report

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

# WebAssembly from the C in native/, with the compiler that ziglang brings; a test fails when it is stale.
native: $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python $(INSTALL) requirements-native.lock
	@$(BIN)/python native/build.py

# Generated from schemas/; a test fails when it is stale.
dictionary: $(READY)
	@$(BIN)/python -m broadsheet.dictionary > schemas/README.md

# pip first (it is on every machine), for uv and the build backends; uv then takes seconds where pip takes
# minutes. Where uv cannot reach the index that pip is set up for, pip installs the same lock.
$(READY): requirements-build.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
		|| { echo "broadsheet needs Python 3.11 to 3.14; name one with: make PYTHON=python3.11"; exit 2; }
	@echo "Setting up .venv (once; about half a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check $(INSTALL) requirements-build.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python $(INSTALL) requirements.lock \
		|| $(BIN)/python -m pip install -q --disable-pip-version-check $(INSTALL) requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $(READY)

# For maintainers: resolve anew and write the locks, with hashes and without any address.
EXPORT := $(BIN)/uv export -q --frozen --no-emit-project --no-header --no-annotate
lock: $(READY)
	@$(BIN)/uv lock -q
	@$(EXPORT) --only-group build -o requirements-build.lock
	@$(EXPORT) --group build --group pipeline --group test -o requirements.lock
	@$(EXPORT) --only-group measure -o requirements-measure.lock
	@$(EXPORT) --only-group native -o requirements-native.lock
	@$(EXPORT) --only-group cards -o requirements-cards.lock
	@$(EXPORT) --only-group cluster -o requirements-cluster.lock

clean:
	@rm -rf .venv processed dist

MEASURE := $(BIN)/uv pip install -q --python $(BIN)/python $(INSTALL) requirements-measure.lock

# Needs the evaluation data beside the checkout; see CONTRIBUTING.md.
GOLD ?= ../shared/gold
# PyTorch is in no lock: which of its builds fits is the machine's own, and nothing but training needs it.
TORCH ?= torch==2.13.0
train: $(READY)
	@$(MEASURE)
	@$(BIN)/python -m pip install -q --disable-pip-version-check "$(TORCH)"
	@$(BIN)/python training/train_body.py --gold $(GOLD)
	@$(BIN)/python training/train_headline.py --gold $(GOLD)

# Pages a second beside other tools and the floor, then how builds grow; results are in benchmarks/README.md. Half an hour
# for the sizes that are the default; `make bench SIZES="2000 20000" DUMPS=2000` takes some minutes.
SIZES ?= 10000 100000
DUMPS ?= 10000
bench: $(READY)
	@$(MEASURE)
	@$(BIN)/python benchmarks/labelling.py
	@$(BIN)/python benchmarks/peers.py
	@$(BIN)/python benchmarks/scaling.py --dumps $(DUMPS) --sizes $(SIZES)
