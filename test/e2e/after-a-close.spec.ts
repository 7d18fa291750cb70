/** What shows after a year was closed, opened again and closed anew, when money was spent or taken back in between. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { approvePlan, payment, startTestSystem, type TestSystem } from '../support/system.js';

const UNIT = '/api/v1/units/T1';
const year = (of: number) => `${UNIT}/years/${of}`;
let system: TestSystem;
let last = '';

async function write(path: string, body: object, ifMatch?: string): Promise<any> {
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  const answer = await system.send('POST', path, body, { headers });
  expect([answer.status, answer.body.faults ?? answer.body.detail]).toEqual([201, undefined]);
  last = answer.body.position;
  return answer.body;
}
async function onRevision(of: number, path: string, body: object): Promise<void> {
  const { headers } = await system.get(`${year(of)}/payment-plan?atLeast=${last}`);
  await write(`${year(of)}${path}`, body, headers.get('etag') ?? '');
}
/** P6 is finished: what is left of it is surplus. */
async function close(effectiveDate: string): Promise<void> {
  await onRevision(2024, '/close', { effectiveDate, surplus: [{ line: 'P6', reason: 'finished' }] });
  const { body } = await system.get(`/api/v1/processes?unit=T1&year=2024&limit=1&atLeast=${last}`);
  expect(body.entries[0].state).toBe('done');
  last = body.entries[0].written.position;
}
const read = async (path: string): Promise<any> => {
  const { status, body } = await system.get(`${path}${path.includes('?') ? '&' : '?'}atLeast=${last}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
};

beforeAll(async () => {
  system = await startTestSystem();
  await approvePlan(system, { P1: '100.00', P6: '50.00' });
  await write(`${year(2024)}/payments`, payment('V1', 'P1', '60.00'));
  await close('2024-12-31');
  await write(`${year(2024)}/take-backs`, {
    ...{ takeBackId: 'S1', line: 'P6', originYear: 2024, amount: '20.00', effectiveDate: '2025-01-10' },
  });
  await write(`${year(2025)}/payments`, payment('V1', 'P1', '40.00', '2025-01-15'));
  await onRevision(2024, '/reopenings', { kind: 'year', effectiveDate: '2025-02-01', reason: '漏记' });
  await write(`${year(2024)}/payments`, payment('V2', 'P1', '30.00', '2024-12-30'));
  await close('2025-02-02');
});
afterAll(() => system.stop());

it('spending beyond a carry-over that was reduced is told, and lots, overdrawn and lines add up', async () => {
  const { lots, totals, overdrawn } = await read(`${year(2025)}/carry-over?asOf=2025-12-31`);
  expect(lots).toMatchObject([{ line: 'P1', broughtIn: '40.00', revised: '-30.00', paid: '10.00', unspent: '0.00' }]);
  expect(overdrawn).toEqual([{ line: 'P1', name: '项目 P1', amount: '30.00' }]);
  const lines = await read(`${year(2025)}/lines?asOf=2025-12-31`);
  expect([totals.all.paid, lines.totals.paid, lines.totals.available]).toEqual(['10.00', '40.00', '-30.00']);
});

it('surplus that was taken back before the last close stays surplus of its year', async () => {
  const { closing } = await read(`${year(2024)}/carry-over?asOf=2024-12-31`);
  expect(closing.takenBackBefore).toEqual([{ line: 'P6', name: '项目 P6', originYear: 2024, amount: '20.00' }]);
  const { lines } = await read(`${UNIT}/over-years?from=2024&to=2024`);
  expect(Object.fromEntries(lines.map((line: any) => [line.line, line.values[0]]))).toMatchObject({
    ...{ current: '150.00', paid: '90.00', 'carry-over': '10.00', surplus: '50.00' },
  });
});

it('a payment that names money which was never carried over is recorded, and shown', async () => {
  await write(`${year(2025)}/payments`, { ...payment('V3', 'P1', '5.00', '2025-03-01'), originYear: 2023 });
  const { violations } = await read(`${year(2025)}?asOf=2025-12-31`);
  expect(violations).toContainEqual(expect.objectContaining({ code: 'LOT_OVERDRAWN', line: 'P1', amount: '5.00' }));
});

it('a year is reopened as a whole: a date up to which is refused', async () => {
  const body = { kind: 'year', effectiveDate: '2025-02-03', reason: '漏记', through: '2024-06-30' };
  const headers = { 'if-match': '"0"' };
  expect(await system.send('POST', `${year(2024)}/reopenings`, body, { headers })).toMatchObject({
    status: 400,
    body: { faults: [{ pointer: '/through', code: 'NOT_TOGETHER' }] },
  });
});
