#===- torch_family.py - The benchmarks in PyTorch, in the forms that its users and its experts write ------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""As jax_family.py. Each form is there plain and compiled."""
import numpy
import torch
from torch.func import grad_and_value, jacrev, jvp, vmap
from torch.fx.experimental.proxy_tensor import make_fx

import hand
from problems import flatten


class Names:
    """torch under the names of numpy that differ."""
    concatenate = staticmethod(torch.cat)
    broadcast_to = staticmethod(lambda a, shape: a.expand(shape))

    def __getattr__(self, name):
        return getattr(torch, name)


np = Names()


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = torch.tanh(torch.nn.functional.linear(x, weight, bias))
    return torch.nn.functional.linear(x, *parameters[-1])


def _mean_square(equation, x, derivatives):
    r = hand.residual(np, equation, x, derivatives)
    return (r * r).sum() / x.shape[0]


# ---- the usual code: torch.autograd.grad upon torch.autograd.grad

def _gradient(u, x):
    return torch.autograd.grad(u.sum(), x, create_graph=True)[0]


def autograd(equation, parameters, x):
    x = x.detach().requires_grad_()
    out = network(parameters, x)
    laplacian = lambda first: sum(_gradient(first[:, k], x)[:, k] for k in range(x.shape[1]))
    if equation == "cavity":
        firsts = [_gradient(out[:, k], x) for k in range(3)]
        second = [laplacian(firsts[0]), laplacian(firsts[1])]
        return x, dict(u=out, x=torch.stack([f[:, 0] for f in firsts], 1), y=torch.stack([f[:, 1] for f in firsts], 1),
                       lap=torch.stack(second, 1))
    u = out[:, 0]
    first = _gradient(u, x)
    if equation == "burgers":
        return x, dict(u=u, t=first[:, 0], x=first[:, 1], xx=_gradient(first[:, 1], x)[:, 1])
    if equation == "kuramoto_sivashinsky":
        xx = _gradient(first[:, 1], x)[:, 1]
        xxx = _gradient(xx, x)[:, 1]
        return x, dict(u=u, t=first[:, 0], x=first[:, 1], xx=xx, xxxx=_gradient(xxx, x)[:, 1])
    if equation == "plate":
        return x, dict(bilap=laplacian(_gradient(laplacian(first), x)))
    return x, dict(u=u, lap=laplacian(first))


# ---- torch.func, forward over forward

def _direction(x, axis):
    e = torch.zeros_like(x)
    e[:, axis] = 1
    return e


def _second(f, x, tangent):
    (value, first), (_, second) = jvp(lambda q: jvp(f, (q,), (tangent,)), (x,), (tangent,))
    return value, first, second


def functional(equation, parameters, x):
    u = lambda q: network(parameters, q)
    if equation in ("burgers", "kuramoto_sivashinsky"):
        e = _direction(x, 1)
        t = jvp(u, (x,), (_direction(x, 0),))[1][:, 0]
        if equation == "burgers":
            value, ux, uxx = _second(u, x, e)
            return x, dict(u=value[:, 0], t=t, x=ux[:, 0], xx=uxx[:, 0])
        (value, ux, uxx), _, (_, _, uxxxx) = _second(lambda q: _second(u, q, e), x, e)
        return x, dict(u=value[:, 0], t=t, x=ux[:, 0], xx=uxx[:, 0], xxxx=uxxxx[:, 0])
    if equation == "plate":
        ex, ey = _direction(x, 0), _direction(x, 1)
        second = lambda f, e: lambda q: _second(f, q, e)[2]
        xx = second(u, ex)
        return x, dict(bilap=(second(xx, ex)(x) + 2 * second(xx, ey)(x) + second(second(u, ey), ey)(x))[:, 0])
    basis = torch.eye(x.shape[1], dtype=x.dtype)[:, None, :].expand(-1, *x.shape)
    value, first, second = vmap(lambda e: _second(u, x, e), out_dims=(None, 0, 0))(basis)
    if equation == "cavity":
        return x, dict(u=value, x=first[0], y=first[1], lap=second.sum(0))
    return x, dict(u=value[:, 0], lap=second.sum(0)[:, 0])


def by_hand(equation, parameters, x):
    return x, hand.jets(np, equation, parameters, x)


# ---- steps

def _backward(derivatives, equation):
    def call(parameters, x):
        loss = _mean_square(equation, *derivatives(equation, parameters, x))
        leaves = [array for layer in parameters for array in layer]
        return loss, torch.autograd.grad(loss, leaves, materialize_grads=True)
    return call


def _transformed(derivatives, equation):
    """The gradient by torch.func too, which torch.compile can look through."""
    def call(parameters, x):
        gradient, loss = grad_and_value(lambda p: _mean_square(equation, *derivatives(equation, p, x)))(parameters)
        return loss, [array for layer in gradient for array in layer]
    return call


def _compiled_loss(derivatives, equation):
    """The loss compiled, which brings its compiled backward."""
    loss_of = torch.compile(lambda parameters, x: _mean_square(equation, *derivatives(equation, parameters, x)), dynamic=False)
    def call(parameters, x):
        loss = loss_of(parameters, x)
        return loss, torch.autograd.grad(loss, [array for layer in parameters for array in layer], materialize_grads=True)
    return call


def _traced(derivatives, equation):
    """torch.compile refuses to differentiate twice; the whole gradient, traced down to primitive operations before, it takes."""
    def trace(parameters, x):
        leaves = [array for layer in parameters for array in layer]
        pairs = lambda arrays: list(zip(arrays[0::2], arrays[1::2]))
        flat = lambda x, *arrays: _backward(derivatives, equation)(pairs(arrays), x)
        return torch.compile(make_fx(flat)(x, *leaves), dynamic=False), leaves
    traced = []
    def call(parameters, x):
        if not traced:
            traced.extend(trace(parameters, x))
        with torch.no_grad():
            return traced[0](x, *traced[1])
    return call


TILE = 500


def _tiled(derivatives, equation):
    """The batch in pieces that stay in the cache."""
    piece = _compiled_loss(derivatives, equation)
    def call(parameters, x):
        if x.shape[0] % TILE:
            return piece(parameters, x)
        pieces = x.split(TILE)
        total, sums = piece(parameters, pieces[0])
        for part in pieces[1:]:
            loss, gradient = piece(parameters, part)
            total = total + loss
            torch._foreach_add_(sums, gradient)
        torch._foreach_div_(sums, len(pieces))
        return total / len(pieces), sums
    return call


def _compiled_whole(derivatives, equation):
    return torch.compile(_transformed(derivatives, equation), dynamic=False)


RESIDUAL_FORMS = {
    "autograd": (autograd, _backward), "autograd, traced and compiled": (autograd, _traced),
    "functional": (functional, _transformed), "functional, compiled": (functional, _compiled_whole),
    "jets by hand": (by_hand, _backward), "jets by hand, compiled": (by_hand, _compiled_loss),
    "jets by hand, compiled, tiled": (by_hand, _tiled),
}


def _point(parameters, p):
    u = lambda q: network(parameters, torch.cat([q, p[1:4]]))[0]
    one = torch.ones_like(p[:1])
    value, _, second = _second(u, p[:1], one)
    return torch.stack([(value - p[4])**2, second + p[2]**2 * value])


def _minibatch_vmap(parameters, x):
    both = vmap(jacrev(_point), in_dims=(None, 0))(parameters, x)
    violation = vmap(_point, in_dims=(None, 0))(parameters, x)[:, 1]
    rows = torch.cat([array.reshape(x.shape[0], 2, -1) for layer in both for array in layer], 2)
    f, g = rows[:, 0], rows[:, 1]
    multiplier = (violation - (g * f).sum(1)) / (g * g).sum(1)
    d = (f.sum(0) + multiplier @ g) / x.shape[0]
    sizes = [array for layer in parameters for array in layer]
    return [part.view_as(array) for part, array in zip(d.split([array.numel() for array in sizes]), sizes)]


def _minibatch_by_hand(parameters, x):
    return [array for layer in hand.minibatch_direction(np, parameters, x) for array in layer]


MINIBATCH_FORMS = {
    "per-sample gradients by vmap": (_minibatch_vmap, False), "per-sample gradients by vmap, compiled": (_minibatch_vmap, True),
    "all by hand": (_minibatch_by_hand, False), "all by hand, compiled": (_minibatch_by_hand, True),
}


def _lorenz(start):
    f = lambda x: (torch.roll(x, -1) - torch.roll(x, 2)) * torch.roll(x, 1) - x + 8.0
    h, x = 0.005, start
    for _ in range(500):
        k1 = f(x)
        k2 = f(x + h / 2 * k1)
        k3 = f(x + h / 2 * k2)
        k4 = f(x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x @ x


SIMULATION_FORMS = {"autograd": None}


def forms(benchmark):
    return list({"residual": RESIDUAL_FORMS, "minibatch": MINIBATCH_FORMS, "simulation": SIMULATION_FORMS}[benchmark.kind])


def version(form):
    return "PyTorch " + torch.__version__.split("+")[0]


def _minibatch(form, parameters, x):
    direction, compiled = MINIBATCH_FORMS[form]
    if compiled:
        direction = torch.compile(direction, dynamic=False)
    leaves = [array for layer in parameters for array in layer]
    optimizer = torch.optim.Adam(leaves, lr=1e-3, fused=True)
    def run():
        with torch.no_grad():
            for leaf, d in zip(leaves, direction(parameters, x)):
                leaf.grad = d
        optimizer.step()
        return parameters
    return run, lambda result: (0.0, flatten([[array.detach() for array in layer] for layer in result]))


def make(benchmark, form, precision, parameters, samples):
    real = torch.float64 if precision == "f64" else torch.float32
    parameters = [tuple(torch.tensor(array, dtype=real).requires_grad_() for array in layer) for layer in parameters]
    x = torch.tensor(samples, dtype=real)
    if benchmark.kind == "minibatch":
        return _minibatch(form, parameters, x)
    if benchmark.kind == "residual":
        equation = benchmark.equation
        derivatives, style = RESIDUAL_FORMS[form]
        call = style(derivatives, equation)
        return lambda: call(parameters, x), lambda result: (float(result[0]), flatten([[a.detach() for a in result[1]]]))
    start = x[0].clone().requires_grad_()
    def run():
        loss = _lorenz(start)
        return loss, torch.autograd.grad(loss, start)[0]
    return run, lambda result: (float(result[0]), numpy.asarray(result[1].detach(), float))
