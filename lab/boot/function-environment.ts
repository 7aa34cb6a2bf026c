import type { FunctionDescription } from './descriptions';

/** What a function's role is to the lab's AWS: its access key, and where the front door is. */
export interface Access {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly region: string;
}

/**
 * The environment of a function as Lambda sets it (Lambda developer guide, "Defined runtime
 * environment variables"), and the standard variable by which the SDK finds another endpoint.
 * Nothing of the lab's own environment is handed on but the search path.
 */
export function functionEnvironment(fn: FunctionDescription, access: Access): NodeJS.ProcessEnv {
  return {
    ...fn.env,
    PATH: process.env['PATH'],
    TZ: ':UTC',
    _HANDLER: fn.handler,
    LAMBDA_TASK_ROOT: fn.handlerDir,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    ...accessVariables(access),
  };
}

function accessVariables({ region, accessKeyId, endpoint }: Access): NodeJS.ProcessEnv {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_ENDPOINT_URL: endpoint,
    // The configuration of whoever runs the drill is not the function's.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}
