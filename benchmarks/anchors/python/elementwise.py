"""A million numbers: drawn, and put through elementary functions and summed."""

import jax
import jax.numpy as jnp

from tasks import Task, both, numbers, spaced, summary

MILLION = 1_000_000


def sum_of_waves(x):
    return jnp.sum(jnp.exp(-x * x) * jnp.log1p(x) + jnp.sin(x) ** 2)


def normals(dtype, shrink):
    f = jax.jit(lambda key: jax.random.normal(key, (MILLION // shrink,), dtype))
    key = jax.random.key(0)
    return Task(lambda: f(key).block_until_ready(), summary)


def total(dtype, shrink):
    f, x = jax.jit(sum_of_waves), spaced(dtype, 0.1, 3, MILLION // shrink)
    return Task(lambda: f(x).block_until_ready(), lambda y: numbers(y))


def gradient(dtype, shrink):
    f, x = jax.jit(jax.grad(sum_of_waves)), spaced(dtype, 0.1, 3, MILLION // shrink)
    return Task(lambda: f(x).block_until_ready(), summary)


WORKLOADS = {**both("normals", normals), **both("sum", total), **both("sum_gradient", gradient)}
