import { diagnose } from '../../../core/diagnose/diagnose';
import { sceneInput } from './captures';

describe('pools, on real captures', () => {
  test('a job that holds connections on one host only is the culprit, with its parent and its crontab line', () => {
    const { findings, pools } = diagnose(sceneInput('pool-starvation', 'app-3'));
    const [best] = findings;
    expect(best?.cause).toBe('pool-starvation');
    expect(best?.confidence).toBeGreaterThanOrEqual(0.9);
    expect(best?.culprit).toMatchObject({
      command: '/usr/bin/python3 /opt/app/bin/generate_monthly_report.py --month previous',
      cron: '10 2 1 * * /usr/bin/python3 /opt/app/bin/generate_monthly_report.py --month previous',
      user: 'root',
    });
    expect(best?.culprit?.parent).toMatch(/^crond \(pid \d+\)$/);
    expect(best?.evidence[0]).toBe('pool 20/20, 45 waiting; peers 6 to 8');
    expect(best?.evidence[1]).toMatch(
      /^22 connections to 5432, 2 of them pid \d+ generate_monthly_report.py, parent crond, started \d+ s ago; only this host runs it$/,
    );
    expect(pools.find(({ host }) => host === 'app-3')).toEqual({ host: 'app-3', active: 20, max: 20, waiting: 45 });
  });

  test('a full pool with nobody else on the database is the application itself, and nobody is blamed', () => {
    const [best] = diagnose(sceneInput('pool-leak', 'app-2')).findings;
    expect(best?.cause).toBe('pool-leak');
    expect(best?.culprit).toBeUndefined();
  });

  test('pools that are full everywhere are the fault of what they share', () => {
    const { findings } = diagnose(sceneInput('shared-dependency', 'app-2'));
    expect(findings.map(({ cause }) => cause)).toEqual(['shared-dependency']);
  });

  test('nothing but the latency differs: unknown, and no culprit', () => {
    const { findings } = diagnose(sceneInput('slow-without-cause', 'app-1'));
    expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
    expect(findings[0]?.culprit).toBeUndefined();
  });
});
