"""What the families of workloads share."""

from dataclasses import dataclass
from typing import Any, Callable

import jax.numpy as jnp
import numpy as np


@dataclass
class Task:
    """A workload that is ready to run. run waits for its result; before is not timed."""

    run: Callable[[], Any]
    answer: Callable[[Any], list]
    before: Callable[[], None] = lambda: None


def both(name, make):
    """The workloads of a function of (dtype, shrink), for both widths of floats."""
    return {
        name + "_f32": lambda shrink: make(jnp.float32, shrink),
        name + "_f64": lambda shrink: make(jnp.float64, shrink),
    }


def spaced(dtype, lo, hi, n):
    """n numbers from lo to hi, computed in float64."""
    return jnp.asarray(lo + (hi - lo) * np.arange(n) / (n - 1), dtype)


def numbers(*xs):
    """The answer of some scalars."""
    return [float(x) for x in xs]


def summary(x):
    """The answer of an array: mean, mean square, and the first, middle and last element."""
    x = np.asarray(x, np.float64).ravel()
    return numbers(x.mean(), (x * x).mean(), x[0], x[x.size // 2], x[-1])
