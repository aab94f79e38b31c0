/** CSV text, described by io-ts codecs, decoded to `Either`. */
export * from './data/csv.js'
