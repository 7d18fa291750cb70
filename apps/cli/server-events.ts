/** Server-sent events out of the bytes of an answer, as the HTML standard reads them (section 9.2.6). */

export interface ServerEvent {
  /** `message` unless the sender names another. */
  readonly event: string;
  /** Lines joined; absent from a block that only says where the reader is now. */
  readonly data?: string;
  /** Where the reader is after this block, as last named on this connection. */
  readonly id?: string;
  /** How long to wait before coming back, in ms, as last named on this connection. */
  readonly retry?: number;
}

/**
 * Every block as soon as it is whole; what stands there at the end without an empty line after it was torn off and is left
 * out. Chunks may end anywhere, within a character too.
 */
export async function* serverEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let block = new Block({});
  for await (const line of linesOf(chunks)) {
    if (line !== '') {
      block.read(line);
      continue;
    }
    const { event } = block;
    if (event !== undefined) yield event;
    block = new Block(block.kept);
  }
}

/** Lines end with LF, CR or both; a CR at the end of a chunk may be half of both, so it waits for the next chunk. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const half = rest.endsWith('\r') ? '\r' : '';
    const lines = rest.slice(0, rest.length - half.length).split(/\r\n|\r|\n/);
    rest = `${lines.pop() ?? ''}${half}`;
    yield* lines;
  }
}

type Kept = Pick<ServerEvent, 'id' | 'retry'>;

class Block {
  readonly #data: string[] = [];
  #name = '';
  #says = false;
  #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  /** What holds for the blocks that follow. */
  get kept(): Kept {
    return this.#kept;
  }

  get event(): ServerEvent | undefined {
    if (!this.#says) return undefined;
    const data = this.#data.length === 0 ? {} : { data: this.#data.join('\n') };
    return { event: this.#name || 'message', ...data, ...this.#kept };
  }

  read(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#name = value;
    else if (field === 'id' && !value.includes('\0')) this.#kept = { ...this.#kept, id: value };
    else if (field === 'retry' && /^\d+$/.test(value)) this.#kept = { ...this.#kept, retry: Number(value) };
    else return;
    this.#says = true;
  }
}
