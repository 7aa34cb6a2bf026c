import { assert, property, uint8Array } from 'fast-check';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountPoint } from '../../lab/fleet/directory';
import { searchPath } from '../../lab/fleet/preflight';
import { parseQuestion, reply } from '../../lab/fleet/resolver';
import { waitFor } from '../../lab/fleet/wait';

describe('the directory to mount over', () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'directory-')));
  const candidate = join(home, 'candidate');
  mkdirSync(join(candidate, 'checkout'), { recursive: true });
  mkdirSync(join(home, 'other'));
  symlinkSync(candidate, join(home, 'link'));
  afterAll(() => rmSync(home, { recursive: true }));

  test.each([
    ['holds what must stay visible', join(candidate, 'checkout')],
    ['is what must stay visible', candidate],
    ['lies inside what must stay visible', home],
    ['holds it behind a link', join(home, 'link', 'checkout')],
    ['will hold it, once it is made', join(candidate, 'out', 'not', 'there', 'yet')],
  ])('is not one that %s', (_, keep) => {
    expect(mountPoint([keep], [candidate])).toBeUndefined();
  });

  test('is no link and none that does not exist', () => {
    expect(mountPoint([], [join(home, 'link'), join(home, 'absent'), candidate])).toBe(candidate);
  });

  test('may share the beginning of its name with what must stay visible', () => {
    expect(mountPoint([`${candidate}-checkout`, join(home, 'other')], [candidate])).toBe(candidate);
  });
});

test("the search path has the system's directories once, after the user's own", () => {
  expect(searchPath('/home/me/bin:/usr/bin')).toBe('/home/me/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/sbin:/bin');
});

describe('the name server', () => {
  const zone = { 'db.shop.internal': '10.0.1.20' };
  const query = (name: string, type: number): Buffer => {
    const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
    const header = Buffer.from([0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
  };

  test('answers an address of its zone, in any case of letters, under the id of the query', () => {
    const answer = reply(query('DB.shop.internal', 1), zone);
    expect(answer?.readUInt16BE(0)).toBe(0xabcd);
    expect(answer?.readUInt16BE(6)).toBe(1);
    expect([...(answer?.subarray(-4) ?? [])]).toEqual([10, 0, 1, 20]);
  });

  test('has no other record of that name, and says that other names do not exist', () => {
    expect(reply(query('db.shop.internal', 28), zone)?.readUInt16BE(6)).toBe(0);
    const unknown = reply(query('example.com', 1), zone);
    expect((unknown?.readUInt16BE(2) ?? 0) & 0xf).toBe(3);
  });

  test('never fails on bytes that are no query', () => {
    const answersOnlyQuestions = (): void =>
      assert(
        property(uint8Array({ maxLength: 80 }), (bytes) => {
          const answer = reply(Buffer.from(bytes), zone);
          return answer === undefined || parseQuestion(Buffer.from(bytes)) !== undefined;
        }),
      );
    expect(answersOnlyQuestions).not.toThrow();
  });
});

test('a wait that is over says what it waited for and what it saw last', async () => {
  const look = (): Promise<{ seen: string }> => Promise.resolve({ seen: 'a closed door' });
  await expect(waitFor('the door', 20, look, 5)).rejects.toThrow('waited 0 s for the door; last seen: a closed door');
});
