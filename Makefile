# make anchors compares the speed of this project with JAX and C, and writes benchmarks/README.md.
# EXEC names the executors: EXEC=auto,avx2 measures forced AVX2 beside what the processor gives.
# TURNS is how many turns each program gets: more on a busy machine.

CC = gcc
CFLAGS = -O3 -march=native -fopenmp
PYTHON = python3
EXEC = auto
TURNS = 10

anchors := benchmarks/anchors
python := $(anchors)/.venv/bin/python
programs := $(anchors)/.build/anchors_f32 $(anchors)/.build/anchors_f64

.PHONY: anchors answers go
anchors: go $(anchors)/.venv/installed $(programs)
	go run ./benchmarks/compare -exec $(EXEC) -turns $(TURNS)

# The answers that the tests of package benchmarks compare with.
answers: go $(anchors)/.venv/installed
	go run ./benchmarks/compare -answers

go:
	@command -v go >/dev/null || { echo "make anchors needs Go" >&2; exit 1; }

$(anchors)/.venv/installed: $(anchors)/requirements.txt
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
		2>/dev/null || \
		{ echo "make anchors needs Python 3.11 or newer with venv and pip, as $(PYTHON)" >&2; exit 1; }
	$(PYTHON) -m venv $(anchors)/.venv
	$(python) -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

$(anchors)/.build/anchors_f32: real = float
$(anchors)/.build/anchors_f64: real = double
$(programs): $(wildcard $(anchors)/c/*)
	@command -v $(CC) >/dev/null || { echo "make anchors needs $(CC), a C compiler" >&2; exit 1; }
	mkdir -p $(@D)
	$(CC) $(CFLAGS) -DREAL=$(real) -o $@ $(filter %.c,$^) -lm
