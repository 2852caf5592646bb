# One command each. ARGS goes to shiftapp or pytest, e.g. make demo ARGS="--lang en --port 8001".
.DEFAULT_GOAL := help
.PHONY: help demo demo-lan test test-fast test-more test-browser test-faults faults lint format screenshots lighthouse clean
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --dist worksteal
SEEDS := 50
# Each leg starts several processes that read the tests anew: let them keep what Python compiled.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## the demo plant on this machine: installs what is missing, prints address and accounts
	@.ci/venv run
	@$(BIN)/shiftapp demo $(ARGS)

demo-lan: ## the same for phones in the same network
	@.ci/venv run
	@echo "Over plain http a phone can sign, run and report online; offline use, camera scanning and sealed storage need https (docs/operate.md)."
	@$(BIN)/shiftapp demo --host 0.0.0.0 $(ARGS)

test: test-fast test-more test-browser test-faults ## everything a merge needs

test-fast: lint ## lint, types and the quick part of the suite, on SQLite; needs nothing but pip
	PYTEST_DEBUG_TEMPROOT="$$(.ci/scratch)" $(PYTEST) -n 3 -m "not browser and not faults" -k "not postgres and not slow" $(ARGS)

test-more: ## the rest: the same on a PostgreSQL started for it, paper, workbooks, commands, the demo
	@.ci/venv test
	PYTEST_DEBUG_TEMPROOT="$$(.ci/scratch)" $(PYTEST) -n 3 -m "not browser and not faults" -k "postgres or slow" $(ARGS)

# Five browsers on two cores starve one another now and then. What fails there is tried once more
# alone, and both runs are printed: what fails twice is broken.
test-browser: ## a person's tasks in a real Chromium, which is installed where there is none
	@.ci/venv test
	@chromium="$$(.ci/chromium)" && export CHROMIUM="$$chromium" PYTEST_DEBUG_TEMPROOT="$$(.ci/scratch)" && \
	  { $(PYTEST) -n 5 -m browser tests/browser $(ARGS) || { echo "Once more, alone, what failed:" && \
	  $(PYTEST) -n 1 -m browser tests/browser --last-failed --last-failed-no-failures none $(ARGS); }; }

test-faults: ## kills, a full disk, a stop in the middle
	@.ci/venv test
	$(PYTEST) -n 3 -m faults tests/faults $(ARGS)

faults: ## the worker app against as many random fault schedules as SEEDS says
	@.ci/venv test
	@chromium="$$(.ci/chromium)" && export CHROMIUM="$$chromium" PYTEST_DEBUG_TEMPROOT="$$(.ci/scratch)" SEEDS="$(SEEDS)" && \
	  $(PYTEST) -n 2 tests/browser/test_worker_schedule.py $(ARGS)

lint: ## ruff and mypy
	@.ci/venv test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: ## let ruff put the code in order
	@.ci/venv test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

screenshots: ## the pictures of the READMEs, taken anew from the demo
	@.ci/venv test
	@chromium="$$(.ci/chromium)" && CHROMIUM="$$chromium" $(BIN)/python -m tests.screenshots
	@chromium="$$(.ci/chromium)" && CHROMIUM="$$chromium" $(BIN)/python -m tests.screenshots --en

lighthouse: ## Lighthouse on worker, board and public page of the demo; needs Node and the npm registry
	@.ci/venv test
	@chromium="$$(.ci/chromium)" && CHROMIUM="$$chromium" $(BIN)/python bench/lighthouse.py $(ARGS)

clean: ## take the environment and the caches away
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
