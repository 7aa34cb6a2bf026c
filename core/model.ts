/**
 * The contracts every stage shares. Times are epoch milliseconds in fields that end in `At`;
 * durations end in `Ms` or `S`; fractions are 0 to 1. Everything that is stored carries `v`: an
 * unknown `v` is an error, an older one is read.
 */
export * from './model/targets';
export * from './model/target-ref';
export * from './model/probing';
export * from './model/balancer';
export * from './model/access-log';
export * from './model/judging';
export * from './model/diagnosing';
export type * from './model/page';
export * from './model/deciding';
export * from './model/cases';
export type * from './model/case-event';
export type * from './model/review-digest';
export * from './model/stopping';
export * from './model/services';
export type * from './model/replacing';
