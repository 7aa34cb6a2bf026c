import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { AwsError } from '../world/aws-error';
import { errorShapeOf, type ProtocolOf, type WireRequest } from './protocol';
import { readQuery } from './query-reader';
import type { OperationShape } from './schemas';

/** 5: date-time, the default timestamp format of XML bodies (Smithy, awsQuery protocol). */
const XML = { timestampFormat: { useTrait: true, default: 5 as const }, xmlNamespace: '', serviceNamespace: '' };

/** awsQuery: form parameters in, XML out. `xmlns` is the service's XML namespace. */
export function queryProtocol(xmlns: string): ProtocolOf {
  return (shapes) => ({
    codes: { unknownKey: 'InvalidClientTokenId', unknownOperation: 'InvalidAction' },
    operationName: (request) => formOf(request).get('Action') ?? undefined,
    read: async (operation, request) => {
      const parameters = [...formOf(request)].filter(([key]) => key !== 'Action' && key !== 'Version');
      return readQuery(operation.input(), parameters);
    },
    write: (operation, output, requestId) => {
      const { name } = operation;
      const result = `<${name}Result>${membersXml(operation, output)}</${name}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      return xmlResponse(200, `<${name}Response xmlns="${xmlns}">${result}${metadata}</${name}Response>`);
    },
    error: (error: AwsError, requestId) => {
      const { queryCode, status } = errorShapeOf(shapes, error);
      const type = status >= 500 ? 'Receiver' : 'Sender';
      const body = `<Error><Type>${type}</Type><Code>${escapeXml(queryCode)}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
      return xmlResponse(status, `<ErrorResponse xmlns="${xmlns}">${body}<RequestId>${requestId}</RequestId></ErrorResponse>`);
    },
  });
}

export function formOf(request: WireRequest): URLSearchParams {
  return new URLSearchParams(request.body.toString());
}

/**
 * The output's members without the element of the structure itself, which the protocol replaces by
 * `<NameResult>`.
 */
export function membersXml(operation: OperationShape, output: object): string {
  if (!operation.output().isStructSchema()) return '';
  const serializer = new XmlShapeSerializer(XML);
  serializer.write(operation.output(), output);
  const whole = String(serializer.flush());
  return /^<[^>]*\/>$/.test(whole) ? '' : whole.replace(/^<[^>]+>/, '').replace(/<\/[^>]+>$/, '');
}

export function xmlResponse(status: number, body: string): { status: number; headers: Record<string, string>; body: string } {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
