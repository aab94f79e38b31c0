/** Schedules: functions from the step, a scalar, to a rate; and rates that depend on what was seen. */
export {
  type Plateau,
  type PlateauOptions,
  type PlateauState,
  type ReduceOnPlateauOptions,
  reduceOnPlateau
} from './optimizer/plateau.js'
export * from './optimizer/schedule.js'
export * from './optimizer/schedule-composition.js'
export * from './optimizer/schedule-cycle.js'
export * from './optimizer/schedule-decay.js'
