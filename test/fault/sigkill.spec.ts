/**
 * The process is killed twenty times under load. Clients send each payment with the same key until it is answered; in the
 * end every acknowledged payment is in the log exactly once, and none that was not acknowledged is there twice.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase } from '../support/postgres.js';
import { payment } from '../support/system.js';

const MAIN = fileURLToPath(new URL('../../dist/apps/standalone/main.js', import.meta.url));
const KILLS = 20;
const CLIENTS = 16;
const PORT_RANGE = 20_000;

describe('SIGKILL under load', () => {
  it(`loses no acknowledged payment and books none twice, ${KILLS} times`, async () => {
    const database = await createDatabase();
    const port = PORT_RANGE + (process.pid % 20_000);
    const base = `http://127.0.0.1:${port}/api/v1`;
    let child = await start(database.url, port);
    const acknowledged = new Set<string>();
    let running = true;
    try {
      await openUnit(base);
      const clients = Array.from({ length: CLIENTS }, async (_, client) => {
        for (let n = 0; running; n += 1) {
          const voucherNo = `V-${client}-${n}`;
          while (!(await pay(base, voucherNo))) await pause(20);
          acknowledged.add(voucherNo);
        }
      });
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = acknowledged.size;
        // Under load: some payments must have been answered since the last start.
        while (acknowledged.size < before + 10 + kill * 3) await pause(5);
        child.kill('SIGKILL');
        await once(child, 'exit');
        child = await start(database.url, port);
      }
      running = false;
      await Promise.all(clients);
      const { booked, position } = await logOf(database.url);
      expect(new Set(booked).size).toBe(booked.length);
      expect([...acknowledged].filter((voucherNo) => !booked.includes(voucherNo))).toEqual([]);
      expect(await readModelVouchers(base, position)).toBe(booked.length);
    } finally {
      running = false;
      child.kill('SIGKILL');
      await database.drop();
    }
  }, 240_000);
});

/** Started when it answers ready; a start after a kill waits for the lease of the killed process to run out. */
async function start(url: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN, '--empty'], {
    env: { ...process.env, DATABASE_URL: url, PORT: String(port), LOG_LEVEL: 'error', NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the system ended with ${child.exitCode} while it started`);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return child;
    await pause(50);
  }
}

async function openUnit(base: string): Promise<void> {
  await post(`${base}/units`, 'unit', { unit: 'T1', name: '测试单位', validFrom: '2024-01-01' });
  const line = { line: 'P1', name: '项目', expenditure: 'project', fund: 'general-public', original: '1000000.00' };
  const plan = { effectiveDate: '2024-01-01', income: [], basic: '0.00', project: '1000000.00', lines: [line] };
  await post(`${base}/units/T1/years/2024/budget`, 'plan', plan);
}

/** True when acknowledged. A refusal is a fault of the test. */
async function pay(base: string, voucherNo: string): Promise<boolean> {
  try {
    await post(`${base}/units/T1/years/2024/payments`, voucherNo, payment(voucherNo, 'P1', '0.01'));
    return true;
  } catch (error) {
    if (error instanceof Refused) throw error;
    return false;
  }
}

class Refused extends Error {}

async function post(address: string, key: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status >= 400 && answer.status < 500) throw new Refused(text);
  if (answer.status !== 201) throw new Error(text);
}

async function logOf(url: string): Promise<{ booked: string[]; position: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ voucher: string; position: string }>(
      `SELECT convert_from(data, 'UTF8')::jsonb ->> 'voucherNo' AS voucher, position
       FROM log.event WHERE type = 'PaymentExecuted' ORDER BY position`,
    );
    return { booked: rows.map(({ voucher }) => voucher), position: rows.at(-1)?.position ?? '0' };
  } finally {
    await client.end();
  }
}

/** Payments that the read side shows as paid, one fen each, once it includes the last write. */
async function readModelVouchers(base: string, position: string): Promise<number> {
  const answer = await fetch(`${base}/units/T1/years/2024/lines?atLeast=${position}`);
  const { totals } = (await answer.json()) as { totals: { paid: string } };
  return Number(totals.paid.replace('.', ''));
}
