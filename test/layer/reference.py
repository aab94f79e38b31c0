"""
Makes reference/transformer.json: what PyTorch 1.13 makes of a small torch.nn.TransformerEncoderLayer in float64, in evaluation.

    /usr/bin/python3 test/layer/reference.py && npx biome format --write test/layer/reference

Parameters (under the names of its state_dict), the input [examples, positions, features] and the weights of a sum over the output are the same for all
cases. Each case has its settings, the output and the gradient of that sum with respect to the input, and without a mask that with respect to each parameter.
"""
import json, os, torch

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
FEATURES, HEADS, HIDDEN, EXAMPLES, POSITIONS = 4, 2, 3, 2, 3


def layer(**settings):
    return torch.nn.TransformerEncoderLayer(FEATURES, HEADS, HIDDEN, batch_first=True, **settings).eval()


# None of them is 0 or 1, as biases and the scales of norms are at first, so that each one counts.
params = {name: 0.7 * torch.randn_like(value) for name, value in layer().state_dict().items()}
x, weights = torch.randn(2, EXAMPLES, POSITIONS, FEATURES).unbind()

cases = []
for norm_first in [False, True]:
    for activation in ['relu', 'gelu']:
        for causal in [False, True]:
            model = layer(norm_first=norm_first, activation=activation)
            model.load_state_dict(params)
            mask = torch.ones(POSITIONS, POSITIONS, dtype=torch.bool).triu(1) if causal else None
            at = x.clone().requires_grad_()
            output = model(at, src_mask=mask)
            (output * weights).sum().backward()
            gradients = {name: value.grad.tolist() for name, value in model.named_parameters()} if not causal else {}
            cases.append(dict(
                norm_first=norm_first, activation=activation, causal=causal,
                output=output.tolist(), gradient=at.grad.tolist(), gradients=gradients,
            ))

table = dict(
    params={name: value.tolist() for name, value in params.items()}, x=x.tolist(), weights=weights.tolist(), cases=cases,
)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'reference', 'transformer.json'), 'w') as file:
    json.dump(table, file)
    file.write('\n')
