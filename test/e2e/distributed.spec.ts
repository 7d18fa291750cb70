/** The distributed system through its single entry: what one instance writes another reads, and what events cause is answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

const pay = (voucherNo: string) => system.send('POST', `${UNIT_YEAR}/payments`, payment(voucherNo, 'P1', '1.00'));
const paidAt = async (position: string) =>
  (await system.get(`${UNIT_YEAR}/lines?atLeast=${position}`)).body.totals.paid;

describe('a distributed system', () => {
  it('reads with atLeast what was written, whichever instances are asked', async () => {
    for (let n = 1; n <= 6; n += 1) {
      const { status, body } = await pay(`V-${n}`);
      expect([status, await paidAt(body.position)]).toEqual([201, `${n}.00`]);
    }
  });
});
