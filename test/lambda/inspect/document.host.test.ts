import { parse } from 'yaml';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import type { GroupConfig } from '../../../core/config';
import { basicInspectionDocument, documentParameters, INSPECTION_PARAMETERS, inspectionDocument } from '../../../lambda/inspect/document';
import { SCRIPT, unpacked } from './script';
import { groupOf } from '../../builders/groups';

interface Document {
  readonly schemaVersion: string;
  readonly parameters: Readonly<
    Record<string, { readonly type: string; readonly default: string; readonly allowedPattern: string; readonly interpolationType: string }>
  >;
  readonly mainSteps: readonly { readonly inputs: { readonly runCommand: readonly string[] } }[];
}

const group = (port = 'traffic-port', checkPath = '/health') =>
  groupOf({ healthCheck: { protocol: 'HTTP', port, path: checkPath, timeoutS: 5, intervalS: 30 } });
const config = (value: object) => value as GroupConfig;
const target = { id: 'i-1', port: 8080 };

/** What the agent runs. */
const carriedBy = ({ mainSteps }: Document): string => mainSteps[0]?.inputs.runCommand.join('\n') ?? '';

describe('the SSM document', () => {
  const text = inspectionDocument(SCRIPT);
  const document = parse(text) as Document;

  test('a host unpacks the script as it was built, and runs it', () => {
    expect(document.schemaVersion).toBe('2.2');
    const carried = carriedBy(document);
    expect(unpacked(carried)).toBe(SCRIPT);
    const run = spawnSync('sh', ['-c', carried], { env: { PATH: process.env['PATH'] }, encoding: 'latin1' });
    expect({ status: run.status, stderr: run.stderr, end: run.stdout.trimEnd().split('\n').at(-1) }).toEqual({
      status: 0,
      stderr: '',
      end: '## end ok',
    });
  });

  test.each(['base64', 'gzip'])('a host without %s says that it cannot unpack the script, and runs nothing', (missing) => {
    const programs = mkdtempSync(path.join(tmpdir(), 'sickbay-unpack-'));
    try {
      for (const name of ['base64', 'gzip']) if (name !== missing) symlinkSync(`/usr/bin/${name}`, path.join(programs, name));
      const run = spawnSync('/bin/sh', ['-c', carriedBy(document)], { env: { PATH: programs }, encoding: 'latin1' });
      expect({ status: run.status, stdout: run.stdout }).toEqual({ status: 3, stdout: '' });
      expect(run.stderr).toContain('cannot unpack the inspection: it needs base64 and gzip');
    } finally {
      rmSync(programs, { recursive: true });
    }
  });

  test('the command of the documentation shows what a document runs', () => {
    const [, command = ''] = /^ *aws ssm get-document .*? \| (.*)$/m.exec(readFileSync('docs/diagnosis.md', 'utf8')) ?? [];
    expect(spawnSync('sh', ['-c', command], { input: text, encoding: 'utf8' }).stdout).toBe(SCRIPT);
  });

  test('every parameter is bound by a pattern and given as an environment variable, and the script reads it', () => {
    for (const [name, { allowedPattern, interpolationType, default: value }] of Object.entries(document.parameters)) {
      expect(interpolationType).toBe('ENV_VAR');
      expect(allowedPattern).toMatch(/^\^.*\$$/);
      expect(value).toMatch(new RegExp(allowedPattern));
      expect(SCRIPT).toContain(`\${SSM_${name}:-}`);
    }
  });

  test('no parameter is ever pasted into the script', () => {
    expect(inspectionDocument(`${SCRIPT}\necho {{ appPort }}`)).not.toContain('{{');
  });

  test('fits into what SSM stores (64 KB)', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024);
  });

  test('older agents get one without parameters and with the basic sections', () => {
    const basic = parse(basicInspectionDocument(SCRIPT)) as Document;
    expect(basic.parameters).toEqual({});
    expect(basic.mainSteps[0]?.inputs.runCommand.slice(0, 2)).toEqual(['#!/bin/sh', 'SSM_sections=basic']);
    const { stdout } = spawnSync('sh', ['-c', carriedBy(basic)], { env: { PATH: process.env['PATH'] }, encoding: 'latin1' });
    expect(stdout).toContain('## cron');
    expect(stdout).not.toContain('## http');
  });
});

describe('parameters for one target', () => {
  test("ports that nobody declared are the target group's own", () => {
    const values = documentParameters(group('9000', '/up'), config({ probe: { path: '/api/cart', host: 'shop.example.com' } }), target);
    expect(values).toMatchObject({
      appPort: ['8080'],
      metricsPort: ['8080'],
      healthPort: ['9000'],
      healthPath: ['/up'],
      probePath: ['/api/cart'],
      hostHeader: ['shop.example.com'],
    });
  });

  test('what the operator declared comes first', () => {
    const inspection = { metricsPort: 9102, metricsPath: '/prom', databasePorts: [5432, 6432] };
    const values = documentParameters(group(), config({ probe: { path: '/', port: 8443 }, inspection }), target);
    expect(values).toMatchObject({
      appPort: ['8443'],
      metricsPort: ['9102'],
      metricsPath: ['/prom'],
      databasePorts: ['5432,6432'],
      healthPort: ['8080'],
    });
  });

  test('a path that the pattern refuses is left out, not sent and not guessed', () => {
    expect(documentParameters(group('traffic-port', '/a;b'), config({ probe: { path: "/x'y" } }), target)).toMatchObject({
      healthPath: ['-'],
      probePath: ['-'],
    });
  });

  test.each(['HTTP2', 'GRPC'])('a target that speaks %s is asked nothing in HTTP/1.1', (protocolVersion) => {
    const spoken = { ...group('9000', '/up'), protocolVersion };
    expect(documentParameters(spoken, config({ probe: { path: '/shop.v1.Cart/Get' } }), target)).toMatchObject({
      healthPath: ['-'],
      probePath: ['-'],
      metricsPath: ['/metrics'],
    });
  });

  test('every value fits its own pattern, whatever the configuration holds', () => {
    const anyPath = fc.stringMatching(/^\/[\x21-\x7e]{0,40}$/);
    fc.assert(
      fc.property(anyPath, anyPath, fc.integer({ min: 1, max: 65_535 }), (probePath, healthPath, port) => {
        const values = documentParameters(group(String(port), healthPath), config({ probe: { path: probePath } }), { id: 'i-1', port });
        for (const [name, [value = '']] of Object.entries(values)) {
          expect(value).toMatch(new RegExp(INSPECTION_PARAMETERS[name as keyof typeof INSPECTION_PARAMETERS].allowedPattern));
        }
      }),
    );
  });
});
