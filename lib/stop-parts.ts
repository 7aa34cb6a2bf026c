import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { HashedDocument } from './hashed-document';
import type { KillSwitch, Switch } from './kill-switch';
import type { ResponderProps } from './responder-props';

export interface StoppingProps extends Pick<
  ResponderProps,
  'config' | 'handed' | 'handlersDir' | 'records' | 'documents' | 'alerts' | 'protection' | 'stack' | 'reportsBucket'
> {
  readonly killSwitch: KillSwitch;
}

/** What a stop is made of, as permissions name it. */
export interface StopParts {
  readonly plan: HashedDocument;
  readonly stop: HashedDocument;
  readonly undo: HashedDocument;
  readonly scheduleGroup: CfnScheduleGroup;
  readonly undoRole: Role;
  readonly deadLetters: Queue;
  readonly stopSwitch: Switch;
}

/** The same with what runs them. */
export interface Stops {
  /** One writer: the function. */
  readonly stops: Table;
  readonly parts: StopParts;
  readonly runbook: HashedDocument;
  readonly runbookRole: Role;
}
