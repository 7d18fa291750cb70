/** PostgreSQL goes away and comes back: writes and reads answer 503, nothing acknowledged is lost, no restart is needed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P1: '1000.00' });
});
afterAll(() => system.stop());

/** Refuses new connections to the database of this spec and ends those there are, or allows them again. */
async function setDatabase(reachable: boolean): Promise<void> {
  const name = new URL(system.url).pathname.slice(1);
  const server = new URL(system.url);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${reachable}`);
    if (!reachable)
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  } finally {
    await client.end();
  }
}

const pay = (voucherNo: string, key: string) =>
  system.send('POST', `${UNIT_YEAR}/payments`, payment(voucherNo, 'P1', '1.00'), { key });

describe('while the database cannot be reached', () => {
  it('writes and reads answer 503 and say to try again; afterwards the same key books once', async () => {
    expect((await pay('V-1', 'k1')).status).toBe(201);
    await setDatabase(false);
    const refused = await pay('V-2', 'k2');
    expect(refused).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await system.get(`${UNIT_YEAR}/lines`)).toMatchObject({
      status: 503,
      body: { code: 'DATABASE_UNAVAILABLE' },
    });
    expect((await system.get('/readyz')).status).toBe(503);
    expect((await system.get('/livez')).status).toBe(200);

    await setDatabase(true);
    let answer = await pay('V-2', 'k2');
    while (answer.status === 503) answer = await pay('V-2', 'k2');
    expect(answer.status).toBe(201);
    expect((await pay('V-2', 'k2')).headers.get('idempotency-replayed')).toBe('true');
    const lines = await system.get(`${UNIT_YEAR}/lines?atLeast=${answer.body.position}`);
    expect(lines.body.totals.paid).toBe('2.00');
    // Unit, approval, line, two payments.
    expect(await system.events()).toBe(5);
  }, 60_000);
});
