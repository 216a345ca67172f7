# Two commands: `make run` and `make test`. What they do is in devtools/bootstrap.py.
# PORT, HOST, STATE_DIR, DATABASE_URL, REDIS_URL and ARGS are passed on; PYTHON names an interpreter.

PYTHON ?= python3
# Through the environment, because a path may hold spaces and quotes.
export THIS_MAKEFILE := $(MAKEFILE_LIST)
export PYTHON
BOOTSTRAP = @cd -- "$$(dirname -- "$${THIS_MAKEFILE\# }")" && exec "$$PYTHON" devtools/bootstrap.py

.PHONY: run test bench reset lint messages

run:       ## start the whole portal on this machine
	$(BOOTSTRAP) run

test:      ## all checks and the whole suite; ARGS is passed to pytest
	$(BOOTSTRAP) test

bench:     ## the measurements
	$(BOOTSTRAP) bench

reset:     ## remove the data of make run
	$(BOOTSTRAP) reset

lint:      ## the checks of make test without the suite
	$(BOOTSTRAP) lint

messages:  ## extract the texts of the interface into the catalogues
	$(BOOTSTRAP) messages
