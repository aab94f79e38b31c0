/** Metrics: what is observed of examples adds up, batch by batch, as a Monoid, and is read at the end. */
export {
  contramap,
  contramapTarget,
  type Elementwise,
  type Examples,
  evaluate,
  Functor,
  fold,
  type Metric,
  map,
  Profunctor,
  URI
} from './objective/metric.js'
export {
  type Agreement,
  type Answers,
  type Average,
  type AverageOptions,
  type BinaryOptions,
  f1,
  fBeta,
  precision,
  recall
} from './objective/metric-agreement.js'
export {
  accuracy,
  binaryAccuracy,
  type Confusion,
  confusionMatrix,
  type ThresholdOptions,
  topKAccuracy
} from './objective/metric-classification.js'
export type { ClassOptions } from './objective/metric-examples.js'
export { type Mean, meanOf, perplexity } from './objective/metric-mean.js'
export { type AnyMetric, type Product, struct, tuple } from './objective/metric-product.js'
export { auc, type Rank, type Ranking } from './objective/metric-ranking.js'
export { type Explained, mae, mse, r2, rmse } from './objective/metric-regression.js'
