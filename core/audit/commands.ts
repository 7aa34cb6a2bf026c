/**
 * Commands that show a person more of one host. They hold nothing that a host printed but numbers.
 */

/** Instance ids: nothing else is put into a command. */
const INSTANCE = /^m?i-[0-9a-f]{8,17}$/;

const COMMANDS = {
  diagnose: (host: string) => `aws ssm start-session --target ${host}   # then: ss -tnp state established`,
  crontab: (host: string) => `aws ssm start-session --target ${host}   # then: sudo crontab -l; ls -l /etc/cron*`,
  process: (host: string, pid = 0) => `aws ssm start-session --target ${host}   # then: ps -o pid,ppid,user,lstart,args -p ${pid}`,
  managed: (host: string) => `aws ssm describe-instance-information --filters Key=InstanceIds,Values=${host}`,
} as const;

/** Undefined for a host that is no instance. */
export function commandOn(kind: keyof typeof COMMANDS, host: string, pid?: number): string | undefined {
  return INSTANCE.test(host) ? COMMANDS[kind](host, pid) : undefined;
}
