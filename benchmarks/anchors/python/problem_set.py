"""The problem set as a course's program answers it: import, compile as one goes, print.

The last line is the figures that benchmarks/command.go compares, as JSON.
"""

import json
from functools import partial

import jax
import jax.numpy as jnp
import optax
import optimistix as optx
from jax import random
from scipy.optimize import root_scalar

# 1.1: the trace of a Hessian, exactly and by random probes.
key = random.key(0)
A = random.normal(key, (100, 100))
P = A.T @ A
x = random.normal(key, (100,))


def f(x):
    return 0.5 * jnp.dot(x.T, jnp.dot(P, x))


exact = jnp.trace(jax.hessian(f)(x))
print("trace", exact, jnp.diag(P).sum())


def hvp(f, x, v):
    return jax.jvp(jax.grad(f), (x,), (v,))[1]


@partial(jax.jit, static_argnums=(0, 3))
def hutchinson(f, x, key, M=100):
    V = random.rademacher(key, (M, x.shape[0])).astype(jnp.float32)
    return jnp.mean(jax.vmap(lambda v: jnp.dot(v, hvp(f, x, v)))(V))


key = random.key(42)
for M in (1, 10, 100, 1000):
    key, sub = random.split(key)
    hutchinson(f, x, sub, M).block_until_ready()  # to compile
    key, sub = random.split(key)
    estimate = hutchinson(f, x, sub, M).block_until_ready()
    print("estimate", M, estimate, abs(estimate - exact))

# 1.2: the same without forming the matrix.
key = random.key(0)
A = random.normal(key, (1000, 1000))
x = random.normal(key, (1000,))
large = hutchinson(lambda x: 0.5 * jnp.dot(jnp.dot(A, x), jnp.dot(A, x)), x, random.key(42), 20)
print("matrix-free estimate", large)


# 2.1: an equilibrium, by Brent's method and by Newton's.
def demand(price, p):
    return 100 - 2 * price ** p[0]


def supply(price, p):
    return 5 * 3.0 ** (p[1] * price)


def excess(price, p):
    return demand(price, p) - supply(price, p)


truth = jnp.array([0.5, 0.15])
brent = root_scalar(lambda y: excess(y, (0.5, 0.15)), bracket=(0, 100), method="brentq").root
print("Brent", brent, demand(brent, (0.5, 0.15)))


@jax.jit
def equilibrium(p):
    price = optx.root_find(excess, optx.Newton(rtol=1e-6, atol=1e-6), y0=jnp.array(5.0), args=p,
                           max_steps=50, throw=False).value
    return price, demand(price, p)


price, quantity = equilibrium(truth)
print("Newton", price, quantity)


# 2.2 and 2.3: a likelihood through it, and its gradient.
@jax.jit
def log_likelihood(observed, p, sd):
    q, _ = equilibrium(p)
    return -0.5 * jnp.log(2 * jnp.pi * sd**2) - 0.5 * (observed - q) ** 2 / sd**2


observed = price + random.normal(random.key(0), ()) * 0.01
likelihood = log_likelihood(observed, truth, 0.01)
slope = jax.jit(jax.grad(log_likelihood, argnums=1))(observed, truth, 0.01)
print("log likelihood", likelihood, "gradient", slope)

# 2.4: maximum likelihood, by Adam and by BFGS.
_, sub = random.split(random.key(42))
data = price + random.normal(sub, (50,)) * 0.01


@jax.jit
def neg_log_likelihood(p, data, sd):
    q, _ = equilibrium(p)
    n = data.shape[0]
    return 0.5 * n * jnp.log(2 * jnp.pi * sd**2) + 0.5 * jnp.sum((data - q) ** 2) / sd**2


optimiser = optax.adam(learning_rate=0.01)
adam = jnp.array([0.6, 0.18])
state = optimiser.init(adam)
value_and_grad = jax.value_and_grad(neg_log_likelihood)
for _ in range(100):
    loss, g = value_and_grad(adam, data, 0.01)
    update, state = optimiser.update(g, state)
    adam = optax.apply_updates(adam, update)
print("Adam", adam, loss)


@jax.jit
def bfgs(start, data, sd):
    return optx.minimise(lambda p, a: neg_log_likelihood(p, *a), optx.BFGS(rtol=1e-6, atol=1e-6),
                         start, args=(data, sd), max_steps=100)


print("BFGS", bfgs(jnp.array([0.6, 0.18]), data, 0.01).value)

figures = [exact, estimate, large, price, quantity, likelihood, *slope, *adam]
print(json.dumps([float(x) for x in figures]))
