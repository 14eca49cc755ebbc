# Clearwater. `make help` lists what there is; each target sets up what it needs in .venv.

VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := .ci/requirements
comma  := ,
IMAGE  := $(or $(CLEARWATER_IMAGE),clearwater:dev)
# the plugin, or the program of the same name that some systems ship instead
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose) \
	--file docker/compose.yaml --profile samples --profile observability

# the first Python from 3.11 to 3.13 that runs here; `make PYTHON=/path/to/python` overrides
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && { command -v "$$python"; break; }; done)

.PHONY: help demo test check quality bench faults soak up down schemas dashboards lock upgrade clean
.DEFAULT_GOAL := help

help: ## what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/demo.done ## raw records into clean ones through a real Kafka, on this machine
	@$(BIN)/clearwater demo

test: $(VENV)/dev.done ## all tests, on a real Kafka (in Docker if an engine answers, else embedded)
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/dev.done ## format, lint, types, layers, dependencies, lock, schemas
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/check

quality: $(VENV)/dev.done ## measure what the text scan finds, by entity
	@$(BIN)/python -m tests.quality.show

bench: $(VENV)/dev.done ## measure against stock Faust and bare aiokafka; writes bench.json
	@$(BIN)/python tests/bench/run.py $(ARGS)

faults: $(VENV)/dev.done ## what must hold under kills, cuts, restarts and poison; writes faults.jsonl
	@$(BIN)/python -m tests.faults.run $(ARGS)

MINUTES ?= 20
soak: $(VENV)/dev.done ## load and random faults for MINUTES=20: memory, descriptors, loop lag, promises
	@$(BIN)/python -m tests.faults.soak --minutes $(MINUTES) $(ARGS)

up: ## Kafka, registry, a worker with samples, Prometheus and Grafana, in containers
	@command -v docker >/dev/null || { echo "make up wants Docker with Compose: docs.docker.com/engine/install"; exit 1; }
	@test -n "$(CLEARWATER_IMAGE)" || DOCKER_BUILDKIT=1 docker build --file docker/Dockerfile --tag $(IMAGE) \
		$(if $(PYTHON_IMAGE),--build-arg PYTHON_IMAGE=$(PYTHON_IMAGE)) \
		$(if $(wildcard /etc/pip.conf),--secret id=pip_conf$(comma)src=/etc/pip.conf) .
	@$(COMPOSE) up --detach --wait

down: ## end them; what they kept goes with them
	@$(COMPOSE) down --volumes --timeout 45

schemas: $(VENV)/dev.done ## write the JSON Schemas of pipeline, policy and test files anew
	@$(BIN)/clearwater schema --write schemas

dashboards: $(VENV)/dev.done ## write the Grafana dashboards anew
	@$(BIN)/python -m pipelines.telemetry.dashboards helm/clearwater/dashboards

lock: $(VENV)/dev.done ## make the hashed requirements files anew, from pyproject.toml
	@$(BIN)/python .ci/lock.py

upgrade: $(VENV)/dev.done ## the same, with the newest versions that fit
	@$(BIN)/python .ci/lock.py --upgrade

clean: ## remove what the targets made here, .venv included
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage .coverage.* bench.json.tmp

# what the development installation holds, the demo needs: one is enough
$(VENV)/demo.done: $(LOCK)/demo.txt pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup demo

$(VENV)/dev.done: $(LOCK)/dev.txt pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup dev
