/** Data to learn from, split and in batches. */
export * from './data/dataset.js'
