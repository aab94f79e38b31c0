/** Choices and loops that may depend on unknowns: each is one equation, with derivatives in both modes. */
export { cond } from './control/cond.js'
export { fold, scan } from './control/scan.js'
