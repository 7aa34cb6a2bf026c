import type { Fault } from './fault';

/** Somebody left a trace on: it fills the file system that the shop's journal is on. */
export const diskFull: Fault = {
  start: async (_, host) =>
    void (await host.sh(
      'cat /dev/zero > "$SHOP/data/trace.out" 2>/dev/null; test "$(df -P "$SHOP/data" | tail -1 | tr -s " " | cut -d " " -f 4)" -eq 0',
    )),
  stop: async (_, host) => void (await host.sh('rm "$SHOP/data/trace.out"')),
};
