/**
 * What the lab reads of a cloud assembly and of its template: only that, but all of that must be
 * there.
 */
import * as z from 'zod/mini';
import type { Json } from './intrinsics';

const json: z.ZodMiniType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const strings = z.array(z.string());
export const PROPERTIES = z.record(z.string(), json);

export const MANIFEST = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z.optional(z.looseObject({ templateFile: z.optional(z.string()), stackName: z.optional(z.string()) })),
    }),
  ),
});

export const ASSETS = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

export const TEMPLATE = z.looseObject({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z._default(PROPERTIES, {}) })),
});

export const RETRY_POLICY = z.object({ MaximumRetryAttempts: json, MaximumEventAgeInSeconds: json });

export const ALARM = z.looseObject({
  Dimensions: z._default(z.array(z.object({ Name: z.string(), Value: z.string() })), []),
});

export const FUNCTION = z.looseObject({
  Code: z.looseObject({ S3Key: z.optional(z.string()) }),
  ReservedConcurrentExecutions: z.optional(z.number()),
  Environment: z.optional(z.looseObject({ Variables: z.optional(z.record(z.string(), z.string())) })),
  LoggingConfig: z.optional(z.looseObject({ LogGroup: z.optional(z.string()) })),
  VpcConfig: z.optional(z.looseObject({ SubnetIds: strings, SecurityGroupIds: strings })),
});

export const ASYNC_CONFIG = z.looseObject({
  DestinationConfig: z.optional(z.looseObject({ OnFailure: z.optional(z.looseObject({ Destination: z.string() })) })),
});

export const ROLE = z.looseObject({
  Policies: z._default(z.array(PROPERTIES), []),
  ManagedPolicyArns: z._default(strings, []),
});

export const POLICY = z.looseObject({ Roles: strings });

export const TABLE = z.looseObject({
  AttributeDefinitions: z.array(z.looseObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() })),
  TimeToLiveSpecification: z.optional(z.looseObject({ AttributeName: z.string(), Enabled: z.boolean() })),
});

export const SCHEDULE = z.looseObject({ Target: PROPERTIES });

export const RULE = z.looseObject({ Targets: z._default(z.array(PROPERTIES), []) });

/** @throws when it is something else, naming the resource or file. */
export function readAs<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new Error(`${where} is not what the lab reads: ${z.prettifyError(parsed.error)}`);
}
