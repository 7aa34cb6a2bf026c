/** Asks a person at a terminal. Loaded only then. What is asked goes to standard error. */
import checkbox from '@inquirer/checkbox';
import input from '@inquirer/input';
import type { Candidate } from './candidates';

const CONTEXT = { output: process.stderr };

/** Which groups to watch. */
export function pickGroups(candidates: readonly Candidate[]): Promise<Candidate[]> {
  const width = Math.max(...candidates.map(({ group }) => group.name.length));
  return checkbox(
    {
      message: 'Which target groups shall be watched?',
      pageSize: 15,
      required: true,
      loop: false,
      choices: candidates.map((candidate) => choiceOf(candidate, width)),
    },
    CONTEXT,
  );
}

/**
 * What is special about a group stands below the list while the cursor is on it; why it cannot be
 * taken, beside it.
 */
function choiceOf(candidate: Candidate, width: number) {
  const { group, balancers, observedOnly, notByItself, refused } = candidate;
  const name = group.name.padEnd(width);
  if (refused !== undefined) return { name, value: candidate, disabled: refused };
  const behind = balancers.length === 0 ? 'no load balancer' : balancers.map((balancer) => balancer.name).join(', ');
  const remark = notByItself ?? observedOnly;
  return {
    name: `${name}  ${`${group.protocol}:${group.port}`.padEnd(11)}  ${group.targetType.padEnd(8)}  ${behind}`,
    value: candidate,
    short: group.name,
    ...(remark === undefined ? {} : { description: remark }),
  };
}

/** The page of one group; an empty answer is none. */
export async function askPath({ group }: Candidate, proposed: string | undefined): Promise<string | undefined> {
  const health = group.healthCheck.path ?? '/';
  const answer = await input(
    {
      message: `${group.name}: a page that users wait for, not ${health} (empty: none):`,
      ...(proposed === undefined ? {} : { default: proposed }),
      validate: (text) => {
        if (text === '') return true;
        if (!/^\/[\x21-\x7e]*$/.test(text)) return 'a path that starts with "/", without spaces';
        return text === health ? "that is the health check's path, which stays fast while users wait" : true;
      },
    },
    CONTEXT,
  );
  return answer === '' ? undefined : answer;
}
