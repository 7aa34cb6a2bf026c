import type { _InstanceType as InstanceType } from '@aws-sdk/client-ec2';

/** An EC2 instance, as far as the other services care. */
export interface Instance {
  readonly id: string;
  readonly address: string;
  /** Of its primary network interface: the primary one first. */
  readonly ipv6?: readonly string[];
  readonly zone: string;
  readonly type: InstanceType;
  readonly hostname: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly securityGroupIds?: readonly string[];
}

/**
 * The instances of the world. Ids are never reused: a terminated instance stays known as
 * terminated.
 */
export class Instances {
  private readonly byId = new Map<string, Instance>();
  private readonly terminated = new Set<string>();
  private readonly stopped = new Set<string>();
  private readonly forgotten = new Set<string>();

  add(instance: Pick<Instance, 'id' | 'address' | 'zone'> & Partial<Instance>): Instance {
    if (this.byId.has(instance.id)) throw new Error(`instance ids are never reused: got ${instance.id} again`);
    const full: Instance = { hostname: instance.id, tags: {}, type: 'm7g.large', ...instance };
    this.byId.set(full.id, full);
    return full;
  }

  /** The running instance of that id, or undefined. */
  running(id: string): Instance | undefined {
    return this.stateOf(id) === 'running' ? this.byId.get(id) : undefined;
  }

  /** The instance of that id, running or not. */
  find(id: string): Instance | undefined {
    return this.byId.get(id);
  }

  atAddress(address: string): Instance | undefined {
    return this.all().find((instance) => instance.address === address);
  }

  /** Every running instance, in the order they were added. */
  all(): Instance[] {
    return [...this.byId.values()].filter((instance) => this.running(instance.id) !== undefined);
  }

  /** Every instance that was not terminated, running or not. */
  existing(): Instance[] {
    return [...this.byId.values()].filter(({ id }) => !this.terminated.has(id));
  }

  /** Undefined: there was never one of that id. */
  stateOf(id: string): 'running' | 'stopped' | 'terminated' | undefined {
    if (!this.byId.has(id)) return undefined;
    if (this.terminated.has(id)) return 'terminated';
    return this.stopped.has(id) ? 'stopped' : 'running';
  }

  setTags(id: string, tags: Readonly<Record<string, string>>): void {
    const instance = this.byId.get(id);
    if (instance !== undefined) this.byId.set(id, { ...instance, tags });
  }

  terminate(id: string): void {
    this.terminated.add(id);
  }

  /** As StopInstances does: it keeps its id, its address and its registrations. */
  stop(id: string): void {
    this.stopped.add(id);
  }

  start(id: string): void {
    this.stopped.delete(id);
  }

  /**
   * EC2 shows a terminated instance for a while, usually less than an hour (EC2 user guide), and
   * then knows nothing of it.
   */
  forget(id: string): void {
    if (this.terminated.has(id)) this.forgotten.add(id);
  }

  isForgotten(id: string): boolean {
    return this.forgotten.has(id);
  }
}
