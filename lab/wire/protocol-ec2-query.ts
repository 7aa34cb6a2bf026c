import type { AwsError } from '../world/aws-error';
import { errorShapeOf, type ProtocolOf } from './protocol';
import { escapeXml, formOf, membersXml, xmlResponse } from './protocol-query';
import { EC2_NAMES, readQuery } from './query-reader';

/**
 * ec2Query: awsQuery with flat lists and capital letters, and answers without a `<NameResult>`
 * (Smithy, ec2Query protocol).
 */
export function ec2QueryProtocol(xmlns: string): ProtocolOf {
  return (shapes) => ({
    codes: { unknownKey: 'AuthFailure', unknownOperation: 'InvalidAction' },
    operationName: (request) => formOf(request).get('Action') ?? undefined,
    read: async (operation, request) => {
      const parameters = [...formOf(request)].filter(([key]) => key !== 'Action' && key !== 'Version');
      return readQuery(operation.input(), parameters, EC2_NAMES);
    },
    write: (operation, output, requestId) => {
      const { name } = operation;
      return xmlResponse(
        200,
        `<${name}Response xmlns="${xmlns}"><requestId>${requestId}</requestId>${membersXml(operation, output)}</${name}Response>`,
      );
    },
    error: (error: AwsError, requestId) => {
      const { queryCode, status } = errorShapeOf(shapes, error);
      const body = `<Error><Code>${escapeXml(queryCode)}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
      return xmlResponse(status, `<Response><Errors>${body}</Errors><RequestID>${requestId}</RequestID></Response>`);
    },
  });
}
