# The commands of this project. `make demo` and `make test` do all their own set-up.
.PHONY: demo test faults fuzz check types rules format bench bench-full figures phone lock licences sbom advisories wheel clean

PYTHON := .venv/bin/python
DEMO_ARGS ?=
PHONE ?= build/phone

# The tests start many processes: what one has compiled, the others shall not compile again.
test faults fuzz: export PYTHONDONTWRITEBYTECODE :=

demo: ## import the sample registers, issue every book, serve it
	@deploy/setup.sh run
	@.venv/bin/labour-book demo $(DEMO_ARGS)

test: ## lint, types, import rules and all tests, on SQLite and PostgreSQL
	@deploy/setup.sh test
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder --ignore tests/test_house_rules.py

faults: ## every moment and statement at which something can break, not only the few of `make test`
	@deploy/setup.sh test
	@$(PYTHON) -m pytest -q -m faults -n 2 --dist loadfile --timeout 1800

fuzz: ## every property and parser with thousands of random inputs, not only the few of `make test`
	@deploy/setup.sh test
	@$(PYTHON) -m pytest -q -m 'fuzz or hypothesis' --hypothesis-profile thorough -n 2 --timeout 3600

check: ## style, types, import rules, house rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types rules

types:
	@.venv/bin/mypy

rules:
	@.venv/bin/lint-imports
	@$(PYTHON) -m pytest -q tests/test_house_rules.py

format: ## put the code into the one format
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench: ## the quick benchmarks, each a ratio within one run
	@deploy/setup.sh test
	@for each in bench/[a-z]*.py; do $(PYTHON) $$each --quick || exit 1; done

bench-full: ## the same at full size
	@deploy/setup.sh test
	@for each in bench/[a-z]*.py; do $(PYTHON) $$each || exit 1; done
	@$(MAKE) --no-print-directory figures

figures: ## write bench/README.md from what the benchmarks found
	@$(PYTHON) bench/_table.py

phone: ## lay out the app alone in build/phone; then `flet build apk build/phone`, or ipa
	@rm -rf $(PHONE)
	@mkdir -p $(PHONE)
	@cp -R deploy/phone/. app signing $(PHONE)
	@cp -R app/assets $(PHONE)/assets
	@find $(PHONE) -name __pycache__ -prune -exec rm -rf {} +

lock: ## renew the lock file (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --extra dev --extra hsm --extra tracing --quiet pyproject.toml --output-file requirements.lock

licences: ## what runs with the product, and its licences; fails where one would bind it
	@$(PYTHON) deploy/licences.py

sbom: ## the bill of materials (CycloneDX) in build/sbom.json
	@mkdir -p build
	@.venv/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o build/sbom.json

advisories: ## known vulnerabilities of the locked versions (asks the network)
	@.venv/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip

wheel: ## the wheel in build/, the same to the byte from the same commit
	@mkdir -p build
	@SOURCE_DATE_EPOCH=1763769600 $(PYTHON) -m hatchling build -t wheel -d build

clean: ## forget the demo's data and the environment
	rm -rf .labour-book .venv .mypy_cache .pytest_cache .ruff_cache
