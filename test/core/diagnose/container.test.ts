/**
 * What runs in a container is named with it: a pid of the host alone says little on a busy node.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { HostCapture } from '../../../core/model';
import { findingLines } from '../../../core/report/findings';
import { sceneInput, STACKS } from './captures';

const JOB = 363;

/**
 * The scene in which a report starves the pool, with rows of containers added to the sick host's.
 */
function diagnosed(...rows: readonly string[]) {
  const { sick, peers, now } = sceneInput('container-report', 'app-3', STACKS);
  const added: HostCapture = 'stdout' in sick ? { ...sick, stdout: sick.stdout.replace(/^## app .*$/m, `$&\n${rows.join('\n')}`) } : sick;
  return diagnose({ sick: added, peers, now });
}

function told(...rows: readonly string[]): string {
  const [first] = diagnosed(...rows).findings;
  return first === undefined ? '' : findingLines(first).join('\n');
}

describe('the container of a culprit', () => {
  test('is told by runtime, id, name and image', () => {
    const rows = [
      `container\t${JOB}\tdocker\t0123456789ab\t-`,
      'image\t0123456789ab\timage\treports:2.1',
      'image\t0123456789ab\tname\treports',
    ];
    expect(told(...rows)).toContain('    in: docker container 0123456789ab (name reports, image reports:2.1)');
  });

  test('is told by its task on ECS and by its pod on Kubernetes', () => {
    expect(told(`container\t${JOB}\tecs\t0123456789ab\ttask:aaaabbbbcccc`)).toContain(
      '    in: ecs container 0123456789ab (task aaaabbbbcccc)',
    );
    const pod = [`container\t${JOB}\tkubernetes\t0123456789ab\tpod:1111-22`, 'image\t0123456789ab\tenv:POD_NAME\treports-7d9f'];
    expect(told(...pod)).toContain('    in: kubernetes container 0123456789ab (pod reports-7d9f, pod 1111-22)');
  });

  test('is not told of a process of the host, nor where nothing more than a network of its own is known', () => {
    expect(told()).not.toContain('    in: ');
    expect(told(`container\t${JOB}\tnamespace\t-\t-`)).not.toContain('    in: ');
  });
});

test('the container of the application is among the notes, with its pid on the host', () => {
  const { sick } = sceneInput('container-report', 'app-3', STACKS);
  const pid = 'stdout' in sick ? /^listen\t8000\t\S+\t(\d+)/m.exec(sick.stdout)?.[1] : undefined;
  const { notes } = diagnosed(`container\t${pid}\tdocker\tfedcba987654\t-`, 'image\tfedcba987654\timage\tshop:3.4.1');
  expect(notes).toContainEqual(`the application of app-3 (pid ${pid}) runs in docker container fedcba987654 (image shop:3.4.1)`);
});
