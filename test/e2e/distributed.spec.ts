/** The distributed system through its single entry: what one instance writes another reads, and what events cause is answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askingAt } from '../support/asking.js';
import { startDistributedSystem, type DistributedSystem } from '../support/distributed.js';
import { openReader } from '../support/live-reader.js';
import { approvePlan, payment, UNIT_YEAR } from '../support/system.js';
import { until } from '../support/until.js';

let system: DistributedSystem;

beforeAll(async () => {
  system = await startDistributedSystem({ broker: 'in-process', heartbeatMs: 200 });
  await approvePlan(system, { P1: '1000.00' });
});
afterAll(() => system.stop());

let vouchers = 0;
const pay = () =>
  system.send('POST', `${UNIT_YEAR}/payments`, payment(`V-${(vouchers += 1)}`, 'P1', '1.00')).then((answer) => {
    expect(answer.status).toBe(201);
    return answer.body as { position: string; revision: number };
  });
const paid = () => `${vouchers}.00`;

describe('a distributed system', () => {
  it('reads with atLeast what was written, whichever instances are asked', async () => {
    for (let n = 1; n <= 6; n += 1) {
      const { position } = await pay();
      const { body } = await system.get(`${UNIT_YEAR}/lines?atLeast=${position}`);
      expect(body.totals.paid).toBe(paid());
      expect(BigInt(body.position)).toBeGreaterThanOrEqual(BigInt(position));
    }
  });

  it('says how far it is when what was asked for is not there in time, and has it when the relay is back', async () => {
    await system.relay(false);
    const { position } = await pay();
    const behind = await system.get(`${UNIT_YEAR}/lines?atLeast=${position}`);
    expect(behind).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
    expect(BigInt(behind.body.lag)).toBeGreaterThan(0n);
    await system.relay(true);
    const lines = await until(
      () => system.get(`${UNIT_YEAR}/lines?atLeast=${position}`),
      ({ status }) => status === 200,
    );
    expect(lines.body.totals.paid).toBe(paid());
  });

  it('answers about the past by instant and by position, and the same at every instance', async () => {
    const { position } = await pay();
    const before = paid();
    await until(
      () => system.get(`${UNIT_YEAR}/lines?knownAt=${position}`),
      ({ status }) => status === 200,
    );
    const instant = new Date(Date.now() - 1).toISOString();
    await pay();
    for (const { address } of system.queries) {
      for (const knownAt of [position, instant]) {
        const { status, body } = await askingAt(address).get(`${UNIT_YEAR}/lines?knownAt=${knownAt}`);
        expect([status, body.totals.paid]).toEqual([200, before]);
      }
    }
  });

  it('works out what a trial would do to the rates', async () => {
    const trial = await system.send('POST', `${UNIT_YEAR}/payments?dryRun=true`, payment('T-1', 'P1', '100.00'));
    expect(trial).toMatchObject({ status: 200, body: { dryRun: true, effect: { checkpoint: 'half' } } });
  });

  it('tells live readers, whichever instance wrote, and one that comes back at another instance what it missed', async () => {
    const reader = await openReader(system.address, '/api/v1/stream?unit=T1');
    await reader.until(({ messages }) => messages.length > 0);
    const first = await pay();
    const changes = ({ messages }: { messages: readonly { event: string; data: any }[] }) =>
      messages.filter(({ event }) => event === 'change').flatMap(({ data }) => data.changes);
    await reader.until((seen) => changes(seen).length > 0);
    expect(changes(reader)).toEqual([expect.objectContaining({ unit: 'T1', year: 2024, revision: first.revision })]);
    // Whoever asks for the log's time moves the read models on to a place between events, and a sign of life names it.
    await system.log.settled(Date.now() - 1);
    const { comments } = reader;
    await reader.until((seen) => seen.comments > comments && BigInt(seen.lastId ?? 0) > BigInt(first.position));
    reader.close();
    const missed = await pay();
    for (const { address } of system.queries) {
      const again = await openReader(address, '/api/v1/stream?unit=T1', reader.lastId);
      await again.until((seen) => changes(seen).length > 0);
      expect(changes(again)).toEqual([expect.objectContaining({ revision: missed.revision, events: 1 })]);
      again.close();
    }
    const beyond = await openReader(system.address, '/api/v1/stream', '999999999999');
    expect(beyond).toMatchObject({ status: 422, problem: { code: 'POSITION_BEYOND_END' } });
  });

  it('opens the next year when one is closed, and tells it at every ledger, also when the one that does it is gone', async () => {
    const close = async (unit: string) => {
      const path = `/api/v1/units/${unit}/years/2024`;
      const { headers } = await until(
        () => system.get(`${path}/payment-plan`),
        ({ status }) => status === 200,
      );
      const revision = headers.get('stream-revision') ?? 'none';
      const sent = { headers: { 'if-match': `"${revision}"` } };
      const answer = await system.send('POST', `${path}/close`, { effectiveDate: '2024-12-31' }, sent);
      expect(answer.status).toBe(201);
      return answer.body.position as string;
    };
    const position = await close('T1');
    for (const { address } of system.ledgers) {
      const { status, body } = await askingAt(address).get(`/api/v1/processes?atLeast=${position}`);
      expect([status, body.entries.map(({ state }: any) => state)]).toEqual([200, ['done']]);
    }
    const next = await system.get(`/api/v1/units/T1/years/2025/lines?atLeast=${await system.end()}`);
    expect(next.body.lines).toHaveLength(1);

    await approvePlan(system, { P1: '10.00' }, 'T2');
    const [one, two] = system.ledgers;
    await one!.stop();
    const second = await close('T2');
    const entries = await until(
      () => system.get(`/api/v1/processes?atLeast=${second}&unit=T2`),
      ({ status }) => status === 200,
    );
    expect(entries.body.entries).toMatchObject([{ state: 'done' }]);
    await one!.start();
    await two!.stop();
    expect((await system.get('/api/v1/processes')).body.entries).toHaveLength(2);
    await two!.start();
  });

  it('gives its log as a file and verifies its read models', async () => {
    const file = await system.get('/api/v1/admin/log');
    const lines = String(file.body).trim().split('\n');
    expect(lines).toHaveLength(1 + (await system.events()));
    const verified = await system.send('POST', '/api/v1/admin/verification', {});
    const last = String(verified.body).trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ result: { ok: true } });
  });

  it('goes on reading and says so while the event store is away, and writes again when it is back', async () => {
    system.standIn.faults.unavailable('refused');
    expect((await system.get(`${UNIT_YEAR}/lines`)).status).toBe(200);
    expect((await system.get('/readyz')).body.degraded).toContain('log');
    const refused = await system.send('POST', '/api/v1/units', { unit: 'T9', name: '九', validFrom: '2024-01-01' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    system.standIn.faults.none();
    await until(
      () => system.send('POST', '/api/v1/units', { unit: 'T9', name: '九', validFrom: '2024-01-01' }),
      ({ status }) => status === 201,
    );
    const units = await until(
      async () => system.get(`/api/v1/units?atLeast=${await system.end()}`),
      ({ status }) => status === 200,
    );
    expect(units.body.units.map(({ unit }: any) => unit)).toContain('T9');
  });
});
