# Sotuv. `make` shows the targets. It needs Python >= 3.11 with venv, and make; everything else goes into .venv.

.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/sh
BIN := .venv/bin
RUN := .venv/.installed
DEV := .venv/.installed-dev
CLIP := .venv/clip/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
CONFIG ?=
SEED ?=
WITH_CONFIG := $(if $(CONFIG),--config $(CONFIG))
WITH_SEED := $(if $(SEED),SEED=$(SEED))

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: $(RUN)  ## open the shop: web chat, messengers, agent (CONFIG=file)
	@exec $(BIN)/python main.py run $(WITH_CONFIG)

install: $(RUN)  ## only install what `run` needs

doctor: $(RUN)  ## what is missing, and how to mend it
	@exec $(BIN)/python main.py doctor $(WITH_CONFIG)

test: $(DEV)  ## the suite, on embedded engines
	@$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow" $(ARGS)

test-slow: $(DEV)  ## the tests of many processes, kills, every look of the page, and long runs
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m slow $(ARGS)

test-clip: $(CLIP)  ## the learned embedder, on tiny models (installs torch, 0.9 GB, beside the libraries)
	@HF_HUB_OFFLINE=1 .venv/clip/bin/python -m pytest -q tests/test_vision_clip.py $(ARGS)

check: $(DEV)  ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(DEV)  ## mend what format and lint can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: $(DEV)  ## conversations against a running product
	@$(WITH_SEED) $(BIN)/python -m bench.eval

eval-hard: $(DEV)  ## the same in this process, each told in ten other ways (SEED=n)
	@$(BIN)/python -m bench.eval_hard $(if $(SEED),--seed $(SEED))

learn: $(DEV)  ## the dialogue acts anew from agent/lexicon/sayings, and how well new ones are recognised
	@$(BIN)/python -m bench.learn

said: $(DEV)  ## order sentences made from templates for the goods of every invented shop, judged by the cart (SEED=n)
	@$(BIN)/python -m bench.said $(if $(SEED),--seed $(SEED))

said-back: $(DEV)  ## every product of every invented shop, said back by its title, article and options
	@$(BIN)/python -m bench.said_back

hostile: $(DEV)  ## 100 000 calls of a brain that wants harm, judged from the database (SEED=n)
	@$(BIN)/python -m tests.hostile $(if $(SEED),--seed $(SEED))

chaos: $(DEV)  ## kills, full disks, wrong clocks amid a small world; aiogram's own polling beside it (SEED=n MINUTES=m)
	@$(BIN)/python -m tests.world chaos --beside $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))

bench: $(DEV)  ## time from webhook to stored answer, beside the bare limits (SEED=n)
	@$(WITH_SEED) $(BIN)/python -m bench.latency

bench-throughput: $(DEV)  ## the queue beside its bare work, one process beside four, memory (SEED=n)
	@$(WITH_SEED) $(BIN)/python -m bench.throughput

bench-photos: $(DEV)  ## how well pictures find products (SEED=n)
	@$(BIN)/python -m bench.photos $(if $(SEED),--seed $(SEED))

bench-receipts: $(DEV)  ## how well payments' screens are read and judged, frauds among them (SEED=n)
	@$(BIN)/python -m bench.receipts $(if $(SEED),--seed $(SEED))

bench-brain: $(DEV)  ## a turn of the rules and a new search index on 2,000 products
	@$(BIN)/python -m bench.brain $(if $(SEED),--seed $(SEED))

bench-start: $(DEV)  ## starts to ready, and memory
	@$(BIN)/python -m bench.start

peers: $(DEV)  ## servers that others wrote, for two tests (needs npm, Node 20)
	@mkdir -p .venv/peers && cp tests/peers/*.json .venv/peers
	@npm ci --prefix .venv/peers --ignore-scripts --no-audit --no-fund --loglevel=error >&2

clean:  ## remove the libraries and caches (never the data)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# ---- the libraries: a stamp file each, so that a second start costs nothing ------------------------------------------

$(BIN)/python:
	@sh .ci/venv

$(RUN): requirements.lock | $(BIN)/python
	@echo "installing the libraries (once; about two minutes)" >&2
	@$(PIP) -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(BIN)/python
	@echo "installing the libraries and the developer's tools (once; about three minutes)" >&2
	@$(PIP) -r requirements-dev.lock
	@touch $(RUN) $@

# an environment of its own that sees the libraries of .venv and adds what the extra `clip` needs
$(CLIP): requirements-clip.lock | $(DEV)
	@echo "installing the extra clip (once; about a minute)" >&2
	@$(BIN)/python -m venv .venv/clip
	@$(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))" \
	  > "$$(.venv/clip/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/product.pth"
	@.venv/clip/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-clip.lock
	@touch $@

.PHONY: help run install doctor test test-slow test-clip check format eval eval-hard learn said said-back hostile chaos bench bench-throughput bench-photos bench-receipts bench-brain bench-start peers clean
