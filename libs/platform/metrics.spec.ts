import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { HealthChecks } from '#platform/health.js';
import { createLogger } from '#platform/logging.js';
import {
  healthMetrics,
  ledgerMetrics,
  METRICS,
  parkedMetrics,
  processMetrics,
  projectorMetrics,
  relayMetrics,
  treasuryMetrics,
  type PartitionProgress,
} from '#platform/metrics.js';

let registry: Registry;
let errors: unknown[];
const onError = (error: unknown) => void errors.push(error);
beforeEach(() => {
  registry = new Registry();
  errors = [];
});

/** Samples as a scrape finds them, without help and type. */
const samples = async (): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('counts of the ledger', () => {
  it('begin at zero for every outcome', async () => {
    ledgerMetrics(registry, ['stored', 'unknown']);
    expect(await samples()).toEqual([
      'ledger_appends_total{outcome="stored"} 0',
      'ledger_appends_total{outcome="unknown"} 0',
      'ledger_append_conflicts_total 0',
      'ledger_append_unknown_total 0',
      'ledger_replays_total 0',
    ]);
  });

  it('count conflicts and unknown outcomes by themselves too', async () => {
    const { appended, replayed } = ledgerMetrics(registry, []);
    for (const outcome of ['stored', 'conflict', 'unknown', 'stored', 'conflict']) appended(outcome);
    replayed();
    expect(await samples()).toEqual([
      'ledger_appends_total{outcome="stored"} 2',
      'ledger_appends_total{outcome="conflict"} 2',
      'ledger_appends_total{outcome="unknown"} 1',
      'ledger_append_conflicts_total 2',
      'ledger_append_unknown_total 1',
      'ledger_replays_total 1',
    ]);
  });
});

describe('readings', () => {
  const p0: PartitionProgress = { partition: 'p0', lagEvents: 12, lagSeconds: 1.5, events: 400 };

  it('of the projector are taken once for all its series, and partitions that left are gone', async () => {
    let held: PartitionProgress[] = [p0, { ...p0, partition: 'p1', events: 7 }];
    let asked = 0;
    projectorMetrics({ registry, onError }, async () => {
      asked += 1;
      return held;
    });
    expect(await samples()).toEqual([
      'projector_lag_events{partition="p0"} 12',
      'projector_lag_events{partition="p1"} 12',
      'projector_lag_seconds{partition="p0"} 1.5',
      'projector_lag_seconds{partition="p1"} 1.5',
      'projector_events_total{partition="p0"} 400',
      'projector_events_total{partition="p1"} 7',
    ]);
    expect(asked).toBe(1);
    held = [{ ...p0, events: 401 }];
    expect((await samples()).filter((line) => line.startsWith('projector_events_total'))).toEqual([
      'projector_events_total{partition="p0"} 401',
    ]);
  });

  it('are not added up when two scrapes come together', async () => {
    projectorMetrics({ registry, onError }, async () => [p0]);
    const [first, second] = await Promise.all([samples(), samples()]);
    expect([first, second].map((lines) => lines[2])).toEqual(
      Array(2).fill('projector_events_total{partition="p0"} 400'),
    );
  });

  it('that fail are told and left out, the others are there', async () => {
    const gone = new Error('the database is gone');
    parkedMetrics({ registry, onError }, () => Promise.reject(gone));
    processMetrics({ registry, onError }, () => {
      throw gone;
    });
    relayMetrics({ registry, onError }, { ageSeconds: () => 0.25, events: async () => 9, active: () => true });
    expect(await samples()).toEqual(['relay_age_seconds 0.25', 'relay_events_total 9', 'relay_active 1']);
    expect(errors).toEqual([gone, gone]);
  });

  it('of a relay that stands by say so, and no age', async () => {
    relayMetrics({ registry, onError }, { ageSeconds: () => undefined, events: () => 0, active: () => false });
    expect(await samples()).toEqual(['relay_events_total 0', 'relay_active 0']);
    expect(errors).toEqual([]);
  });

  it('of the treasury stand beside what is counted', async () => {
    let waiting = 0;
    const counted = treasuryMetrics({ registry, onError }, { outcomes: ['booked', 'tray'], waiting: () => waiting });
    counted('tray');
    waiting = 1;
    expect(await samples()).toEqual([
      'treasury_messages_total{outcome="booked"} 0',
      'treasury_messages_total{outcome="tray"} 1',
      'treasury_tray_notices 1',
    ]);
  });
});

it('health checks that fail are told, needed or not, also those that do not answer', async () => {
  const health = new HealthChecks(createLogger('silent'), 50);
  let up = false;
  health.add('log', async () => undefined);
  health.add('database', () => (up ? Promise.resolve() : new Promise(() => {})));
  health.add('treasury', async () => up || Promise.reject(new Error('it stands')), { needed: false });
  healthMetrics({ registry, onError }, health);
  const told = (log: number, database: number, treasury: number) =>
    Object.entries({ log, database, treasury }).map(
      ([name, value]) => `health_check_failing{check="${name}"} ${value}`,
    );
  expect(await samples()).toEqual(told(0, 1, 1));
  up = true;
  expect(await samples()).toEqual(told(0, 0, 0));
});

it('every metric has its name, kind and help from one place', async () => {
  const options = { registry, onError };
  healthMetrics(options, new HealthChecks(createLogger('silent')));
  ledgerMetrics(registry, []);
  projectorMetrics(options, () => []);
  parkedMetrics(options, () => 0);
  processMetrics(options, () => 0);
  relayMetrics(options, { ageSeconds: () => 0, events: () => 0, active: () => false });
  treasuryMetrics(options, { outcomes: [], waiting: () => 0 });
  const text = await registry.metrics();
  for (const [name, help] of Object.entries(METRICS)) {
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}\n`);
  }
});
