# The book's commands: `make help` lists them. Each first brings .venv up to what it needs, and does nothing twice.

export PYTHON
PYTHON ?=
EDITION ?= zh
export EDITION
BIN := .venv/bin
override BIN := $(subst $() ,\ ,$(BIN))
NOTEBOOKS := $(wildcard chapters/*.ipynb)
PAGES := $(wildcard *.md chapters/*.md) $(NOTEBOOKS)
SIDE_BY_SIDE = $(BIN)/python -m pytest --numprocesses=auto
SHARED := _config.yml _toc.yml references.bib \
    $(shell find _ext _static gluonbook locale/zh_CN -type f ! -name "*.pyc" ! -name "*.mo" 2>/dev/null)

NAME := hands-on-optimisation
ARCHIVE := _build/html/$(NAME).zip

# With LC_ALL=C, which beats LANG, Python 3.11 and 3.12 can't read the name of a folder that isn't in ASCII.
ifneq ($(filter C POSIX,$(LC_ALL)),)
export LC_ALL := C.UTF-8
endif

ifeq ($(filter zh en,$(EDITION)),)
$(error EDITION must be zh or en, got $(EDITION))
endif
EN := $(filter en,$(EDITION))
PLAYGROUND := playground$(if $(EN),/en)

# What lab and fresh are given, also as a shell completes it; refused before anything is installed.
CHOSEN := $(notdir $(CHAPTER:.ipynb=))
ifneq ($(filter lab fresh,$(MAKECMDGOALS)),)
CHAPTERS := $(basename $(notdir $(NOTEBOOKS)))
OWN := $(if $(filter lab,$(MAKECMDGOALS)),$(basename $(notdir $(wildcard $(PLAYGROUND)/*.ipynb))))
ifneq ($(or $(filter-out $(CHAPTERS) $(OWN),$(CHOSEN)),$(word 2,$(CHOSEN)),$(if $(CHOSEN),,$(filter fresh,$(MAKECMDGOALS)))),)
$(error CHAPTER must be one of $(filter $(CHAPTERS),$(notdir $(shell sed -n 's/.*file: //p' _toc.yml))), \
    got $(or $(CHAPTER),nothing))
endif
endif

# Where packages may not be kept compiled, every kernel starts twice as slowly.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help html pdf epub test pages lab fresh notebooks benchmark constraints wheelhouse clean \
    explorables catalogues renumber play edit claims style arm readers tests maintainers

help:  ## this list
	@echo "For readers:"
	@sed -En 's/^([a-z]+):.*  ## (.*)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo && echo "For authors:"
	@sed -En 's/^([a-z]+):.*  ### (.*)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo && echo "PYTHON=python3.13 before or behind a command names the interpreter, 3.10 to 3.14."

# Where an edition's pages are, and where it ends: the English book stands beside the Chinese one.
PAGES_OF_EDITION := $(if $(EN),_build/en/)_build/html
PAPER := $(NAME)$(if $(EN),-en)

html: $(PAGES_OF_EDITION)/.complete $(ARCHIVE)  ## the book, in _build/html/index.html; EDITION=en: both editions, in _build/site
	@$(if $(EN),$(BIN)/python scripts/join_editions.py)
	@echo "The book is in $(if $(EN),_build/site/en,_build/html)/index.html"

# Pages that changed are made anew, or the whole book if something changed that they share, or if it isn't complete.
_build/html/.complete: $(PAGES) $(SHARED) scripts/build_book.py .venv/made-from
	@echo "Building the book ..."
	@EDITION=zh $(BIN)/python scripts/build_book.py $(if $(filter-out $(PAGES),$?),--anew)

_build/en/_build/html/.complete: _build/html/.complete $(wildcard locale/en/*.po) scripts/translate.py
	@echo "Building the English edition ..."
	@EDITION=en $(BIN)/python scripts/build_book.py $(if $(filter %/interface.po %/explorables.po %.py,$?),--anew)

# What the pages offer: the source, as it is now.
$(ARCHIVE): _build/html/.complete scripts/pack.py $(wildcard $(shell git ls-files 2>/dev/null))
	@$(BIN)/python scripts/pack.py $@

pdf: _build/pdf/$(PAPER).pdf  ## the book on A4, in _build/pdf
	@echo "The PDF is $<"

epub: _build/epub/$(PAPER).epub  ## the book for an e-reader, in _build/epub
	@echo "The EPUB is $<"

_build/pdf/$(PAPER).pdf _build/epub/$(PAPER).epub: $(PAGES_OF_EDITION)/.complete .venv/made-from-maintainers
	@echo "Making $@ ..."
	@$(BIN)/python scripts/build_paper.py $@

# Side by side on all cores; more than one thread each would wait for one another.
test pages: export OMP_NUM_THREADS ?= 1

test: tests  ## every cell of every notebook, and the tests under tests/
	$(SIDE_BY_SIDE)

style: maintainers  ### what ruff says of the code, of that in notebooks, too; make style FIX=1 mends it
	$(BIN)/ruff check $(if $(FIX),--fix)
	$(BIN)/ruff format $(if $(FIX),,--check --quiet)

pages: maintainers pdf epub  ### the tests that open the pages, the PDF, the EPUB and a chapter in JupyterLab in Chromium, formulas in others, too
	$(SIDE_BY_SIDE) tests/browser

JUPYTERLAB = JUPYTER_CONFIG_PATH="$(CURDIR)/jupyter" $(BIN)/python -m jupyterlab --allow-root

# 目录.md, as an address that can be clicked in every terminal.
START := $(if $(EN),contents,%E7%9B%AE%E5%BD%95).md

# JupyterLab shows the stored figures only of notebooks that it trusts, wherever they lie: of the book's own alone.
lab: readers  ## JupyterLab on a copy of the chapters, to change at will, or on one: make lab CHAPTER=momentum-gluon
	@$(BIN)/python scripts/playground.py
	@$(BIN)/jupyter-trust $(NOTEBOOKS) $(if $(EN),_build/en/chapters/*.ipynb) >/dev/null
	$(JUPYTERLAB) $(PLAYGROUND) --LabApp.default_url=/lab/tree/$(or $(CHOSEN:=.ipynb),$(START))

fresh: readers  ## brings the original of one chapter back into that copy: make fresh CHAPTER=momentum-gluon
	@$(BIN)/python scripts/playground.py --fresh $(CHOSEN)

# What is saved is normalised first, so that opening and saving changes nothing.
edit: readers  ### JupyterLab on the tracked notebooks, for authors
	@$(BIN)/jupyter-trust $(NOTEBOOKS) >/dev/null
	$(JUPYTERLAB) chapters

notebooks: readers  ### re-executes the notebooks and stores what they print
	$(BIN)/python scripts/run_notebooks.py $(NOTEBOOKS)

catalogues: readers  ### the English catalogues up to what the book says; PAGE=adaptive begins that of a page
	@$(BIN)/python scripts/translate.py $(PAGE)

renumber: readers  ### chapters, figures and exercises by their places, wherever a number of one is typed
	@$(BIN)/python scripts/renumber.py

explorables: maintainers  ### draws the pictures that stand where no script runs; then make notebooks stores them
	$(BIN)/python scripts/draw_explorables.py

benchmark: export OMP_NUM_THREADS = 1
benchmark: readers  ### times the helper against the loops of other tutorials; SAVE=1 stores the tables for the page on speed
	@$(BIN)/python scripts/benchmark.py $(if $(SAVE),chapters)

play: export OMP_NUM_THREADS ?= 1
play: tests  ### changes visible numbers as a reader would, and runs the chapters; CHAPTER=, NUMBER=12 or all, SEED=
	$(if $(CHAPTER),,$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal -m play tests/book)
	@$(BIN)/python scripts/play.py $(CHAPTER) $(if $(NUMBER),--number $(NUMBER)) $(if $(SEED),--seed $(SEED))

claims: export OMP_NUM_THREADS ?= 1
claims: tests  ### negates each assert of each claim, and leaves all claims out; CHAPTER=, EDITS=20 lists those that no edit trips, SEEDS=10 those that don't hold in 10 runs with other seeds
	@$(BIN)/python scripts/check_claims.py $(CHAPTER) $(if $(EDITS),--edits $(EDITS)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(SEED),--seed $(SEED))

arm:  ### the CHAPTERS="..." on a 64-bit ARM Linux, emulated; takes root, qemu-user-static and debootstrap
	@scripts/arm.sh $(CHAPTERS)

constraints:  ### locks the newest versions that fit what the book needs, for every Python and machine
	@sh environment/setup.sh uv
	.uv/bin/python environment/lock.py

# uv itself is in it, and pip takes the wheels that fit this machine and this Python.
wheelhouse: maintainers  ## keeps all packages for this machine in wheelhouse/: from then on no network is needed
	@sh environment/setup.sh uv
	$(BIN)/python -m pip download --quiet --no-deps --dest wheelhouse.tmp -r environment/lock.txt
	$(BIN)/python -m pip download --quiet --no-deps --dest wheelhouse.tmp uv==$$(.uv/bin/uv --version | cut -d " " -f 2)
	rm -rf wheelhouse && mv wheelhouse.tmp wheelhouse

tests:  ## installs what .venv/bin/pytest takes, for the tests of your choice
readers tests maintainers:
	@sh environment/setup.sh $@

.venv/made-from: readers ;

.venv/made-from-maintainers: maintainers ;

# What says that something is complete goes first.
clean:  ## removes all that these commands made, .venv too, but for wheelhouse/
	rm -rf _build/html/.complete .venv/made-from _build .venv .uv .uv.log .pytest_cache .hypothesis chapters/.*.tmp \
	    locale/*/*/*.mo
	find . -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
