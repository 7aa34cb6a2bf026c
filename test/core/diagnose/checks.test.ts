/**
 * Each finding says how a person sees the same, in commands into which nothing of a host's goes but
 * numbers, addresses and plain paths.
 */
import { causeStatus } from '../../../core/diagnose/cause-status';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { findingLines } from '../../../core/report/findings';
import { capturedScenes, sceneInput } from './captures';
import { connections, madeHost, processRow, type MadeHost } from './synthetic';

const NOW = 1_700_000_100_000;
const CRON = '30:sh<20:cron<1:init';

function findings(sick: Omit<MadeHost, 'host'>, everywhere: Omit<MadeHost, 'host'> = {}): readonly Finding[] {
  const peers = ['b', 'c', 'd'].map((host) => madeHost({ host, ...everywhere }));
  return diagnose({ sick: madeHost({ host: 'a', ...sick }), peers, now: NOW }).findings;
}

const STARVED = { pool: [20, 20, 45] as const, rows: { processes: [processRow(40, CRON, '/opt/report')], sockets: [connections(40, 2)] } };

describe('a finding can be checked', () => {
  test('the connections to the database, and the process, by their numbers', () => {
    const [finding] = findings(STARVED);
    expect(finding?.checks).toEqual([
      "ss -tnpo state established '( dport = :5432 )'",
      "ss -tnp '( dport = :8080 )'",
      'ps -o pid,ppid,user,lstart,etime,pcpu,args -p 40',
    ]);
    expect(finding?.wrongIf).toBe('the pool stays full, or requests go on waiting, after that job has ended');
  });

  test('people see both', () => {
    const lines = findings(STARVED).flatMap(findingLines);
    expect(lines).toContain('    wrong if the pool stays full, or requests go on waiting, after that job has ended');
    expect(lines).toContain("    check: ss -tnpo state established '( dport = :5432 )'");
  });

  test('a lead is called one', () => {
    expect(findings({ rows: { sockets: ['in\t8080\tCLOSE_WAIT\t48'] } }).flatMap(findingLines)[0]).toBe(
      'socket-leak (a lead, confidence 0.43)',
    );
  });

  test.each(capturedScenes())('each finding of a captured fault has commands and a doubt: %s', (scene) => {
    const { findings: all } = diagnose(sceneInput(scene, 'app-3'));
    const checked = all.filter(({ cause }) => cause !== 'unknown');
    expect(checked.every(({ checks, wrongIf }) => (checks ?? []).length > 0 && wrongIf !== undefined)).toBe(true);
  });

  test('a record of an earlier version, which has neither, is still told', () => {
    expect(findingLines({ cause: 'dns', confidence: 0.7, evidence: ['slow'], against: [] })).toEqual([
      'dns (confidence 0.70)',
      '    + slow',
    ]);
  });
});

describe('nothing that a host prints gets into a command', () => {
  const HOSTILE = ['/data;reboot', '/data$(reboot)', '/data`reboot`', "/data'", '/data -exec', '/../etc|sh', '--help', '/a\u202Eb'];

  test.each(HOSTILE)('a mount of the name %s', (mount) => {
    const [finding] = findings(
      { rows: { disk: [`fs\t${mount}\text4\t1.000\t0\t0.1`] } },
      { rows: { disk: [`fs\t${mount}\text4\t0.2\t9\t0.1`] } },
    );
    expect(finding?.cause).toBe('disk-full');
    expect(finding?.checks).toEqual([]);
  });

  test('a remote end, a name server, a user or a command that is none', () => {
    const rows = {
      sockets: ['out\t$(reboot):5432\tESTABLISHED\t10\t9\tx', 'out\t;sh:5432\tSYN_SENT\t10\t9\tx'],
      dns: ['dns\tnameserver\t1.1.1.1;sh', 'dns\tlookupMs\t9000', 'dns\tlookup\tok'],
      processes: [processRow(40, CRON, '/opt/x;reboot')],
    };
    const peers = { rows: { dns: ['dns\tnameserver\t10.0.0.2', 'dns\tlookupMs\t4', 'dns\tlookup\tok'] } };
    const commands = findings({ pool: [20, 20, 9], rows }, peers).flatMap(({ checks = [] }) => checks);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.join('\n')).not.toMatch(/reboot|;sh|\$\(/);
  });
});

describe('a cause that stays, and one that was never sure', () => {
  const drift = (ms: number) =>
    madeHost({ host: 'a', rows: { app: ['app\t10\tenv:APP_VERSION\t1'], http: [`http\tprobe\t/cart\t200\t${ms}\t2\tcurl`] } });
  const peers = ['b', 'c'].map((host) =>
    madeHost({ host, rows: { app: ['app\t10\tenv:APP_VERSION\t2'], http: ['http\tprobe\t/cart\t200\t60\t2\tcurl'] } }),
  );
  const [other] = diagnose({ sick: drift(6000), peers, now: NOW }).findings;

  test('another release is present while the page is slow, and unknown once it is quick: it keeps no well target out', () => {
    if (other === undefined) throw new Error('no finding');
    expect(other.cause).toBe('release-drift');
    expect([causeStatus(other, drift(6000), peers), causeStatus(other, drift(60), peers)]).toEqual(['present', 'unknown']);
  });

  test('a lead is neither present nor gone', () => {
    const sick = madeHost({ host: 'a', rows: { sockets: ['in\t8080\tCLOSE_WAIT\t48'] } });
    const well = ['b', 'c'].map((host) => madeHost({ host }));
    const [lead] = diagnose({ sick, peers: well, now: NOW }).findings;
    if (lead === undefined) throw new Error('no finding');
    expect([causeStatus(lead, sick, well), causeStatus(lead, madeHost({ host: 'a' }), well)]).toEqual(['unknown', 'unknown']);
  });
});
