/**
 * The licences of the packages in a bundle, as Apache-2.0 (section 4) and MIT want them passed on.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeThirdPartyNotices } from '@rnx-kit/third-party-notices';
import type { Metafile } from 'esbuild';

const ROOT = path.join(__dirname, '..');

/**
 * Packages without a file for their licence, whose `package.json` alone names it, are told by that
 * name.
 */
const PREAMBLE = ['Sickbay is licensed under Apache-2.0. Its bundles contain code of these packages, under the licences below.'];

/**
 * One text for all bundles that `metafiles` describe: name, version and licence of every package of
 * which a byte is in one of them.
 * @throws when a package tells no licence at all
 */
export async function notices(metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => Object.entries(output.inputs)));
  const sources = [...new Set(inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])))];
  const directory = await mkdtemp(path.join(tmpdir(), 'sickbay-notices-'));
  try {
    // The tool reads which files are in a bundle off its source map.
    const sourceMapFile = path.join(directory, 'sources.json');
    const outputFile = path.join(directory, 'notices.txt');
    await writeFile(sourceMapFile, JSON.stringify({ version: 3, sources }));
    await writeThirdPartyNotices({ rootPath: ROOT, sourceMapFile, outputFile, json: false, preambleText: PREAMBLE });
    return await readFile(outputFile, 'utf8');
  } finally {
    await rm(directory, { recursive: true });
  }
}
