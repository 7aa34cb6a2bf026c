/** Our own functions, invoked by name: the prober and its answer, the responder without waiting. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { PageReport, ProbeReport } from '../../core/model';
import type { PageReader, Prober, Responder } from '../ports';

export function functionProber(client: LambdaClient, name: string): Prober {
  return { probe: async (plan) => answerOf<ProbeReport>(client, name, plan) };
}

/** The prober again, for what the responder asks of it. */
export function functionPageReader(client: LambdaClient, name: string): PageReader {
  return { read: async (request) => answerOf<PageReport>(client, name, request) };
}

async function answerOf<Report extends { readonly v: 1 }>(client: LambdaClient, name: string, event: object): Promise<Report> {
  const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }));
  const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8');
  if (answer.FunctionError !== undefined) throw new Error(`the prober failed: ${text.slice(0, 500)}`);
  const report = JSON.parse(text) as Report;
  if (report.v !== 1) throw new Error(`the prober answered in version ${String(report.v)}; versions known: 1`);
  return report;
}

/** An asynchronous invoke without evidence in it: the responder reads the records itself. */
export function wakeResponder(client: LambdaClient, name: string): Responder {
  return {
    wake: async () =>
      void (await client.send(
        new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify({ wokenBy: 'sweep' })) }),
      )),
  };
}
