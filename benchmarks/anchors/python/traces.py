"""Hutchinson's estimator on Hessian-vector products in float32, with the probes drawn."""

import jax
import jax.numpy as jnp

from tasks import Task, numbers


def estimate(f, x, key, m):
    def hvp(v):
        return jax.jvp(jax.grad(f), (x,), (v,))[1]

    probes = jax.random.rademacher(key, (m, x.shape[0])).astype(jnp.float32)
    return jnp.mean(jax.vmap(lambda v: jnp.dot(v, hvp(v)))(probes))


def matrix_and_point(n):
    key = jax.random.key(0)
    return (jax.random.normal(key, (n, n), jnp.float32),
            jax.random.normal(key, (n,), jnp.float32))


def task(f, x, m):
    g, key = jax.jit(lambda x, key: estimate(f, x, key, m)), jax.random.key(42)
    return Task(lambda: g(x, key).block_until_ready(), lambda y: numbers(y))


def hutchinson(shrink):
    a, x = matrix_and_point(100 // shrink)
    p = a.T @ a
    return task(lambda x: 0.5 * jnp.dot(x, jnp.dot(p, x)), x, 1000 // shrink)


def matrix_free(shrink):
    a, x = matrix_and_point(1000 // shrink)
    return task(lambda x: 0.5 * jnp.dot(jnp.dot(a, x), jnp.dot(a, x)), x, 20)


WORKLOADS = {"hutchinson_f32": hutchinson, "matrix_free_f32": matrix_free}
