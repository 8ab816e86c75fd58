"""The equilibrium of demand and supply, and the likelihood of one observed price."""

import jax
import jax.numpy as jnp
import optimistix as optx

from tasks import Task, both, numbers, spaced, summary

SIGMA = 0.01


def demand(price, p):
    return 100 - 2 * price ** p[0]


def supply(price, p):
    return 5 * 3.0 ** (p[1] * price)


def price(p):
    newton = optx.Newton(rtol=1e-6, atol=1e-6)
    return optx.root_find(
        lambda y, p: demand(y, p) - supply(y, p), newton, y0=jnp.array(5.0, p.dtype),
        args=p, max_steps=50, throw=False).value


def log_likelihood(p):
    q = price(p)
    return -0.5 * jnp.log(2 * jnp.pi * SIGMA**2) - 0.5 * (17.65 - q) ** 2 / SIGMA**2


def markets(dtype, n):
    return jnp.stack([spaced(dtype, 0.3, 0.7, n), spaced(dtype, 0.1, 0.2, n)], 1)


def truth():
    return jnp.array([0.5, 0.15])


def newton_batch(dtype, shrink):
    f, ps = jax.jit(jax.vmap(price)), markets(dtype, 100_000 // shrink)
    return Task(lambda: f(ps).block_until_ready(), summary)


def loglik_batch(shrink):
    f = jax.jit(jax.vmap(jax.value_and_grad(log_likelihood)))
    ps = markets(jnp.float64, 100_000 // shrink)
    return Task(lambda: jax.block_until_ready(f(ps)),
                lambda y: summary(y[0]) + summary(y[1][:, 0]) + summary(y[1][:, 1]))


def newton_one(shrink):
    f, p = jax.jit(price), truth()
    return Task(lambda: f(p).block_until_ready(), lambda y: numbers(y))


def gradient_one(shrink):
    f, p = jax.jit(jax.grad(log_likelihood)), truth()
    return Task(lambda: f(p).block_until_ready(), lambda g: numbers(*g))


def compile_gradient(shrink):
    p = truth()

    def run():
        fresh = jax.jit(jax.grad(lambda p: log_likelihood(p)))
        return fresh.lower(p).compile()(p).block_until_ready()

    return Task(run, lambda g: numbers(*g), before=jax.clear_caches)


WORKLOADS = {
    **both("newton_batch", newton_batch),
    "loglik_batch_f64": loglik_batch,
    "newton_one_f64": newton_one,
    "gradient_one_f64": gradient_one,
    "compile_gradient_f64": compile_gradient,
}
