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

interface Started {
  readonly DocumentName: string;
}

interface OnExecution {
  readonly AutomationExecutionId: string;
}

export function ssmService({ account, ssm, parameters, automation, calendars }: World): Service {
  const executionArn = (id: string): string => arn(account, 'ssm', `automation-execution/${id}`);
  const onExecution = (input: OnExecution): string[] => [executionArn(input.AutomationExecutionId)];
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
      GetCalendarState: {
        mutating: false,
        resources: ({ CalendarNames }: { readonly CalendarNames: readonly string[] }) => CalendarNames.map(documentArn),
        run: (input) => calendars.getCalendarState(input),
      },
      // IAM asks for the runbook and for the execution (service authorization reference).
      StartAutomationExecution: {
        mutating: true,
        resources: ({ DocumentName }: Started) => [documentArn(DocumentName), executionArn('*')],
        passesRole: ({ DocumentName }: Started) => automation.roleOf(DocumentName),
        run: (input, { roleArn }) => automation.startAutomationExecution(input, roleArn),
      },
      GetAutomationExecution: { mutating: false, resources: onExecution, run: (input) => automation.getAutomationExecution(input) },
      StopAutomationExecution: { mutating: true, resources: onExecution, run: (input) => automation.stopAutomationExecution(input) },
      SendAutomationSignal: {
        mutating: true,
        resources: onExecution,
        run: (input, { roleArn }) => automation.sendAutomationSignal(input, roleArn),
      },
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
