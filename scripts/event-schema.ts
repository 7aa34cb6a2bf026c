/**
 * Writes docs/case-event.schema.json, the JSON Schema of Sickbay's event, from the schema in code.
 *
 *     npm run schema
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { CASE_STATE_CHANGE, EVENT_TYPE, EVENT_VERSION } from '../core/model/case-event';

export const SCHEMA_FILE = path.join(__dirname, '..', 'docs', 'case-event.schema.json');

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

if (require.main === module) writeFileSync(SCHEMA_FILE, eventSchema());
