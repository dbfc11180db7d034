/**
 * Which action runs next. It knows actions, needs and a `Builder`, and not what a build is.
 * Invariants: a build starts only when all its needs have artifacts; what the store has is not built again.
 */
export type { Ahead, PrepareAhead } from './ahead.ts';
export { remainingPaths } from './priority.ts';
export {
  type Builder,
  type MemoryPlan,
  type RunSummary,
  type ScheduleOptions,
  schedule,
} from './schedule.ts';
