/**
 * The commands that an alert has for a pod, as a shell runs them, against a kubectl that writes
 * down what it is asked.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kubernetesAdvice } from '../../../core/report/kubernetes';
import { targetCase } from '../../builders/cases';
import { GROUP, listedGroupOf } from '../../builders/groups';
import { roundOf } from '../../builders/rounds';

const POD = { id: '10.0.3.7', port: 8080 };
const ROUND = roundOf({
  group: { ...listedGroupOf({ arn: GROUP, tags: { 'service.k8s.aws/stack': 'shop/checkout' } }), loadBalancers: [] },
});

describe('the commands of a pod, in a shell', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sickbay-kubectl-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = path.join(folder, 'calls');

  /** A cluster with one pod at the address; it writes down what it is asked to change. */
  const KUBECTL = `#!/bin/sh
case "$*" in
  *targetgroupbindings*) printf 'other   arn:of:another:group\\nweb   ${GROUP}\\n' ;;
  *'get service -n shop web'*) printf 'app- tier- ' ;;
  *'get pods'*custom-columns*) printf 'shop   checkout-6d4b\\n' ;;
  'label '*|'create '*) { echo "$*"; case "$*" in create*) cat; echo ;; esac; } >>"${log}" ;;
esac
`;

  it('relabel that pod alone, and ask for its eviction', () => {
    const kubectl = path.join(folder, 'kubectl');
    writeFileSync(kubectl, KUBECTL);
    chmodSync(kubectl, 0o755);
    const commands = kubernetesAdvice(targetCase({ target: POD }), ROUND)?.steps.map(({ command }) => command) ?? [];
    execFileSync('sh', ['-eu', '-c', commands.join('\n')], { env: { PATH: `${folder}:${process.env['PATH']}` } });
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
      'label pod -n shop checkout-6d4b app- tier-',
      'create --raw /api/v1/namespaces/shop/pods/checkout-6d4b/eviction -f -',
      '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"checkout-6d4b","namespace":"shop"}}',
    ]);
  });
});
