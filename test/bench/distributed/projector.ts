/** Speed of projectors on a backlog in the topic, alone and as two, beside a bare COPY of as many rows. */
import { setTimeout as pause } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Row } from '../event-log.js';
import { median } from '../read-model.js';
import { start } from './processes.js';
import { PROJECTIONS_GROUP } from '../../../apps/projector/member.js';
import { asking, environmentOf, thousands, type Stage } from './stage.js';

const ROUNDS = 3;
const AIM = 30_000;
/** What is measured begins when this share of the backlog is done: joining the group is no projecting. */
const WARM = 0.05;

/** `events`: how many of budgets are in the topic. */
export async function projectorBench(stage: Stage, events: number): Promise<Row[]> {
  const alone: number[] = [];
  const both: number[] = [];
  const copied: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    copied.push(await copyRound(await stage.newDatabase(), events));
    alone.push(await projectorRound(stage, events, 1));
    both.push(await projectorRound(stage, events, 2));
  }
  const [one, two, copy] = [alone, both, copied].map((values) => Math.round(median(values))) as [
    number,
    number,
    number,
  ];
  return [
    { name: 'bare COPY of a row for each event', unit: 'rows/s', median: copy, aim: 'yardstick', met: null },
    {
      name: `one projector on a backlog of ${thousands(events)}`,
      unit: 'events/s',
      median: one,
      aim: `≥ ${thousands(AIM)} (here ${(one / copy).toFixed(2)} × COPY)`,
      met: one >= AIM,
    },
    {
      name: `two projectors on a backlog of ${thousands(events)}`,
      unit: 'events/s',
      median: two,
      aim: `shown (${(two / one).toFixed(2)} × one)`,
      met: null,
    },
  ];
}

/** New read models and a group that has read nothing. Events a second after the warming up. */
async function projectorRound(stage: Stage, events: number, instances: number): Promise<number> {
  await forgetGroup(stage);
  const url = await stage.newDatabase();
  const environment = environmentOf(stage, url);
  const projectors = [await start('projector', environment)];
  while (projectors.length < instances) projectors.push(await start('projector', environment));
  const database = await asking(url);
  const projected = (): Promise<number> =>
    database.one(`SELECT coalesce(sum(revision + 1), 0)::text AS value FROM read.stream_position
                  WHERE stream LIKE 'budget-%'`);
  try {
    const reached = async (count: number): Promise<{ readonly at: number; readonly count: number }> => {
      for (;;) {
        const found = await projected();
        if (found >= count) return { at: performance.now(), count: found };
        await pause(20);
      }
    };
    const first = await reached(events * WARM);
    const last = await reached(events);
    return ((last.count - first.count) / (last.at - first.at)) * 1_000;
  } finally {
    await database.end();
    await Promise.all(projectors.map((projector) => projector.stop()));
  }
}

async function forgetGroup({ admin }: Stage): Promise<void> {
  const { groups } = await admin.listGroups();
  if (groups.some(({ groupId }) => groupId === PROJECTIONS_GROUP)) await admin.deleteGroups([PROJECTIONS_GROUP]);
}

/** Rows as wide as those of the journal, into a table with its primary key. */
async function copyRound(url: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE TABLE bare (unit text COLLATE "C", year integer, position bigint, at integer, event uuid,
      account integer, day date, fen bigint, voucher text, payee text, actor text, PRIMARY KEY (unit, year, position, at))`);
    const started = performance.now();
    await pipeline(Readable.from(lines(rows)), client.query(copyFrom('COPY bare FROM STDIN')));
    return (rows / (performance.now() - started)) * 1_000;
  } finally {
    await client.end();
  }
}

function* lines(rows: number): Iterable<string> {
  const LINES = 1_000;
  for (let n = 0; n < rows; n += LINES) {
    yield Array.from({ length: Math.min(LINES, rows - n) }, (_, next) => {
      const nth = n + next;
      const id = `00000000-0000-5000-8000-${nth.toString(16).padStart(12, '0')}`;
      return `B${nth % 48}\t2024\t${nth}\t0\t${id}\t${nth % 20}\t2024-06-28\t${100_000 + nth}\tV-${nth}\t某某工程有限公司\tclerk\n`;
    }).join('');
  }
}
