#===- jax_family.py - The benchmarks in JAX, in the forms that its users and its experts write ------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""FORMS maps a form to the functions that build it; make(benchmark, form, precision, parameters, samples) returns a call
without arguments and what turns its result into (loss, flat gradient)."""
import importlib.metadata
from functools import partial

import jax
import jax.numpy as jnp
import numpy
from jax import grad, hessian, jacfwd, jacrev, jvp, vmap
from jax.experimental.jet import jet

import hand
from problems import flatten

VERSION = "JAX " + jax.__version__


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = jnp.tanh(x @ weight.T + bias)
    weight, bias = parameters[-1]
    return x @ weight.T + bias


# Residuals of what a form computes: values and derivatives at all points, as named by hand.DERIVATIVES.
def residual(equation, x, u):
    return hand.residual(jnp, equation, x, u)


# ---- nested, reverse over reverse: the usual code, for one point, vmapped

def _trace_reverse(u):
    return lambda x: jnp.trace(jacrev(jacrev(u))(x))


def nested_reverse(equation, parameters, x):
    u = lambda p: network(parameters, p)[0]

    def burgers(p):
        first, second = grad(u)(p), grad(lambda q: grad(u)(q)[1])(p)
        return dict(u=u(p), t=first[0], x=first[1], xx=second[1])

    def kuramoto_sivashinsky(p):
        ux = lambda q: grad(u)(q)[1]
        uxx = lambda q: grad(ux)(q)[1]
        uxxx = lambda q: grad(uxx)(q)[1]
        return dict(u=u(p), t=grad(u)(p)[0], x=ux(p), xx=uxx(p), xxxx=grad(uxxx)(p)[1])

    def cavity(p):
        fields = lambda q: network(parameters, q)
        first, second = jacrev(fields)(p), jacrev(jacrev(fields))(p)
        return dict(u=fields(p), x=first[:, 0], y=first[:, 1], lap=jnp.trace(second, axis1=1, axis2=2))

    point = {
        "burgers": burgers, "kuramoto_sivashinsky": kuramoto_sivashinsky, "cavity": cavity,
        "plate": lambda p: dict(bilap=_trace_reverse(_trace_reverse(u))(p)),
        "helmholtz": lambda p: dict(u=u(p), lap=_trace_reverse(u)(p)),
        "poisson": lambda p: dict(lap=_trace_reverse(u)(p)),
    }[equation]
    return vmap(point)(x)


# ---- nested, forward over reverse: jax.hessian

def nested_mixed(equation, parameters, x):
    u = lambda p: network(parameters, p)[0]

    def along(gradient, p, axis):
        direction = jnp.zeros_like(p).at[axis].set(1)
        return jvp(gradient, (p,), (direction,))

    def burgers(p):
        first, second = along(grad(u), p, 1)
        return dict(u=u(p), t=first[0], x=first[1], xx=second[1])

    def kuramoto_sivashinsky(p):
        def seconds(q):
            first, second = along(grad(u), q, 1)
            return first, second[1]
        def thirds(q):
            return along(seconds, q, 1)
        ((first, xx), _), (_, (_, xxxx)) = along(lambda q: thirds(q), p, 1)
        return dict(u=u(p), t=first[0], x=first[1], xx=xx, xxxx=xxxx)

    def cavity(p):
        fields = lambda q: network(parameters, q)
        first, second = jacfwd(fields)(p), hessian(fields)(p)
        return dict(u=fields(p), x=first[:, 0], y=first[:, 1], lap=jnp.trace(second, axis1=1, axis2=2))

    laplacian = lambda f: lambda p: jnp.trace(hessian(f)(p))
    point = {
        "burgers": burgers, "kuramoto_sivashinsky": kuramoto_sivashinsky, "cavity": cavity,
        "plate": lambda p: dict(bilap=laplacian(laplacian(u))(p)),
        "helmholtz": lambda p: dict(u=u(p), lap=laplacian(u)(p)),
        "poisson": lambda p: dict(lap=laplacian(u)(p)),
    }[equation]
    return vmap(point)(x)


# ---- nested, forward over forward, on the whole batch

def _direction(x, axis):
    return jnp.zeros_like(x).at[:, axis].set(1)


def _forward(f, x, tangent):
    """f and its derivatives along the tangent."""
    return jvp(f, (x,), (tangent,))


def _second(f, x, tangent):
    """f, f', f''."""
    (value, first), (_, second) = _forward(lambda q: _forward(f, q, tangent), x, tangent)
    return value, first, second


def _laplacian_forward(f, x):
    basis = jnp.broadcast_to(jnp.eye(x.shape[1], dtype=x.dtype)[:, None, :], (x.shape[1],) + x.shape)
    value, first, second = vmap(lambda e: _second(f, x, e), out_axes=(None, 0, 0))(basis)
    return value, first, second.sum(0)


def nested_forward(equation, parameters, x):
    u = lambda q: network(parameters, q)
    if equation == "burgers":
        value, ux, uxx = _second(u, x, _direction(x, 1))
        return dict(u=value[:, 0], t=_forward(u, x, _direction(x, 0))[1][:, 0], x=ux[:, 0], xx=uxx[:, 0])
    if equation == "kuramoto_sivashinsky":
        e = _direction(x, 1)
        (value, ux, uxx), _, (_, _, uxxxx) = _second(lambda q: _second(u, q, e), x, e)
        return dict(u=value[:, 0], t=_forward(u, x, _direction(x, 0))[1][:, 0], x=ux[:, 0], xx=uxx[:, 0], xxxx=uxxxx[:, 0])
    if equation == "plate":
        ex, ey = _direction(x, 0), _direction(x, 1)
        second = lambda f, e: lambda q: _second(f, q, e)[2]
        xx = second(u, ex)
        return dict(bilap=(second(xx, ex)(x) + 2 * second(xx, ey)(x) + second(second(u, ey), ey)(x))[:, 0])
    value, first, laplacian = _laplacian_forward(u, x)
    if equation == "cavity":
        return dict(u=value, x=first[0], y=first[1], lap=laplacian)
    return dict(u=value[:, 0], lap=laplacian[:, 0])


# ---- jax.experimental.jet: Taylor coefficients along a direction

def _jet(f, x, direction, order):
    series = [direction] + [jnp.zeros_like(x)] * (order - 1)
    value, terms = jet(f, (x,), (series,))
    return value, terms


def taylor(equation, parameters, x):
    u = lambda q: network(parameters, q)
    if equation == "burgers":
        value, (ux, uxx) = _jet(u, x, _direction(x, 1), 2)
        return dict(u=value[:, 0], t=_forward(u, x, _direction(x, 0))[1][:, 0], x=ux[:, 0], xx=uxx[:, 0])
    if equation == "kuramoto_sivashinsky":
        value, (ux, uxx, _, uxxxx) = _jet(u, x, _direction(x, 1), 4)
        return dict(u=value[:, 0], t=_forward(u, x, _direction(x, 0))[1][:, 0], x=ux[:, 0], xx=uxx[:, 0], xxxx=uxxxx[:, 0])
    if equation == "plate":
        # x^4 + 2 x^2 y^2 + y^4 = (2 (x^4 + y^4) + ((x + y)^4 + (x - y)^4) / 2) / 3
        directions = jnp.array([[1, 0], [0, 1], [1, 1], [1, -1]], x.dtype)
        fourth = vmap(lambda e: _jet(u, x, jnp.broadcast_to(e, x.shape), 4)[1][3])(directions)
        return dict(bilap=((fourth[0] + fourth[1]) * (2 / 3) + (fourth[2] + fourth[3]) / 6)[:, 0])
    basis = jnp.eye(x.shape[1], dtype=x.dtype)
    value, (first, second) = vmap(lambda e: _jet(u, x, jnp.broadcast_to(e, x.shape), 2), out_axes=(None, 0))(basis)
    if equation == "cavity":
        return dict(u=value, x=first[0], y=first[1], lap=second.sum(0))
    return dict(u=value[:, 0], lap=second.sum(0)[:, 0])


# ---- folx: the forward Laplacian of one point, vmapped

def folx_laplacian(equation, parameters, x):
    from folx import forward_laplacian
    u = lambda p: network(parameters, p)[0]
    # Along x alone, t held.
    along = lambda p: lambda q: u(jnp.stack([p[0], q[0]]))

    def burgers(p):
        out = forward_laplacian(along(p))(p[1:])
        return dict(u=out.x, t=jvp(u, (p,), (jnp.zeros_like(p).at[0].set(1),))[1], x=out.jacobian.dense_array[0],
                    xx=out.laplacian)

    def kuramoto_sivashinsky(p):
        inner = lambda q: forward_laplacian(along(p))(q)
        out, xx = inner(p[1:]), lambda q: inner(q).laplacian
        return dict(u=out.x, t=jvp(u, (p,), (jnp.zeros_like(p).at[0].set(1),))[1], x=out.jacobian.dense_array[0],
                    xx=out.laplacian, xxxx=forward_laplacian(xx)(p[1:]).laplacian)

    def cavity(p):
        out = forward_laplacian(lambda q: network(parameters, q))(p)
        first = out.jacobian.dense_array
        return dict(u=out.x, x=first[0], y=first[1], lap=out.laplacian)

    def laplacian(p):
        out = forward_laplacian(u)(p)
        return dict(u=out.x, lap=out.laplacian)

    point = {
        "burgers": burgers, "kuramoto_sivashinsky": kuramoto_sivashinsky, "cavity": cavity,
        "plate": lambda p: dict(bilap=forward_laplacian(lambda q: forward_laplacian(u)(q).laplacian)(p).laplacian),
        "helmholtz": laplacian, "poisson": laplacian,
    }[equation]
    return vmap(point)(x)


def by_hand(equation, parameters, x):
    return hand.jets(jnp, equation, parameters, x)


# ---- losses and steps

def _loss(derivatives, equation, parameters, x):
    r = residual(equation, x, derivatives(equation, parameters, x))
    return (r * r).sum() / x.shape[0]


def _whole(derivatives, equation):
    return lambda parameters, x: jax.value_and_grad(partial(_loss, derivatives, equation))(parameters, x)


TILE = 250


def _tiled(derivatives, equation):
    """The batch in pieces that stay in the cache, gradients added up."""
    def call(parameters, x):
        if x.shape[0] % TILE:
            return _whole(derivatives, equation)(parameters, x)
        pieces = x.reshape(-1, TILE, x.shape[1])
        def add(total, piece):
            return jax.tree.map(jnp.add, total, _whole(derivatives, equation)(parameters, piece)), None
        zero = (jnp.zeros((), x.dtype), jax.tree.map(jnp.zeros_like, parameters))
        total, _ = jax.lax.scan(add, zero, pieces)
        return jax.tree.map(lambda a: a / pieces.shape[0], total)
    return call


RESIDUAL_FORMS = {
    "nested, reverse over reverse": _whole, "nested, forward over reverse": _whole, "nested, forward over forward": _whole,
    "jet": _whole, "folx": _whole, "jets by hand": _whole, "jets by hand, tiled": _tiled,
}
DERIVATIVES = dict(zip(RESIDUAL_FORMS, [nested_reverse, nested_mixed, nested_forward, taylor, folx_laplacian, by_hand, by_hand]))


def _minibatch_nested(parameters, x):
    """d = mean (grad f_i + J_i^T lambda_i) with per-sample gradients."""
    def point(parameters, p):
        u = lambda q: network(parameters, jnp.concatenate([q[None], p[1:4]]))[0]
        (value, _), (_, second) = jvp(lambda q: jvp(u, (q,), (jnp.ones_like(q),)), (p[0],), (jnp.ones_like(p[0]),))
        return (value - p[4])**2, second + p[2]**2 * value

    (f, g), (_, violation) = vmap(lambda p: (jacrev(point)(parameters, p), point(parameters, p)))(x)
    dot = lambda a, b: sum((s * t).reshape(s.shape[0], -1).sum(1) for s, t in zip(jax.tree.leaves(a), jax.tree.leaves(b)))
    multiplier = (violation - dot(g, f)) / dot(g, g)
    return jax.tree.map(lambda a, b: (a.sum(0) + jnp.tensordot(multiplier, b, 1)) / x.shape[0], f, g)


def _minibatch_by_hand(parameters, x):
    return hand.minibatch_direction(jnp, parameters, x)


MINIBATCH_FORMS = {"per-sample gradients by vmap": _minibatch_nested, "all by hand": _minibatch_by_hand}


def _adam(direction, state, x):
    parameters, m, v, step = state
    step = step + 1
    d = direction(parameters, x)
    m = jax.tree.map(lambda m, d: 0.9 * m + 0.1 * d, m, d)
    v = jax.tree.map(lambda v, d: 0.999 * v + 0.001 * d * d, v, d)
    c1, c2 = 1 - 0.9**step, 1 - 0.999**step
    parameters = jax.tree.map(lambda p, m, v: p - 1e-3 * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), parameters, m, v)
    return parameters, m, v, step


def _lorenz(x):
    f = lambda x: (jnp.roll(x, -1) - jnp.roll(x, 2)) * jnp.roll(x, 1) - x + 8.0
    h = 0.005
    def step(x, _):
        k1 = f(x)
        k2 = f(x + h / 2 * k1)
        k3 = f(x + h / 2 * k2)
        k4 = f(x + h * k3)
        return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None
    end, _ = jax.lax.scan(step, x, None, length=500)
    return end @ end


# Unrolling by 10 made it 20 times slower, after 50 s of compiling.
SIMULATION_FORMS = {"grad of scan": _lorenz}


def forms(benchmark):
    return list({"residual": RESIDUAL_FORMS, "minibatch": MINIBATCH_FORMS, "simulation": SIMULATION_FORMS}[benchmark.kind])


def version(form):
    return "folx " + importlib.metadata.version("folx") if form == "folx" else VERSION


def make(benchmark, form, precision, parameters, samples):
    jax.config.update("jax_enable_x64", precision == "f64")
    real = jnp.float64 if precision == "f64" else jnp.float32
    parameters = jax.tree.map(lambda a: jnp.asarray(a, real), parameters)
    x = jnp.asarray(samples, real)
    if benchmark.kind == "residual":
        equation = benchmark.equation
        compiled = jax.jit(RESIDUAL_FORMS[form](DERIVATIVES[form], equation))
        run = lambda: jax.block_until_ready(compiled(parameters, x))
        return run, lambda result: (float(result[0]), flatten(result[1]))
    if benchmark.kind == "minibatch":
        compiled = jax.jit(partial(_adam, MINIBATCH_FORMS[form]), donate_argnums=0)
        zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
        state = [(jax.tree.map(jnp.copy, parameters), zeros(), zeros(), jnp.zeros((), real))]
        def run():
            state[0] = jax.block_until_ready(compiled(state[0], x))
            return state[0]
        return run, lambda result: (0.0, flatten(result[0]))
    start = x[0]
    compiled = jax.jit(jax.value_and_grad(SIMULATION_FORMS[form]))
    return lambda: jax.block_until_ready(compiled(start)), lambda result: (float(result[0]), numpy.asarray(result[1], float))
