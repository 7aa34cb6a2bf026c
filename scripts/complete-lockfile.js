/**
 * Completes package-lock.json after an `npm install` against a registry mirror that lacks the
 * packages of other platforms: npm then leaves those optional packages out of the lock file (or
 * without a version), and `npm ci` refuses it everywhere. Adds each one by name and exact version,
 * without integrity, for its own platform only. See docs/decisions/0003-lockfile.md.
 *
 *     node scripts/complete-lockfile.js
 */
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const FILE = path.join(__dirname, '..', 'package-lock.json');
const OS = ['darwin', 'win32', 'freebsd', 'android', 'openharmony', 'linux'];
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64'];

/** The platform that a package is for, read off its name as napi-rs and its like build it. */
function platformOf(name) {
  const words = name.split('/').pop();
  const os = OS.find((word) => words.includes(word));
  const cpu = CPU.find((word) => words.includes(word));
  if (os === undefined || cpu === undefined)
    throw new Error(`cannot tell the platform of ${name}; allowed: ${OS.join(', ')} and ${CPU.join(', ')}`);
  const libc = os !== 'linux' ? undefined : words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), os: [os] };
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = lock.packages[`node_modules/${name}`];
    if (known?.version || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = { version, dev: true, optional: true, ...platformOf(name) };
    console.log(`added ${name} ${version}`);
  }
}
const ordered = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(ordered) }, null, 2)}\n`);
