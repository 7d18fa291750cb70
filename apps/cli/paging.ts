/** Lists that come page by page. */
import type { Command } from 'commander';
import type { Cli } from './cli.js';
import type { Client, Query } from './client.js';
import type { Given } from './given.js';

export interface PageAsked {
  readonly all: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

export const pageOptions = (command: Command): Command =>
  command
    .option('--limit <count>', 'entries on a page')
    .option('--cursor <cursor>', 'what follows the page that gave this cursor')
    .option('--all', 'all pages');

export function pageOf(given: Given): PageAsked {
  const limit = given.optionalText('limit');
  const cursor = given.optionalText('cursor');
  if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit))
    given.fault('limit', 'INVALID_LIMIT', 'must be a count such as 100');
  return {
    all: given.flag('all'),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

interface Paged {
  readonly entries: readonly unknown[];
  readonly next?: string;
}

/** One page, or all of them as one answer: the first page with the entries of the others added and no `next`. */
export async function pages<Body>(
  cli: Cli,
  address: string,
  asked: PageAsked & { readonly query: Query },
): Promise<Body> {
  const { query, all, limit, cursor } = asked;
  const first = (await cli.client().get<Paged>(address, { ...query, limit, cursor })).body;
  if (!all || first.next === undefined) return first as Body;
  const { next, ...whole } = first;
  const entries = [...whole.entries];
  for await (const page of following(cli.client(), address, { query: { ...query, limit }, next })) {
    entries.push(...page.entries);
    cli.terminal.progress(`${entries.length} entries`);
  }
  cli.terminal.progress('');
  return { ...whole, entries } as Body;
}

/** The pages after the one whose `next` is given. A cursor holds the moment of the first page, so all are one list. */
export async function* following<Page extends Paged>(
  client: Client,
  address: string,
  from: { readonly query: Query; readonly next: string | undefined },
): AsyncGenerator<Page> {
  let cursor = from.next;
  while (cursor !== undefined) {
    const page = (await client.get<Page>(address, { ...from.query, cursor })).body;
    yield page;
    cursor = page.next;
  }
}
