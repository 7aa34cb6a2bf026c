/**
 * What `Ref` and `Fn::GetAtt` give for each type of resource that the lab knows: the AWS
 * CloudFormation template reference, "Return values".
 */

/** Where a resource would be, had it been deployed. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

interface ResourceType {
  /** Property that gives the physical name, where the template may give one. */
  readonly nameProperty?: string;
  /** Longest physical name that the service takes. */
  readonly maxName?: number;
  readonly arn?: (name: string, place: Place) => string;
  /** What `Ref` gives; the physical name when left out. */
  readonly ref?: (name: string, place: Place, property: (name: string) => string) => string;
  /** Attributes of `Fn::GetAtt`, by their names. */
  readonly attributes?: Readonly<Record<string, (name: string, place: Place) => string>>;
}

type ArnOf = (name: string, place: Place) => string;

function regional(service: string, resource: (name: string) => string): ArnOf {
  return (name, { partition, region, account }) => `arn:${partition}:${service}:${region}:${account}:${resource(name)}`;
}

const functionArn = regional('lambda', (name) => `function:${name}`);
const tableArn = regional('dynamodb', (name) => `table/${name}`);
const topicArn = regional('sns', (name) => name);
const queueArn = regional('sqs', (name) => name);
const groupArn = regional('scheduler', (name) => `schedule-group/${name}`);
const scheduleArn = regional('scheduler', (name) => `schedule/default/${name}`);
const ruleArn = regional('events', (name) => `rule/${name}`);
const alarmArn = regional('cloudwatch', (name) => `alarm:${name}`);
const logGroupArn = regional('logs', (name) => `log-group:${name}:*`);
const roleArn: ArnOf = (name, { partition, account }) => `arn:${partition}:iam::${account}:role/${name}`;
const queueUrl: ArnOf = (name, { region, account }) => `https://sqs.${region}.amazonaws.com/${account}/${name}`;
const itself: ArnOf = (name) => name;

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', maxName: 64, attributes: { Arn: functionArn } },
  'AWS::Lambda::Alias': {
    nameProperty: 'Name',
    ref: (name, place, property) => `${functionArn(property('FunctionName'), place)}:${name}`,
  },
  'AWS::IAM::Role': { nameProperty: 'RoleName', maxName: 64, attributes: { Arn: roleArn } },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', maxName: 255, attributes: { Arn: tableArn } },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    maxName: 256,
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: itself },
  },
  'AWS::SQS::Queue': { nameProperty: 'QueueName', maxName: 80, ref: queueUrl, attributes: { Arn: queueArn, QueueName: itself } },
  'AWS::SSM::Document': { nameProperty: 'Name', maxName: 128 },
  'AWS::SSM::Parameter': { nameProperty: 'Name', maxName: 1011 },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    maxName: 63,
    attributes: {
      Arn: (name, { partition }) => `arn:${partition}:s3:::${name}`,
      RegionalDomainName: (name, { region }) => `${name}.s3.${region}.amazonaws.com`,
    },
  },
  'AWS::Scheduler::ScheduleGroup': { nameProperty: 'Name', maxName: 64, attributes: { Arn: groupArn } },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', maxName: 64, attributes: { Arn: scheduleArn } },
  'AWS::Events::Rule': { nameProperty: 'Name', maxName: 64, attributes: { Arn: ruleArn } },
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', maxName: 255, attributes: { Arn: alarmArn } },
  'AWS::CloudWatch::CompositeAlarm': { nameProperty: 'AlarmName', maxName: 255, attributes: { Arn: alarmArn } },
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName', maxName: 255 },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', maxName: 512, attributes: { Arn: logGroupArn } },
  // Nothing that the lab describes refers to these.
  'AWS::EC2::SecurityGroupIngress': {},
  'AWS::IAM::ManagedPolicy': {},
  'AWS::IAM::Policy': {},
  'AWS::Lambda::EventInvokeConfig': {},
  'AWS::Lambda::Permission': {},
  'AWS::S3::BucketPolicy': {},
  'AWS::SNS::Subscription': {},
  'AWS::SNS::TopicPolicy': {},
  'AWS::SQS::QueuePolicy': {},
  'Custom::SickbayDeleteGuard': {},
  'Custom::SickbayKillSwitch': { nameProperty: 'ParameterName', maxName: 1011 },
};
