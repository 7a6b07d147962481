#===- hand.py - Residuals, and the jets that an expert writes by hand, in JAX and in PyTorch --------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""np is jax.numpy or torch; both have what is used here. Values of all points are carried as one array [channel, point,
unit], so that a layer is one product of matrices; what enters the residual linearly rides in the last channel."""
import math


def residual(np, equation, x, u):
    """The residual at all points from the derivatives u, by name."""
    if equation == "burgers":
        return u["t"] + u["u"] * u["x"] - 0.01 / math.pi * u["xx"]
    if equation == "kuramoto_sivashinsky":
        return u["t"] + u["u"] * u["x"] + u["xx"] + u["xxxx"]
    if equation == "helmholtz":
        amplitude = 1 - 17 * math.pi**2
        return u["lap"] + u["u"] - amplitude * np.sin(math.pi * x[:, 0]) * np.sin(4 * math.pi * x[:, 1])
    if equation == "poisson":
        return u["lap"] + x.shape[1] / 4 * np.sin(0.5 * x.sum(1))
    if equation == "plate":
        return u["bilap"] - 4 * math.pi**4 * np.sin(math.pi * x[:, 0]) * np.sin(math.pi * x[:, 1])
    w, dx, dy, laplacian = u["u"], u["x"], u["y"], u["lap"]
    momentum = [w[:, 0] * dx[:, k] + w[:, 1] * dy[:, k] + gradient[:, 2] - 0.01 * laplacian[:, k]
                for k, gradient in ((0, dx), (1, dy))]
    return np.stack(momentum + [dx[:, 0] + dy[:, 1]], 1)


def tanh_derivatives(t):
    s1 = 1 - t * t
    return s1, -2 * t * s1, s1 * (6 * t * t - 2), 8 * t * s1 * (2 - 3 * t * t)


# How an activation maps the channels; the first is the value, to which the layer's bias is yet to be added.

def _burgers(np, h, bias):
    """u, u_x, u_t - nu u_xx."""
    t = np.tanh(h[0] + bias)
    s1 = 1 - t * t
    return np.stack([t, s1 * h[1], s1 * (h[2] + 0.02 / math.pi * t * h[1] * h[1])])


def _kuramoto_sivashinsky(np, h, bias):
    """u, u_x, u_xx, u_xxx, u_t + u_xx + u_xxxx."""
    t, a, b, c, m = np.tanh(h[0] + bias), h[1], h[2], h[3], h[4]
    s1, s2, s3, s4 = tanh_derivatives(t)
    a2 = a * a
    return np.stack([t, s1 * a, s2 * a2 + s1 * b, s3 * a2 * a + 3 * s2 * a * b + s1 * c,
                     s4 * a2 * a2 + 6 * s3 * a2 * b + s2 * (3 * b * b + 4 * a * c + a2) + s1 * m])


def _laplacian(np, h, bias):
    """u, the gradient, the Laplacian."""
    t, gradient = np.tanh(h[0] + bias), h[1:-1]
    s1 = 1 - t * t
    return np.concatenate([t[None], s1 * gradient, (s1 * (h[-1] - 2 * t * (gradient * gradient).sum(0)))[None]])


def _plate(np, h, bias):
    """w, w_x, w_y, w_xx, w_xy, w_yy, (lap w)_x, (lap w)_y, lap lap w."""
    t, a, b, aa, ab, bb, la, lb, m = np.tanh(h[0] + bias), h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]
    s1, s2, s3, s4 = tanh_derivatives(t)
    q, l = a * a + b * b, aa + bb  # |grad|^2 and the Laplacian of what comes in
    ha, hb = aa * a + ab * b, ab * a + bb * b  # the Hessian times the gradient
    squares = aa * aa + 2 * ab * ab + bb * bb
    common = s3 * q + s2 * l
    return np.stack([t, s1 * a, s1 * b, s2 * a * a + s1 * aa, s2 * a * b + s1 * ab, s2 * b * b + s1 * bb,
                     common * a + 2 * s2 * ha + s1 * la, common * b + 2 * s2 * hb + s1 * lb,
                     s4 * q * q + 2 * s3 * q * l + 4 * s3 * (a * ha + b * hb) +
                     s2 * (2 * squares + l * l + 4 * (a * la + b * lb)) + s1 * m])


def _start(np, equation, weight, x):
    """The channels after the first product: those of derivatives do not depend on the point."""
    value = x @ weight.T
    flat = lambda column: np.broadcast_to(column[None, :], value.shape)
    zero = np.zeros_like(value)
    columns = [flat(weight[:, k]) for k in range(x.shape[1])]
    return np.stack({
        "burgers": lambda: [value, columns[1], columns[0]],
        "kuramoto_sivashinsky": lambda: [value, columns[1], zero, zero, columns[0]],
        "plate": lambda: [value] + columns + [zero] * 6,
    }.get(equation, lambda: [value] + columns + [zero])())


_ACTIVATION = {"burgers": _burgers, "kuramoto_sivashinsky": _kuramoto_sivashinsky, "plate": _plate}


def jets(np, equation, parameters, x):
    activation = _ACTIVATION.get(equation, _laplacian)
    (weight, bias), rest = parameters[0], parameters[1:]
    h = _start(np, equation, weight, x)
    for weight, next_bias in rest:
        a = activation(np, h, bias)
        h = (a.reshape(-1, a.shape[2]) @ weight.T).reshape(a.shape[0], a.shape[1], -1)
        bias = next_bias
    value, one = h[0] + bias, h[:, :, 0]
    if equation == "burgers":
        # What stands for u_t holds u_t - nu u_xx already.
        return dict(u=value[:, 0], x=one[1], t=one[2], xx=0.0)
    if equation == "kuramoto_sivashinsky":
        return dict(u=value[:, 0], x=one[1], t=one[4], xx=0.0, xxxx=0.0)
    if equation == "plate":
        return dict(bilap=one[8])
    if equation == "cavity":
        return dict(u=value, x=h[1], y=h[2], lap=h[3])
    return dict(u=value[:, 0], lap=one[-1])


def minibatch_direction(np, parameters, x):
    """mean (grad f_i + J_i^T lambda_i) of one hidden layer: per-sample gradients are sums of outer products, so that their
    inner products need none of them."""
    (weight, bias), (top, top_bias) = parameters
    p, y, k2 = x[:, :4], x[:, 4], x[:, 2]**2
    w, a = weight[:, 0], top[0]
    t = np.tanh(p @ weight.T + bias)
    s1, s2, s3, _ = tanh_derivatives(t)
    w2 = w * w
    u, uxx = t @ a + top_bias[0], s2 @ (a * w2)
    loss, violation = 2 * (u - y), uxx + k2 * u
    # f depends on (top, z) through (t, s1 a); g through what follows, and on w directly.
    f_top, f_z = t, s1 * a
    g_top = s2 * w2 + k2[:, None] * t
    g_z = a * (s3 * w2 + k2[:, None] * s1)
    g_w = 2 * a * w * s2
    inner = 1 + (p * p).sum(1)
    px = p[:, 0]
    gg = (g_top * g_top).sum(1) + inner * (g_z * g_z).sum(1) + 2 * px * (g_z * g_w).sum(1) + (g_w * g_w).sum(1) + k2 * k2
    gf = loss * ((g_top * f_top).sum(1) + inner * (g_z * f_z).sum(1) + px * (g_w * f_z).sum(1) + k2)
    multiplier = (violation - gf) / gg
    n = x.shape[0]
    z = (loss[:, None] * f_z + multiplier[:, None] * g_z) / n
    d_top = (loss @ f_top + multiplier @ g_top) / n
    # The first column of the weight has a term of its own.
    own = (multiplier @ g_w) / n
    first = z.T @ p
    first = np.concatenate([first[:, :1] + own[:, None], first[:, 1:]], 1)
    constant = (loss + multiplier * k2).sum() / n
    return [(first, z.sum(0)), (d_top[None], constant[None])]
