/**
 * Access logs in CloudWatch Logs, by Logs Insights: StartQuery, then GetQueryResults until the
 * query has ended (API reference). A query is paid for by the bytes that it reads and runs for up
 * to an hour; both are bounded here by StopQuery.
 */
import {
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
  type CloudWatchLogsClient,
  type GetQueryResultsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { ROWS_MAX, type Query, type Row } from '../../core/access-log/query';
import type { Config } from '../../core/config';
import type { AccessLogs, Clock } from '../ports';

/** Between two looks at a query. */
const POLL_MS = 1_000;

/** The run has 240 s, and others wait for it. */
const LONGEST_MS = 20_000;

const MIB = 1024 * 1024;

export function accessLogs(client: CloudWatchLogsClient, clock: Clock, config: NonNullable<Config['accessLogs']>): AccessLogs {
  return {
    query: async (query) => {
      const queryId = await start(client, config.logGroups, query);
      const until = clock.now() + LONGEST_MS;
      for (;;) {
        const answer = await client.send(new GetQueryResultsCommand({ queryId }));
        const scannedBytes = answer.statistics?.bytesScanned ?? 0;
        if (isEnded(answer)) return { rows: rowsOf(answer), scannedBytes };
        if (scannedBytes > config.maxScannedMiB * MIB) await stop(client, queryId, `it had read ${Math.round(scannedBytes / MIB)} MiB`);
        if (clock.now() >= until) await stop(client, queryId, `it had run for ${LONGEST_MS / 1000} s`);
        await clock.sleep(POLL_MS);
      }
    },
  };
}

async function start(client: CloudWatchLogsClient, logGroupNames: readonly string[], query: Query): Promise<string> {
  const { queryId } = await client.send(
    new StartQueryCommand({
      logGroupNames: [...logGroupNames],
      queryString: query.queryString,
      startTime: query.startTimeS,
      endTime: query.endTimeS,
      limit: ROWS_MAX,
    }),
  );
  if (queryId === undefined) throw new Error('StartQuery gave no id');
  return queryId;
}

/** While it runs there are partial results: those speak for nobody. */
function isEnded({ status }: GetQueryResultsCommandOutput): boolean {
  if (status === 'Scheduled' || status === 'Running') return false;
  if (status !== 'Complete') throw new Error(`the query of the access logs ended as ${status ?? 'nothing'}`);
  return true;
}

/** @throws always: what was read so far is not the answer. */
async function stop(client: CloudWatchLogsClient, queryId: string, why: string): Promise<never> {
  await client.send(new StopQueryCommand({ queryId })).catch((error: unknown) => {
    throw new Error(`the query of the access logs could not be stopped, and ${why}`, { cause: error });
  });
  throw new Error(`the query of the access logs was stopped: ${why}`);
}

function rowsOf({ results = [] }: GetQueryResultsCommandOutput): Row[] {
  if (results.length >= ROWS_MAX) throw new Error(`the access logs gave ${results.length} rows: more may have been left out`);
  return results.map((row) =>
    Object.fromEntries(row.flatMap(({ field, value }) => (field === undefined || value === undefined ? [] : [[field, value]]))),
  );
}
