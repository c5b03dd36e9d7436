# Each target calls run.py, which sets everything up first. Without make: python run.py TARGET
# More words go behind: make run ARGS="--server.port 8601", make test ARGS="-k splits"
PYTHON ?= python3

.PHONY: run classroom test test-all demo bench load words release audit pictures
run:
	@$(PYTHON) run.py app $(ARGS)
classroom test test-all demo bench load words release audit pictures:
	@$(PYTHON) run.py $@ $(ARGS)
