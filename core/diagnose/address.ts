/**
 * Whether a connection to this address stays on its host. IPv6's loopback comes in two spellings:
 * the script's, of /proc/net/tcp6, and that of `ss`.
 */
export function isLoopback(address: string): boolean {
  return /^(127\.|\[?::1\]?$|\[0:0:0:0:0:0:0:1\]$)/.test(address);
}

/** Whether it is a server of this host that is asked so: over loopback, or by a Unix socket. */
export function isOnThisHost(remote: string): boolean {
  return remote === 'unix' || isLoopback(remote);
}
