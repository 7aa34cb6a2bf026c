/**
 * A migration somebody put on one host: hashes every password anew, with as many threads as it can
 * get.
 */
import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const THREADS = 24;
const ROUNDS = 2_000_000;
process.env['UV_THREADPOOL_SIZE'] = String(THREADS);

async function rehash(): Promise<never> {
  const hash = promisify(pbkdf2);
  for (;;) await hash(randomBytes(16), randomBytes(16), ROUNDS, 64, 'sha512');
}

Promise.all(Array.from({ length: THREADS }, rehash)).catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
