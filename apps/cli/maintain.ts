/** Verbs of the operator: verify the read models, take the log out and in. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import { BadInput, Refused, Unreachable, type ProblemBody } from './faults.js';
import { writeWhole } from './output-file.js';
import { renderVerified, type VerifiedBody } from './render-maintain.js';
import { printable } from './table.js';
import { jsonText, viewOf, viewOptions } from './view.js';

const FORMATS = ['table', 'json'] as const;

export function maintainVerbs(program: Command, cli: Cli): void {
  const verify = program
    .command('verify')
    .description('compare every row of the read models with a fold of the log, and revisions for gaps');
  does(cli, viewOptions(verify, FORMATS), async (given) => {
    const { format } = viewOf(given, cli.terminal, FORMATS);
    given.check();
    const result = await lastOf<VerifiedBody>(
      cli,
      'verified',
      cli.client().lines('POST', '/api/v1/admin/verification'),
    );
    await cli.terminal.out(format === 'json' ? jsonText(result) : renderVerified(result));
    return result.ok ? 0 : 1;
  });

  const exportLog = program
    .command('export-log <file>')
    .description('the whole log as a file, one event a line; - for standard output');
  does(cli, exportLog, async (_, file = '') => {
    const chunks = counted(cli, cli.client().download('/api/v1/admin/log'));
    if (file !== '-') return writeWhole(file, chunks);
    for await (const chunk of chunks) await cli.terminal.out(chunk);
  });

  const importLog = program.command('import-log <file>').description('read such a file into a log that is still empty');
  does(cli, importLog, async (_, file = '') => {
    const lines = await openLines(file);
    const { body } = await cli.client().uploadLines<{ readonly events: number }>('/api/v1/admin/log', lines);
    await cli.terminal.out(`The log now holds the ${body.events} events of ${printable(file)}.\n`);
  });
}

/** Shows `{ phase, done, total }` lines as progress and answers with the `result` of the last one. */
export async function lastOf<Result>(cli: Cli, verb: string, lines: AsyncIterable<unknown>): Promise<Result> {
  for await (const line of lines) {
    const { result, problem, ...step } = line as Step & {
      result?: Result;
      problem?: Partial<ProblemBody> & { readonly code: string };
    };
    if (problem !== undefined) throw new Refused({ status: 500, title: 'The work failed', ...problem });
    if (result !== undefined) {
      cli.terminal.progress('');
      return result;
    }
    cli.terminal.progress(stepWords(step, verb));
  }
  throw new Unreachable('The answer ended before the work was done. Look at the log of the system, then try again.');
}

/** Events are counted unless the phase says otherwise. */
interface Step {
  readonly phase?: string;
  readonly done?: number;
  readonly total?: number;
}

function stepWords({ phase, done = 0, total }: Step, verb: string): string {
  const counted = `${done}${total === undefined ? '' : ` of ${total}`}`;
  if (phase === 'comparing') return `comparing: ${counted} tables`;
  if (phase === 'switching') return 'switching';
  return `${phase === undefined ? '' : `${phase}: `}${counted} events ${verb}`;
}

async function* counted(cli: Cli, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    cli.terminal.progress(`${(bytes / 1024 / 1024).toFixed(1)} MiB`);
    yield chunk;
  }
  cli.terminal.progress('');
}

/** Throws `BadInput` for a file that cannot be read, before anything is sent. */
async function openLines(file: string): Promise<Readable> {
  const lines = createReadStream(file);
  try {
    await once(lines, 'open');
  } catch (error) {
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new BadInput({ place: file, code: 'FILE_NOT_READABLE', message });
  }
  return lines;
}
