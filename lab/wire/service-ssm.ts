import * as ssmClient from '@aws-sdk/client-ssm';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { read, service, type Service } from './service';

interface Named {
  readonly Name: string;
}

interface Sent {
  readonly DocumentName: string;
  readonly InstanceIds?: readonly string[];
}

export function ssmService({ account, ssm, parameters }: World): Service {
  const parameterArn = (input: Named): string[] => [arn(account, 'ssm', `parameter/${input.Name.replace(/^\//, '')}`)];
  const documentArn = (name: string): string => (name.startsWith('arn:') ? name : arn(account, 'ssm', `document/${name}`));
  const commandArns = (input: Sent): string[] => [
    documentArn(input.DocumentName),
    ...(input.InstanceIds ?? []).map((id) => arn(account, 'ec2', `instance/${id}`)),
  ];
  return service({
    signingName: 'ssm',
    iamPrefix: 'ssm',
    sdkName: 'ssm',
    client: ssmClient,
    protocol: jsonProtocol('1.1'),
    operations: {
      DescribeInstanceInformation: read((input) => ssm.describeInstanceInformation(input)),
      GetCommandInvocation: read((input) => ssm.getCommandInvocation(input)),
      ListCommandInvocations: read((input) => ssm.listCommandInvocations(input)),
      SendCommand: { mutating: true, resources: commandArns, run: (input) => ssm.sendCommand(input) },
      DescribeParameters: read((input) => parameters.describeParameters(input)),
      GetParameter: { mutating: false, resources: parameterArn, run: (input) => parameters.getParameter(input) },
      GetParametersByPath: {
        mutating: false,
        resources: (input: { readonly Path: string }) => parameterArn({ Name: input.Path }),
        run: (input) => parameters.getParametersByPath(input),
      },
      PutParameter: { mutating: true, resources: parameterArn, run: (input) => parameters.putParameter(input) },
    },
  });
}
