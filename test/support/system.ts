/** The whole system in the process of the spec, on a database of its own and a free port. */
import pg from 'pg';
import { createLogger } from '#platform/logging.js';
import { listenOnLoopback } from '#platform/http.js';
import { createSystem } from '../../apps/standalone/system.js';
import { createDatabase } from './postgres.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Bodies are looked at member by member; a spec that reads a wrong one fails there.
  readonly body: any;
}

export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestSystem {
  readonly address: string;
  readonly url: string;
  get(path: string): Promise<Answer>;
  /** Sends JSON with a key of its own unless one is given. */
  send(method: 'POST' | 'PUT', path: string, body: unknown, sent?: Sent): Promise<Answer>;
  /** Events in the log, all streams. */
  events(): Promise<number>;
  stop(): Promise<void>;
}

let keys = 0;

/** `clock`: what the system takes for now, UTC ms. */
export async function startTestSystem({
  sample = false,
  clock,
}: { readonly sample?: boolean; readonly clock?: () => number } = {}): Promise<TestSystem> {
  const database = await createDatabase();
  const config = {
    port: 0,
    dataDir: '/nowhere',
    databaseUrl: database.url,
    budgetUrl: '',
    logLevel: 'silent',
    actor: 'spec',
  } as const;
  const system = createSystem(config, createLogger('silent'), { sample, ...(clock === undefined ? {} : { clock }) });
  const address = await listenOnLoopback(await system.start(), 0);
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${address}${path}`, init);
    const text = await answer.text();
    const json = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, headers: answer.headers, body: json && text !== '' ? JSON.parse(text) : text };
  };
  return {
    address,
    url: database.url,
    get: (path) => ask(path, {}),
    send: (method, path, body, sent = {}) =>
      ask(path, {
        method,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': sent.key ?? `spec-${(keys += 1)}`,
          ...sent.headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    events: () => countEvents(database.url),
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

/** Registers unit T1 and approves a plan of 2024: lines by id with their original amounts in yuan, all general-public. */
export async function approvePlan(system: TestSystem, lines: Readonly<Record<string, string>>): Promise<void> {
  const unit = { unit: 'T1', name: '测试单位', validFrom: '2024-01-01' };
  const total = Object.values(lines).reduce((left, amount) => left + BigInt(amount.replace('.', '')), 0n);
  const sum = `${total / 100n}.${String(total % 100n).padStart(2, '0')}`;
  const plan = {
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
  for (const [path, body] of [
    ['/api/v1/units', unit],
    [`${UNIT_YEAR}/budget`, plan],
  ] as const) {
    const { status, body: answer } = await system.send('POST', path, body);
    if (status !== 201) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
  }
  // Who reads next finds the year.
  const { status } = await system.get(`${UNIT_YEAR}/lines?atLeast=${await system.events()}`);
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
