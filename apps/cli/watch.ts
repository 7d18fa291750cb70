/** `--watch`: a report, and the same again whenever something of its unit and year has come in. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Moment } from './bodies.js';
import type { Cli } from './cli.js';
import type { Client, Query } from './client.js';
import { eventWord } from './event-words.js';
import { Refused } from './faults.js';
import type { Given } from './given.js';
import type { Language } from './labels.js';
import { follow, mayPass, type Heard } from './live.js';
import { momentOf } from './moment.js';
import { localTime } from './page.js';
import { askedPlace, baseOf, placeOf, type Place } from './place.js';
import { printable } from './table.js';
import { textOf, viewOf, type Shapes, type View } from './view.js';

export interface Watched<Body, Row> extends Shapes<Body, Row> {
  /** Address below the unit and year. */
  readonly address: string;
  readonly query: Query;
}

/** Nobody reads faster, and a busy year is not asked for more often. */
const REDRAW_MS = 1_000;
/** Answers to a place that the log has never reached: it is another log. */
const RESET = ['POSITION_BEYOND_END', 'KNOWN_AT_NOT_PAST'];
const CLEAR = '\x1b[2J\x1b[H';

/** Prints until Ctrl-C. Throws like a report as long as there was none yet, and `Refused` when it cannot go on. */
export async function watch<Body extends Moment, Row>(
  cli: Cli,
  given: Given,
  watched: Watched<Body, Row>,
): Promise<void> {
  const asked = readWatch(cli, given, watched);
  given.check();
  const stopping = new AbortController();
  const forget = cli.terminal.onInterrupt(() => stopping.abort());
  try {
    await untilStopped(stopping.signal, async () => {
      const place = await placeOf(cli.client(), asked.place);
      const style = { ...asked.view.style, title: `${place.unit} ${place.year}` };
      const watcher = new Watcher(cli, watched, { ...asked, place, view: { ...asked.view, style } }, stopping.signal);
      for (;;) await watcher.run();
    });
  } finally {
    stopping.abort();
    forget();
  }
}

function readWatch(cli: Cli, given: Given, { query }: Pick<Watched<never, never>, 'query'>) {
  const view = viewOf(given, cli.terminal);
  if (view.format === 'csv') given.fault('format', 'NOT_TOGETHER', 'csv does not go with --watch; use table or json');
  if (given.has('known-at')) {
    given.fault('known-at', 'NOT_TOGETHER', 'does not go together with --watch: what was known then never changes');
  }
  return { view, query: { ...momentOf(given), ...query }, place: askedPlace(given) };
}

interface Asked {
  readonly view: View;
  readonly query: Query;
  readonly place: Place;
}

class Watcher<Body extends Moment, Row> {
  readonly #client: Client;
  readonly #language: Language;
  #printedAt = 0;
  #isFirst = true;

  constructor(
    private readonly cli: Cli,
    private readonly watched: Watched<Body, Row>,
    private readonly asked: Asked,
    private readonly signal: AbortSignal,
  ) {
    this.#client = cli.client();
    this.#language = asked.view.style.language;
  }

  /** From a report on; ends when the system has another log than the one that was followed. */
  async run(): Promise<void> {
    const body = await this.#read();
    await this.#print(body);
    const news = new News(body);
    const { unit, year } = this.asked.place;
    const query = { unit, year: String(year) };
    // Not `AbortSignal.any`: Node 20 may collect such a signal while a request still waits for it, and never ends.
    const round = new AbortController();
    const end = () => round.abort();
    this.signal.addEventListener('abort', end);
    const heard = this.#hear(follow(this.#client, { query, after: body.position, signal: round.signal }), news);
    // Told when it is waited for.
    heard.catch(() => undefined);
    try {
      for (;;) {
        await Promise.race([news.some(), heard]);
        await pause(Math.max(0, this.#printedAt + REDRAW_MS - Date.now()), undefined, { signal: this.signal });
        await this.#printNews(news);
      }
    } catch (error) {
      if (!(error instanceof Refused) || !RESET.includes(error.problem.code)) throw error;
      this.#say('日志已不是原来的日志，重新读取。', 'This is not the log that was followed any more; reading anew.');
    } finally {
      this.signal.removeEventListener('abort', end);
      round.abort();
    }
  }

  async #hear(messages: AsyncIterable<Heard>, news: News): Promise<never> {
    for await (const heard of messages) {
      if (heard.kind === 'message') news.take(heard.event, heard.data);
      else if (heard.kind === 'back') this.#say('连接已恢复。', 'The connection is back.');
      else this.#say(`连接中断，正在重试：${heard.reason}`, `Connection lost, trying again: ${heard.reason}`);
    }
    throw new Error('a stream that was followed to its end was not stopped');
  }

  /** As known at the last message, so that the figures are those which the message tells of. */
  async #printNews(news: News): Promise<void> {
    const { position } = news;
    try {
      const body = await this.#read(position);
      await this.#print(body, news.told(this.#language, body.stale !== undefined));
    } catch (error) {
      // The connection is being looked after; what came in is printed when it is back.
      if (!mayPass(error)) throw error;
      this.#printedAt = Date.now();
    }
  }

  async #read(knownAt?: string): Promise<Body> {
    const { place, query } = this.asked;
    const { address } = this.watched;
    return (
      await this.#client.get<Body>(`${baseOf(place)}${address}`, {
        ...query,
        ...(knownAt === undefined ? {} : { knownAt, atLeast: undefined }),
      })
    ).body;
  }

  async #print(body: Body, sentence?: string): Promise<void> {
    const { view } = this.asked;
    const { terminal } = this.cli;
    this.#printedAt = Date.now();
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (view.format === 'json') return terminal.out(`${JSON.stringify(body)}\n`);
    const said = sentence === undefined ? '' : `${printable(sentence)}\n`;
    const table = textOf(view, body, this.watched);
    if (terminal.redraws) return terminal.out(`${CLEAR}${table}${said === '' ? '' : `\n${said}`}`);
    return terminal.out(isFirst ? table : `\n${said}\n${table}`);
  }

  #say(zh: string, en: string): void {
    this.cli.terminal.err(`${printable(this.#language === 'zh' ? zh : en)}\n`);
  }
}

interface HelloBody {
  readonly stale: readonly { readonly family: string }[];
}

interface ChangesBody {
  readonly position: string;
  readonly recordedAt: string;
  readonly changes: readonly { readonly events: number; readonly types: readonly string[] }[];
}

/** What has come in since the last print. */
class News {
  position: string;
  #recordedAt: string;
  #events = 0;
  readonly #types = new Set<string>();
  #wasStale: boolean;
  #isSome = false;
  #ring: () => void = () => undefined;

  constructor({ position, knownAt, stale }: Moment) {
    this.position = position;
    this.#recordedAt = knownAt;
    this.#wasStale = stale !== undefined;
  }

  take(event: string, data: unknown): void {
    if (event === 'hello') this.#hello((data as HelloBody).stale.some(({ family }) => family !== 'directory'));
    else if (event === 'change') this.#change(data as ChangesBody);
    else if (event === 'stale') this.#at(data as ChangesBody);
  }

  /** Resolves when there is something to print. */
  some(): Promise<void> {
    return this.#isSome ? Promise.resolve() : new Promise((resolve) => (this.#ring = resolve));
  }

  /** When and what, of all that has come in; begins anew. */
  told(language: Language, isStale: boolean): string {
    const words = [...this.#types].map((type) => eventWord(type, language));
    const [count, when] = [this.#events, localTime(this.#recordedAt)];
    this.#events = 0;
    this.#types.clear();
    this.#wasStale = isStale;
    this.#isSome = false;
    if (language === 'zh')
      return count === 0 ? `${when}：数据状态有变` : `${when}：${count} 项变动（${words.join('、')}）`;
    if (count === 0) return `${when}: what is out of date has changed`;
    return `${when}: ${count} ${count === 1 ? 'event' : 'events'} (${words.join(', ')})`;
  }

  /** Whoever was away may have missed that a stream goes on. */
  #hello(isStale: boolean): void {
    if (isStale !== this.#wasStale) this.#some();
  }

  #change(body: ChangesBody): void {
    for (const { events, types } of body.changes) {
      this.#events += events;
      for (const type of types) this.#types.add(type);
    }
    this.#at(body);
  }

  #at({ position, recordedAt }: Pick<ChangesBody, 'position' | 'recordedAt'>): void {
    this.position = position;
    this.#recordedAt = recordedAt;
    this.#some();
  }

  #some(): void {
    this.#isSome = true;
    this.#ring();
  }
}

/** Ends without an error when the signal comes; whatever is under way then is left to end by itself. */
async function untilStopped(signal: AbortSignal, work: () => Promise<never>): Promise<void> {
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await Promise.race([
    stopped,
    work().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
  ]);
}
