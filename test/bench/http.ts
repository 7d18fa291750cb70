/**
 * Payments over HTTP end to end: validation, idempotency, decision, group commit and projections running, measured from
 * another process than the server's. The bound beside them is the same client on an address that does nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { Row } from './event-log.js';

const MAIN = fileURLToPath(new URL('../../apps/standalone/main.js', import.meta.url));
const CLIENTS = 16;
const UNITS = 8;
const ROUNDS = 5;
const ROUND_SECONDS = 4;

interface Server {
  readonly address: string;
  readonly child: ChildProcess;
}

export async function httpBench(url: string): Promise<Row[]> {
  const server = await startServer(url);
  try {
    const idle = await residentMiB(server);
    for (let unit = 0; unit < UNITS; unit += 1) await openUnit(server, unitCode(unit));
    await rounds(server, UNITS, 1);
    const bound = await live(server);
    const eight = await rounds(server, UNITS, ROUNDS);
    const one = await rounds(server, 1, ROUNDS);
    const after = await residentMiB(server);
    return [
      { name: 'GET /livez, the same client (bound)', unit: 'requests/s', median: bound, aim: '', met: null },
      row(`payments over HTTP, ${CLIENTS} clients, ${UNITS} units`, eight, 3_000),
      row(`payments over HTTP, ${CLIENTS} clients, one unit`, one, 2_000),
      { name: 'memory of the process, idle', unit: 'MiB', median: idle, aim: '', met: null },
      { name: 'memory of the process, after the bench', unit: 'MiB', median: after, aim: '', met: null },
    ];
  } finally {
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
  }
}

interface Measured {
  readonly perSecond: number;
  readonly p99: number;
}

const row = (name: string, { perSecond, p99 }: Measured, aim: number): Row => ({
  name,
  unit: 'payments/s',
  median: perSecond,
  p99,
  aim: `≥ ${aim}, p99 ≤ 30 ms`,
  met: perSecond >= aim && p99 <= 30,
});

async function startServer(url: string): Promise<Server> {
  const child = spawn(process.execPath, [MAIN, '--empty'], {
    env: { ...process.env, DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  for (let waited = 0; waited < 60_000; waited += 50) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
    if (address !== undefined) return { address, child };
    if (child.exitCode !== null) break;
    await pause(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the system did not start: ${printed}`);
}

const unitCode = (unit: number): string => `BENCH${unit}`;

async function openUnit({ address }: Server, unit: string): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `open-${unit}-${path.length}` };
    const answer = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
  await post('/api/v1/units', { unit, name: unit, validFrom: '2024-01-01' });
  const lines = Array.from({ length: 20 }, (_, line) => ({
    line: `P${line}`,
    name: `项目 ${line}`,
    expenditure: 'project',
    fund: 'general-public',
    original: '1000000000.00',
  }));
  await post(`/api/v1/units/${unit}/years/2024/budget`, {
    effectiveDate: '2024-01-01',
    income: [],
    basic: '0.00',
    project: '20000000000.00',
    lines,
  });
}

let vouchers = 0;

/** Medians over the rounds; the worst p99 of them. */
async function rounds({ address }: Server, units: number, count: number): Promise<Measured> {
  const measured: Measured[] = [];
  for (let round = 0; round < count; round += 1) {
    const result = await autocannon({
      url: address,
      connections: CLIENTS,
      duration: ROUND_SECONDS,
      requests: [{ method: 'POST', setupRequest: (request) => ({ ...request, ...paymentRequest(units) }) }],
    });
    if (result.non2xx > 0 || result.errors > 0) {
      throw new Error(`${result.non2xx} payments refused, ${result.errors} failed`);
    }
    measured.push({ perSecond: result['2xx'] / result.duration, p99: result.latency.p99 });
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return { perSecond: middle(measured.map(({ perSecond }) => perSecond)), p99: middle(measured.map(({ p99 }) => p99)) };
}

function paymentRequest(units: number) {
  const number = (vouchers += 1);
  const day = String((number % 28) + 1).padStart(2, '0');
  return {
    path: `/api/v1/units/${unitCode(number % units)}/years/2024/payments`,
    headers: { 'content-type': 'application/json', 'idempotency-key': `pay-${number}` },
    body: JSON.stringify({
      voucherNo: `V-${number}`,
      effectiveDate: `2024-06-${day}`,
      line: `P${number % 20}`,
      amount: '12.34',
      payee: { name: '某公司', kind: 'organisation' },
      purpose: '货款',
      departmentEconomic: '30201',
    }),
  };
}

async function live({ address }: Server): Promise<number> {
  const result = await autocannon({ url: `${address}/livez`, connections: CLIENTS, duration: ROUND_SECONDS });
  return result['2xx'] / result.duration;
}

async function residentMiB({ address }: Server): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
}
