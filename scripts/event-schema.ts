/**
 * Writes the JSON Schemas of what Sickbay tells machines, from the schemas in code:
 * docs/case-event.schema.json and docs/review-digest.schema.json.
 *
 *     npm run schema
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { CASE_STATE_CHANGE, EVENT_TYPE, EVENT_VERSION } from '../core/model/case-event';
import { DIGEST_TYPE, DIGEST_VERSION, REVIEW_DIGEST } from '../core/model/review-digest';

const DOCS = path.join(__dirname, '..', 'docs');
export const SCHEMA_FILE = path.join(DOCS, 'case-event.schema.json');
export const DIGEST_SCHEMA_FILE = path.join(DOCS, 'review-digest.schema.json');

/**
 * For readers of events: what they do not know yet is allowed, for fields are added within a
 * version.
 */
export function eventSchema(): string {
  const made = z.toJSONSchema(CASE_STATE_CHANGE, { io: 'input' });
  const schema = {
    ...made,
    title: EVENT_TYPE,
    description: `The detail of the EventBridge event, version ${EVENT_VERSION}: docs/events.md`,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** Likewise, of the message about a weekly review. */
export function digestSchema(): string {
  const schema = {
    ...z.toJSONSchema(REVIEW_DIGEST, { io: 'input' }),
    title: DIGEST_TYPE,
    description: `The message on a notify topic of format json, version ${DIGEST_VERSION}: docs/events.md`,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(SCHEMA_FILE, eventSchema());
  writeFileSync(DIGEST_SCHEMA_FILE, digestSchema());
}
