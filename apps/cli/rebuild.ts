/** `rebuild`: fill the read models again beside those in use, compare, switch; or take the switch back. */
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import { lastOf } from './maintain.js';
import {
  isDifferent,
  renderRebuilt,
  renderRolledBack,
  type RebuiltBody,
  type RolledBackBody,
} from './render-rebuild.js';
import { jsonText, viewOf, viewOptions } from './view.js';

const FORMATS = ['table', 'json'] as const;
const ADDRESS = '/api/v1/admin/rebuild';

export function rebuildVerb(program: Command, cli: Cli): void {
  const rebuild = program
    .command('rebuild')
    .description('fill the read models from the log beside those in use, compare both, and put the new ones in use')
    .option('--dry-run', 'compare only; ends with 1 unless both are equal')
    .option('--rollback', 'put those from before the last rebuild in use again');
  does(cli, viewOptions(rebuild, FORMATS), async (given) => {
    const { format, style } = viewOf(given, cli.terminal, FORMATS);
    const [dryRun, back] = [given.flag('dry-run'), given.flag('rollback')];
    given.alone('rollback', ['dry-run']);
    given.check();
    const client = cli.client();
    if (back) {
      const result = await lastOf<RolledBackBody>(cli, 'taken in', client.lines('POST', '/api/v1/admin/rollback'));
      await cli.terminal.out(format === 'json' ? jsonText(result) : renderRolledBack(result, style));
      return 0;
    }
    const lines = client.lines('POST', dryRun ? `${ADDRESS}?dryRun=true` : ADDRESS);
    const result = await lastOf<RebuiltBody>(cli, 'taken in', lines);
    await cli.terminal.out(format === 'json' ? jsonText(result) : renderRebuilt(result, style));
    return dryRun && isDifferent(result) ? 1 : 0;
  });
}
