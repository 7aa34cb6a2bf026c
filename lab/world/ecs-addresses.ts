/** Addresses of tasks, and ports of container hosts: what was freed is given out again. */

export class Addresses {
  /** The one that was freed last is the last. */
  private readonly freed: string[] = [];
  private taken = 0;

  constructor(private readonly at: (index: number) => string) {}

  /**
   * An address that nobody has: the one that was freed last, or the one that was unused longest.
   */
  take(reuses: boolean): string {
    const again = reuses ? this.freed.pop() : undefined;
    return again ?? this.at(this.taken++);
  }

  free(address: string): void {
    this.freed.push(address);
  }
}

/** The ephemeral range of Linux, from which docker gives out host ports. */
const FIRST_PORT = 32_768;

export class HostPorts {
  private readonly byInstance = new Map<string, Addresses>();

  take(instanceId: string, reuses: boolean): number {
    return Number(this.of(instanceId).take(reuses));
  }

  free(instanceId: string, port: number): void {
    this.of(instanceId).free(String(port));
  }

  private of(instanceId: string): Addresses {
    const ports = this.byInstance.get(instanceId) ?? new Addresses((index) => String(FIRST_PORT + index));
    this.byInstance.set(instanceId, ports);
    return ports;
  }
}
