/** Misuses of combinators, of sharing and of arrows. */
import { type Misuse, notAssignable } from './misuse.js'

const autoencoder =
  "Layer.sequential(Layer.named('encoder', Layer.linear(8, 3)), Layer.tanh, Layer.named('decoder', Layer.linear(3, 8)))"
const shown = 'Sequential<[Named<"encoder", Linear<8, 3>>, Pointwise<"tanh">, Named<...>], [...], [...]>'

export const combinators: readonly Misuse[] = [
  {
    code: 'Layer.branch(Layer.linear(2, 3), Layer.linear(3, 4))',
    message: notAssignable(
      'Linear<3, 4>',
      '"branch: layer 1 (linear) expects input [3] but layer 0 (linear) expects [2]"'
    )
  },
  {
    code: "Layer.branch(Layer.linear(2, 3), Layer.named('gate', Layer.linear(3, 4)))",
    message: notAssignable(
      'Named<"gate", Linear<3, 4>>',
      `"branch: layer 'gate' expects input [3] but layer 0 (linear) expects [2]"`
    )
  },
  {
    code: 'Layer.branch(Layer.unflatten([1, 8, 8]), Layer.unflatten([1, 9, 9]))',
    message: notAssignable(
      'Unflatten<[1, 9, 9]>',
      '"branch: layer 1 (unflatten) expects input [81] but layer 0 (unflatten) expects [64]"'
    )
  },
  {
    code: 'Layer.branch(Layer.lift([8, 8])(Layer.relu), Layer.maxPool2d({ kernelSize: 9 }))',
    message: notAssignable(
      'Pool<[number, number], 9, 9, 0, 1, "maxPool2d">',
      '"branch: layer 1 (maxPool2d): windows of 9 do not fit into [8, 8]"'
    )
  },
  {
    code: 'Layer.concat(Layer.linear(2, 3), Layer.linear(4, 3))',
    message: notAssignable(
      'Linear<4, 3>',
      '"concat: layer 1 (linear) expects input [4] but layer 0 (linear) expects [2]"'
    )
  },
  {
    code: 'Layer.concat(Layer.tanh, Layer.relu)',
    message: notAssignable('Pointwise<"tanh">', '"concat: axis -1 is out of range for rank 0"')
  },
  {
    code: 'Layer.concatAlong(-2)(Layer.unflatten([2, 6]), Layer.unflatten([3, 4]))',
    message: notAssignable(
      'Unflatten<[3, 4]>',
      '"concat: layer 1 (unflatten) produces [3, 4] but layer 0 (unflatten) produces [2, 6]: they differ apart from axis -2"'
    )
  },
  {
    code: 'Layer.concatAlong(0)(Layer.linear(2, 3))',
    message: notAssignable(
      '0',
      '"concatAlong: axis is 0; it is counted from the end, so that leading axes do not matter: -1 is the last"'
    )
  },
  {
    code: 'Layer.repeat(3)(Layer.linear(2, 3))',
    message: notAssignable('Linear<2, 3>', '"repeat: needs a layer with equal input and output, not [2] to [3]"')
  },
  {
    code: "Layer.when('training', Layer.linear(2, 3))",
    message: notAssignable('Linear<2, 3>', '"when: needs a layer with equal input and output, not [2] to [3]"')
  },
  {
    code: `Layer.tie({ from: 'encoder.weight', to: 'decoder.weight' })(${autoencoder})`,
    message: notAssignable(shown, `"tie: 'decoder.weight' is [8, 3], and 'encoder.weight' is [3, 8]"`)
  },
  {
    code: `Layer.tie({ from: 'encoder.weight', to: 'decoder.wieght' })(${autoencoder})`,
    message: notAssignable(shown, `"tie: there is no parameter 'decoder.wieght' in the model"`)
  },
  {
    code: `Layer.freeze('encodr')(${autoencoder})`,
    message: notAssignable(shown, `"freeze: there is no parameter 'encodr' in the model"`)
  }
]
