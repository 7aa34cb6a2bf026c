/** Every check of the audit: one row each. docs/runbook.md tells them in the same order. */
import { cronDrift, notInspectable, poolNearFull, poolSizeDrift, processDrift, releaseDrift, shallowHealthCheck } from './hosts';
import type { Check } from './model';
import {
  deregistrationDelay,
  minimumTooHigh,
  minimumTooLow,
  routingAlgorithm,
  slowStart,
  stickySessions,
  targetOptimizer,
  targetWeights,
  tooFewTargets,
} from './settings';

export const CHECKS: readonly Check[] = [
  { name: 'shallow-health-check', severity: 'high', needs: ['hosts'], run: shallowHealthCheck },
  { name: 'pool-near-full', severity: 'high', needs: ['hosts'], run: poolNearFull },
  { name: 'minimum-healthy-too-high', severity: 'high', needs: ['attributes', 'health'], run: minimumTooHigh },
  { name: 'release-drift', severity: 'high', needs: ['hosts'], run: releaseDrift },
  { name: 'routing-algorithm', severity: 'medium', needs: ['attributes'], run: routingAlgorithm },
  { name: 'minimum-healthy-too-low', severity: 'medium', needs: ['attributes', 'health'], run: minimumTooLow },
  { name: 'pool-size-drift', severity: 'medium', needs: ['hosts'], run: poolSizeDrift },
  { name: 'cron-drift', severity: 'medium', needs: ['hosts'], run: cronDrift },
  { name: 'not-inspectable', severity: 'medium', needs: ['hosts'], run: notInspectable },
  { name: 'process-drift', severity: 'low', needs: ['hosts'], run: processDrift },
  { name: 'deregistration-delay', severity: 'low', needs: ['attributes'], run: deregistrationDelay },
  { name: 'slow-start', severity: 'low', needs: ['attributes'], run: slowStart },
  { name: 'sticky-sessions', severity: 'low', needs: ['attributes'], run: stickySessions },
  { name: 'target-weights', severity: 'low', needs: ['attributes'], run: targetWeights },
  { name: 'target-optimizer', severity: 'low', needs: [], run: targetOptimizer },
  { name: 'too-few-targets', severity: 'low', needs: ['health'], run: tooFewTargets },
];
