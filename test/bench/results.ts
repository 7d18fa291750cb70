/** A file of 1,000 results of a table of 81 indicators, from its bytes through preview and confirmation until it is in the log. */
import { createHash, randomUUID } from 'node:crypto';
import { civilDate } from '#domain/calendar.js';
import { DIRECTORY_STREAM, directoryDecider } from '#domain/directory/decide.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Indicator } from '#domain/performance/events.js';
import { createHandler, type Handler } from '#event-store/handler.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import { Imports } from '../../apps/ledger/imports.js';
import { Recording } from '../../apps/ledger/recording.js';
import type { Upload } from '../../apps/ledger/upload.js';
import type { Row } from './event-log.js';

const ROWS = 1_000;
const INDICATORS = 81;
const ROUNDS = 5;
const AIM_MS = 1_000;

export async function resultsBench(url: string): Promise<Row[]> {
  const store = await openPostgresStore({ url, onError: (error) => process.stderr.write(`${String(error)}\n`) });
  const handler = createHandler({ store });
  const recording = new Recording(handler, { id: 'bench' }, unasked, { sizes: unasked });
  const imports = new Imports(handler, recording, store);
  try {
    const times: number[] = [];
    // The first round warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const unit = `R${round}`;
      await approve(handler, unit);
      const started = performance.now();
      const upload = uploadOf(unit);
      const { fingerprint } = await imports.preview(upload);
      const origin = { correlationId: randomUUID(), traceparent: '' };
      const booked = (await imports.confirm(upload.id, `"${fingerprint}"`, origin)) as { readonly written: number };
      if (round > 0) times.push(performance.now() - started);
      if (booked.written !== ROWS) throw new Error(`${booked.written} of ${ROWS} results were recorded`);
    }
    const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
    const name = `import of ${ROWS.toLocaleString('en-US')} results from CSV`;
    return [{ name, unit: 'ms', median, p99: times.at(-1) ?? 0, aim: `≤ ${AIM_MS} ms`, met: median <= AIM_MS }];
  } finally {
    await store.close();
  }
}

const unasked = (): never => {
  throw new Error('an import asked for what it does not need');
};

async function approve(handler: Handler, unit: string): Promise<void> {
  const context = () => ({ meta: { commandId: randomUUID(), actor: { id: 'bench' } } });
  const effectiveDate = civilDate('2024-01-01');
  const register = { type: 'RegisterUnit', unit, name: unit, validFrom: effectiveDate } as const;
  const indicators = Array.from({ length: INDICATORS }, (_, n) => indicator(n));
  const approval = { type: 'ApproveTargets', effectiveDate, indicators } as const;
  for (const { kind } of [
    await handler.handle(DIRECTORY_STREAM, directoryDecider, register, context()),
    await handler.handle(performanceStream(unit, 2024), performanceDecider(2024), approval, context()),
  ]) {
    if (kind !== 'done') throw new Error(`the table of ${unit} was answered ${kind}`);
  }
}

const idOf = (n: number): string => `I${String(n + 1).padStart(2, '0')}`;

const indicator = (n: number): Indicator => ({
  indicator: idOf(n),
  block: 2,
  level1: '履职',
  level2: '土地收储',
  level3: `第 ${n + 1} 项任务完成数量`,
  kind: 'FLOW_CUMULATIVE',
  comparator: '=',
  half: { text: '＝600个', value: '600' },
  annual: { text: '＝1200个', value: '1200' },
  decimals: 0,
  unit: '个',
  checkpointBasis: 'FULL_YEAR',
});

/** Each indicator twelve or thirteen times through the year, its running total rising. */
function uploadOf(unit: string): Upload {
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const time = Math.floor(n / INDICATORS);
    const date = time < 12 ? `2024-${String(time + 1).padStart(2, '0')}-28` : '2024-12-31';
    const total = 100 * (time + 1);
    return `R${n},${date},${idOf(n % INDICATORS)},${total}个,工作台账第 ${n} 页`;
  });
  const bytes = Buffer.from(['resultId,date,indicator,value,evidenceTitle', ...rows, ''].join('\n'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'results', unit, year: 2024, bytes, sha256, id: `${unit}-${sha256}` };
}
