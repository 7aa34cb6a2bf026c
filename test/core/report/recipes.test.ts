/** Each recipe of docs/events.md, as it stands there, on the event of a recorded incident. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { EVENT_SOURCE, EVENT_TYPE } from '../../../core/model/case-event';
import { alert } from '../../../core/report/alert';
import { matchesPattern } from '../../../lab/world/event-pattern';
import { firstAlertOf, lastAlertOf } from '../../builders/incidents';
import { parsed } from '../../builders/parsed';

type Json = Parameters<typeof matchesPattern>[0];

interface Recipe {
  readonly pattern: Json;
  readonly transformer?: { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string };
}

const PAGE = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'events.md'), 'utf8');
const BLOCKS = new Map([...PAGE.matchAll(/^```(?:json|js) (\S+)\n([^]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]));

function recipe(name: string): Recipe {
  return parsed<Recipe>(BLOCKS.get(name) ?? '');
}

/** The event as a rule gets it. */
function eventOf(input: ReturnType<typeof firstAlertOf> | undefined, severity?: 'page') {
  if (input === undefined) throw new Error('the incident has an end');
  const { event } = alert(input);
  return {
    source: EVENT_SOURCE,
    'detail-type': EVENT_TYPE,
    resources: [input.incident.groupArn],
    detail: { ...event, ...(severity === undefined ? {} : { severity }) },
  };
}

/**
 * What EventBridge makes of an event: paths into variables, and those into the template, texts in
 * quotation marks where they do not stand within a text already (user guide, "Input
 * transformation").
 */
function transformed(name: string, event: object): Record<string, unknown> {
  const { InputPathsMap: paths = {}, InputTemplate: template = '' } = recipe(name).transformer ?? {};
  const at = (where: string) =>
    where
      .split('.')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
  let isText = false;
  const text = template.replace(/\\.|"|<(\w+)>/g, (found, variable?: string) => {
    if (found === '"') isText = !isText;
    if (variable === undefined) return found;
    const value = at(paths[variable] ?? '');
    if (!isText) return JSON.stringify(value ?? '');
    return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(JSON.stringify(value)).slice(1, -1);
  });
  return parsed<Record<string, unknown>>(text);
}

const removed = eventOf(firstAlertOf('pool-starvation'));
const paged = eventOf(firstAlertOf('all-slow'));
const over = eventOf(lastAlertOf('all-slow'));
const taken = (name: string) => [removed, paged, over].map((event) => matchesPattern(recipe(name).pattern, event));

test('each rule takes the events that it is for', () => {
  expect(removed.detail).toMatchObject({ status: 'triggered', severity: 'notify' });
  for (const name of ['pagerduty-trigger', 'opsgenie-create']) expect(taken(name)).toEqual([false, true, false]);
  for (const name of ['pagerduty-resolve', 'opsgenie-close']) expect(taken(name)).toEqual([false, false, true]);
  for (const name of ['opscenter', 'devops-agent']) expect(taken(name)).toEqual([true, true, false]);
});

test('PagerDuty gets one incident a case: its end has the key of its beginning', () => {
  const { detail } = paged;
  const trigger = transformed('pagerduty-trigger', paged);
  expect(trigger).toMatchObject({
    event_action: 'trigger',
    dedup_key: detail.dedupKey,
    payload: {
      summary: detail.summary,
      source: 'checkout-tg',
      severity: 'critical',
      timestamp: detail.time,
      custom_details: { head: detail.head },
    },
    links: [{ href: detail.links?.targetGroup, text: 'Target group' }],
  });
  expect(transformed('pagerduty-resolve', over)).toEqual({
    routing_key: 'ROUTING_KEY',
    event_action: 'resolve',
    dedup_key: detail.dedupKey,
  });
});

test('Opsgenie gets one alert a case, by its alias', () => {
  const { detail } = paged;
  const created = transformed('opsgenie-create', paged);
  expect(created).toMatchObject({ message: detail.summary, alias: detail.dedupKey, priority: 'P1', entity: 'checkout-tg' });
  expect(created['description']).toBe(`Users: ${detail.head?.users} Done: ${detail.head?.done} Now: ${detail.head?.now}`);
  expect(transformed('opsgenie-close', over)).toEqual({ source: 'sickbay', note: over.detail.summary });
});

test('OpsCenter gets an item that the case is the deduplication string of', () => {
  const item = transformed('opscenter', removed) as { readonly operationalData: Record<string, { readonly value: string }> };
  expect(item).toMatchObject({ title: removed.detail.summary, severity: '2', source: 'sickbay', resources: removed.resources });
  expect(JSON.parse(item.operationalData['/aws/dedup']?.value ?? '')).toEqual({ dedupString: removed.detail.dedupKey });
});

test('DevOps Agent gets an incident, signed over its time and body', () => {
  const module: {
    exports: { requestOf?: (event: object, secret: string) => { readonly body: string; readonly headers: Record<string, string> } };
  } = {
    exports: {},
  };
  runInNewContext(BLOCKS.get('devops-agent-function') ?? '', { exports: module.exports, require: () => ({ createHmac }) });
  const { body = '', headers = {} } = module.exports.requestOf?.(removed, 'secret') ?? {};
  const { dedupKey, summary, time } = removed.detail;
  expect(JSON.parse(body)).toMatchObject({
    eventType: 'incident',
    incidentId: dedupKey,
    action: 'created',
    priority: 'MEDIUM',
    title: summary,
    service: 'checkout-tg',
  });
  expect(headers).toEqual({
    'content-type': 'application/json',
    'x-amzn-event-timestamp': time,
    'x-amzn-event-signature': createHmac('sha256', 'secret').update(`${time}:${body}`).digest('base64'),
  });
});
