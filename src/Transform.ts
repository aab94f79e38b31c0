/** Functions from functions to functions: derivatives, batching, compilation. They nest in any order, to any depth. */
export { checkpoint, customJvp } from './control/call.js'
export { type JitOptions, jit, precompile } from './engine/jit.js'
export { stopGradient } from './operation/stop-gradient.js'
export { jvp, linearize } from './transform/forward.js'
export { hessian, hvp, type Jacobian, jacfwd, jacrev } from './transform/jacobian.js'
export { grad, valueAndGrad, valueAndGradAux, vjp } from './transform/reverse.js'
export { vmap } from './transform/vmap.js'
