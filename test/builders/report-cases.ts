/**
 * Reports at their worst, for the tests of the page and for whoever looks at its pictures
 * (`npm run report:pages`): made by hand from the story's incident.
 */
import type { Round } from '../../core/model';
import type { ReportInput } from '../../core/report/html/model';
import { incidentOf } from './incidents';
import { withTexts } from './texts';

const DEPLOYMENT = { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/runbook.md' };

/** As it was recorded. */
export function storyReport(): ReportInput {
  const { case: incident, rounds } = incidentOf('asg');
  return { now: incident.updatedAt, incident, rounds, deployment: DEPLOYMENT };
}

/** Instance ids of a large group that look like real ones. */
const idOf = (index: number) => `i-0${(0xabc0_0000_0000 + index * 7919).toString(16).padStart(16, '0')}`;

/**
 * The group has `count` targets: every peer of the story several times, a little slower each time.
 */
export function largeGroup(count: number, { case: incident, rounds } = incidentOf('asg')): ReportInput {
  const { diagnosis } = incident;
  const [pool] = diagnosis?.pools ?? [];
  const pools =
    pool === undefined
      ? []
      : Array.from({ length: count - 4 }, (_, index) => ({ ...pool, host: idOf(index), active: index % 20, waiting: 0 }));
  return {
    now: incident.updatedAt,
    incident: {
      ...incident,
      ...(diagnosis === undefined ? {} : { diagnosis: { ...diagnosis, pools: [...diagnosis.pools, ...pools] } }),
    },
    rounds: rounds.map((round) => grown(round, incident.target?.id ?? '', count)),
    deployment: DEPLOYMENT,
  };
}

function grown(round: Round, sick: string, count: number): Round {
  const [peer] = round.verdicts.filter(({ key }) => !key.startsWith(sick));
  if (peer === undefined) throw new Error('the story has peers');
  const more = Array.from({ length: count - round.verdicts.length }, (_, index) => ({
    ...peer,
    key: `${idOf(index)}:8080`,
    medianMs: (peer.medianMs ?? 100) * (0.8 + ((index * 37) % 100) / 200),
  }));
  const instances = Object.fromEntries(
    more.map(({ key }, index) => [
      key.slice(0, key.indexOf(':')),
      { address: `10.0.2.${index}`, zone: 'us-east-1a', type: 'm7g.large', name: `checkout-production-blue-app-${index + 5}` },
    ]),
  );
  return { ...round, verdicts: [...round.verdicts, ...more], instances: { ...round.instances, ...instances } };
}

/** Every probe failed, and nobody used the load balancer: there is no latency to draw. */
export function withoutSamples(): ReportInput {
  const { rounds, ...story } = storyReport();
  const silent = rounds.map(({ clientView: _seen, ...round }): Round => ({
    ...round,
    samples: {},
    verdicts: round.verdicts.map(({ medianMs: _median, ...verdict }) => ({ ...verdict, bad: { k: verdict.bad.n, n: verdict.bad.n } })),
  }));
  return { ...story, rounds: silent };
}

/** The host could not be asked: removed, and nobody knows why. */
export function withoutDiagnosis(): ReportInput {
  const { incident, ...story } = storyReport();
  const { diagnosis: _diagnosis, ...rest } = incident;
  return { ...story, incident: rest };
}

/** Long words without a space, and what is written from the right: they must not widen the page. */
const HOSTILE = {
  name: `<b>${'checkout-app-in-a-very-long-environment-name-'.repeat(4)}</b>`,
  command: `/opt/${'x'.repeat(300)} --$(reboot) <script>alert(1)</script> \u202egnp.exe`,
  sentence: `"><img src=x onerror=alert(1)> ${'wide'.repeat(80)}`,
};

export function hostileNames(): ReportInput {
  const { rounds, ...story } = storyReport();
  return { ...story, incident: withTexts(story.incident, hostile), rounds: withTexts(rounds, hostile) };
}

const COMMANDS = new Set(['command', 'cron', 'cronFile', 'parent', 'user', 'checks']);
const SENTENCES = new Set(['evidence', 'against', 'differences', 'notes', 'says', 'value', 'limit', 'why', 'wrongIf', 'reason']);

function hostile(text: string, key: string): string {
  if (key === 'name') return HOSTILE.name;
  if (COMMANDS.has(key)) return HOSTILE.command;
  return SENTENCES.has(key) ? HOSTILE.sentence : text;
}

/** A pod's, with the commands that take it out: long lines of a shell. */
export function ofAPod(): ReportInput {
  const { case: incident, rounds } = incidentOf('eks-told');
  return { now: incident.updatedAt, incident, rounds, deployment: DEPLOYMENT };
}

/** By the name of the page. */
export const WORST_REPORTS: Readonly<Record<string, () => ReportInput>> = {
  'hundred-targets': () => largeGroup(100),
  'without-samples': withoutSamples,
  'without-diagnosis': withoutDiagnosis,
  'hostile-names': hostileNames,
  pod: ofAPod,
};
