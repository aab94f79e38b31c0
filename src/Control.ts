/** Choices and loops that may depend on unknowns: each is one equation, with derivatives in both modes. */
export { checkpoint } from './control/call.js'
export { cond } from './control/cond.js'
export { fold, scan } from './control/scan.js'
export { whileLoop } from './control/while.js'
