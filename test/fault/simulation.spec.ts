/**
 * The whole system in one process and on one clock, with crashes, lost and repeated messages, torn batches and stepping clocks:
 * one seed after another. SIMULATION_SEED=1234 SIMULATION_SEEDS=1 npm test -- test/fault/simulation.spec.ts plays one again.
 */
import { describe, expect, it } from '@jest/globals';
import { simulate, type Result } from './simulation/simulate.js';

const ROUNDS = { few: 500, short: 500, full: 20_000 } as const;
const given = process.env['SIMULATION_SEEDS'];
const count = given === undefined ? ROUNDS[(process.env['FAULT_ROUNDS'] ?? 'few') as keyof typeof ROUNDS] : Number(given);
const first = Number(process.env['SIMULATION_SEED'] ?? Date.now() % 1_000_000_000);

describe('the simulation', () => {
  it('x', async () => {
    const t = Date.now();
    let sent = 0, acknowledged = 0, events = 0;
    for (let n = 0; n < count; n += 1) {
      const result: Result = await simulate(first + n);
      sent += result.sent; acknowledged += result.acknowledged; events += result.events;
      if (result.findings.length > 0) {
        console.log(result.seed, result.findings.slice(0, 5), result.lastLines.slice(-40).join('\n'));
        expect(result.findings).toEqual([]);
      }
    }
    console.log(Date.now() - t, sent, acknowledged, events);
  }, 600_000);
});
