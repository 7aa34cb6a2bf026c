/** List prices in us-east-1, in dollars, without free tiers; other Regions differ by up to a half. From the services' pricing pages. */
export const PRICES = {
  /** AWS Lambda, arm64. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  /** DynamoDB, on demand: a read unit is 4 KB strongly consistent, a write unit 1 KB. */
  dynamoReadUnit: 0.125e-6,
  dynamoWriteUnit: 0.625e-6,
  dynamoGbMonth: 0.25,
  /** CloudWatch: the first 10,000 metrics; standard alarms; dashboards (the first three of an account are free); log ingestion, standard class. */
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  logGb: 0.5,
  /** EventBridge Scheduler. */
  schedulerInvocation: 1e-6,
  /** Between Availability Zones, each way; a byte that crosses is paid twice. */
  crossZoneGb: 0.02,
  /** What is not used: a NAT gateway and an interface endpoint, for each Availability Zone, without the traffic. */
  natGateway: 32.85,
  interfaceEndpoint: 7.3,
} as const;
