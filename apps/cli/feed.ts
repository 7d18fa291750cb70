/** `feed`: sends what the treasury has paid, got back and corrected to the ledger's topic, as the treasury itself does. */
import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { partitionOf } from '#messaging/partition.js';
import { MessagingUnavailable, type Messaging } from '#messaging/port.js';
import { TREASURY_TOPIC, type TreasuryNotice } from '#messaging/treasury.js';
import { ConfigError, readConfig } from '#platform/config.js';
import { newTrace, TRACEPARENT, traceparentOf } from '#platform/trace.js';
import { does, type Cli } from './cli.js';
import { BadInput, Unreachable } from './faults.js';
import { FEED_HEADER, readNoticeRows, type NoticeRow } from './feed-rows.js';
import type { Given } from './given.js';
import { readUpload } from './import.js';
import { askedPlace, placeOf, placeOptions, type Place } from './place.js';
import { printable } from './table.js';
import { jsonText, viewOf, viewOptions } from './view.js';

/** Opens what messages are sent through. */
export type OpenMessaging = (brokers: readonly string[]) => Promise<Messaging>;

/** Only a verb that sends messages loads the client of the broker. */
export const openKafka: OpenMessaging = async (brokers) => {
  const { createKafkaMessaging } = await import('#messaging/kafka.js');
  return createKafkaMessaging({ brokers, clientId: 'budget-cli' });
};

const CHUNK = 500;

const ABOUT = `
FILE is a CSV of payments as \`budget import\` takes it:
  ${FEED_HEADER}
\`kind\` is payment (also when empty), passive-return (the bank sent the money back), active-return (the payee did) or
correction. All but payments have a paper of their own: \`number\`. A return fills voucherNo, effectiveDate, amount, number; a
correction of the line voucherNo, effectiveDate, line (the wrong one), toLine, amount, number; a correction of the economic
code voucherNo, effectiveDate, economicCode (the right one), number. Dates are those on the paper: into which open period
a late one goes, and what cannot be booked yet, is the ledger's affair. A notice that is sent again is booked once.`;

export function feedVerb(program: Command, cli: Cli): void {
  const command = program
    .command('feed <file>')
    .description(
      'send payments, returns and corrections of the treasury (CSV) to the ledger through the message broker',
    )
    .option('--brokers <host:port,…>', 'brokers to send to (default: KAFKA_BROKERS)')
    .option('--dry-run', 'only check the file and say what would be sent')
    .addHelpText('after', ABOUT);
  does(cli, viewOptions(placeOptions(command), ['table', 'json']), (given, file = '') => feed(cli, given, file));
}

interface Sent extends Place {
  readonly topic: string;
  readonly dryRun: boolean;
  readonly notices: number;
  readonly payments: number;
  readonly returns: number;
  readonly corrections: number;
  /** Of the messages' trace: what became of them stands in the logs under it. */
  readonly traceId?: string;
}

async function feed(cli: Cli, given: Given, file: string): Promise<number> {
  const { format } = viewOf(given, cli.terminal, ['table', 'json']);
  const dryRun = given.flag('dry-run');
  const asked = askedPlace(given);
  const brokers = dryRun ? [] : brokersOf(given);
  given.check();
  const bytes = await readUpload(file);
  const at =
    asked.unit !== undefined && asked.year !== undefined
      ? { unit: asked.unit, year: asked.year }
      : await placeOf(cli.client(), asked);
  const read = readNoticeRows(bytes, at);
  if ('faults' in read) throw new BadInput(...read.faults);
  const traceId = dryRun ? undefined : await send(cli, read.rows, { brokers, file: bytes });
  const sent: Sent = { topic: TREASURY_TOPIC, ...at, dryRun, ...countsOf(read.rows), ...(traceId && { traceId }) };
  await cli.terminal.out(format === 'json' ? jsonText(sent) : wordsOf(sent));
  return 0;
}

/** Of `--brokers`, else of the environment. */
function brokersOf(given: Given): readonly string[] {
  const text = given.optionalText('brokers');
  if (text === undefined) {
    const { kafkaBrokers } = readConfig();
    if (kafkaBrokers === undefined)
      given.fault('brokers', 'REQUIRED', 'is required, unless KAFKA_BROKERS is set: host:port of each broker');
    return kafkaBrokers ?? [];
  }
  try {
    return readConfig({ KAFKA_BROKERS: text }).kafkaBrokers ?? [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    given.fault('brokers', 'NOT_BROKERS', 'give host:port of each broker, separated by commas');
    return [];
  }
}

/** Resolves with the trace of the messages once the broker holds all of them. Throws `Unreachable`. */
async function send(
  cli: Cli,
  rows: readonly NoticeRow[],
  { brokers, file }: { readonly brokers: readonly string[]; readonly file: Uint8Array },
): Promise<string> {
  const messaging = await cli.messaging(brokers);
  const trace = newTrace();
  const digest = createHash('sha256').update(file).digest('hex').slice(0, 16);
  let sent = 0;
  try {
    const partitions = await messaging.partitions(TREASURY_TOPIC);
    if (partitions === undefined) {
      throw new Unreachable(`There is no topic ${TREASURY_TOPIC} at ${brokers.join(', ')}: the deployment makes it.`);
    }
    for (; sent < rows.length; sent += CHUNK) {
      if (rows.length > CHUNK) cli.terminal.progress(`${sent} of ${rows.length} sent`);
      const messages = rows.slice(sent, sent + CHUNK).map(({ row, notice }) => ({
        partition: partitionOf(notice.unit, partitions),
        key: notice.unit,
        headers: {
          'content-type': 'application/json',
          [TRACEPARENT]: traceparentOf(trace),
          'x-correlation-id': `feed-${digest}:${row}`,
        },
        value: Buffer.from(JSON.stringify(notice)),
      }));
      await messaging.publish(TREASURY_TOPIC, messages);
    }
    return trace.traceId;
  } catch (error) {
    if (!(error instanceof MessagingUnavailable)) throw error;
    const rest = sent === 0 ? '' : ` ${sent} of ${rows.length} were sent.`;
    const again = 'Give the same command again: what was sent before is booked once.';
    throw new Unreachable(`No broker answers at ${brokers.join(', ')}.${rest} ${again}`, { cause: error });
  } finally {
    cli.terminal.progress('');
    await messaging.close();
  }
}

function countsOf(rows: readonly NoticeRow[]): Pick<Sent, 'notices' | 'payments' | 'returns' | 'corrections'> {
  const count = (...kinds: readonly TreasuryNotice['kind'][]) =>
    rows.filter(({ notice }) => kinds.includes(notice.kind)).length;
  return {
    notices: rows.length,
    payments: count('payment'),
    returns: count('return'),
    corrections: count('correction', 'code-correction'),
  };
}

function wordsOf({ topic, unit, year, dryRun, notices, payments, returns, corrections, traceId }: Sent): string {
  const counts = [`payments ${payments}`, `returns ${returns}`, `corrections ${corrections}`].join(', ');
  const what = `notices ${notices} (${counts}) for ${unit} ${year} to ${topic}`;
  if (dryRun) return printable(`Not sent: ${what}. The file has no faults.`) + '\n';
  const lines = [`Sent: ${what}, trace ${traceId}.`, 'What could not be booked yet: budget tray'];
  return `${lines.map(printable).join('\n')}\n`;
}
