"""Runs the workloads for benchmarks/compare, which says what the lines mean."""

import os
import sys
import time
from importlib import metadata

os.environ["EQX_ON_ERROR"] = "nan"  # before Optimistix: else one lane's NaN ends a whole batch

import jax

if "--x64" in sys.argv:
    jax.config.update("jax_enable_x64", True)

import command
import elementwise
import estimation
import market
import products
import traces

NAMED = ("jax", "optimistix", "optax")

WORKLOADS = {}
for family in (market, traces, estimation, elementwise, products, command):
    WORKLOADS |= family.WORKLOADS


def seconds(task, calls):
    """The time that one of so many calls takes."""
    task.before()
    begin = time.perf_counter()
    for _ in range(calls):
        task.run()
    return (time.perf_counter() - begin) / calls


def serve():
    task = None
    for line in sys.stdin:
        verb, *words = line.split()
        if verb == "about":
            versions = (f"{name} {metadata.version(name)}" for name in NAMED)
            yield "JAX: " + ", ".join(versions) + ", Python " + sys.version.split()[0]
        elif verb == "open" and words[0] not in WORKLOADS:
            yield "none"
        elif verb == "open":
            task = WORKLOADS[words[0]](int(words[1]))
            yield " ".join(map(repr, task.answer(task.run())))
        elif verb == "time":
            samples, calls = map(int, words)
            yield " ".join(repr(seconds(task, calls)) for _ in range(samples))


for reply in serve():
    print(reply, flush=True)
