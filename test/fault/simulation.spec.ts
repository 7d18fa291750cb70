/**
 * The whole system in one process and on one clock, with crashes, lost and repeated messages, torn batches and stepping clocks:
 * one seed after another. One seed again, with what happened last:
 * SIMULATION_SEED=1234 SIMULATION_SEEDS=1 npm test -- test/fault/simulation.spec.ts
 */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { simulate, type Result } from './simulation/simulate.js';
import { BROKEN } from './simulation/variants.js';

const ROUNDS: Readonly<Record<string, number>> = { few: 500, short: 500, full: 20_000 };
const FEW = 500;
const rounds = Number(process.env['SIMULATION_SEEDS'] ?? ROUNDS[process.env['FAULT_ROUNDS'] ?? 'few'] ?? FEW);
const firstSeed = Number(process.env['SIMULATION_SEED'] ?? Date.now() % 1_000_000_000);
/** Many times what a seed takes on a machine that does nothing else. */
const SEED_MS = 1_000;

describe('the simulation', () => {
  it(
    `holds all its checks for ${rounds} seeds`,
    async () => {
      process.stderr.write(`simulation: ${rounds} seeds from SIMULATION_SEED=${firstSeed}\n`);
      const sums = { sent: 0, acknowledged: 0, events: 0 };
      const happened = new Map<string, number>();
      let failed: Result | undefined;
      for (let nth = 0; nth < rounds && failed === undefined; nth += 1) {
        const result = await simulate(firstSeed + nth);
        sums.sent += result.sent;
        sums.acknowledged += result.acknowledged;
        sums.events += result.events;
        for (const [what, times] of result.happened) happened.set(what, (happened.get(what) ?? 0) + times);
        if (result.findings.length > 0) failed = result;
      }
      report(sums, failed);
      if (failed !== undefined) throw new Error(told(failed));
      expect(sums.acknowledged).toBe(sums.sent);
      expect(sums.events).toBeGreaterThan(rounds * 20);
      // What never happens is not tested. A few seeds need not meet everything.
      if (rounds >= FEW) expect([...happened.keys()].sort()).toEqual(HAPPENS);
    },
    rounds * SEED_MS + 60_000,
  );

  it('does the same again for the same seed, and something else for another', async () => {
    const hashes = [];
    for (const seed of [7, 8, 7]) hashes.push((await simulate(seed)).traceHash);
    expect(hashes[2]).toBe(hashes[0]);
    expect(hashes[1]).not.toBe(hashes[0]);
  });

  it.each(Object.entries(BROKEN))(
    `finds %s within ${FEW} seeds`,
    async (_what, { finding, ...variant }) => {
      for (let seed = 1; seed <= FEW; seed += 1) {
        const { findings } = await simulate(seed, variant);
        if (findings.some((found) => finding.test(found))) return;
      }
      throw new Error(`not found in ${FEW} seeds`);
    },
    FEW * SEED_MS,
  );
});

const HAPPENS = [
  'a batch came overlapping',
  'a batch came torn',
  'a batch came twice',
  'a ledger was killed',
  'a projector found another owner',
  'a projector was killed',
  'a repeat was answered',
  'another process was first',
  'streams came in another order',
  'the clock stepped',
  'the log could not be reached',
  'the log refused',
  'the outcome of an append was unknown',
  'the relay was killed',
  'two projectors lived',
];

function told({ seed, findings, lastLines }: Result): string {
  const shown = findings.slice(0, 10).map((finding) => `  ${finding}`);
  return [
    `seed ${seed}: ${findings.length} findings`,
    ...shown,
    `SIMULATION_SEED=${seed} SIMULATION_SEEDS=1 npm test -- test/fault/simulation.spec.ts plays it again. What happened last:`,
    ...lastLines,
  ].join('\n');
}

/** One line for the table of faults, if there is one. */
function report({ sent, acknowledged }: { sent: number; acknowledged: number }, failed: Result | undefined): void {
  const file = process.env['TEST_FAULTS_FILE'];
  if (file === undefined) return;
  const found = failed?.findings.length ?? 0;
  const result = failed === undefined ? 'passed' : 'failed';
  const line = { fault: 'seeded simulation', rounds, sent, acknowledged, findings: found, result };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
