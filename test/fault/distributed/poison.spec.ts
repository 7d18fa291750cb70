/**
 * What a projector cannot take: an event that is refused stops its own stream and nothing else, until that is mended and it
 * is tried again; a message that cannot be read stops nothing, since the log has what it should have said. Seed: see
 * table-row.ts.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { budgetCommand, smallAddition, UNITS, yearPath } from '../commands.js';
import { ask } from '../home.js';
import { describeFaults, patience, suffer } from './faults.js';
import { startDistributed, type System } from './system.js';
import { sendBytes } from './topic.js';

const [STOPPED, ...OTHERS] = UNITS;
const STREAM = `budget-${STOPPED}-2024`;

let system: System;

describeFaults('a distributed system', () => {
  beforeAll(async () => {
    system = await startDistributed({ processes: { ledger: 1, relay: 1, projector: 2, query: 1 } });
  }, patience());
  afterAll(() => system?.stop(), patience());

  it(
    'stops one stream at an event that its read models refuse, and goes on with it once they take it',
    () =>
      suffer(system, {
        fault: 'distributed: poison event',
        strike: async ({ load }) => {
          await ask(system.home, REFUSING);
          const poison = await load.perform(payment('POISON'));
          await untilParked();
          for (const unit of OTHERS) await system.isRead(await load.perform(smallAddition(unit)));
          // It includes what comes later as little, and says so.
          await load.perform(smallAddition(STOPPED));
          expect(await lines()).toMatchObject({ stale: true, staleReason: expect.stringContaining(STREAM) as unknown });
          await ask(system.home, TAKING);
          const since = performance.now();
          await retried();
          await system.isRead(poison);
          return performance.now() - since;
        },
        examine: async () => expect(await parked()).toEqual([]),
      }),
    patience(),
  );

  it(
    'takes from the log what stood in the topic as bytes that nobody can read, and stops nothing',
    () =>
      suffer(system, {
        fault: 'distributed: bytes that are no message',
        strike: async ({ load }) => {
          for (const unit of UNITS)
            await sendBytes(system.brokers, `budget-${unit}-2024`, '\u0000\u0001 no event \ufffd');
          return system.servesAgain(load);
        },
        examine: async () => expect(await parked()).toEqual([]),
      }),
    patience(),
  );
});

/** As a constraint would that the program does not know of. */
const REFUSING = `
  CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'this voucher cannot be taken' USING ERRCODE = '23514'; END $$;
  CREATE TRIGGER refuse_poison BEFORE INSERT ON read.payment FOR EACH ROW WHEN (NEW.voucher_no = 'POISON')
    EXECUTE FUNCTION refuse_poison()`;
const TAKING = 'DROP TRIGGER refuse_poison ON read.payment; DROP FUNCTION refuse_poison()';

const payment = (voucherNo: string) =>
  budgetCommand(STOPPED, 'payments', {
    voucherNo,
    effectiveDate: '2024-06-01',
    line: 'P01',
    amount: '12.00',
    payee: { name: '某公司', kind: 'organisation' },
    purpose: '货款',
  });

async function json(path: string, init: RequestInit = {}): Promise<any> {
  const answer = await fetch(system.address + path, init);
  const body: unknown = await answer.json();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}

const lines = (): Promise<unknown> => json(`${yearPath(STOPPED)}/lines?asOf=2024-12-31`);

async function parked(): Promise<string[]> {
  const { parked: found } = (await json('/api/v1/parked')) as { parked: { stream: string }[] };
  return found.map(({ stream }) => stream);
}

/** Nothing else may stop. */
async function untilParked(): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const streams = await parked();
    if (streams.length > 0) return expect(streams).toEqual([STREAM]);
    if (performance.now() > deadline) throw new Error(`${STREAM} is never parked\n${system.lastWords()}`);
    await pause(50);
  }
}

async function retried(): Promise<void> {
  const answer = await json(`/api/v1/parked/${STREAM}/retry`, { method: 'POST' });
  expect(answer).toMatchObject({ stream: STREAM, resumed: true });
}
