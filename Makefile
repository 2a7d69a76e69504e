# Attende: `make run` and `make test` are all a newcomer needs.
PORT ?= 8000
export PORT
export PIP_DISABLE_PIP_VERSION_CHECK = 1
PYTHON ?= python3
BIN = .venv/bin
PIP = $(BIN)/pip install --quiet --require-hashes --only-binary :all:
VAR = $(or $(VAR_DIR),var)

PREPARED_FROM = $(shell find network cms forums search demo templates -type f \
	\( -path '*/migrations/*.py' -o -path '*/static/*' -o -path '*/content/*' \
	-o -path '*/data/*' -o -path 'search/engines/*.py' -o -name '*.po' \) 2>/dev/null)

.PHONY: run setup test test-services check messages clean .catalogues

run: setup  ## Set up and start, with demo content the first time
	@$(BIN)/python manage.py serve --port $(PORT) --greet

setup: $(VAR)/.prepared  ## Install, compile catalogues, prepare the database

.venv/.base: requirements/base.txt
	$(PYTHON) -m venv --clear .venv
	$(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/.base
	$(PIP) -r requirements/dev.txt
	@touch $@

$(VAR)/.prepared: .venv/.base $(PREPARED_FROM)
	$(BIN)/python tools/messages.py compile
	$(BIN)/python manage.py prepare
	@mkdir -p $(VAR) && touch $@

.catalogues: .venv/.dev
	@$(BIN)/python tools/messages.py compile

test: .catalogues  ## The suite on SQLite, the embedded index and memory
	$(BIN)/pytest -n 2 --maxschedchunk 2 -m "not services and not e2e and not benchmarks and not crash"

test-services: .catalogues  ## The suite again and more, on real servers and a browser
	$(BIN)/pytest -n 2 --maxschedchunk 2 -m "not benchmarks and not e2e and not alone and not crash"
	$(BIN)/pytest -m "(e2e or alone) and not benchmarks"  # people wait for what they see
	$(BIN)/pytest -s -m benchmarks  # alone: ratios, at 10,000 documents

check: .catalogues  ## Style, migrations, deployment settings, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python manage.py makemigrations --check --dry-run
	PRODUCTION=1 SITE_URL=https://network.example.org \
		SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python tools/messages.py check

messages: .venv/.dev  ## Bring the catalogues up to date with the code
	$(BIN)/python tools/messages.py update

clean:  ## Throw away the environment; var/ holds your data and stays
	rm -rf .venv
