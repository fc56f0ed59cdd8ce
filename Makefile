# The book's commands. All but constraints and clean first make or update .venv; none does anything twice.
#   make html        the book, in _build/html/index.html
#   make test        every cell of every notebook, and the tests under tests/
#   make pages       the tests that open the pages, and a chapter in JupyterLab, in Chromium
#   make lab         JupyterLab on the chapters, or on one: make lab CHAPTER=momentum-gluon
#   make notebooks   re-executes the notebooks and stores what they print
#   make benchmark   times the helper against the loop of other tutorials; SAVE=1 stores the tables for chapter 5
#   make mutants     changes one thing at a time in the code, and counts which changes the tests catch (25 minutes);
#                    CHAPTER=momentum-gluon or gluonbook, NUMBER=100 or all, SEED=2 choose which
#   make matrix      make test on both Pythons, with other numbers of threads and as on other machines
#   make repeat      the tests TIMES=20 times, the files in another order each time
#   make interruptions  stops the commands at random moments, TIMES=20 each of COMMANDS="html notebooks test" (over an hour)
#   make constraints locks the newest versions that fit requirements.txt
#   make clean       removes all that these commands made, .venv too
# PYTHON=... names the interpreter, 3.10 or 3.11.

export PYTHON
PYTHON ?=
BIN := .venv/bin
NOTEBOOKS := $(wildcard chapters/*.ipynb)
PAGES := $(wildcard *.md chapters/*.md) $(NOTEBOOKS)
SIDE_BY_SIDE = $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder
SHARED := _config.yml _toc.yml references.bib $(wildcard _ext/*.* _static/* _templates/*.html _templates/*/*.html gluonbook/*.py)

.PHONY: html test pages lab notebooks benchmark mutants interruptions matrix repeat constraints clean environment

html: _build/html/.complete
	@echo "The book is in _build/html/index.html"

# Pages that changed are made anew, or the whole book if something changed that they share, or if it isn't complete.
_build/html/.complete: $(PAGES) $(SHARED) scripts/build_book.py .venv/made-from
	@echo "Building the book ..."
	@$(BIN)/python scripts/build_book.py $(if $(filter-out $(PAGES),$?),--anew)

# Side by side on all cores; more than one thread each would wait for one another.
test pages repeat: export OMP_NUM_THREADS ?= 1

test: environment
	$(SIDE_BY_SIDE)

pages: environment
	$(SIDE_BY_SIDE) -m browser tests

# JupyterLab shows the stored figures only of notebooks that it trusts.
lab: environment
	@$(BIN)/jupyter-trust $(NOTEBOOKS) >/dev/null
	$(BIN)/python -m jupyterlab --allow-root $(if $(CHAPTER),chapters/$(CHAPTER).ipynb,chapters)

notebooks: environment
	$(BIN)/python scripts/run_notebooks.py $(NOTEBOOKS)

environment:
	@scripts/environment.sh

.venv/made-from: environment ;

benchmark: environment
	@$(BIN)/python scripts/benchmark.py $(if $(SAVE),--save chapters)

matrix:
	@python3 scripts/matrix.py $(PYTHONS)

repeat: environment
	@for run in $$(seq $(or $(TIMES),20)); do \
	    files=$$(ls chapters/*.ipynb tests/test_*.py | sort -R) && echo "run $$run:" $$files && \
	    $(SIDE_BY_SIDE) --quiet $$files || exit 1; \
	done

mutants: environment
	@$(BIN)/python scripts/mutants.py $(CHAPTER) $(if $(NUMBER),--number $(NUMBER)) $(if $(SEED),--seed $(SEED))

interruptions: environment
	@$(BIN)/python scripts/interruptions.py $(if $(TIMES),--times $(TIMES)) $(COMMANDS)

# Without .venv: what it was made from may contradict requirements.txt by now.
constraints:
	@$(or $(PYTHON),python3) -m venv .uv && .uv/bin/python -m pip install --quiet uv
	grep -v '^-' requirements.txt | UV_CUSTOM_COMPILE_COMMAND="make constraints" .uv/bin/uv pip compile --quiet \
	    --universal --python-version 3.10 --upgrade --fork-strategy fewest --no-annotate --output-file constraints.txt -

# What says that something is complete goes first.
clean:
	rm -rf _build/html/.complete .venv/made-from _build .venv .uv .matrix .pytest_cache .hypothesis chapters/.*.tmp
	find . -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
