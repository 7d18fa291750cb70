/** `parked`: streams that stopped at an event which cannot be projected, and a second try. */
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import { path } from './client.js';
import { renderParked, renderRetried, type ParkedBody, type RetriedBody } from './render-parked.js';
import { jsonText, viewOf, viewOptions } from './view.js';

const FORMATS = ['table', 'json'] as const;

export function parkedVerb(program: Command, cli: Cli): void {
  const parked = program
    .command('parked')
    .description('streams that stopped at an event which cannot be projected; their unit and year is answered as stale')
    .option(
      '--retry <stream>',
      'project it again from where it stopped; shows what that changed, ends with 1 if it stays',
    );
  does(cli, viewOptions(parked, FORMATS), async (given) => {
    const { format, style } = viewOf(given, cli.terminal, FORMATS);
    const stream = given.optionalText('retry');
    given.check();
    if (stream === undefined) {
      const { body } = await cli.client().get<ParkedBody>('/api/v1/parked');
      await cli.terminal.out(format === 'json' ? jsonText(body) : renderParked(body, style));
      return 0;
    }
    const { body } = await cli.client().write<RetriedBody>('POST', path`/api/v1/parked/${stream}/retry`, {});
    await cli.terminal.out(format === 'json' ? jsonText(body) : renderRetried(body, style));
    return body.resumed ? 0 : 1;
  });
}
