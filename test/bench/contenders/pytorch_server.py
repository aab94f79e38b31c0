"""PyTorch's side of the benchmark: prepares workloads and times them, asked by one line of JSON after the other."""
import base64
import json
import math
import sys
import time

import numpy
import torch
from torch.nn import functional as F

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)


def decode(value):
    array = numpy.frombuffer(base64.b64decode(value["base64"]), dtype=value["dtype"]).reshape(value["shape"])
    tensor = torch.from_numpy(array.copy())
    return tensor.long() if value["dtype"] == "int32" else tensor


def encode(tensor):
    return base64.b64encode(tensor.detach().to(torch.float64).contiguous().numpy().tobytes()).decode()


def function(f, *inputs):
    """A workload that computes the same function in every iteration: its results, and so many iterations."""

    def run(iterations):
        for _ in range(iterations):
            f(*inputs)

    return lambda: f(*inputs), run


def product(inputs, _):
    return function(lambda a, b: [a @ b], *inputs)


def repeated(f, inputs, options):
    def apply(x):
        for _ in range(options["times"]):
            x = f(x)
        return [x]

    with torch.no_grad():
        return function(apply, *inputs)


def chain(inputs, options):
    return repeated(lambda x: torch.tanh(1.5 * x + 0.3) * torch.sigmoid(x), inputs, options)


def softmax(inputs, options):
    return repeated(lambda x: torch.softmax(x, 1), inputs, options)


def log_softmax(inputs, options):
    return repeated(lambda x: torch.log_softmax(x, 1), inputs, options)


def adam(inputs, options):
    start, gradient = inputs
    steps = options["steps"]

    def train():
        parameter = start.clone().requires_grad_()
        parameter.grad = gradient.clone()
        optimizer = torch.optim.Adam([parameter])
        for _ in range(steps):
            optimizer.step()
        return [parameter]

    return function(train)


def training(initial, optimizer, step, checked):
    """Training that starts from the same parameters in every sample; `step` gives the losses that are compared."""

    def train(steps, look):
        params = [p.clone().requires_grad_() for p in initial]
        make = optimizer(params)
        for _ in range(steps):
            losses = step(params, make)
            if look is not None:
                look.extend(losses)
        return params

    def results():
        seen = []
        params = train(checked, seen)
        return [torch.tensor([float(x) for x in seen], dtype=torch.float64), *params]

    return results, lambda iterations: train(iterations, None)


def chapter(inputs, options):
    *initial, x, y, xv, yv = inputs
    rate, look = options["learningRate"], options["look"]

    def loss(params, x, y):
        w1, b1, w2, b2 = params
        return F.mse_loss(F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2), y)

    def step(params, optimizer):
        value = loss(params, x, y)
        if look:
            with torch.no_grad():
                watched = loss(params, xv, yv)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        return [value.item(), watched.item()] if look else []

    return training(initial, lambda params: torch.optim.SGD(params, lr=rate), step, options["checked"])


def network(inputs, options):
    *initial, x, y = inputs
    look = options["look"]

    def step(params, optimizer):
        w1, b1, w2, b2 = params
        value = F.cross_entropy(F.linear(torch.relu(F.linear(x, w1, b1)), w2, b2), y)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        return [value.item()] if look else []

    return training(initial, lambda params: torch.optim.Adam(params, lr=1e-3), step, options["checked"])


def convolutions(inputs, options):
    *initial, x, y = inputs
    look = options["look"]

    def step(params, optimizer):
        w1, b1, w2, b2, w3, b3 = params
        first = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding=1)), 2)
        second = F.max_pool2d(torch.relu(F.conv2d(first, w2, b2, padding=1)), 2)
        value = F.cross_entropy(F.linear(second.flatten(1), w3, b3), y)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        return [value.item()] if look else []

    return training(initial, lambda params: torch.optim.Adam(params, lr=1e-3), step, options["checked"])


def adam_training(inputs, options):
    start, gradient = inputs

    def step(params, optimizer):
        value = torch.dot(params[0], gradient)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        return []

    return training([start], torch.optim.Adam, step, options["checked"])


def mixture_objective(x, gamma, m):
    """ADBench's GMM with a Wishart prior, over all components at once."""
    n, d = x.shape
    places = torch.zeros(d * d, dtype=torch.long) + d * (d - 1) // 2
    at = 0
    for column in range(d):
        for row in range(column + 1, d):
            places[row * d + column] = at
            at += 1
    wide = d + m + 1
    normalizer = n_log_gamma(wide, d, gamma)

    def objective(alphas, means, icf):
        k = alphas.shape[0]
        sums = icf[:, :d].sum(1)
        diagonal = torch.exp(icf[:, :d])
        below = torch.cat([icf[:, d:], icf.new_zeros(k, 1)], 1)[:, places].reshape(k, d, d)
        factor = below + torch.diag_embed(diagonal)
        centered = x[None] - means[:, None]
        squares = (centered @ factor.transpose(1, 2)).square().sum(2)
        inner = (alphas + sums)[:, None] - 0.5 * squares
        likelihood = torch.logsumexp(inner, 0).sum() - n * torch.logsumexp(alphas, 0)
        frobenius = diagonal.square().sum() + icf[:, d:].square().sum()
        prior = 0.5 * gamma * gamma * frobenius - m * sums.sum() - k * normalizer
        return likelihood - n * d * 0.5 * math.log(2 * math.pi) + prior

    return objective


def n_log_gamma(wide, d, gamma):
    log_gamma = 0.25 * d * (d - 1) * math.log(math.pi) + sum(math.lgamma(0.5 * wide + 0.5 * (1 - j)) for j in range(1, d + 1))
    return wide * d * (math.log(gamma) - 0.5 * math.log(2)) - log_gamma


def mixture(inputs, options):
    *params, x = inputs
    objective = mixture_objective(x, options["gamma"], options["m"])
    if not options["gradient"]:
        return function(lambda *ps: [objective(*ps)], *params)
    leaves = [p.requires_grad_() for p in params]
    return function(lambda *ps: torch.autograd.grad(objective(*ps), ps), *leaves)


def hessian(inputs, options):
    theta, x, y = inputs
    width, features = options["width"], x.shape[1]
    a, b, c = width * features, width * features + width, width * features + 2 * width

    def loss(t):
        hidden = torch.tanh(F.linear(x, t[:a].reshape(width, features), t[a:b]))
        return F.mse_loss(F.linear(hidden, t[b:c].reshape(1, width), t[c:]), y)

    def compute(vectorize):
        return function(lambda: [torch.autograd.functional.hessian(loss, theta, vectorize=vectorize)])

    ways = [compute(True), compute(False)]
    for _, run in ways:
        run(2)
    return min(ways, key=lambda way: seconds(way[1], 5))


def layer_norm(inputs, _):
    x, target, *params = inputs
    leaves = [p.requires_grad_() for p in params]

    def gradient(scale, shift, w1, b1, w2, b2):
        normal = F.layer_norm(x, x.shape[-1:], scale, shift)
        out = x + F.linear(F.gelu(F.linear(normal, w1, b1)), w2, b2)
        loss = F.mse_loss(out, target)
        return [loss, *torch.autograd.grad(loss, params)]

    return function(gradient, *leaves)


def gru(inputs, _):
    xs, target, w, u, b, c = inputs
    hidden = u.shape[1]
    layer = torch.nn.GRU(w.shape[1], hidden)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    layer.load_state_dict(dict(zip(names, [w, u, b, c])))
    params = [getattr(layer, name) for name in names]

    def gradient():
        _, last = layer(xs)
        loss = F.mse_loss(last[0], target)
        return [loss, *torch.autograd.grad(loss, params)]

    return function(gradient)


WORKLOADS = {
    f.__name__: f
    for f in [
        product, chain, softmax, log_softmax, adam, adam_training, chapter, network, convolutions, mixture, hessian, layer_norm, gru
    ]
}


def seconds(run, iterations):
    start = time.perf_counter()
    run(iterations)
    return time.perf_counter() - start


def blas():
    """The library that multiplies matrices, by its file: Debian lets several provide it."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1].rsplit("/", 1)[-1] for line in maps if ".so" in line}
    fast = sorted(f for f in files if any(word in f for word in ("openblas", "mkl_", "blis")))
    return ", ".join(fast) or "the reference BLAS, which is slow (install libopenblas0-openmp)"


def answer(prepared, request):
    operation, key = request["operation"], request.get("id")
    if operation == "describe":
        return {"description": f"PyTorch {torch.__version__}, products by {blas()}"}
    if operation == "prepare":
        prepared[key] = WORKLOADS[request["workload"]]([decode(v) for v in request["inputs"]], request["options"])
        return {}
    if operation == "results":
        return {"results": [encode(t) for t in prepared[key][0]()]}
    if operation == "time":
        return {"milliseconds": 1e3 * seconds(prepared[key][1], request["iterations"])}
    del prepared[key]
    return {}


prepared = {}
for line in sys.stdin:
    try:
        reply = answer(prepared, json.loads(line))
    except Exception as error:  # whatever it is, the table tells it
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
