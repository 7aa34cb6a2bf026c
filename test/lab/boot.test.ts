import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAssembly } from '../../lab/boot/assembly';
import { Resolver, type Json, type TemplateResource } from '../../lab/boot/intrinsics';

const PLACE = { partition: 'aws', account: '123456789012', region: 'us-east-1', stackName: 'Shop' };

describe('Resolver', () => {
  const resources: Record<string, TemplateResource> = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: { 'Fn::Join': ['-', ['rounds', { Ref: 'AWS::Region' }]] } } },
    Topic: { Type: 'AWS::SNS::Topic' },
    Role: { Type: 'AWS::IAM::Role' },
    Function: { Type: 'AWS::Lambda::Function' },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup' },
    Stream: { Type: 'AWS::Kinesis::Stream' },
  };
  const resolver = new Resolver(resources, PLACE);

  test.each<[what: string, value: Json, resolved: Json]>([
    ['a plain value', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
    ['Ref to a name', { Ref: 'Function' }, 'Shop-Function'],
    ['Ref to a given name', { Ref: 'Table' }, 'rounds-us-east-1'],
    ['Ref to a topic, which is its ARN', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:123456789012:Shop-Topic'],
    ['Ref to a queue, which is its URL', { Ref: 'Queue' }, 'https://sqs.us-east-1.amazonaws.com/123456789012/Shop-Queue'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['AWS::NoValue as a property', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue in a list', [{ Ref: 'AWS::NoValue' }, 1], [1]],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::123456789012:role/Shop-Role'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Group.Arn' }, 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/Shop-Group'],
    ['Fn::Join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${AWS::Region}/${Function}/${Role.Arn}' },
      'us-east-1/Shop-Function/arn:aws:iam::123456789012:role/Shop-Role',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${a}-${AWS::Region}', { a: { Ref: 'Table' } }] }, 'rounds-us-east-1-us-east-1'],
    ['Fn::Sub with a literal', { 'Fn::Sub': '${!AWS::Region}' }, '${AWS::Region}'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'Topic' }] }] }, 'Shop-Topic'],
    ['a property that only looks like one', { Ref: 'Table', Other: 1 }, { Ref: 'Table', Other: 1 }],
  ])('%s', (_, value, resolved) => {
    expect(resolver.resolve(value)).toEqual(resolved);
  });

  test.each<[what: string, value: Json, message: string]>([
    ['an intrinsic function', { 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is unknown to the lab; known: Ref, Fn::GetAtt'],
    ['a condition', { 'Fn::If': ['Is', 1, 2] }, 'Fn::If is unknown to the lab'],
    ['a resource', { Ref: 'Nobody' }, 'the template has no resource Nobody'],
    ['a resource type', { Ref: 'Stream' }, 'resource type AWS::Kinesis::Stream (Stream) is unknown to the lab'],
    ['an attribute', { 'Fn::GetAtt': ['Role', 'RoleId'] }, 'attribute Role.RoleId of AWS::IAM::Role is unknown to the lab; known: Arn'],
    ['a pseudo parameter', { Ref: 'AWS::NotificationARNs' }, 'pseudo parameter AWS::NotificationARNs is unknown to the lab'],
    ['an index', { 'Fn::Select': [3, ['a']] }, 'Fn::Select found no item 3'],
  ])('%s that is not known is named', (_, value, message) => {
    expect(() => resolver.resolve({ deep: [value] })).toThrow(message);
  });

  test('a long name is cut so that its hash stays', () => {
    const long = new Resolver({ [`${'Sickbay'.repeat(12)}ABCD1234`]: { Type: 'AWS::Lambda::Function' } }, PLACE);
    const name = long.nameOf(`${'Sickbay'.repeat(12)}ABCD1234`);
    expect(name).toHaveLength(64);
    expect(name).toMatch(/ABCD1234$/);
  });
});

describe('loadAssembly', () => {
  const directories: string[] = [];
  afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

  const ROLE: TemplateResource = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
  const FUNCTION: TemplateResource = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { TABLE: { Ref: 'Table' } } },
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    },
  };
  const TABLE: TemplateResource = {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  };

  /** A directory as `cdk synth` writes it. */
  function synthesised(Resources: Record<string, TemplateResource>, stacks = ['Shop']): string {
    const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-assembly-'));
    directories.push(directory);
    const write = (file: string, value: unknown) => writeFileSync(path.join(directory, file), JSON.stringify(value));
    const artifact = (name: string) => ({ type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } });
    write('manifest.json', {
      artifacts: { Tree: { type: 'cdk:tree' }, ...Object.fromEntries(stacks.map((name) => [name, artifact(name)])) },
    });
    write('Shop.template.json', { Resources });
    write('Shop.assets.json', { files: { abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } } } });
    return directory;
  }

  test('a function is told with its package, its environment, its role and its VPC', () => {
    const directory = synthesised({ Role: ROLE, Function: FUNCTION, Table: TABLE });
    expect(loadAssembly(directory).functions).toEqual([
      {
        logicalId: 'Function',
        name: 'Shop-Function',
        aliases: [],
        arn: 'arn:aws:lambda:us-east-1:123456789012:function:Shop-Function',
        handlerDir: path.join(directory, 'asset.abc'),
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        env: { TABLE: 'Shop-Table' },
        timeoutS: 3,
        memoryMb: 128,
        roleArn: 'arn:aws:iam::123456789012:role/Shop-Role',
        logGroup: '/aws/lambda/Shop-Function',
        vpc: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
      },
    ]);
  });

  test('a function’s asynchronous configuration is found by its name', () => {
    const config: TemplateResource = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
      },
    };
    const queue: TemplateResource = { Type: 'AWS::SQS::Queue' };
    const { functions } = loadAssembly(synthesised({ Role: ROLE, Function: FUNCTION, Table: TABLE, Config: config, Queue: queue }));
    expect(functions[0]?.asyncConfig).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeS: 60,
      onFailureArn: 'arn:aws:sqs:us-east-1:123456789012:Shop-Queue',
    });
  });

  test('a table is told with its keys and its time to live', () => {
    expect(loadAssembly(synthesised({ Table: TABLE })).tables).toEqual([
      {
        logicalId: 'Table',
        name: 'Shop-Table',
        arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Shop-Table',
        partitionKey: { name: 'pk', type: 'S' },
        sortKey: { name: 'at', type: 'N' },
        ttlAttribute: 'expiresAt',
      },
    ]);
  });

  test('a role has the policies that are attached to it, and no others', () => {
    const policy = (role: string): TemplateResource => ({
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: `of ${role}`, PolicyDocument: { Statement: [] }, Roles: [{ Ref: role }] },
    });
    const { roles } = loadAssembly(synthesised({ Role: ROLE, Other: ROLE, Policy: policy('Role'), Another: policy('Other') }));
    expect(roles.map(({ logicalId, policies }) => [logicalId, policies])).toEqual([
      ['Role', [{ name: 'of Role', document: { Statement: [] } }]],
      ['Other', [{ name: 'of Other', document: { Statement: [] } }]],
    ]);
  });

  test('each target of a rule is told', () => {
    const rule: TemplateResource = {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.cloudwatch'] },
        Targets: [
          { Id: 'a', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
          { Id: 'b', Arn: { Ref: 'Topic' }, Input: '{}' },
        ],
      },
    };
    const resources = { Role: ROLE, Function: FUNCTION, Table: TABLE, Rule: rule, Topic: { Type: 'AWS::SNS::Topic' } };
    expect(loadAssembly(synthesised(resources)).rules).toEqual([
      {
        name: 'Shop-Rule',
        pattern: { source: ['aws.cloudwatch'] },
        state: 'ENABLED',
        targetArn: 'arn:aws:lambda:us-east-1:123456789012:function:Shop-Function',
        retry: { maximumRetryAttempts: 0, maximumEventAgeS: 60 },
      },
      {
        name: 'Shop-Rule',
        pattern: { source: ['aws.cloudwatch'] },
        state: 'ENABLED',
        targetArn: 'arn:aws:sns:us-east-1:123456789012:Shop-Topic',
        input: '{}',
      },
    ]);
  });

  test('a resource of an unknown type is named, not left out', () => {
    expect(() => loadAssembly(synthesised({ Stream: { Type: 'AWS::Kinesis::Stream' } }))).toThrow(
      'resource type AWS::Kinesis::Stream (Stream) is unknown to the lab',
    );
  });

  test('code that is no asset is named', () => {
    const elsewhere = { ...FUNCTION, Properties: { ...FUNCTION.Properties, Code: { S3Bucket: 'mine', S3Key: 'other.zip' } } };
    expect(() => loadAssembly(synthesised({ Role: ROLE, Function: elsewhere, Table: TABLE }))).toThrow(
      'the code of Function is no asset of this assembly',
    );
  });

  test('a resource without what the lab reads of its type is named', () => {
    const keyless = { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] };
    expect(() => loadAssembly(synthesised({ Table: { ...TABLE, Properties: keyless } }))).toThrow('Table is not what the lab reads');
  });

  test.each([[[]], [['Shop', 'Other']]])('stacks %j: the lab boots exactly one', (stacks) => {
    expect(() => loadAssembly(synthesised({}, stacks))).toThrow(`holds ${stacks.length} stacks; the lab boots exactly one`);
  });
});
