/**
 * What may be stopped, and who allows it (docs/decisions/0030-stopping-a-culprit.md). Absent: no
 * stop is ever proposed, and nothing of it is deployed.
 */
import * as z from 'zod/mini';
import { choice, distinct, list, PRINCIPAL_ARN, strict, text } from './values';

/** Longest pattern of a command's arguments. */
const LONGEST_PATTERN = 200;

/** Arguments that no entry is meant for: a pattern that matches them matches whatever runs. */
const NOBODYS_ARGUMENTS = 'sickbay-canary --of nobody 7f3a';

const ARGUMENTS =
  'a regular expression from ^ to $ of at most 200 characters that is not for any arguments at all, with every | in a group, such as "^/opt/reports/monthly --all$"';

/**
 * Whether the expression holds from the first character of the arguments to the last, and tells
 * some apart from others. `^a|b$` does not: it is `^a` or `b$`.
 */
function isAnchored(pattern: string): boolean {
  const inner = /^\^((?:[^\\]|\\.)*)\$$/s.exec(pattern)?.[1];
  if (inner === undefined || pattern.length > LONGEST_PATTERN || hasBareAlternative(inner)) return false;
  try {
    return !new RegExp(pattern, 's').test(NOBODYS_ARGUMENTS);
  } catch {
    return false;
  }
}

/** Whether a `|` stands outside every group and character class. */
function hasBareAlternative(pattern: string): boolean {
  const bare = pattern.replace(/\\./gs, '').replace(/\[[^\]]*\]/g, '');
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '|' && depth === 0) return true;
  }
  return false;
}

const allowed = strict({
  /** Target of /proc/PID/exe: of a script it is the interpreter. */
  executable: text(
    /^(?!.*\/\.{1,2}(\/|$))(\/[A-Za-z0-9._+@-]{1,100}){1,12}$/,
    'the absolute path of an executable, without links, "." and "..", such as "/usr/bin/python3.11"',
  ),
  user: text(/^[a-z_][a-z0-9_-]{0,31}$/, 'the name of a user, such as "reports"'),
  /** Of the redacted command without its first word, joined by one space. */
  arguments: z.string({ error: ARGUMENTS }).check(z.refine(isAnchored, { error: ARGUMENTS })),
  /** What started it. */
  parent: choice('cron', 'timer'),
  /** Whether SIGKILL may follow where SIGTERM did not end it. */
  allowKill: z._default(z.boolean({ error: 'true or false' }), false),
});

/** Of one target group. There is no mode that stops anything without a person. */
export const groupStop = strict({
  mode: choice('propose'),
  allow: list(allowed, 1, 20, 'commands that may be stopped'),
});

const CALENDAR = text(
  /^(arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/,
  'the name or the ARN of a Change Calendar',
);

/** Of the whole stack. */
export const stackStop = strict({
  /**
   * IAM roles and users of whom one must approve each stop. aws:approve takes at most ten
   * (Systems Manager user guide, "aws:approve").
   */
  approvers: distinct(PRINCIPAL_ARN, 1, 10, 'ARNs of IAM roles or users'),
  /** While one of them is closed, or cannot be read, nothing is stopped. */
  changeCalendars: z._default(distinct(CALENDAR, 0, 10, 'Change Calendars'), []),
});
