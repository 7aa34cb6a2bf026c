import { TargetGroupNotFoundException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Case, LbTarget, Replacement, TargetState } from '../../core/model';
import { unreadableCase } from '../../core/unreadable';
import type { ResourceRequest } from '../../lambda/custom-resource';
import { answerTo, type GuardPorts } from '../../lambda/delete-guard';
import { holdCase, outCase, replacementCase } from '../builders/cases';
import { confirmed, ejection } from '../builders/ejections';
import { GROUP } from '../builders/groups';
import { NOW } from '../builders/now';
import { REPLACEMENT } from '../builders/replacements';
import { TARGET } from '../builders/targets';

const out = outCase(confirmed(TARGET, NOW, NOW + 900_000));

function request(RequestType: ResourceRequest['RequestType']): ResourceRequest {
  const StackId = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Sickbay/0f0f';
  return { RequestType, ResponseURL: 'https://example.com', StackId, RequestId: 'r', LogicalResourceId: 'Guard' };
}

function ports(open: GuardPorts['cases']['open'], health: GuardPorts['loadBalancing']['health'] = async () => []): GuardPorts {
  return { cases: { open }, casesTable: 'Cases-1', loadBalancing: { health }, log: () => undefined };
}

const shows = (state: TargetState) => async (): Promise<LbTarget[]> => [{ target: TARGET, state }];
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

describe('deploying the stack', () => {
  const deployed = (Place?: string) =>
    answerTo(
      ports(async () => [out]),
      { ...request('Update'), ...(Place === undefined ? {} : { ResourceProperties: { Place } }) },
    );

  it('is refused elsewhere than where its target groups are, with both places', async () => {
    expect(await deployed('eu-central-1:210987654321')).toMatchObject({
      Status: 'FAILED',
      Reason: 'the stack is in us-east-1:123456789012 and its target groups are in "eu-central-1:210987654321": deploy it there',
    });
  });

  it('is never refused where they are, or where tags alone select them, whatever is out', async () => {
    for (const place of ['us-east-1:123456789012', undefined]) expect((await deployed(place)).Status).toBe('SUCCESS');
  });
});

describe('deleting the stack', () => {
  it('is refused while a record of a later version may have a target out', async () => {
    const later = unreadableCase({ id: 'later', groupArn: GROUP, version: '2' });
    const { Status, Reason } = await answerTo(
      ports(async () => [later]),
      request('Delete'),
    );
    expect([Status, Reason]).toEqual([
      'FAILED',
      expect.stringContaining('what case later of checkout has out, which is of a later version'),
    ]);
  });

  it('is refused while a target is out, with the command that puts it back and the way to delete all the same', async () => {
    const answer = await answerTo(
      ports(async () => [out]),
      request('Delete'),
    );
    expect(answer).toMatchObject({ Status: 'FAILED', RequestId: 'r', LogicalResourceId: 'Guard' });
    expect(answer.Reason).toBe(
      'still out: i-1:8080 of checkout. Put it back and delete again: npx --no-install sickbay restore --all --direct --table Cases-1 ' +
        'To delete all the same: aws cloudformation delete-stack --stack-name Sickbay --retain-resources Guard',
    );
  });

  it('names as many as fit, and never leaves out what to do', async () => {
    const ofOne = (index: number): Case => ({
      ...out,
      id: `case-${index}`,
      target: { id: `i-${String(index).padStart(17, '0')}`, port: 8080 },
    });
    const many = Array.from({ length: 90 }, (_, index) => ofOne(index));
    const tasks = Array.from({ length: 9 }, (_, index) => replacementCase({ ...REPLACEMENT, taskArn: `${REPLACEMENT.taskArn}${index}` }));
    const { Reason = '' } = await answerTo(
      ports(async () => [...many, ...tasks]),
      request('Delete'),
    );
    expect(Reason).toContain('still out: i-00000000000000000:8080 of checkout, ');
    expect(Reason).toMatch(
      /, and \d+ more\. Put it back and delete again: npx --no-install sickbay restore --all --direct --table Cases-1 /,
    );
    expect(Reason).toContain(
      `aws ecs stop-task --cluster ${REPLACEMENT.clusterArn} --task ${REPLACEMENT.taskArn}0, and delete all the same.`,
    );
    expect(Reason).toMatch(/ To delete all the same: aws cloudformation delete-stack --stack-name Sickbay --retain-resources Guard$/);
    expect(Buffer.byteLength(Reason)).toBeLessThanOrEqual(2_000);
  });

  it('tells an error of any length and what to do all the same', async () => {
    const { Reason = '' } = await answerTo(ports(failing(new Error('x'.repeat(5_000)))), request('Delete'));
    expect(Reason).toContain('whether a target is out could not be told (Error: xxx');
    expect(Reason).toMatch(
      / --table Cases-1 To delete all the same: aws cloudformation delete-stack --stack-name Sickbay --retain-resources Guard$/,
    );
  });

  it('is refused while the target is still draining, and for a removal that was only announced', async () => {
    expect(
      (
        await answerTo(
          ports(async () => [out], shows('draining')),
          request('Delete'),
        )
      ).Status,
    ).toBe('FAILED');
    const announced: Case = { ...out, state: 'suspected', ejections: [ejection(TARGET, NOW, NOW + 900_000)] };
    expect(
      (
        await answerTo(
          ports(async () => [announced]),
          request('Delete'),
        )
      ).Status,
    ).toBe('FAILED');
  });

  it('goes on when the target is registered again, whatever the records still say', async () => {
    expect(
      (
        await answerTo(
          ports(async () => [out], shows('initial')),
          request('Delete'),
        )
      ).Status,
    ).toBe('SUCCESS');
  });

  it('goes on when nothing is out: no case, a case that took nothing out, a target that is back', async () => {
    const back: Case = { ...out, state: 'watching', ejections: out.ejections.map((one) => ({ ...one, restoredAt: NOW })) };
    const hold = holdCase();
    expect(
      (
        await answerTo(
          ports(async () => [back, hold]),
          request('Delete'),
        )
      ).Status,
    ).toBe('SUCCESS');
    expect(
      (
        await answerTo(
          ports(async () => []),
          request('Delete'),
        )
      ).Status,
    ).toBe('SUCCESS');
  });

  it('goes on when the target group or the table is gone', async () => {
    const noGroup = failing(new TargetGroupNotFoundException({ message: 'gone', $metadata: {} }));
    expect(
      (
        await answerTo(
          ports(async () => [out], noGroup),
          request('Delete'),
        )
      ).Status,
    ).toBe('SUCCESS');
    const noTable = failing(new ResourceNotFoundException({ message: 'gone', $metadata: {} }));
    expect((await answerTo(ports(noTable), request('Delete'))).Status).toBe('SUCCESS');
  });

  describe('while a task is being replaced', () => {
    const asked = (fields: Partial<Replacement>, view: readonly LbTarget[] = []) =>
      answerTo(
        ports(
          async () => [replacementCase({ ...REPLACEMENT, ...fields })],
          async () => [...view],
        ),
        request('Delete'),
      );
    const { clusterArn, taskArn, target } = REPLACEMENT;

    it('is refused while the task is out, with what to wait for and what to do when nobody finishes it', async () => {
      const { Status, Reason } = await asked({});
      expect([Status, Reason]).toEqual([
        'FAILED',
        'still out: 10.0.0.1:8080 of checkout. ' +
          'The task of 10.0.0.1:8080 is being replaced: delete again when it has stopped or is registered again. ' +
          `When Sickbay no longer runs: aws ecs stop-task --cluster ${clusterArn} --task ${taskArn}, and delete all the same. ` +
          'To delete all the same: aws cloudformation delete-stack --stack-name Sickbay --retain-resources Guard',
      ]);
    });

    it('is refused while it drains, and after its stop was called off: nobody else would register it', async () => {
      expect((await asked({}, [{ target, state: 'draining' }])).Status).toBe('FAILED');
      expect((await asked({ calledOffAt: NOW, scheduleCancelledAt: NOW })).Status).toBe('FAILED');
    });

    it('goes on when the target is registered, its task was stopped, or a person gave it up', async () => {
      expect((await asked({}, [{ target, state: 'initial' }])).Status).toBe('SUCCESS');
      expect((await asked({ stoppedAt: NOW })).Status).toBe('SUCCESS');
      expect((await asked({ givenUpBy: 'Ann' })).Status).toBe('SUCCESS');
    });
  });

  it('is refused when it cannot be told, with the error', async () => {
    const answer = await answerTo(ports(failing(new Error('throttled'))), request('Delete'));
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain('could not be told (Error: throttled)');
  });
});

it('an upgrade is never refused, and keeps the resource', async () => {
  const during = await answerTo(
    ports(async () => [out]),
    request('Update'),
  );
  const first = await answerTo(
    ports(async () => []),
    request('Create'),
  );
  expect([first.Status, during.Status]).toEqual(['SUCCESS', 'SUCCESS']);
  expect(during.PhysicalResourceId).toBe(first.PhysicalResourceId);
});
