/**
 * What has to hold when a lease is renewed: as much as when the target was taken out, as far as the
 * others go.
 */
import type { Checker } from './roles';
import type { Out } from './out';
import type { Call } from './invocation';
import { judgeSurvivors } from './removal';
import { SLACK_MS } from './read-log';

const NOT_IN = ['shared', 'shared-zone', 'blind'];

export function judgeRenewal(checker: Checker, call: Call, out: Out): void {
  const { records, clock, config } = checker.stage;
  // A removal that is being confirmed has its first lease yet.
  if (!records.open().some((incident) => incident.groupArn === out.groupArn && incident.target?.id === out.id && incident.state === 'out'))
    return;
  for (const groupArn of out.places.filter((arn) => checker.stage.hasGroup(arn)))
    judgeSurvivors(checker, call, { groupArn, id: out.id, port: out.port });
  const [round] = records.latestRounds(out.groupArn, 1);
  const ageMs = clock.now() - (round?.endedAt ?? 0);
  checker.must(ageMs < config.durations.staleS * 1000 + SLACK_MS, 'evidence', `${out.key} renewed on a round that ended ${ageMs} ms ago`);
  checker.must(!NOT_IN.includes(round?.fleet ?? 'blind'), 'shared-cause', `${out.key} renewed in a round that says ${round?.fleet}`);
  const { health } = checker.readLogOf(call.by);
  const shifted = out.places.some((arn) => health.get(arn)?.shifted === true);
  checker.must(!shifted, 'frozen', `${out.key} renewed during a zonal shift`);
}

/** Every renewal on record was told. */
export function renewalsTold(checker: Checker, told: readonly string[]): void {
  const { records } = checker.stage;
  for (const { id, events } of [...records.open(), ...records.closed()]) {
    const renewals = events.filter(({ kind }) => kind === 'lease-renewed').length;
    const alerts = told.filter((alert) => alert.startsWith(`${id}/renew/`) || alert.startsWith(`${id}/hold/`)).length;
    checker.must(alerts >= renewals, 'alert-told', `${renewals} renewals of case ${id}, and ${alerts} were told`);
  }
}
