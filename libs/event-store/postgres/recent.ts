/** The newest events in memory, so that live readers in the writing process need no round trip for what it just wrote. */
import type { Envelope } from '#domain/envelope.js';

const MAX_EVENTS = 4_000;
const MAX_BYTES = 8 * 1024 * 1024;

interface Chunk {
  readonly first: number;
  readonly events: readonly Envelope[];
  readonly bytes: number;
}

export class RecentEvents {
  #chunks: Chunk[] = [];
  #events = 0;
  #bytes = 0;

  /** Events that follow without a gap what was pushed before; the position of the first is `first`. */
  push(first: number, events: readonly Envelope[], bytes: number): void {
    this.#chunks.push({ first, events, bytes });
    this.#events += events.length;
    this.#bytes += bytes;
    while (this.#chunks.length > 1 && (this.#events > MAX_EVENTS || this.#bytes > MAX_BYTES)) {
      const oldest = this.#chunks.shift() as Chunk;
      this.#events -= oldest.events.length;
      this.#bytes -= oldest.bytes;
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#events = 0;
    this.#bytes = 0;
  }

  /** At most `limit` events after a position; `undefined` if they are not (or no longer) all here. */
  after(position: number, limit: number): readonly Envelope[] | undefined {
    const index = this.#chunkOf(position + 1);
    if (index === undefined) return undefined;
    const found: Envelope[] = [];
    for (const chunk of this.#chunks.slice(index)) {
      const skip = Math.max(0, position + 1 - chunk.first);
      found.push(...chunk.events.slice(skip, skip + limit - found.length));
      if (found.length >= limit) break;
    }
    return found;
  }

  #chunkOf(position: number): number | undefined {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle] as Chunk;
      if (chunk.first + chunk.events.length <= position) low = middle + 1;
      else high = middle;
    }
    const chunk = this.#chunks[low];
    return chunk && chunk.first <= position ? low : undefined;
  }
}
