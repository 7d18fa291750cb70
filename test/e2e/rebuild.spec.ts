/** The read models of a running system rebuilt and rolled back over HTTP while clerks book and managers read. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import pg from 'pg';
import { budgetAt } from '../../apps/cli/stand-in.js';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P1: '100000.00' });
});
afterAll(() => system.stop());

/** The lines of a long piece of work, or the problem that kept it from beginning. */
async function maintain(verb: string): Promise<{ readonly status: number; readonly lines: any[] }> {
  const answer = await fetch(`${system.address}/api/v1/admin/${verb}`, { method: 'POST' });
  const lines = (await answer.text()).split('\n').filter(Boolean);
  return { status: answer.status, lines: lines.map((line) => JSON.parse(line)) };
}

async function sql(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: system.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('the read models of a running system', () => {
  it('cannot be rolled back before they were rebuilt', async () => {
    const { status, lines } = await maintain('rollback');
    expect([status, lines]).toMatchObject([409, [{ code: 'NO_WAY_BACK', reason: 'NOTHING_KEPT' }]]);
  });

  it('are exchanged several times while every write is answered, and every read includes what it asks for', async () => {
    let done = false;
    let booked = 0;
    const writing = async (): Promise<void> => {
      while (!done) {
        const write = await system.send('POST', `${UNIT_YEAR}/payments`, payment(`V${booked + 1}`, 'P1', '1.00'));
        expect(write.status).toBe(201);
        booked += 1;
        const { status, body } = await system.get(`${UNIT_YEAR}/lines?asOf=2024-12-31&atLeast=${write.body.position}`);
        expect([status, body.totals?.paid]).toEqual([200, `${booked}.00`]);
      }
    };
    const reading = async (): Promise<void> => {
      let before = 0;
      while (!done) {
        const { status, body } = await system.get(`${UNIT_YEAR}/lines?asOf=2024-12-31`);
        expect(status).toBe(200);
        // No reader ever sees an earlier state than it has seen.
        expect(Number(body.totals.paid)).toBeGreaterThanOrEqual(before);
        before = Number(body.totals.paid);
      }
    };
    const work = async (): Promise<void> => {
      for (const verb of ['rebuild', 'rollback', 'rebuild', 'rollback', 'rollback']) {
        const { status, lines } = await maintain(verb);
        expect([status, lines.at(-1).problem]).toEqual([200, undefined]);
      }
    };
    const others = Promise.all([writing(), reading(), reading()]);
    try {
      await Promise.race([work(), others]);
    } finally {
      done = true;
    }
    await others;
    expect(booked).toBeGreaterThan(5);
    expect((await budgetAt(system.address, ['verify'])).out).toContain('nothing differs');
  });

  it('are compared on a dry run: an injected difference is found, shown and left to the switch', async () => {
    await sql(`UPDATE read.budget_line SET paid_fen = 0`);
    const trial = await budgetAt(system.address, ['rebuild', '--dry-run', '--lang', 'en']);
    expect(trial.code).toBe(1);
    expect(trial.out).toContain(
      'Row by row, rows that differ: 1.\n  budget_line unit T1, year 2024, line P1: should be paid_fen',
    );
    expect((await budgetAt(system.address, ['verify'])).code).toBe(1);
    expect((await budgetAt(system.address, ['rebuild'])).code).toBe(0);
    expect((await budgetAt(system.address, ['verify'])).code).toBe(0);
    expect((await budgetAt(system.address, ['rebuild', '--rollback'])).code).toBe(0);
    expect((await budgetAt(system.address, ['verify'])).code).toBe(1);
  });

  it('tell each step as it comes', async () => {
    const { lines } = await maintain('rebuild');
    const phases = lines.map(({ phase }) => phase).filter((phase, nth, all) => phase && phase !== all[nth - 1]);
    expect(phases).toEqual(['filling', 'comparing', 'switching']);
    for (const { done, total } of lines.slice(0, -1)) expect(done).toBeLessThanOrEqual(total);
    expect(lines.at(-1).result).toMatchObject({ switched: true, comparison: { differenceCount: expect.any(Number) } });
  });

  it('refuse what they cannot be asked', async () => {
    const { status, lines } = await maintain('rebuild?dryRun=maybe&colour=red');
    const faults = lines[0].faults.map(({ parameter }: { parameter: string }) => parameter);
    expect([status, faults.sort()]).toEqual([400, ['colour', 'dryRun']]);
  });

  it('are described, with valid OpenAPI and every problem', async () => {
    const { body: document } = await system.get('/api/openapi.json');
    expect((await new Validator().validate(structuredClone(document))).errors).toBeUndefined();
    const { paths } = document;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/admin/rebuild',
        '/api/v1/admin/rollback',
        '/api/v1/parked',
        '/api/v1/parked/{stream}/retry',
      ]),
    );
    expect(Object.keys(paths['/api/v1/parked/{stream}/retry'].post.responses)).toEqual(
      expect.arrayContaining(['200', '404']),
    );
    expect(Object.keys(paths['/api/v1/admin/rollback'].post.responses)).toEqual(expect.arrayContaining(['200', '409']));
  });
});
