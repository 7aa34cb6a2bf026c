import { parse } from 'yaml';
import { DOCUMENT_BYTES, planDocument, programHash, stopDocument, undoDocument } from '../../../lambda/stop/documents';
import { RUNBOOK_PATTERNS, stopRunbook, type StopRunbookProps } from '../../../lambda/stop/runbook';
import { stopProgram } from '../../../scripts/stop-program';

interface Command {
  readonly parameters: Readonly<Record<string, { readonly interpolationType: string; readonly allowedPattern: string }>>;
  readonly mainSteps: readonly [{ readonly inputs: { readonly runCommand: readonly [string] } }];
}

const PROGRAM = stopProgram();
const DOCUMENTS = { plan: planDocument, stop: stopDocument, undo: undoDocument };
const read = (name: keyof typeof DOCUMENTS): Command => parse(DOCUMENTS[name](PROGRAM)) as Command;
const scriptOf = (name: keyof typeof DOCUMENTS): string => read(name).mainSteps[0].inputs.runCommand[0];

const PROPS: StopRunbookProps = {
  approvers: ['arn:aws:iam::111122223333:role/Operator'],
  stopDocumentName: 'sickbay-stop-1',
  undoDocumentName: 'sickbay-undo-1',
  switchParameterName: '/sickbay/stop-switch',
  calendars: ['Freeze'],
  undoScheduleRoleArn: 'arn:aws:iam::111122223333:role/Undo',
  undoDeadLettersArn: 'arn:aws:sqs:eu-central-1:111122223333:undo',
  scheduleGroup: 'sickbay-undo',
  assumeRoleArn: 'arn:aws:iam::111122223333:role/Stop',
};

interface Step {
  readonly name: string;
  readonly action: string;
  readonly onFailure: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const steps = (props = PROPS): readonly Step[] => (stopRunbook(props) as { mainSteps: Step[] }).mainSteps;

describe('the documents around the program', () => {
  test.each(['plan', 'stop', 'undo'] as const)('%s: every parameter is bound by a pattern and never text of the script', (name) => {
    for (const { interpolationType, allowedPattern } of Object.values(read(name).parameters)) {
      expect(interpolationType).toBe('ENV_VAR');
      expect(allowedPattern).toMatch(/^\^.*\$$/);
    }
    expect(scriptOf(name)).not.toContain('{{');
  });

  test.each(['plan', 'stop', 'undo'] as const)('%s: carries the hash of the whole program', (name) => {
    expect(scriptOf(name)).toContain(`SICKBAY_PROGRAM=${programHash(PROGRAM)} `);
    expect(Buffer.byteLength(DOCUMENTS[name](PROGRAM))).toBeLessThanOrEqual(DOCUMENT_BYTES);
  });

  test('what only reads cannot be asked to stop or to undo', () => {
    const asked = new RegExp(read('plan').parameters['ask']?.allowedPattern ?? '');
    expect(['plan', 'status', 'stop', 'undo', 'plan\nstop', ''].filter((value) => asked.test(value))).toEqual(['plan', 'status']);
  });

  test('what only reads holds no code that signals, writes or asks systemd for a change', () => {
    expect(scriptOf('plan')).not.toMatch(
      /send_signal|setxattr|os\.(kill|rename|unlink|write|mkdir|fchown|fchmod)|O_CREAT|O_WRONLY \||systemctl\('(stop|start|mask)/,
    );
    expect(scriptOf('stop')).toMatch(/send_signal/);
  });

  test('a program that SSM would change, or that ends too early, is refused', () => {
    expect(() => stopDocument(`${PROGRAM}x = "{{ pid }}"`)).toThrow('{{');
    expect(() => stopDocument(`${PROGRAM}x\nEND_OF_SICKBAY_PROGRAM\nrm`)).toThrow('line that ends it');
    expect(() => stopDocument(`${PROGRAM}#${'x'.repeat(DOCUMENT_BYTES)}`)).toThrow('bytes');
    expect(() => stopDocument('x')).toThrow('no part looking');
  });
});

describe('the runbook', () => {
  test('asks a person first, reads the switch and the calendars after that, schedules the undo, and only then stops', () => {
    expect(steps().map(({ name, action }) => `${name} ${action}`)).toEqual([
      'approve aws:approve',
      'readSwitch aws:assertAwsResourceProperty',
      'readCalendars aws:assertAwsResourceProperty',
      'scheduleUndo aws:executeAwsApi',
      'stop aws:runCommand',
    ]);
  });

  test('every step ends the execution where it fails', () => {
    expect(steps().map(({ onFailure }) => onFailure)).toEqual(steps().map(() => 'Abort'));
  });

  test('waits 15 minutes for the named principals, and for nobody that an execution names', () => {
    expect(steps()[0]).toMatchObject({ timeoutSeconds: 900, inputs: { Approvers: PROPS.approvers, MinRequiredApprovals: 1 } });
    expect(() => stopRunbook({ ...PROPS, approvers: [] })).toThrow('no approvers');
  });

  test('goes on only where the switch says off and all calendars are open', () => {
    expect(steps()[1]?.inputs).toMatchObject({ Name: PROPS.switchParameterName, DesiredValues: ['off'] });
    expect(steps()[2]?.inputs).toMatchObject({ CalendarNames: PROPS.calendars, DesiredValues: ['OPEN'] });
    expect(steps({ ...PROPS, calendars: [] }).map(({ name }) => name)).not.toContain('readCalendars');
  });

  test('no parameter can hold what Automation would replace, or end the JSON of the schedule', () => {
    for (const [name, pattern] of Object.entries(RUNBOOK_PATTERNS)) {
      const hostile = ['{{ global:REGION }}', 'a}', '1\n2', '', ...(name === 'message' ? [] : ['x"y'])];
      expect({ name, taken: hostile.filter((value) => new RegExp(pattern).test(value)) }).toEqual({ name, taken: [] });
    }
  });
});
