/**
 * List prices in us-east-1, in dollars, without free tiers; other Regions differ by up to a half.
 * Checked on 2026-11-22 against stored copies of public pages: those of AWS's own price pages hold
 * no numbers (a script draws them), so each price has beside AWS's page a dated one that quotes it.
 */
interface Price {
  readonly dollars: number;
  readonly unit: string;
  readonly page: string;
  readonly quotedBy: string;
  /** When it was quoted, as far as the page says; otherwise when it was looked at. */
  readonly asOf: string;
}

export const PRICE_LIST = {
  lambdaGbSecond: {
    dollars: 0.0000133334,
    unit: 'GB-second on arm64, the first 7.5 billion a month',
    page: 'https://aws.amazon.com/lambda/pricing/',
    quotedBy: 'https://cloudchipr.com/blog/aws-lambda-pricing',
    asOf: '2024',
  },
  lambdaRequest: {
    dollars: 0.2e-6,
    unit: 'request',
    page: 'https://aws.amazon.com/lambda/pricing/',
    quotedBy: 'https://git.mcrn.ar/mariano/lambda_local_runner, docs/lambdas-md/lambda-13-cost.md',
    asOf: '2026-11',
  },
  dynamoReadUnit: {
    dollars: 0.125e-6,
    unit: 'read unit on demand: 4 KB, strongly consistent',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    quotedBy: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    asOf: '2025-07',
  },
  dynamoWriteUnit: {
    dollars: 0.625e-6,
    unit: 'write unit on demand: 1 KB',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    quotedBy: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
    asOf: '2025-07',
  },
  dynamoGbMonth: {
    dollars: 0.25,
    unit: 'GB and month, standard class',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    quotedBy: 'http://aws.amazon.com/dynamodb/pricing/, an older copy with numbers',
    asOf: '2026-11',
  },
  metric: {
    dollars: 0.3,
    unit: 'metric and month, the first 10,000 (2,000 groups have 8,010)',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://signoz.io/guides/cloudwatch-pricing',
    asOf: '2026-02',
  },
  metricRead: {
    dollars: 0.01 / 1000,
    unit: 'metric asked for by GetMetricData',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://support.site24x7.com/portal/en/kb/articles/aws-cloudwatch-metrics-cost-calculation',
    asOf: '2026-11',
  },
  compositeAlarm: {
    dollars: 0.5,
    unit: 'composite alarm and month',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
    asOf: '2026-11',
  },
  alarm: {
    dollars: 0.1,
    unit: 'alarm and month, standard resolution, on one metric',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
    asOf: '2026-11',
  },
  dashboard: {
    dollars: 3,
    unit: 'dashboard and month (the first three of an account are free)',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
    asOf: '2026-06',
  },
  logGb: {
    dollars: 0.5,
    unit: 'GB of logs taken in, standard class',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
    quotedBy: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
    asOf: '2026-06',
  },
  s3Put: {
    dollars: 0.005 / 1000,
    unit: 'PUT request, standard class',
    page: 'https://aws.amazon.com/s3/pricing/',
    quotedBy: 'https://gist.github.com/casouri/56e1e634e50d1ae023f3bb8ea4d053de',
    asOf: '2023-03',
  },
  s3GbMonth: {
    dollars: 0.023,
    unit: 'GB and month, standard class, the first 50 TB',
    page: 'https://aws.amazon.com/s3/pricing/',
    quotedBy: 'https://gist.github.com/EverettBerry/a37438006529a55f42da6fdbc44a505c',
    asOf: '2022-07',
  },
  schedulerInvocation: {
    dollars: 1e-6,
    unit: 'invocation',
    page: 'https://aws.amazon.com/eventbridge/pricing/',
    quotedBy: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
    asOf: '2026-03',
  },
  /** $0.01 each way: a byte that crosses is paid by both ends. */
  crossZoneGb: {
    dollars: 0.02,
    unit: 'GB between Availability Zones',
    page: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    quotedBy: 'https://www.duckbillgroup.com/blog/aws-cross-az-data-transfer-costs-more-than-aws-says/',
    asOf: '2026-11',
  },
  /** Not used. */
  natGateway: {
    dollars: 0.045 * 730,
    unit: 'NAT gateway and month, without its traffic',
    page: 'https://aws.amazon.com/vpc/pricing/',
    quotedBy: 'https://www.zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint',
    asOf: '2026-06',
  },
  /** Not used. */
  interfaceEndpoint: {
    dollars: 0.01 * 730,
    unit: 'interface endpoint, Availability Zone and month, without its traffic',
    page: 'https://aws.amazon.com/privatelink/pricing/',
    quotedBy: 'https://www.zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint',
    asOf: '2026-06',
  },
} as const satisfies Readonly<Record<string, Price>>;

type Name = keyof typeof PRICE_LIST;

export const PRICES = Object.fromEntries(Object.entries(PRICE_LIST).map(([name, { dollars }]) => [name, dollars])) as Readonly<
  Record<Name, number>
>;
