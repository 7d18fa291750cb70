/** HTTP to a running system: addresses, answers, problems, streams. Knows nothing of budgets. */
import { Readable } from 'node:stream';
import { BadInput, Refused, Unreachable, type ProblemBody } from './faults.js';
import { serverEvents, type ServerEvent } from './server-events.js';

/** A list is given once for each of its values. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Reply<Body> {
  readonly body: Body;
  /** Of the stream that the answer is about, from `Stream-Revision`. */
  readonly revision?: string;
}

export interface WriteRequest {
  readonly body?: unknown;
  readonly query?: Query;
  readonly key?: string;
  readonly ifMatch?: string;
}

/** An address with its names encoded. Throws `BadInput` for `.` and `..`, which every URL parser takes out of a path. */
export function path(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return parts.reduce((address, part, index) => {
    const name = names[index - 1] ?? '';
    if (name === '.' || name === '..')
      throw new BadInput({ message: `${name} cannot be the number or id of anything` });
    return `${address}${encodeURIComponent(name)}${part}`;
  });
}

export class Client {
  readonly #base: string;

  /** `base` as `BUDGET_URL` gives it. Throws `BadInput` for one that cannot be asked. */
  constructor(base: string) {
    const url = URL.canParse(base) ? new URL(base) : undefined;
    const usable = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
    if (!usable) {
      const message = 'must be an http:// or https:// address without a name, password, query or fragment';
      throw new BadInput({ place: 'BUDGET_URL', code: 'NOT_A_URL', message });
    }
    this.#base = url.href.replace(/\/+$/, '');
  }

  get<Body>(address: string, query: Query = {}): Promise<Reply<Body>> {
    return this.#json(this.#send('GET', address, { query }));
  }

  write<Body>(method: 'POST' | 'PUT', address: string, request: WriteRequest): Promise<Reply<Body>> {
    const { body, query = {}, key, ifMatch } = request;
    const headers: Record<string, string> = {};
    if (key !== undefined) headers['idempotency-key'] = key;
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    if (body === undefined) return this.#json(this.#send(method, address, { query, headers }));
    headers['content-type'] = 'application/json';
    return this.#json(this.#send(method, address, { query, headers, body: JSON.stringify(body) }));
  }

  /** Sends a file as the multipart field `file`, its bytes untouched: the system finds out how they are encoded. */
  upload<Body>(address: string, query: Query, file: { name: string; bytes: Uint8Array }): Promise<Reply<Body>> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(file.bytes)]), file.name);
    return this.#json(this.#send('POST', address, { query, body: form }));
  }

  /** Sends lines of JSON as they are read; memory holds none of them. */
  uploadLines<Body>(address: string, lines: Readable): Promise<Reply<Body>> {
    const body = Readable.toWeb(lines) as ReadableStream;
    return this.#json(this.#send('POST', address, { body, headers: { 'content-type': 'application/x-ndjson' } }));
  }

  /** The answer's bytes as they come; `type`: of a named file in place of JSON. Throws `Unreachable` when it breaks off. */
  async *download(address: string, type?: string): AsyncGenerator<Uint8Array> {
    yield* this.#chunks(
      await this.#send(
        'GET',
        address,
        type === undefined ? {} : { type, headers: { accept: `${type}, application/problem+json` } },
      ),
    );
  }

  /** Values of an answer of one JSON value a line, as they come. */
  async *lines(method: 'GET' | 'POST', address: string): AsyncGenerator<unknown> {
    const response = await this.#send(method, address, {});
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.#chunks(response)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield this.#parse(line);
    }
    rest += decoder.decode();
    if (rest !== '') yield this.#parse(rest);
  }

  /**
   * Server-sent events after a place, as they come, until the system ends them. Throws `Refused`, and `Unreachable` when the
   * connection is lost, which a long silence is too.
   */
  async *events(
    address: string,
    query: Query,
    { after, signal }: { readonly after: string; readonly signal: AbortSignal },
  ): AsyncGenerator<ServerEvent> {
    // Not `AbortSignal.any`: Node 20 may collect such a signal while a request still waits for it.
    const ending = new AbortController();
    const end = () => ending.abort(signal.reason);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const timer = setTimeout(() => ending.abort(new Error('silent for too long')), SILENCE_MS);
    try {
      const response = await this.#send('GET', address, {
        query,
        headers: { accept: 'text/event-stream, application/problem+json', 'last-event-id': after },
        signal: ending.signal,
      });
      const heard = this.#chunks(response, ending.signal);
      yield* serverEvents(tapped(heard, () => timer.refresh()));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  async *#chunks(response: Response, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    if (reader === undefined) return;
    // By ourselves: an answer whose request was collected no longer hears of the request's signal.
    const cancel = () => void reader.cancel().catch(() => undefined);
    signal?.addEventListener('abort', cancel);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        signal?.throwIfAborted();
        if (done) return;
        yield value;
      }
    } catch (error) {
      throw new Unreachable(`The answer of ${this.#base} broke off (${causeOf(error)}).`, { cause: error });
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  }

  async #json<Body>(sent: Promise<Response>): Promise<Reply<Body>> {
    const response = await sent;
    const body = this.#parse(await this.#text(response)) as Body;
    const revision = response.headers.get('stream-revision');
    return { body, ...(revision === null ? {} : { revision }) };
  }

  async #text(response: Response): Promise<string> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.#chunks(response)) text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  }

  /** Throws `Refused` for a problem, `Unreachable` when nobody or somebody else answers. */
  async #send(
    method: string,
    address: string,
    request: {
      query?: Query;
      headers?: Record<string, string>;
      body?: string | FormData | ReadableStream;
      signal?: AbortSignal;
      /** Media type of the file that is asked for. */
      type?: string;
    },
  ): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}${address}${searchOf(request.query)}`, {
        method,
        headers: { accept: 'application/json, application/problem+json, application/x-ndjson', ...request.headers },
        redirect: 'error',
        ...(request.body === undefined ? {} : { body: request.body, duplex: 'half' as const }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
    } catch (error) {
      throw new Unreachable(unanswered(this.#base, method, causeOf(error)), { cause: error });
    }
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && (request.type === undefined ? OWN_TYPES.test(type) : isFile(response, request.type)))
      return response;
    if (type.startsWith('application/problem+json')) {
      throw new Refused(this.#parse(await this.#text(response)) as ProblemBody);
    }
    await response.body?.cancel();
    const message = `Something that is not this system answers at ${this.#base} (${response.status}, ${type || 'no type'}).`;
    throw new Unreachable(`${message} Set BUDGET_URL to the address that \`npm start\` prints.`);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Unreachable(`The answer of ${this.#base} is not JSON.`, { cause: error });
    }
  }
}

const OWN_TYPES = /^(application\/(json|x-ndjson)|text\/event-stream)\b/;

/** A file that the system hands out has a name; a page that somebody else answers has none. */
const isFile = ({ headers }: Response, type: string): boolean =>
  (headers.get('content-type') ?? '').startsWith(type) && headers.get('content-disposition') !== null;

/** The system says every 15 s that it is there. */
const SILENCE_MS = 45_000;

async function* tapped<Item>(items: AsyncIterable<Item>, onItem: () => void): AsyncGenerator<Item> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}

function searchOf(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => {
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    return values.map((text): [string, string] => [name, text]);
  });
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function unanswered(base: string, method: string, cause: string): string {
  const message = `No answer from ${base} (${cause}). Start the system with \`npm start\`, or set BUDGET_URL to its address.`;
  return method === 'GET'
    ? message
    : `${message} Whether anything was written is not known: repeat the same command, it is never booked twice.`;
}

/** fetch hides what happened in the cause, and in several of them when a name has several addresses. */
function causeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? String((error as Error).message);
}
