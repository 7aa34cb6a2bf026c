import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { sickbayCommand } from '../../core/report/command';

const ROOT = path.join(__dirname, '../..');
const PLACES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'sickbay.config.ts',
  'bench',
  'bin',
  'core',
  'docs',
  'examples',
  'integ',
  'lab',
  'lambda',
  'lib',
  'scripts',
];

/** Where it is told why it must not be written, and lists in which the word alone stands. */
const ABOUT_IT = [
  'docs/decisions/0022-how-commands-are-printed.md',
  'core/diagnose/redaction/words.ts',
  'lambda/inspect/host/awk/redaction/words.awk',
];

function filesOf(place: string): string[] {
  if (path.extname(place) !== '') return [place];
  return readdirSync(path.join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|md|sh|awk)$/.test(name))
    .map((name) => path.join(place, name));
}

/**
 * Where it is not installed npx fetches it, whatever it is; npm does so too, and the name `sickbay`
 * on the registry is not ours.
 */
const FETCHED = /\bnpx\s+(?!--no-install |canceled)[a-z-]|\bnpm (exec|x|i|install)(\s+(-y|--yes|-g|-D|--))*\s+sickbay\b/;

describe('commands in texts', () => {
  it('no source and no document tells anybody to run a package that npm could fetch', () => {
    const files = PLACES.flatMap(filesOf).filter((file) => !ABOUT_IT.includes(file));
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => FETCHED.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  });

  it.each(['npx sickbay cases', 'npx -y sickbay cases', 'npx cdk deploy', 'npm exec -- sickbay', 'npm install sickbay'])(
    '%s would be found',
    (text) => {
      expect(FETCHED.test(`Run \`${text}\` now`)).toBe(true);
    },
  );

  it('the one that is printed for anywhere is not among them', () => {
    expect(FETCHED.test(sickbayCommand('cases'))).toBe(false);
  });

  it('npm refuses to publish the package', () => {
    expect(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).toMatchObject({ private: true });
  });
});
