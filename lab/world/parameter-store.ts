import type {
  DescribeParametersRequest,
  DescribeParametersResult,
  GetParameterRequest,
  GetParameterResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  ParameterType,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { arn, type Account } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';

interface Stored {
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly changedAt: number;
}

/** Systems Manager's Parameter Store. */
export class ParameterStore {
  private readonly parameters = new Map<string, Stored>();

  constructor(
    private readonly account: Account,
    private readonly clock: Clock,
  ) {}

  getParameter(input: GetParameterRequest): GetParameterResult {
    const name = input.Name ?? '';
    const stored = this.parameters.get(name);
    if (!stored) throw new AwsError('ParameterNotFound', `parameter ${name} does not exist`);
    return {
      Parameter: {
        Name: name,
        Type: stored.type,
        Value: stored.value,
        Version: stored.version,
        LastModifiedDate: new Date(stored.changedAt),
        ARN: arn(this.account, 'ssm', `parameter/${name.replace(/^\//, '')}`),
        DataType: 'text',
      },
    };
  }

  /**
   * One level, in pages of ten (API reference, GetParametersByPath, MaxResults). AWS may return
   * fewer in any page, none among them: here the first is always empty.
   */
  getParametersByPath({ Path, Recursive, NextToken, MaxResults = 10 }: GetParametersByPathRequest): GetParametersByPathResult {
    if (Recursive) throw new AwsError('ValidationException', 'Recursive: the lab knows one level');
    const below = `${Path?.replace(/\/$/, '')}/`;
    const names = [...this.parameters.keys()].filter((name) => name.startsWith(below) && !name.slice(below.length).includes('/')).sort();
    if (NextToken === undefined) return names.length === 0 ? { Parameters: [] } : { Parameters: [], NextToken: '0' };
    const page = names.slice(Number(NextToken), Number(NextToken) + MaxResults);
    const next = Number(NextToken) + page.length;
    return {
      Parameters: page.flatMap((Name) => this.getParameter({ Name }).Parameter ?? []),
      ...(next < names.length ? { NextToken: String(next) } : {}),
    };
  }

  putParameter(input: PutParameterRequest): PutParameterResult {
    const name = input.Name ?? '';
    const stored = this.parameters.get(name);
    if (stored && !input.Overwrite) throw new AwsError('ParameterAlreadyExists', `The parameter ${name} already exists.`);
    if (input.Value === undefined || input.Value === '')
      throw new AwsError('ValidationException', 'Value: got an empty one, allowed 1 or more characters');
    const version = (stored?.version ?? 0) + 1;
    this.parameters.set(name, { value: input.Value, type: input.Type ?? stored?.type ?? 'String', version, changedAt: this.clock.now() });
    return { Version: version, Tier: 'Standard' };
  }

  /** With the one filter that the lab knows: a text in the name. */
  describeParameters({ ParameterFilters = [] }: DescribeParametersRequest): DescribeParametersResult {
    const [{ Key, Option, Values = [] } = {}, ...others] = ParameterFilters;
    if (Key !== 'Name' || Option !== 'Contains' || others.length > 0)
      throw new AwsError('ValidationException', 'ParameterFilters: the lab knows one, of the key Name with the option Contains');
    const names = [...this.parameters.keys()].filter((name) => Values.some((part) => name.includes(part)));
    return { Parameters: names.map((Name) => ({ Name })) };
  }

  /** What somebody does from the console, or chaos does to us: the parameter is gone. */
  remove(name: string): void {
    this.parameters.delete(name);
  }
}
