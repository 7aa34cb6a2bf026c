/** `--watch`: what is written, and when it ends. */
import { show } from '../../bin/watch';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
}

/** Ends after so many waits. */
function waits(most: number) {
  const asked: number[] = [];
  return { asked, wait: async (ms: number) => asked.push(ms) < most };
}

test('without --watch it is shown once, and nothing is cleared', async () => {
  const out = terminal(true);
  await show(
    {},
    async () => 'cases\n',
    out,
    async () => Promise.reject(new Error('it does not wait')),
  );
  expect(out.written).toEqual(['cases\n']);
});

test('with --watch each look takes the place of the one before on a terminal, and follows it in a pipe', async () => {
  const looks = ['one', 'two'];
  const [out, pipe, { asked, wait }] = [terminal(true), terminal(false), waits(2)];
  await show({ watch: true }, async () => looks.shift() ?? 'end', out, wait);
  expect(out.written).toEqual(['\u001b[H\u001b[2Jone', '\u001b[H\u001b[2Jtwo']);
  expect(asked).toEqual([5000, 5000]);
  await show({ watch: 60 }, async () => 'again', pipe, waits(1).wait);
  expect(pipe.written).toEqual(['again']);
});

test('a look that fails ends it', async () => {
  const failing = show({ watch: 1 }, async () => Promise.reject(new Error('no credentials')), terminal(true), waits(3).wait);
  await expect(failing).rejects.toThrow('no credentials');
});
