import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startBudget, type LiveRun } from './live-run.js';

const BASE = '/api/v1/units/U0001/years/2024';
const WATCH = ['lines', '--watch', '--unit', 'U0001', '--year', '2024'];

/** A system whose books the spec moves: what was paid stands in its only line, positions count the payments. */
let server: Server;
let url: string;
let asked: { path: string; lastEventId?: string }[];
let streams: Set<ServerResponse>;
let position: number;
/** Answers in place of the system. */
let instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
const runs: LiveRun[] = [];

beforeEach(async () => {
  [asked, streams, position, instead] = [[], new Set(), 10, undefined];
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.interrupt();
    await run.code.catch(() => undefined);
  }
  await new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  const lastEventId = request.headers['last-event-id'] as string | undefined;
  asked.push({ path, ...(lastEventId === undefined ? {} : { lastEventId }) });
  if (instead?.(request, response)) return;
  if (path.startsWith('/api/v1/stream')) {
    streams.add(response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }));
    response.on('close', () => streams.delete(response));
    response.write(
      `retry: 5\nid: ${lastEventId ?? position}\nevent: hello\ndata: {"position":"${position}","stale":[]}\n\n`,
    );
    return;
  }
  const known = Number(new URL(path, url).searchParams.get('knownAt') ?? position);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(linesAt(known)));
}

const instant = (at: number): string => new Date(Date.UTC(2024, 6, 5, 6, at)).toISOString();
const linesAt = (at: number) => ({
  asOf: '2024-07-05',
  knownAt: instant(at),
  position: String(at),
  approved: true,
  lines: [{ line: 'P05', name: '征地补偿', expenditure: 'project', fund: 'general-public', paid: `${at}.00` }],
  totals: { paid: `${at}.00` },
});

/** Something is booked, and those who listen are told. */
function booked(events: number, ...types: readonly string[]): void {
  position += events;
  const changes = [{ unit: 'U0001', year: 2024, family: 'budget', revision: position, events, types }];
  const data = JSON.stringify({ position: String(position), recordedAt: instant(position), changes });
  for (const stream of streams) stream.write(`id: ${position}\nevent: change\ndata: ${data}\n\n`);
}

const watching = (more: readonly string[] = [], options = {}): LiveRun => {
  const run = startBudget(url, [...WATCH, ...more], options);
  runs.push(run);
  return run;
};
const listening = async (): Promise<void> => {
  while (streams.size === 0) await new Promise((resolve) => setTimeout(resolve, 2));
};
const paths = () => asked.map(({ path }) => path);

describe('lines --watch', () => {
  it('prints the table, then again with when and what has come in, and ends with 0 on Ctrl-C', async () => {
    const run = watching();
    await listening();
    expect(run.out).toMatch(/^U0001 2024\n.*日志位置 10，/);
    booked(3, 'PaymentExecuted', 'BudgetAdded');
    await run.until(({ out }) => out.includes('日志位置 13'));
    expect(run.out).toContain('\n\n2024-07-05 14:13:00.000 +08:00：3 项变动（支付、追加）\n\nU0001 2024\n');
    expect(run.out.match(/日志位置/g)).toHaveLength(2);
    run.interrupt();
    expect(await run.code).toBe(0);
    expect(run.err).toBe('');
    expect(paths()).toEqual([`${BASE}/lines`, '/api/v1/stream?unit=U0001&year=2024', `${BASE}/lines?knownAt=13`]);
    expect(asked[1]?.lastEventId).toBe('10');
  });

  it('gathers what comes within a second', async () => {
    const run = watching(['--lang', 'en']);
    await listening();
    for (let count = 0; count < 20; count += 1) booked(1, count % 2 === 0 ? 'PaymentExecuted' : 'PaymentReturned');
    await run.until(({ out }) => out.includes('log position 30'));
    expect(run.out).toContain('2024-07-05 14:30:00.000 +08:00: 20 events (payment, return)\n');
    expect(run.out.match(/log position/g)).toHaveLength(2);
  });

  it('takes the options of lines', async () => {
    const run = watching(['--at', 'half', '--unit-of-money', 'wan']);
    await listening();
    booked(1, 'Unheard');
    await run.until(({ out }) => out.includes('日志位置 11'));
    expect(run.out).toContain('1 项变动（Unheard）');
    expect(run.out).toContain('万元');
    expect(paths()).toEqual([
      `${BASE}/lines?checkpoint=half`,
      '/api/v1/stream?unit=U0001&year=2024',
      `${BASE}/lines?checkpoint=half&knownAt=11`,
    ]);
  });

  it('draws a terminal again in its place', async () => {
    const run = watching([], { redraws: true });
    await listening();
    booked(1, 'PaymentExecuted');
    await run.until(({ out }) => out.includes('日志位置 11'));
    const [before, first, second] = run.out.split('\x1b[2J\x1b[H');
    expect(before).toBe('');
    expect(first).toMatch(/^U0001 2024\n/);
    expect(second).toMatch(/^U0001 2024\n[\s\S]*\n\n2024-07-05 14:11:00.000 \+08:00：1 项变动（支付）\n$/);
  });

  it('as json is one body a line', async () => {
    const run = watching(['--format', 'json']);
    await listening();
    booked(2, 'PaymentExecuted');
    await run.until(({ out }) => out.split('\n').length === 3);
    expect(run.out).toBe(`${JSON.stringify(linesAt(10))}\n${JSON.stringify(linesAt(12))}\n`);
  });

  it.each([
    [['--format', 'csv'], '--format: csv does not go with --watch; use table or json [NOT_TOGETHER]'],
    [['--known-at', '2024-07-01'], '--known-at: does not go together with --watch'],
  ])('refuses %s', async (more, words) => {
    const run = watching(more);
    expect(await run.code).toBe(2);
    expect(run.err).toContain(words);
    expect(asked).toEqual([]);
  });
});

describe('a connection that is lost', () => {
  it('is told once and taken up where it was, as often as it takes; then that it is back', async () => {
    const run = watching(['--lang', 'en']);
    await listening();
    booked(1, 'PaymentExecuted');
    await run.until(({ out }) => out.includes('log position 11'));
    let refused = 0;
    instead = ({ url: path = '' }, response) => {
      if (!path.startsWith('/api/v1/stream') || (refused += 1) > 3) return false;
      if (refused === 1) response.destroy();
      else
        response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{"status":503,"code":"STOPPING"}');
      return true;
    };
    for (const stream of streams) stream.destroy();
    await run.until(({ err }) => err.includes('back'));
    expect(run.err).toMatch(/^Connection lost, trying again: .*\nThe connection is back\.\n$/);
    expect(asked.at(-1)).toEqual({ path: '/api/v1/stream?unit=U0001&year=2024', lastEventId: '11' });
    booked(1, 'PaymentExecuted');
    await run.until(({ out }) => out.includes('log position 12'));
  });

  it('within a message leaves the message to the next one', async () => {
    const run = watching();
    await listening();
    for (const stream of streams)
      stream.write('id: 11\nevent: change\ndata: {"position":"11",', () => stream.destroy());
    await run.until(({ err }) => err.includes('恢复'));
    expect(asked.at(-1)?.lastEventId).toBe('10');
    expect(run.err).toMatch(/^连接中断，正在重试：.*\n连接已恢复。\n$/);
  });

  it('to a system with another log begins anew', async () => {
    const run = watching();
    await listening();
    position = 3;
    let once = true;
    instead = ({ url: path = '' }, response) => {
      if (!path.startsWith('/api/v1/stream') || !once) return false;
      once = false;
      const problem = { status: 422, title: 'x', code: 'POSITION_BEYOND_END', detail: 'reset' };
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      return true;
    };
    for (const stream of streams) stream.destroy();
    await run.until(({ out }) => out.includes('日志位置 3，'));
    expect(run.err).toContain('日志已不是原来的日志');
  });

  it('before the first table is what it is for every report: exit code 3', async () => {
    instead = (_request, response) => {
      response.destroy();
      return true;
    };
    const run = watching();
    expect(await run.code).toBe(3);
    expect(run.err).toContain('No answer from');
  });

  it('for good ends with what the system says', async () => {
    const run = watching();
    await listening();
    instead = ({ url: path = '' }, response) => {
      if (!path.startsWith('/api/v1/stream')) return false;
      const problem = { status: 404, title: 'x', code: 'UNKNOWN_UNIT', detail: 'There is no unit U0001.' };
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      return true;
    };
    for (const stream of streams) stream.destroy();
    expect(await run.code).toBe(2);
    expect(run.err).toContain('There is no unit U0001. [UNKNOWN_UNIT]');
  });
});
