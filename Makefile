# `make demo` and `make test` set up all they need. Everything lives in .venv and var/.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
export CAMPAIGN_HOME ?= $(CURDIR)/var
# Bytecode is compiled at install, and the checkout's own before it is run: where PYTHONDONTWRITEBYTECODE is set, Python
# would compile all of it anew in every process, two to three times what a command costs. Unchanged files are skipped.
INSTALL := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python
SOURCES := campaign workers storage alembic

.DEFAULT_GOAL := help
.PHONY: help browser demo demo-web test check fix bench gpu clean constraints grammars oracle docs faults audit fuzz mutate check-grammars

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(UV):
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/light: $(UV) pyproject.toml constraints.txt
	$(INSTALL) -e . -c constraints.txt
	@touch $@

.venv/full: $(UV) pyproject.toml constraints.txt
	$(INSTALL) -e '.[f5,grammars,hub,listen,marks,measure,otel,parquet,pocket,service,dev]' -c constraints.txt
	@$(BIN)/python -m tools.licences f5 grammars hub listen marks measure otel parquet pocket service dev
	@touch $@ .venv/light .venv/web

demo: .venv/light ## Fetch a natural voice (114 MB, once a machine), make the example: real speech, a manifest, a report
	@$(BIN)/python -m compileall -q $(SOURCES)
	@$(BIN)/campaign voice get kokoro --optional
	@$(BIN)/campaign submit examples/recipients.csv; code=$$?; [ $$code = 0 ] || [ $$code = 9 ]

.venv/web: $(UV) pyproject.toml constraints.txt
	$(INSTALL) -e '.[service]' -c constraints.txt
	@touch $@ .venv/light

demo-web: .venv/web demo ## Open the console on the demo campaign
	$(BIN)/campaign serve

browser: ## Install Chromium, which some tests look through, where there is none
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		{ apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; }

# Three files at a time on two cores: a fifth of the time is waiting, for processes and servers. In the order of the
# folders, which is from the longest to the shortest: the files with most tests, which xdist would take first, are the
# shortest, and one long file begun last keeps the other core idle.
test: .venv/full browser ## Run every test on real servers
	@$(BIN)/python -m compileall -q $(SOURCES) benchmarks tests tools
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/full ## Format, lint, types, import layers; writes nothing
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: .venv/full ## Format and mend what can be mended by itself
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

bench: .venv/full ## Measure: the text front end, finishing, the pipeline
	$(BIN)/python -m benchmarks.text_front_end --quick
	$(BIN)/python -m benchmarks.lexicon
	$(BIN)/python -m benchmarks.finish
	$(BIN)/python -m benchmarks.pipeline

# Installs nothing: a GPU machine may have torch and no network, and .whl/ what it lacks (docs/f5.md).
gpu: ## Prove and measure F5 on this GPU, within BUDGET=520 seconds; GPU="--device cpu --model tiny --quick" rehearses it
	$(if $(wildcard .venv/full),$(BIN)/python,$(PYTHON)) -m benchmarks.gpu $(GPU)

grammars: .venv/full ## Compile the shipped grammars from the pinned package (minutes)
	$(BIN)/python -m tools.grammars.compile
	$(BIN)/python -m tools.grammars.find_triggers

check-grammars: .venv/full ## Compile them afresh, compare with what ships, record what from (minutes)
	for language in de en es fr it pt zh; do $(BIN)/python -m tools.grammars.compile --check $$language || exit 1; done

oracle: .venv/full ## Ask stock NeMo for the answers that the tests replay (hours)
	$(BIN)/python -m tools.grammars.oracle --work var/oracle
	$(BIN)/python -m tools.grammars.oracle --work var/oracle --pack tests/data/oracle

constraints: $(UV) ## Pin every dependency anew
	$(UV) pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 \
		--no-emit-index-url --no-header --output-file constraints.txt

clean: ## Remove the environment and everything that was made
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache

faults: .venv/full ## Kill everything that can be killed, for longer; SEED=1 FAULT_ROWS=3000
	FAULT_ROWS=$${FAULT_ROWS:-3000} $(BIN)/python -m pytest tests/faults --timeout 1800

audit: .venv/full ## Look every pinned dependency up in the advisory database (needs the network)
	$(UV) tool run pip-audit --strict --requirement constraints.txt --no-deps --disable-pip

fuzz: .venv/full ## Random examples for every property, then for the readers by coverage; FUZZ_EXAMPLES=20000 FUZZ_SECONDS=100
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-20000} $(BIN)/python -m pytest tests -m hypothesis -n 2 --dist worksteal --timeout 3600
	$(INSTALL) atheris
	for target in csv bytes gzip template tsv pls terminal descriptor file tags envelope bundle document deep; do \
		$(BIN)/python -m tests.fuzz.guided $$target -max_total_time=$${FUZZ_SECONDS:-100} || exit 1; done

mutate: .venv/full ## Change the code line by line: does a test notice? MUTATE_SHARE=0.2 AREA=queue (an hour)
	$(BIN)/python -m tools.mutate --write --share $${MUTATE_SHARE:-0.2} $(if $(AREA),--area $(AREA))

docs: .venv/full ## Make the command reference, the brief's page, the schemas and the table of licences anew
	$(BIN)/python -m tools.reference > docs/cli.md
	$(BIN)/python -m tools.tables
	$(BIN)/python -m tools.licences > docs/licences.md
