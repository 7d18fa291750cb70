/**
 * The walks of the documentation, carried out: each `$ budget …` of a page is given to the command line on a real system,
 * and what it prints must be what the page says, to the letter. `UPDATE_GOLDEN=1` writes the pages anew; look at the
 * difference before keeping it.
 *
 * Positions of the log are each system's own: the page counts events, as the log of `npm start` does.
 *
 * A comment such as `<!-- 2024-07-05 14:30 -->` sets the system's clock (Shanghai time); it goes on a second with every
 * command. A command that ends with another code than 0 says so: `<!-- exit 1 -->` before its block.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from '../../apps/cli/run.js';
import { describeInBothModes } from '../support/modes.js';
import type { TestSystem } from '../support/system.js';

const STORIES = ['apps/cli/story/half-year.md'];

interface Step {
  readonly command: string;
  readonly printed: string;
  readonly exit: number;
  /** UTC ms, when the page sets the clock before this command. */
  readonly at?: number;
}

/** Everything between commands as it stands, and the commands. */
type Part = string | Step;

const MARK = /<!-- (?:(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})|exit (\d)) -->/g;

/** What the marks before a block say of its commands. */
interface Marks {
  readonly at?: number;
  readonly exit: number;
}

function marksOf(text: string): Marks {
  let marks: Marks = { exit: 0 };
  for (const [, date, time, exit] of text.matchAll(MARK)) {
    marks =
      date === undefined ? { ...marks, exit: Number(exit) } : { ...marks, at: Date.parse(`${date}T${time}:00+08:00`) };
  }
  return marks;
}

function partsOf(page: string): readonly Part[] {
  const texts = page.split(/(?<=^```console\n)([\s\S]*?)(?=^```$)/m);
  return texts.flatMap((text, index): readonly Part[] =>
    index % 2 === 0 ? [text] : commandsOf(text, marksOf(texts[index - 1] ?? '')),
  );
}

/** Of several commands in one block the first sets the clock, and the exit code is that of the last. */
function commandsOf(block: string, { at, exit }: Marks): readonly Step[] {
  const texts = block.split(/^(?=\$ budget )/m);
  return texts.map((text, index) => {
    const lines = text.split('\n');
    const end = lines.findIndex((line) => !line.endsWith('\\'));
    return {
      command: lines.slice(0, end + 1).join('\n'),
      printed: lines.slice(end + 1).join('\n'),
      exit: index === texts.length - 1 ? exit : 0,
      ...(index > 0 || at === undefined ? {} : { at }),
    };
  });
}

/** Words of a command as a shell would split them: quotes and continued lines are enough. */
const wordsOf = (command: string): string[] =>
  [
    ...command
      .replace(/^\$ budget /, '')
      .replaceAll('\\\n', ' ')
      .matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
  ].map(([, single, double, bare]) => single ?? double ?? bare ?? '');

describeInBothModes((start, mode) =>
  describe.each(STORIES)('%s', (file) => {
    const parts = partsOf(readFileSync(file, 'utf8'));
    const steps = parts.filter((part) => typeof part !== 'string');
    let system: TestSystem;
    let now = 0;

    beforeAll(async () => {
      now = steps[0]?.at ?? 0;
      system = await start({ clock: () => now });
    });
    afterAll(() => system.stop());

    async function carryOut({ command, at }: Step): Promise<{ readonly printed: string; readonly exit: number }> {
      now = at ?? now + 1_000;
      let printed = '';
      const terminal = {
        colours: false,
        redraws: false,
        onInterrupt: () => () => undefined,
        interactive: false,
        out: (text: string | Uint8Array) => {
          printed += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
          return Promise.resolve();
        },
        err: (text: string) => void (printed += text),
        progress: () => undefined,
        confirm: () => Promise.resolve(false),
      };
      const code = await run(wordsOf(command), terminal, () => system.address);
      // A reader takes longer to the next command than the projections do.
      const { status } = await system.get(`/api/v1/units?atLeast=${await system.end()}`);
      if (status !== 200) throw new Error(`the read models did not follow ${command}`);
      return { printed: await counted(printed), exit: code };
    }

    async function counted(printed: string): Promise<string> {
      const parts = printed.split(/(?<=(?:log position|日志位置) )(\d+)/);
      const texts = parts.map(async (part, index) => (index % 2 === 0 ? part : String(await system.eventsUpTo(part))));
      return (await Promise.all(texts)).join('');
    }

    it('has commands', () => expect(steps.length).toBeGreaterThan(10));

    if (process.env['UPDATE_GOLDEN'] === '1' && mode === 'standalone') {
      it('is written anew', async () => {
        let page = '';
        for (const part of parts) {
          page += typeof part === 'string' ? part : `${part.command}\n${(await carryOut(part)).printed}`;
        }
        writeFileSync(file, page);
      });
      return;
    }

    it.each(steps.map((step, nth) => [nth + 1, step.command, step] as const))('%i %s', async (_nth, _command, step) => {
      expect(await carryOut(step)).toEqual({ printed: step.printed, exit: step.exit });
    });
  }),
);
