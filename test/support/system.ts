/** The whole system in the process of the spec, on a database of its own and a free port. */
import pg from 'pg';
import { createLogger } from '#platform/logging.js';
import { listenOnLoopback } from '#platform/http.js';
import { createSystem } from '../../apps/standalone/system.js';
import { askingAt, type Asking } from './asking.js';
import { createDatabase } from './postgres.js';

export interface TestSystem extends Asking {
  /** Of its PostgreSQL. */
  readonly url: string;
  /** Events in the log, all streams. */
  events(): Promise<number>;
  /** Position of the last event, for `atLeast`; 0 for an empty log. */
  end(): Promise<string>;
  /** How many events stand at a position of the log or before it. */
  eventsUpTo(position: string): Promise<number>;
  stop(): Promise<void>;
}

export interface TestSystemOptions {
  readonly sample?: boolean;
  /** What the system takes for now, UTC ms. */
  readonly clock?: () => number;
}

export async function startTestSystem({ sample = false, clock }: TestSystemOptions = {}): Promise<TestSystem> {
  const database = await createDatabase();
  const config = { dataDir: '/nowhere', databaseUrl: database.url, actor: 'spec' };
  const system = createSystem(config, createLogger('silent'), { sample, ...(clock === undefined ? {} : { clock }) });
  const address = await listenOnLoopback(await system.start(), 0);
  const events = () => countEvents(database.url);
  return {
    ...askingAt(address),
    url: database.url,
    events,
    // Positions are dense here: the last one counts the events.
    end: async () => String(await events()),
    eventsUpTo: async (position) => Number(position),
    stop: async () => {
      await system.stop();
      await database.drop();
    },
  };
}

async function countEvents(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM log.event');
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}

export const UNIT_YEAR = '/api/v1/units/T1/years/2024';

export const UNIT = { unit: 'T1', name: '测试单位', validFrom: '2024-01-01' };

/** A plan of 2024: lines by id with their original amounts in yuan, all general-public. */
export function approval(lines: Readonly<Record<string, string>>) {
  const total = Object.values(lines).reduce((left, amount) => left + BigInt(amount.replace('.', '')), 0n);
  const sum = `${total / 100n}.${String(total % 100n).padStart(2, '0')}`;
  return {
    effectiveDate: '2024-01-20',
    income: [{ source: 'general-public', amount: sum }],
    basic: '0.00',
    project: sum,
    lines: Object.entries(lines).map(([line, original]) => ({
      line,
      name: `项目 ${line}`,
      expenditure: 'project',
      fund: 'general-public',
      original,
    })),
  };
}

/** Registers a unit, T1 unless another is named, and approves such a plan. */
export async function approvePlan(
  system: TestSystem,
  lines: Readonly<Record<string, string>>,
  unit = UNIT.unit,
): Promise<void> {
  const path = `/api/v1/units/${unit}/years/2024`;
  for (const [address, body] of [
    ['/api/v1/units', { ...UNIT, unit }],
    [`${path}/budget`, approval(lines)],
  ] as const) {
    const { status, body: answer } = await system.send('POST', address, body);
    if (status !== 201) throw new Error(`${address} answered ${status}: ${JSON.stringify(answer)}`);
  }
  // Who reads next finds the year.
  const { status } = await system.get(`${path}/lines?atLeast=${await system.end()}`);
  if (status !== 200) throw new Error(`the plan cannot be read: ${status}`);
}

export const payment = (voucherNo: string, line: string, amount: string, effectiveDate = '2024-03-01') => ({
  voucherNo,
  effectiveDate,
  line,
  amount,
  payee: { name: '某公司', kind: 'organisation' },
  purpose: '货款',
});
