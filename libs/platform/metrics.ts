/**
 * Prometheus metrics of one process: Node's own, HTTP durations by route, and what the parts of the product say of themselves.
 * Names and help texts stand here, all of them: dashboards and alerts are written against this file. Every label has few
 * values: outcomes, partitions, routes; never a unit, a stream or a number.
 */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HealthChecks } from '#platform/health.js';

/** A registry of its own, never prom-client's global one: tests run many apps in one process. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Measures every request. Unmatched addresses share one label, so that nobody can grow the set. */
export function measureRequests(server: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const open = new Gauge({
    name: 'http_requests_open',
    help: 'Requests that are being answered; of live streams, those who listen',
    labelNames: ['method', 'route'],
    registers: [registry],
  });
  server.addHook('onRequest', (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unmatched' };
    open.inc(labels);
    // Comes also when the caller hangs up before the answer is complete, which a hook on the response does not.
    reply.raw.once('close', () => open.dec(labels));
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    durations.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unmatched', status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

/** `GET /metrics` in the text format of Prometheus. */
export function serveMetrics(server: FastifyInstance, registry: Registry): void {
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

export const METRICS = {
  health_check_failing: '1 while a health check of this process fails, needed or not, 0 while it does not',
  ledger_appends_total: 'Times that the event store was asked to append, by how it ended',
  ledger_append_conflicts_total: 'Appends that another process came before; they are decided again',
  ledger_append_unknown_total: 'Appends of which nobody knows whether they are stored; they are repeated',
  ledger_replays_total: 'Commands that were known already and answered with what they had written',
  projector_lag_events: 'Events of a partition that are not in the read models yet',
  projector_lag_seconds: 'Age of the oldest event of a partition that is not in the read models yet; 0 when none is',
  projector_events_total: 'Events of a partition that this process has put into the read models',
  parked_streams: 'Streams that stopped at an event which cannot be projected',
  processes_open:
    'Consequences of events in other budgets that are not settled: open, refused or failed; counted up to 1,000',
  relay_age_seconds: 'Time since the relay last knew that everything in the log had been sent',
  relay_events_total: 'Events that this process has sent to the broker',
  relay_active: '1 in the process that relays, 0 in one that stands by',
  treasury_messages_total: 'Messages of the treasury, by what became of them',
  treasury_tray_notices: 'Notices of the treasury that wait in the tray to be booked',
} as const;

type MetricName = keyof typeof METRICS;

/** Asked at every scrape. One that fails leaves its series out of that answer and is told; the others are not held up. */
export type Read<Value> = () => Value | Promise<Value>;

export interface ReadOptions {
  readonly registry: Registry;
  readonly onError: (error: unknown) => void;
}

/** Runs the checks at every scrape, none longer than its timeout. */
export const healthMetrics = (options: ReadOptions, health: Pick<HealthChecks, 'look' | 'names'>): void =>
  measured(
    options,
    'health_check_failing',
    async () => {
      const { failing, degraded } = await health.look();
      const failed = [...failing, ...degraded];
      return health.names.map((check) => ({ labels: { check }, value: Number(failed.includes(check)) }));
    },
    ['check'],
  );

/** What the command handler tells of its appends. Outcomes are those of `HandlerObserver`. */
export interface LedgerCounts {
  readonly appended: (outcome: string) => void;
  readonly replayed: () => void;
}

export function ledgerMetrics(registry: Registry, outcomes: readonly string[]): LedgerCounts {
  const appends = counter(registry, 'ledger_appends_total', ['outcome']);
  const conflicts = counter(registry, 'ledger_append_conflicts_total');
  const unknown = counter(registry, 'ledger_append_unknown_total');
  const replays = counter(registry, 'ledger_replays_total');
  // A rate needs the zero before the first.
  for (const outcome of outcomes) appends.inc({ outcome }, 0);
  return {
    appended: (outcome) => {
      appends.inc({ outcome });
      if (outcome === 'conflict') conflicts.inc();
      if (outcome === 'unknown') unknown.inc();
    },
    replayed: () => replays.inc(),
  };
}

/** How far the read models are with one partition. */
export interface PartitionProgress {
  readonly partition: string;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  /** Since the process started. */
  readonly events: number;
}

export function projectorMetrics(options: ReadOptions, read: Read<readonly PartitionProgress[]>): void {
  const once = sharing(read);
  const samples = (value: (progress: PartitionProgress) => number) => async () =>
    (await once()).map((progress) => ({ labels: { partition: progress.partition }, value: value(progress) }));
  measured(
    options,
    'projector_lag_events',
    samples(({ lagEvents }) => lagEvents),
    ['partition'],
  );
  measured(
    options,
    'projector_lag_seconds',
    samples(({ lagSeconds }) => lagSeconds),
    ['partition'],
  );
  measured(
    options,
    'projector_events_total',
    samples(({ events }) => events),
    ['partition'],
  );
}

export const parkedMetrics = (options: ReadOptions, read: Read<number>): void =>
  measured(options, 'parked_streams', single(read));

export const processMetrics = (options: ReadOptions, read: Read<number>): void =>
  measured(options, 'processes_open', single(read));

export interface RelayReadings {
  /** `undefined` while it is not known, such as in a relay that stands by: the series is left out then. */
  readonly ageSeconds: Read<number | undefined>;
  /** Since the process started. */
  readonly events: Read<number>;
  readonly active: Read<boolean>;
}

export function relayMetrics(options: ReadOptions, { ageSeconds, events, active }: RelayReadings): void {
  measured(options, 'relay_age_seconds', single(ageSeconds));
  measured(options, 'relay_events_total', single(events));
  measured(
    options,
    'relay_active',
    single(async () => Number(await active())),
  );
}

/** Counts messages of the treasury by outcome, and reads how many notices wait. */
export function treasuryMetrics(
  options: ReadOptions,
  { outcomes, waiting }: { readonly outcomes: readonly string[]; readonly waiting: Read<number> },
): (outcome: string) => void {
  const messages = counter(options.registry, 'treasury_messages_total', ['outcome']);
  for (const outcome of outcomes) messages.inc({ outcome }, 0);
  measured(options, 'treasury_tray_notices', single(waiting));
  return (outcome) => messages.inc({ outcome });
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const single = (read: Read<number | undefined>) => async (): Promise<readonly Sample[]> => {
  const value = await read();
  return value === undefined ? [] : [{ labels: {}, value }];
};

/** One reading for all who ask while it runs: the series of one scrape fit together. */
function sharing<Value>(read: Read<Value>): () => Promise<Value> {
  let running: Promise<Value> | undefined;
  return () =>
    (running ??= Promise.resolve()
      .then(read)
      .finally(() => (running = undefined)));
}

function counter(registry: Registry, name: MetricName, labelNames: readonly string[] = []): Counter {
  return new Counter({ name, help: METRICS[name], labelNames: [...labelNames], registers: [registry] });
}

/** A metric that is read when it is asked for; by its name's end a counter or a gauge. */
function measured(
  { registry, onError }: ReadOptions,
  name: MetricName,
  read: () => Promise<readonly Sample[]>,
  labelNames: readonly string[] = [],
): void {
  const settings = { name, help: METRICS[name], labelNames: [...labelNames], registers: [registry] };
  const collect = async (metric: Counter | Gauge): Promise<void> => {
    const samples = await read().catch((error: unknown): readonly Sample[] => {
      onError(error);
      return [];
    });
    // From here on at once: two scrapes may come together.
    metric.reset();
    // Without labels a metric that was reset says 0: what is not known must not look like that.
    metric.remove({});
    for (const { labels, value } of samples) metric.inc(labels, value);
  };
  if (name.endsWith('_total')) {
    new Counter({
      ...settings,
      collect: async function () {
        await collect(this);
      },
    });
  } else {
    new Gauge({
      ...settings,
      collect: async function () {
        await collect(this);
      },
    });
  }
}
