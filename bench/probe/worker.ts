import type { Worked } from './messages';

/** A child process that does jobs one by one and says what each cost. */
export function serveJobs<Result>(work: (job: never) => Promise<Result>): void {
  const run = async (job: unknown): Promise<void> => {
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    const result = await work(job as never);
    const used = process.cpuUsage(cpu);
    const done: Worked<Result> = {
      result,
      cpuUs: used.user + used.system,
      wallMs: performance.now() - startedMs,
      maxRssMb: process.resourceUsage().maxRSS / 1024,
    };
    process.send?.(done);
  };
  process.on('message', (job) => void run(job));
  process.on('disconnect', () => process.exit(0));
}
