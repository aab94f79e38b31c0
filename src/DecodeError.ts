/** What was wrong with data from outside. */
export * from './data/decode-error.js'
