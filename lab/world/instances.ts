/** An EC2 instance, as far as the other services care. */
export interface Instance {
  readonly id: string;
  readonly address: string;
  readonly zone: string;
  readonly type: string;
  readonly hostname: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The instances of the world. Ids are never reused: a terminated instance stays known as terminated. */
export class Instances {
  private readonly byId = new Map<string, Instance>();
  private readonly terminated = new Set<string>();

  add(instance: Pick<Instance, 'id' | 'address' | 'zone'> & Partial<Instance>): Instance {
    if (this.byId.has(instance.id)) throw new Error(`instance ids are never reused: got ${instance.id} again`);
    const full: Instance = { hostname: instance.id, tags: {}, type: 'm7g.large', ...instance };
    this.byId.set(full.id, full);
    return full;
  }

  /** The running instance of that id, or undefined. */
  running(id: string): Instance | undefined {
    return this.terminated.has(id) ? undefined : this.byId.get(id);
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
    return [...this.byId.values()].filter((instance) => !this.terminated.has(instance.id));
  }

  setTags(id: string, tags: Readonly<Record<string, string>>): void {
    const instance = this.byId.get(id);
    if (instance !== undefined) this.byId.set(id, { ...instance, tags });
  }

  terminate(id: string): void {
    this.terminated.add(id);
  }
}
