"""Maximum likelihood from 50 observed prices, in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import optimistix as optx

from market import SIGMA, price, truth
from tasks import Task, numbers, summary

OBSERVATIONS = 50


def observe(key, *shape):
    return price(truth()) + jax.random.normal(key, shape) * SIGMA


def start():
    return jnp.array([0.6, 0.18])


def neg_log_likelihood(p, prices):
    q, n = price(p), prices.shape[0]
    squares = jnp.sum((prices - q) ** 2)
    return 0.5 * n * jnp.log(2 * jnp.pi * SIGMA**2) + 0.5 * squares / SIGMA**2


def minimum(p0, prices):
    method = optx.BFGS(rtol=1e-6, atol=1e-6)
    return optx.minimise(neg_log_likelihood, method, p0, args=prices, max_steps=100,
                         throw=False).value


def bfgs(shrink):
    f, p0, prices = jax.jit(minimum), start(), sample()
    return Task(lambda: f(p0, prices).block_until_ready(),
                lambda p: numbers(neg_log_likelihood(p, prices)))


def sample():
    _, sub = jax.random.split(jax.random.key(42))
    return observe(sub, OBSERVATIONS)


def adam(shrink):
    optimiser = optax.adam(learning_rate=0.01)
    slope = jax.grad(neg_log_likelihood)

    @jax.jit
    def f(p0, prices):
        def step(state, _):
            p, s = state
            update, s = optimiser.update(slope(p, prices), s)
            return (optax.apply_updates(p, update), s), None

        (p, _), _ = jax.lax.scan(step, (p0, optimiser.init(p0)), None, length=100)
        return p

    p0, prices = start(), sample()
    return Task(lambda: f(p0, prices).block_until_ready(), lambda p: numbers(*p))


def bfgs_batch(shrink):
    draws = observe(jax.random.key(1), 10_000 // shrink, OBSERVATIONS)
    f = jax.jit(jax.vmap(lambda prices: minimum(start(), prices)))

    def outcomes(p):
        """How many reached the least value that there is, where the price is the mean."""
        reached = np.asarray(jax.vmap(neg_log_likelihood)(p, draws))
        squares = ((draws - draws.mean(1, keepdims=True)) ** 2).sum(1)
        least = 0.5 * OBSERVATIONS * np.log(2 * np.pi * SIGMA**2) + 0.5 * squares / SIGMA**2
        return numbers((reached - least < 0.01).sum()) + summary(reached)

    return Task(lambda: f(draws).block_until_ready(), outcomes)


WORKLOADS = {"bfgs_f64": bfgs, "adam_f64": adam, "bfgs_batch_f64": bfgs_batch}
