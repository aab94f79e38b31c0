/** The way a training fails: by leaving the finite numbers. */
export { type Diverged, show } from './training/diverged.js'
