/** Every check over every group, without an incident. Pure: `now` is an argument. */
import { CHECKS } from './checks';
import { SEVERITIES, type AuditedGroup, type AuditFinding, type AuditReport, type Check, type NotRun, type Part, type Seen } from './model';

export function audit(groups: readonly AuditedGroup[], now: number): AuditReport {
  const findings: AuditFinding[] = [];
  const notRun: NotRun[] = [];
  for (const group of groups)
    for (const check of CHECKS) {
      const why = whyNot(check, group);
      if (why === undefined) findings.push(...found(check, group));
      else notRun.push({ groupArn: group.group.arn, check: check.name, why });
    }
  const rank = ({ severity }: AuditFinding) => SEVERITIES.indexOf(severity);
  return {
    v: 1,
    at: now,
    groupArns: groups.map(({ group }) => group.arn),
    findings: findings.sort((a, b) => rank(a) - rank(b)),
    notRun,
    ran: groups.length * CHECKS.length - notRun.length,
  };
}

function found({ name, severity, run }: Check, audited: AuditedGroup): AuditFinding[] {
  const groupArn = audited.group.arn;
  return run(seen(audited)).map(({ command, ...draft }) => ({
    check: name,
    severity,
    groupArn,
    ...draft,
    command: command === undefined ? undefined : inRegion(command, groupArn),
  }));
}

/** A command that can be copied whole: with the Region of the target group, before a comment. */
function inRegion(command: string, groupArn: string): string {
  const [, , , region] = groupArn.split(':');
  return region === undefined ? command : command.replace(/(?= {3}# |$)/, ` --region ${region}`);
}

/** Why a check cannot run: what it needs was not read. */
function whyNot({ needs }: Check, group: AuditedGroup): string | undefined {
  return needs.flatMap((need) => ('unread' in group[need] ? [group[need].unread] : []))[0];
}

function seen({ attributes, health, hosts, ...group }: AuditedGroup): Seen {
  return {
    ...group,
    attributes: valueOf(attributes, {}),
    health: valueOf(health, []),
    hosts: valueOf(hosts, { inspections: [], unseen: [], leftOut: 0 }),
  };
}

function valueOf<T>(part: Part<T>, otherwise: T): T {
  return 'value' in part ? part.value : otherwise;
}
