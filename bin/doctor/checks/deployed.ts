/** What can be told of a deployed stack alone. */
import { KILL_SWITCH } from '../../../lambda/contract';
import { counted } from '../../init/proposal';
import { NOT_DEPLOYED, fail, ok, orOk, warn, type Check, type Result } from '../check';
import type { Context, Deployed } from '../context';

function ofStack(name: string, run: (context: Context, deployed: Deployed) => Promise<readonly Result[]>): Check {
  return {
    name,
    run: async (context) => {
      const deployed = await context.deployed();
      return deployed === undefined ? [NOT_DEPLOYED] : run(context, deployed);
    },
  };
}

/** Whether anybody hears the topics. */
export const subscribers: Check = ofStack('subscribers', async (context, { record }) => {
  const topics = [
    ['page', record.pageTopic],
    ['notify', record.notifyTopic],
  ] as const;
  const found = await Promise.all(
    topics.map(async ([name, arn]): Promise<Result> => {
      const { confirmed, pending } = await context.account.subscribers(arn);
      if (confirmed > 0) return ok(`${name}: ${counted(confirmed, 'confirmed subscriber')}`);
      const waiting = pending > 0 ? `; not confirmed yet, by the link that was mailed: ${pending}` : '';
      return fail(
        `${name}: nobody would hear an alert${waiting}`,
        context.aws(`sns subscribe --topic-arn ${arn} --protocol email --notification-endpoint YOU@example.com`),
      );
    }),
  );
  return found;
});

/** Whether the switch that stops every removal is on. */
export const killSwitch: Check = ofStack('kill switch', async (context, { record }) => {
  const value = await context.account.parameter(record.killSwitch);
  if (value === KILL_SWITCH.off) return [ok('off: removals are not stopped by it')];
  const command = context.aws(`ssm put-parameter --name ${record.killSwitch} --value ${KILL_SWITCH.off} --overwrite`);
  if (value === undefined) return [fail(`there is no parameter ${record.killSwitch}: every removal is stopped`)];
  return [warn(`${value === KILL_SWITCH.on ? 'on' : `got "${value}", which counts as on`}: every removal is stopped`, command)];
});

/** Sweeps that may be missed before a round counts as old, as in the alarm (lib/alarms.ts). */
const MISSED = 5;

/** Whether every group is measured, and its targets are reached. */
export const rounds: Check = ofStack('rounds', async (context, { latestRound }) => {
  const groups = await context.watched();
  const limitS = MISSED * context.config.intervalS;
  const found = await Promise.all(
    groups.map(async ({ candidate: { group } }): Promise<Result[]> => {
      const round = await latestRound(group.arn);
      if (round === undefined) return [fail(`${group.name}: no round yet; one begins every ${context.config.intervalS} s`)];
      const ageS = Math.round((context.now - round.endedAt) / 1000);
      if (ageS > limitS) return [fail(`${group.name}: the last round ended ${ageS} s ago; one begins every ${context.config.intervalS} s`)];
      if (round.fleet === 'blind') return [fail(`${group.name}: the last round was blind: ${round.says}`)];
      return [];
    }),
  );
  return orOk(found.flat(), `${counted(groups.length, 'group')} measured within ${limitS} s, none blind`);
});
