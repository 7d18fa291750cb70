/** `close`: the year's last verb, with a preview of what it would be. */
import type { Command } from 'commander';
import { books, datesOf } from './book.js';
import { collect, type Cli } from './cli.js';
import { quote, type Given } from './given.js';
import { renderClosingPreview, type ClosingPreviewBody } from './render-close.js';
import { causedBy } from './processes.js';
import { renderWritten } from './render-writes.js';

export function closeVerb(program: Command, cli: Cli): void {
  books(
    cli,
    program
      .command('close')
      .description('close the year: unspent money becomes carry-over of the next year, or surplus')
      .option('--finished <line>', 'a line that is finished: its rest is surplus; may be given several times', collect)
      .option('--plan-changed <line>', 'a line no longer needed: its rest is surplus; several times', collect)
      .option(
        '--to <line=target>',
        'line of the next year for the rest of a line, LINE@YEAR for one year of it; several times',
        collect,
      ),
    (given) => {
      const finished = given.list('finished').map((line) => ({ line, reason: 'finished' }));
      const changed = given.list('plan-changed').map((line) => ({ line, reason: 'plan-changed' }));
      const surplus = [...finished, ...changed];
      const lots = targetsOf(given);
      return {
        address: '/close',
        body: {
          ...datesOf(given),
          surplus: surplus.length === 0 ? undefined : surplus,
          lots: lots.length === 0 ? undefined : lots,
        },
        optionOf: (pointer) => {
          const [, list, index] = /^\/(surplus|lots)\/(\d+)/.exec(pointer) ?? [];
          if (list === 'lots') return `--to ${given.list('to')[Number(index)]}`;
          const named = list === undefined ? undefined : surplus[Number(index)];
          return named && `--${named.reason} ${named.line}`;
        },
        revisionOf: '/payment-plan',
        preview: (preview, style) => renderClosingPreview(preview as ClosingPreviewBody, style),
        // The preview says it all; no rate moves.
        renderTrial: (_trial, { language }) => `${TRIAL[language]}\n`,
        renderWritten: async (body, style, client) =>
          `${renderWritten(body, style)}${await causedBy(client, body, style.language)}`,
      };
    },
  );
}

const TRIAL = { zh: '试算，未写入任何内容。', en: 'Trial run, nothing was written.' } as const;
/** `P01=P07`, or `P01@2023=P07` for the money of one origin year. */
function targetsOf(given: Given): { line: string; originYear?: number; toLine: string }[] {
  return given.list('to').map((text) => {
    const [, line = '', year, toLine = ''] = /^(.+?)(?:@(\d{4}))?=([^=]+)$/.exec(text) ?? [];
    if (line === '') given.fault('to', 'NOT_A_TARGET', `${quote(text)}: write LINE=TARGET or LINE@YEAR=TARGET`);
    return { line, ...(year === undefined ? {} : { originYear: Number(year) }), toLine };
  });
}
