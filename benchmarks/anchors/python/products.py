"""Matrix products."""

import jax
import jax.numpy as jnp

from tasks import Task, both, summary


def gemm(m, k, n):
    def make(dtype, shrink):
        a = jax.random.normal(jax.random.key(0), (m // shrink, k // shrink), dtype)
        b = jax.random.normal(jax.random.key(1), (k // shrink, n // shrink), dtype)
        f = jax.jit(jnp.matmul)
        return Task(lambda: f(a, b).block_until_ready(), summary)

    return both(f"gemm_{m}_{k}_{n}", make)


WORKLOADS = {
    **gemm(100, 100, 1000), **gemm(256, 256, 256), **gemm(512, 512, 512), **gemm(1024, 1024, 1024),
}
