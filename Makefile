# Each target calls run.py, which sets everything up first. Without make: python run.py TARGET
PYTHON ?= python3

.PHONY: run test test-all demo bench words
run:
	@$(PYTHON) run.py
test test-all demo bench words:
	@$(PYTHON) run.py $@
