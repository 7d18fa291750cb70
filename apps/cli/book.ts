/** How a verb that writes is carried out: its key, the revision it rests on, the trial run, and what is told of the outcome. */
import type { Command } from 'commander';
import type { Cli } from './cli.js';
import { does } from './cli.js';
import type { Client, Reply } from './client.js';
import { Refused } from './faults.js';
import { defined, type Given } from './given.js';
import { contentKey } from './key.js';
import { askedPlace, baseOf, placeOf, placeOptions } from './place.js';
import { renderTrial, renderWritten, type TrialBody, type WrittenBody } from './render-writes.js';
import type { Style } from './page.js';
import { jsonText, viewOf, viewOptions, type Format } from './view.js';

const WRITE_FORMATS = ['table', 'json'] as const;

/** `address` is below the unit and year, `body` may hold members without a value. */
export interface Booking {
  readonly method?: 'PUT';
  readonly address: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The system wants to know which revision this rests on: the report that tells it. */
  readonly revisionOf?: '/payment-plan' | '/targets';
  /** `address` is a whole one: this is about no unit and year. */
  readonly ofSystem?: true;
  /** Members that only the system can give, such as those of a file that is sent first; asked for when all else is right. */
  readonly more?: (client: Client) => Promise<Readonly<Record<string, unknown>>>;
  /** The body is a file of the caller: faults keep their JSON pointers. */
  readonly fromFile?: true;
  /** Year that the body itself names. */
  readonly year?: number;
  /** The option that a part of the body comes from, where its name does not tell. */
  readonly optionOf?: (pointer: string) => string | undefined;
  /** How the preview of a trial is shown, which a refusal may hold too. */
  readonly preview?: (preview: object, style: Style) => string;
  /** In place of the usual words. */
  readonly renderTrial?: (body: TrialBody, style: Style) => string;
  readonly renderWritten?: (body: WrittenBody, style: Style, client: Client) => string | Promise<string>;
}

/** `formats`: those that the verb has besides when it only reads. */
export const bookOptions = (command: Command, formats: readonly Format[] = WRITE_FORMATS): Command =>
  viewOptions(placeOptions(command), formats)
    .option('--key <key>', 'idempotency key (default: from the content, so that a repeat is not booked again)')
    .option('--if-match <revision>', 'refuse if the books have moved on since this revision')
    .option('--dry-run', 'write nothing; show the events and their effect on each rate');

export const dateOptions = (command: Command): Command =>
  command
    .option('--date <date>', 'business date from the paper; never assumed')
    .option('--belongs-to <date>', 'true date of a late fact whose period is sealed');

export const datesOf = (given: Given): Record<string, unknown> => ({
  effectiveDate: given.date('date'),
  belongsTo: given.optionalDate('belongs-to'),
});

/** A verb that books what `read` makes of its options and names, dated like every entry. */
export function books(cli: Cli, command: Command, read: (given: Given, ...names: readonly string[]) => Booking): void {
  does(cli, bookOptions(dateOptions(command)), async (given, ...names) => book(cli, given, read(given, ...names)));
}

/** Checks everything given, then writes. Throws `BadInput`, `Refused` or `Unreachable`. */
export async function book(cli: Cli, given: Given, booking: Booking): Promise<void> {
  const { format, style } = viewOf(given, cli.terminal, WRITE_FORMATS);
  const key = given.optionalText('key');
  const ifMatch = given.optionalText('if-match')?.replace(/^"(.*)"$/, '$1');
  const dryRun = given.flag('dry-run');
  const place = { ...(booking.year === undefined ? {} : { year: booking.year }), ...askedPlace(given) };
  given.check();
  const client = cli.client();
  const base = booking.ofSystem ? '' : baseOf(await placeOf(client, place));
  const request = {
    method: booking.method ?? 'POST',
    path: `${base}${booking.address}`,
    body: defined({ ...booking.body, ...(await booking.more?.(client)) }),
  } as const;
  const send = (revision: string | undefined) =>
    client.write<WrittenBody | TrialBody>(request.method, request.path, {
      body: request.body,
      ...(dryRun
        ? { query: { dryRun: 'true' } }
        : { key: key ?? contentKey(withRevision(request, booking, revision)) }),
      ...(revision === undefined ? {} : { ifMatch: revision }),
    });
  const { body } = await (
    booking.revisionOf && ifMatch === undefined
      ? onRevision(client, `${base}${booking.revisionOf}`, send)
      : send(ifMatch)
  ).catch(async (error: unknown) => {
    const preview = dryRun && error instanceof Refused ? error.problem.preview : undefined;
    if (preview !== undefined) await cli.terminal.out(previewText(preview));
    throw error instanceof Refused && !booking.fromFile
      ? error.of((pointer) => booking.optionOf?.(pointer) ?? optionOf(pointer))
      : error;
  });
  if (format === 'json') return cli.terminal.out(jsonText(body));
  const { renderTrial: trial = renderTrial, renderWritten: written = renderWritten } = booking;
  if (!('dryRun' in body)) return cli.terminal.out(await written(body, style, client));
  await cli.terminal.out(`${body.preview === undefined ? '' : `${previewText(body.preview)}\n`}${trial(body, style)}`);

  function previewText(preview: object): string {
    return format === 'json' || booking.preview === undefined ? jsonText({ preview }) : booking.preview(preview, style);
  }
}

const withRevision = <Request>(request: Request, { revisionOf }: Booking, revision: string | undefined) =>
  revisionOf && revision !== undefined ? { ...request, revision } : request;

/**
 * Sends with the revision that the system has now. The caller has seen none, so nothing is lost by asking again when
 * somebody wrote in between, or when the reports were a moment behind.
 */
async function onRevision<Body>(
  client: Client,
  report: string,
  send: (revision: string) => Promise<Reply<Body>>,
): Promise<Reply<Body>> {
  let known = await revisionNow(client, report);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(known);
    } catch (error) {
      const actual = error instanceof Refused && error.problem.status === 412 ? error.problem.revision : undefined;
      if (actual === undefined || attempt === 5) throw error;
      known = String(actual);
    }
  }
}

async function revisionNow(client: Client, report: string): Promise<string> {
  try {
    return (await client.get(report)).revision ?? 'none';
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'UNKNOWN_YEAR') return 'none';
    throw error;
  }
}

/** Options whose names are not those of the members that they fill. */
const OPTIONS: Readonly<Record<string, string>> = {
  effectiveDate: 'date',
  voucherNo: 'voucher',
  requestId: 'request or --id',
  adjustmentId: 'id',
  freezeId: 'id',
  takeBackId: 'id',
  carryOverId: 'id',
  returnNo: 'number',
  departmentEconomic: 'code',
  fromLine: 'from',
  toLine: 'to',
  reasonCode: 'reason',
  name: 'payee',
  resultId: 'id',
  factId: 'id',
  rectificationId: 'id',
  result: 'value',
  text: 'value',
  points: 'met',
  originYear: 'origin-year',
};

/** `/effectiveDate` is `--date`, `/movements/2` the third movement, in the order adds, cuts, transfers. */
function optionOf(pointer: string): string {
  const movement = /^\/movements\/(\d+)/.exec(pointer);
  if (movement) return `movement ${Number(movement[1]) + 1}`;
  const member = /^\/(?:\w+\/\d+\/|payee\/)?(\w+)$/.exec(pointer)?.[1];
  if (member === undefined) return pointer;
  return `--${OPTIONS[member] ?? member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
