import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DIMENSION, METRICS_NAMESPACE, type MetricName } from '../lambda/contract';

/** What the handlers publish of one stack, as CloudWatch finds it. */
export class OwnMetrics {
  /** @param stack the value of the dimension `Stack`: one Sickbay in this account and Region */
  constructor(readonly stack: string) {}

  /** One metric of the whole stack, by the minute unless told otherwise. */
  ofStack(metricName: MetricName, statistic: 'Maximum' | 'Sum', period = Duration.minutes(1)): Metric {
    return new Metric({ namespace: METRICS_NAMESPACE, metricName, dimensionsMap: { [DIMENSION.stack]: this.stack }, statistic, period });
  }

  /**
   * Whatever there is under one more dimension: groups come and go with a tag, and no template
   * knows them.
   */
  by(dimension: 'group' | 'reason', metricName: MetricName, statistic: 'Maximum' | 'Sum', summary = ''): MathExpression {
    const schema = `{${METRICS_NAMESPACE},${DIMENSION.stack},${DIMENSION[dimension]}}`;
    const period = Duration.minutes(1);
    return new MathExpression({
      expression: `SEARCH('${schema} MetricName="${metricName}" ${DIMENSION.stack}="${this.stack}"', '${statistic}', ${period.toSeconds()})`,
      label: `\${PROP('Dim.${DIMENSION[dimension]}')}${summary}`,
      period,
    });
  }
}
