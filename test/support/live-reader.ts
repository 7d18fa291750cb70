/** For specs: a reader of server-sent events over a connection of its own, which the spec can slow down and break. */
import { once } from 'node:events';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';

export interface LiveMessage {
  readonly id: string;
  readonly event: string;
  // Looked at member by member; a spec that reads a wrong one fails there.
  readonly data: any;
}

export interface LiveReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly messages: readonly LiveMessage[];
  /** Comments that came. */
  readonly comments: number;
  /** The place that the reader would come back with. */
  readonly lastId: string | undefined;
  /** Of the connection, as the server sees it. */
  readonly port: number;
  /** A body that is no event stream: the problem. */
  readonly problem: any;
  /** Resolves when the condition holds, rejects when the connection ends before. */
  until(holds: (reader: LiveReader) => boolean): Promise<void>;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
  /** Breaks the connection off. */
  close(): void;
}

/** `path` with its query. Resolves when the answer has begun; a problem has come as a whole then. */
export async function openReader(address: string, path: string, lastEventId?: string): Promise<LiveReader> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const request = get(`${address}${path}`, { headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const reader = new Reader(request, response);
  if ((response.headers['content-type'] ?? '').includes('json')) await reader.ended;
  return reader;
}

class Reader implements LiveReader {
  readonly messages: LiveMessage[] = [];
  comments = 0;
  lastId: string | undefined;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly port: number;
  readonly ended: Promise<void>;
  #rest = '';
  #over = false;
  readonly #watchers = new Set<() => void>();

  constructor(
    private readonly request: ClientRequest,
    response: IncomingMessage,
  ) {
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.port = response.socket.localPort ?? 0;
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.ended = new Promise((resolve) => {
      response
        .on('error', () => undefined)
        .on('close', () => {
          this.#over = true;
          this.#look();
          resolve();
        });
    });
  }

  get problem(): any {
    return JSON.parse(this.#rest);
  }

  until(holds: (reader: LiveReader) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const done = holds(this);
        if (!done && !this.#over) return;
        this.#watchers.delete(look);
        if (done) resolve();
        else reject(new Error(`the stream ended after ${JSON.stringify(this.messages.at(-1))}`));
      };
      this.#watchers.add(look);
      look();
    });
  }

  close(): void {
    this.request.destroy();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#read(block);
    this.#look();
  }

  #read(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments += 1;
      else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2));
    }
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    this.messages.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) });
  }
}
