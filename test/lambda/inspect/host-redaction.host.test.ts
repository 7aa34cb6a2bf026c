import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import * as words from '../../../core/diagnose/redaction/words';
import type { HostCapture } from '../../../core/model';
import { labelled, newSeal } from '../../../lambda/inspect/hidden-values';
import { byHost, byPipeline, corpus, fails, hostProgram } from '../../core/diagnose/redaction-corpus';
import { placed } from '../../core/diagnose/redaction-places';
import { SCRIPT } from './script';

const US = '\u001F';

/** The script's last stage, which redacts, fed from standard input instead of from the steps. */
function lastStage(lines: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const stage = SCRIPT.replace(/^collect 2>/m, () => 'collect() { cat; }\ncollect 2>');
  const run = spawnSync('sh', ['-c', stage], {
    input: `${lines.join('\n')}\nfinish\n`,
    encoding: 'latin1',
    env: { ...process.env, ...env },
  });
  if (run.status !== 0) throw new Error(`the last stage exited with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

/** A process row with these arguments, as the processes step writes it. */
function processRow(args: readonly string[]): string {
  return ['processes', 'proc', 7, 1, 0, 'root', 'S', 0, 0, 0, 1, 3, 0, 2, 0, 0, '1:init', 'job', args.join(US)].join('\t');
}

const PLACES: readonly (readonly string[])[] = [
  ['--password=%'],
  ['--password', '%'],
  ['--password', '% with spaces'],
  ['-token', '%'],
  ['--api-key', '%'],
  ['--client-secret=%'],
  ['PGPASSWORD=%', 'psql'],
  ['env', 'APP_SECRET=%', 'node'],
  ['AWS_SECRET_ACCESS_KEY=%'],
  ['postgres://app:%@db:5432/shop'],
  ['https://%@git.example.com'],
  ['http://a/?token=%&x=1'],
  ['curl', '-H', 'Authorization: Bearer %', 'http://a'],
  ['curl', '-u', 'me:%', 'http://a'],
  ['curl', '--cookie', 'sid=%'],
  ['mysql', '-uroot', '-p%'],
  ['/usr/bin/mysqldump', '-p%'],
  ['sshpass', '-p', '%', 'ssh'],
  ['redis-cli', '-a', '%'],
  ['mongosh', '-p', '%'],
  ['sh', '-c', 'PGPASSWORD=% psql; mysql -p% shop'],
  ['sh', '-c', 'job --password % --verbose'],
  ['sh', '-c', 'job --password="% and more" --verbose'],
  ['node', '-e', '{"password":"%"}'],
  ['java', '-Djavax.net.ssl.keyStorePassword=%'],
  ['job', '-p', '%'],
  ['curl', '-su', 'me:%', 'http://a'],
  ['curl', '-ume:%', 'http://a'],
  ['curl', '--proxy-user', 'me:%', 'http://a'],
  ['docker', 'login', '-u', 'me', '-p', '%'],
  ['openssl', 'enc', '-k', '%'],
  ['snmpwalk', '-c', '%', 'host'],
  ['sqlplus', 'scott/%@db'],
  ['job', 'password', '%'],
  ['job', '--creds=%'],
  ['job', '-----BEGIN RSA PRIVATE KEY----- %'],
  ['psql', "host=db password = '%  two' dbname=x"],
  ['sh', '-c', "mysql -uroot -p'% two' shop"],
  ['sh', '-c', 'sshpass -p % ssh h; redis-cli -a % ping'],
  ['sh', '-c', "job --password '% two' --verbose"],
];
const CELLS: readonly ((secret: string) => string)[] = [
  (secret) => `cron\tcron\t/etc/crontab\troot\t* * * * * DB_PASSWORD=${secret} /opt/job`,
  (secret) => `cron\tcron\t/etc/crontab\troot\t* * * * * job --token ${secret}`,
  (secret) => `app\tapp\t7\tenv:DATABASE_HOST\tpostgres://u:${secret}@db/x`,
  (secret) => `metrics\tm\tapp_info{password="${secret}"} 1`,
  (secret) => `sockets\t!partial\tsaid token=${secret}`,
  (secret) => `cron\tcron\troot\troot\t5 5 * * * mysqldump -uroot -p'${secret} two' shop`,
  (secret) => `cron\tcron\troot\troot\t5 5 * * * curl -u me:${secret} http://a; redis-cli -a ${secret} ping`,
  (secret) => `cron\tcron\troot\troot\t5 5 * * * root psql "host=h password='${secret} two' user=x"`,
  (secret) => `app\tapp\t7\tenv:HTTPS_PROXY\thttp://u:${secret}@proxy:3128`,
  (secret) => `app\tapp\t7\tenv:RUBYOPT\t-W0 --token=${secret}`,
  (secret) => `app\tapp\t7\tenv:JAVA_OPTS\t-Xmx1g -Dkey.store.pass=${secret}`,
  (secret) => `metrics\tm\tapp_info{cmd="job --password=\\"${secret} two\\""} 1`,
  (secret) => `metrics\tm\tapp_info{url="https://h/?api_key=${secret}&x=1"} 1`,
  (secret) => `http\thttp\tprobe\t/page?token=${secret}\t200\t3\t2\tcurl`,
];

const secrets = fc.uniqueArray(fc.stringMatching(/^[A-Z][a-z]{3}[0-9][A-Za-z0-9!#%^*+]{4,12}$/), { minLength: 60, maxLength: 60 });

describe("the host's own redaction", () => {
  test('no secret leaves the host, in any place of a command line, a crontab, a label or a reason', () => {
    fc.assert(
      fc.property(secrets, (some) => {
        const lines = [
          ...PLACES.map((place, index) => processRow(place.map((word) => word.replaceAll('%', () => some[index] ?? '')))),
          ...CELLS.map((cell, index) => cell(some[PLACES.length + index] ?? '')),
        ];
        const out = lastStage(lines);
        expect(some.filter((secret) => out.includes(secret))).toEqual([]);
        expect(out).not.toMatch(/\btwo\b/); // the second word of a secret
        expect(out.split('\n').filter((line) => line.startsWith('proc\t'))).toHaveLength(PLACES.length);
      }),
      { numRuns: 15 },
    );
  });

  test('tells of every line of the corpus what the pipeline tells, and the pipeline leaves that as it is', () => {
    const lines = corpus();
    const told = byHost(lines);
    expect(told).toEqual(lines.map(byPipeline));
    expect(lines.filter((one, index) => one.isLeak && fails(one, told[index] ?? '')).map(({ line }) => line)).toEqual([]);
  });

  test('tells of every word in every place of a command what the pipeline tells', () => {
    const lines = placed();
    const told = byHost(lines);
    const differing = lines.flatMap((one, index) => {
      const expected = byPipeline(one);
      return told[index] === expected ? [] : [`${one.kind} ${one.line}: host ${told[index]}, pipeline ${expected}`];
    });
    expect(differing.slice(0, 10)).toEqual([]);
    expect(lines.length).toBeGreaterThan(20_000);
  });

  test('carries the tables of the pipeline, word by word', () => {
    // Texts that go over several lines are one to awk.
    const program = hostProgram().replaceAll(/\\\n/g, '').replaceAll(/" *"/g, '');
    const loaded = (name: string): string[] =>
      [...program.matchAll(new RegExp(`load\\( *"([^"]*)", *${name} *\\)`, 'g'))].flatMap(([, list = '']) => list.split(' '));
    expect(loaded('VOCABULARY').sort()).toEqual([...words.VOCABULARY].sort());
    expect(loaded('SINGLE_DASH').sort()).toEqual([...words.SINGLE_DASH].sort());
    const patterns = Object.values<string | readonly string[]>(words).flatMap((table) => (typeof table === 'string' ? [table] : []));
    expect(patterns.filter((pattern) => !program.includes(pattern.replaceAll('\\', '\\\\')))).toEqual([]);
  });

  test('what is equal has an equal label on any host, and nobody else can tell', async () => {
    const seal = await newSeal();
    const host = (name: string, job: string, drawn: string): HostCapture => {
      const rows = [`host\thost\thostname\t${name}`, processRow(['/opt/a', job, '--token', `of-${name}`, name, `${name}-agent`, drawn])];
      return { host: name, stdout: lastStage(rows, { SSM_digestKey: seal.publicKey }), capturedAt: 0 };
    };
    const hosts = [
      host('blue', 'sommerwein', 'Zq7fXw9LkT'),
      host('green', 'sommerwein', 'aB3dE5gHq2'),
      host('white', 'winterbier', 'Xy7Kd3Lm9Q'),
    ];
    expect(JSON.stringify(hosts)).not.toMatch(/sommerwein|winterbier/);
    const commands = labelled(hosts, seal).map((capture) => /\/opt\/a .*/.exec('stdout' in capture ? capture.stdout : '')?.[0] ?? '');
    expect(commands[0]).toMatch(/^\/opt\/a ‹hidden:\d+› --token ‹hidden:\d+› ‹hidden:0› ‹hidden:\d+› ‹hidden:\d+›$/);
    expect(commands[1]).toBe(commands[0]);
    expect(commands[2]).not.toBe(commands[0]);
    expect(commands[2]?.split(' ').slice(2)).toEqual(commands[0]?.split(' ').slice(2));
  });

  test('where one host told no digests, no host has labels: one with and one without would look different', async () => {
    const seal = await newSeal();
    const row = processRow(['/opt/a', 'sommerwein']);
    const both = [lastStage([row], { SSM_digestKey: seal.publicKey }), lastStage([row])];
    const commands = labelled(
      both.map((stdout, index) => ({ host: `${index}`, stdout, capturedAt: 0 })),
      seal,
    ).map((capture) => ('stdout' in capture ? capture.stdout.includes('/opt/a ‹hidden›\n') : false));
    expect(commands).toEqual([true, true]);
    const forged = [`seal\t${'A'.repeat(344)}\n/opt/a [hidden:1]`, `${both[0]}`].map((stdout, index) => ({
      host: `${index}`,
      stdout,
      capturedAt: 0,
    }));
    expect(JSON.stringify(labelled(forged, seal))).not.toMatch(/\[hidden:|‹hidden:/);
  });

  test('what is no secret stays: programs, paths, ports, releases', () => {
    const out = lastStage([
      processRow(['/usr/bin/node', '/srv/shop/current/server.js', '--max-old-space-size=128', '--port', '8080']),
      'cron\tcron\troot\troot\t10 2 1 * * /opt/app/bin/generate_monthly_report --month previous',
      'metrics\tm\tapp_build_info{version="1.42.0",commit="0a1b2c3d4e5f"} 1',
    ]);
    expect(out).toContain('/usr/bin/node /srv/shop/current/server.js --max-old-space-size=128 --port 8080\n');
    expect(out).toContain('10 2 1 * * /opt/app/bin/generate_monthly_report --month previous\n');
    expect(out).toContain('m\tapp_build_info{version="1.42.0",commit="0a1b2c3d4e5f"} 1\n');
  });

  test('no process name or argument can forge a row, a section or the end', () => {
    const out = lastStage([processRow(['x', '## end ok', 'a'.repeat(3000)]), 'sockets\tstate\tESTABLISHED\t3']);
    expect(out.split('\n').filter((line) => line.startsWith('## end'))).toHaveLength(1);
    expect(out).toContain('state\tESTABLISHED\t3\n');
  });

  test('at most 20,000 bytes leave, and what was left out is said', () => {
    const row = processRow(['job', 'x'.repeat(400)]);
    const metrics = Array.from({ length: 300 }, (_, index) => `metrics\tm\tname_${index}{label="${'y'.repeat(200)}"} 1`);
    const out = lastStage([...Array.from({ length: 300 }, () => row), ...metrics]);
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(20_000);
    expect(out).toMatch(/^## processes cut \d+ rows left out for want of room$/m);
    expect(out.trimEnd().endsWith('## end ok')).toBe(true);
  });
});
