import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Assembly, FunctionDescription } from '../../lab/boot/descriptions';
import { startFunctions, type Functions } from '../../lab/boot/functions';
import { isGone } from '../../lab/fleet/errno';
import { SettableClock, type Clock } from '../../lab/world/clock';

const HANDLER = `
let calls = 0;
const behaviours = {
  echo: async (event, context) => ({ event, calls: ++calls, pid: process.pid, context, left: context.getRemainingTimeInMillis() > 0 }),
  env: async () => process.env,
  throw: async () => { throw new RangeError('too far'); },
  hang: () => new Promise(() => setInterval(() => {}, 1000)),
  exit: () => process.exit(3),
  die: async () => { setImmediate(() => process.exit(0)); return 'last words'; },
  log: async () => { console.log('said'); console.error('complained'); },
  nothing: async () => undefined,
};
exports.handler = (event, context) => behaviours[event.do](event, context);
`;

const DESTINATION = 'arn:aws:sqs:us-east-1:123456789012:failures';

function describeFunction(name: string, handlerDir: string): FunctionDescription {
  return {
    logicalId: name,
    name,
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
    handlerDir,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    env: { OWN: 'value' },
    timeoutS: 3,
    memoryMb: 128,
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    logGroup: `/logs/${name}`,
    aliases: ['operator'],
    asyncConfig: { maximumRetryAttempts: 0, maximumEventAgeS: 60, onFailureArn: DESTINATION },
  };
}

function assemblyOf(...functions: FunctionDescription[]): Assembly {
  const nothing = {
    roles: [],
    tables: [],
    schedules: [],
    rules: [],
    alarms: [],
    documents: [],
    parameters: [],
    topics: [],
    buckets: [],
    queues: [],
    scheduleGroups: [],
  };
  return { stackName: 'Test', account: '123456789012', region: 'us-east-1', functions, ...nothing };
}

interface Echo {
  readonly calls: number;
  readonly pid: number;
  readonly left: boolean;
  readonly event: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

/** True while a process with this id is there. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

describe('functions', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-boot-'));
  const single = { ...describeFunction('single', directory), reservedConcurrency: 1 };
  const assembly = assemblyOf(describeFunction('one', directory), describeFunction('two', directory), single);
  let clock: SettableClock;
  let functions: Functions;
  const options = () => ({ endpoint: 'http://127.0.0.1:1', accessKeyOf: (role: string) => `key of ${role}`, enter: () => [], clock });
  const call = (what: string, name = 'one') => functions.invoke(name, { do: what }, 'RequestResponse');
  const echo = async (name = 'one') => (await call('echo', name)).payload as Echo;

  /** Waits for what another process does; the test's own time-out is the limit. */
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  beforeAll(() => writeFileSync(path.join(directory, 'index.js'), HANDLER));
  beforeEach(() => {
    clock = new SettableClock(Date.now());
    functions = startFunctions(assembly, options());
  });
  afterEach(() => functions.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  test('an invocation through an alias is told to the handler, and an alias that there is not is refused', async () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:one';
    const invokedThrough = async (qualifier?: string) => {
      const answer = await functions.invoke('one', { do: 'echo' }, 'RequestResponse', qualifier);
      return (answer.payload as Echo).context['invokedFunctionArn'];
    };
    expect(await invokedThrough()).toBe(arn);
    expect(await invokedThrough('operator')).toBe(`${arn}:operator`);
    await expect(invokedThrough('nobody')).rejects.toThrow(`Cannot find alias arn: ${arn}:nobody`);
  });

  test('the handler gets its event and Lambda’s context', async () => {
    expect(await echo()).toMatchObject({
      event: { do: 'echo' },
      left: true,
      context: {
        functionName: 'one',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:one',
        memoryLimitInMB: '128',
        logGroupName: '/logs/one',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  test('the handler finds the template’s variables, its role’s key and the endpoint, and nothing of the lab’s own', async () => {
    process.env['OF_THE_LAB'] = 'secret';
    const { payload } = await call('env');
    expect(payload).toMatchObject({
      OWN: 'value',
      AWS_ACCESS_KEY_ID: 'key of arn:aws:iam::123456789012:role/one',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'one',
    });
    expect(payload).not.toHaveProperty('OF_THE_LAB');
    delete process.env['OF_THE_LAB'];
  });

  test('a process is used again for the next call', async () => {
    const [first, second] = [await echo(), await echo()];
    expect(second).toMatchObject({ pid: first.pid, calls: 2 });
  });

  test('calls at once run in processes of their own', async () => {
    const [first, second] = await Promise.all([echo(), echo()]);
    expect(first.pid).not.toBe(second.pid);
    expect([first.calls, second.calls]).toEqual([1, 1]);
  });

  test('two functions never share a process', async () => {
    expect((await echo('one')).pid).not.toBe((await echo('two')).pid);
  });

  test('a handler that returns nothing answers null', async () => {
    expect(await call('nothing')).toEqual({ payload: null });
  });

  test('a handler that throws is an answer with its error, and its process lives on', async () => {
    const { pid } = await echo();
    expect(await call('throw')).toEqual({
      functionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.arrayContaining(['RangeError: too far']) },
    });
    expect((await echo()).pid).toBe(pid);
  });

  test('a handler that runs out of time is killed, and the next call starts afresh', async () => {
    const { pid } = await echo();
    const hanging = call('hang');
    clock.advance(3_000);
    expect(await hanging).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('Task timed out after 3.00 seconds') },
    });
    expect(runs(pid)).toBe(false);
    expect((await echo()).calls).toBe(1);
  });

  test('a process that exits fails its call', async () => {
    expect(await call('exit')).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    });
  });

  test('a process that ended between two calls is not used again', async () => {
    const { pid } = await echo();
    expect((await call('die')).payload).toBe('last words');
    await until(() => !runs(pid));
    expect((await echo()).calls).toBe(1);
  });

  test('a handler that does not load fails each call with the reason', async () => {
    const broken = startFunctions(assemblyOf(describeFunction('one', path.join(directory, 'nowhere'))), options());
    const answer = await broken.invoke('one', {}, 'RequestResponse');
    expect(answer).toMatchObject({ functionError: 'Unhandled', payload: { errorMessage: expect.stringContaining('Cannot find module') } });
    await broken.stop();
  });

  test('a namespace that cannot be entered fails the call with the reason', async () => {
    const lost = startFunctions(assembly, { ...options(), enter: () => ['/no/such/nsenter'] });
    const answer = await lost.invoke('one', { do: 'echo' }, 'RequestResponse');
    expect(answer).toMatchObject({ functionError: 'Unhandled', payload: { errorMessage: expect.stringContaining('ENOENT') } });
    await lost.stop();
  });

  test('a killed function fails the call it was in and works again', async () => {
    const { pid } = await echo();
    const hanging = call('hang');
    await functions.kill('one');
    expect(await hanging).toMatchObject({ functionError: 'Unhandled', payload: { errorMessage: expect.stringContaining('SIGKILL') } });
    expect(runs(pid)).toBe(false);
    expect((await echo()).calls).toBe(1);
  });

  test('an event is accepted at once and processed', async () => {
    expect(await functions.invoke('one', { do: 'log' }, 'Event')).toEqual({});
    await until(() => functions.logs('one').length === 2);
    expect(functions.failures).toEqual([]);
  });

  test('an event whose run fails is not tried again and goes to the destination', async () => {
    await functions.invoke('one', { do: 'throw' }, 'Event');
    await until(() => functions.failures.length > 0);
    await clock.settle(600_000);
    expect(functions.failures).toEqual([
      expect.objectContaining({
        functionName: 'one',
        destinationArn: DESTINATION,
        condition: 'RetriesExhausted',
        requestPayload: { do: 'throw' },
        responsePayload: expect.objectContaining({ errorMessage: 'too far' }),
      }),
    ]);
  });

  test('a disabled function refuses calls', async () => {
    functions.disable('one');
    await expect(call('echo')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    expect(await echo('two')).toMatchObject({ calls: 1 });
  });

  test('an event for a disabled function is dropped at its maximum age, and told', async () => {
    functions.disable('one');
    await functions.invoke('one', { do: 'echo' }, 'Event');
    await clock.settle(59_999);
    expect(functions.failures).toEqual([]);
    await clock.settle(1);
    expect(functions.failures).toMatchObject([
      { condition: 'EventAgeExceeded', destinationArn: DESTINATION, requestPayload: { do: 'echo' } },
    ]);
  });

  test('an event waits for a function that is enabled in time', async () => {
    functions.disable('one');
    await functions.invoke('one', { do: 'log' }, 'Event');
    functions.enable('one');
    await until(() => functions.logs('one').length === 2);
    await clock.settle(60_000);
    expect(functions.failures).toEqual([]);
  });

  test('with a reserved concurrency of one a second call is refused and an event waits for the first to end', async () => {
    const first = call('hang', 'single');
    await expect(call('echo', 'single')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    await functions.invoke('single', { do: 'log' }, 'Event');
    expect(functions.logs('single')).toEqual([]);
    await clock.settle(3_000);
    expect(await first).toMatchObject({ functionError: 'Unhandled' });
    await until(() => functions.logs('single').length === 2);
    expect(functions.failures).toEqual([]);
  });

  test('what a function writes is kept under its name', async () => {
    await call('log');
    await until(() => functions.logs('one').length === 2);
    expect(new Set(functions.logs('one').map(({ line }) => line))).toEqual(new Set(['said', 'complained']));
    expect(functions.logs('two')).toEqual([]);
  });

  test('an unknown function is told with those that there are', async () => {
    await expect(call('echo', 'three')).rejects.toThrow('Function not found: three; deployed: one, two, single');
  });

  test('nothing runs on after the stop', async () => {
    const { pid } = await echo();
    const hanging = call('hang', 'two');
    await functions.stop();
    expect(runs(pid)).toBe(false);
    expect(await hanging).toMatchObject({ functionError: 'Unhandled' });
    expect(functions.failures).toEqual([]);
  });

  test('an event that fails is tried again after one minute and after two more, where the template says so', async () => {
    const patient = { ...describeFunction('one', directory), asyncConfig: { maximumRetryAttempts: 2, maximumEventAgeS: 600 } };
    const waits: number[] = [];
    const watched: Clock = {
      now: () => clock.now(),
      at: (when, task) => {
        waits.push(when - clock.now());
        return clock.at(when, task);
      },
    };
    const retried = startFunctions(assemblyOf(patient), { ...options(), clock: watched });
    await retried.invoke('one', { do: 'throw' }, 'Event');
    for (const waitMs of [60_000, 120_000]) {
      await until(() => waits.includes(waitMs));
      expect(retried.failures).toEqual([]);
      await clock.settle(waitMs);
    }
    await until(() => retried.failures.length === 1);
    expect(retried.failures).toMatchObject([{ condition: 'RetriesExhausted' }]);
    await retried.stop();
  });

  test('retries that nobody has chosen are refused', () => {
    const { asyncConfig: _, ...byDefault } = describeFunction('one', directory);
    expect(() => startFunctions(assemblyOf(byDefault), options())).toThrow('asynchronous retries of one: got the default of 2');
  });
});
