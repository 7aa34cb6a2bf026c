/**
 * Finds a deployed Sickbay by its name, in the account and Region that the caller's credentials
 * say.
 */
import { GetParameterCommand, ParameterNotFound, SSMClient, paginateGetParametersByPath, type Parameter } from '@aws-sdk/client-ssm';
import { STACK_RECORDS, parseStackRecord, stackRecordName, type StackRecord } from '../lambda/stack-record';
import { missingFor, placeText } from './aws-options';
import { CommandError, EXIT } from './exit';

/** As the configuration allows it (core/config.ts, `stack`). */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/**
 * What the stack wrote about itself. Without a name the only one there is.
 * @throws CommandError with one line for each missing thing: credentials, a Region, the stack.
 */
export async function findStack(name: string | undefined, client = new SSMClient({ maxAttempts: 3 })): Promise<StackRecord> {
  if (name !== undefined && !NAME.test(name)) throw new CommandError(`--stack: got "${name}"; allowed: the name of a stack`, EXIT.usage);
  const missing = await missingFor(client);
  if (missing.length > 0) throw new CommandError(missing.join('\n'), EXIT.lacking);
  const place = placeText(await client.config.region());
  if (name !== undefined) return parsed(name, await recordOf(client, name, place), place);
  const all = await allRecords(client);
  const [only, ...others] = all;
  if (only === undefined)
    throw new CommandError(`no stack found (${place}): use --stack NAME with another --region or --profile`, EXIT.usage);
  if (others.length > 0) throw new CommandError(`${all.length} stacks (${place}): use --stack with one of ${names(all)}`, EXIT.usage);
  return parsed(nameOf(only), only.Value ?? '', place);
}

async function recordOf(client: SSMClient, name: string, place: string): Promise<string> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: stackRecordName(name) }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    const known = names(await allRecords(client).catch(() => []));
    const hint = known === '' ? 'use another --region or --profile' : `there: ${known}`;
    throw new CommandError(`no stack "${name}" (${place}); ${hint}`, EXIT.usage, { cause: error });
  }
}

type Found = Pick<Parameter, 'Name' | 'Value'>;

/** Up to ten a page, and a page may be empty (API reference, GetParametersByPath). */
async function allRecords(client: SSMClient): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: STACK_RECORDS })) found.push(...Parameters);
  return found;
}

const nameOf = ({ Name = '' }: Found): string => Name.slice(Name.lastIndexOf('/') + 1);
const names = (found: readonly Found[]): string => found.map(nameOf).sort().join(', ');

function parsed(name: string, text: string, place: string): StackRecord {
  try {
    return parseStackRecord(text);
  } catch (error) {
    const why = (error as Error).message;
    throw new CommandError(`the record of stack "${name}" (${place}) cannot be used: ${why}`, EXIT.usage, { cause: error });
  }
}
