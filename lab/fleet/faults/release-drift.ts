import { restartShop } from '../engineer';
import type { Host } from '../hosts';
import { CURRENT_RELEASE, OLDER_RELEASE } from '../image';
import type { Fault } from './fault';

async function deploy(host: Host, release: string): Promise<void> {
  await host.sh('ln -sfn "releases/$RELEASE" "$SHOP/current"', { RELEASE: release });
  await restartShop(host);
}

/** A deployment left one host behind, on the release with the slower page. */
export const releaseDrift: Fault = {
  start: (_, host) => deploy(host, OLDER_RELEASE),
  stop: (_, host) => deploy(host, CURRENT_RELEASE),
};
