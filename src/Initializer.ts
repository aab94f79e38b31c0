/** Initializers: how fresh parameters are drawn, by the shape of each. */
export {
  constant,
  type Distribution,
  type Independent,
  type Initializer,
  normal,
  ones,
  type Standard,
  truncatedNormal,
  uniform,
  zeros
} from './random/initializer.js'
export {
  type Fans,
  fans,
  gain,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  type Nonlinearity,
  type XavierOptions,
  xavierNormal,
  xavierUniform
} from './random/initializer-scaled.js'
export { dirac, identity, orthogonal, sparse } from './random/initializer-structured.js'
