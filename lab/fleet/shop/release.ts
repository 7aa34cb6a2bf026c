/** The release, set when it is bundled. */
declare const SHOP_RELEASE: string;
export const RELEASE = SHOP_RELEASE;

/**
 * 1.41 waited for its own writes to settle before it read them back; 1.42 reads on the same
 * connection.
 */
export const SETTLE_MS = RELEASE.startsWith('1.41.') ? 1_200 : 0;
