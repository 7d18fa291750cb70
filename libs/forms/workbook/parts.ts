/**
 * The parts of a workbook, inflated a little at a time. The library is fflate: small, kept up, its inflation can be fed and
 * stopped at any byte, and what it deflates is the same on every machine. Node's own zlib inflates either whole, with two
 * copies in memory, or asynchronously, and its deflation differs between processors.
 */
import { type FlateError, Inflate } from 'fflate';
import { crc32 } from 'node:zlib';
import type { Budget } from './limits.js';
import { Refusal, corrupt } from './refusal.js';
import type { ZipEntry } from './zip-directory.js';

/** Deflate makes at most about 1,000 bytes of one: what a single step may bring is 4 MB. */
const STEP_BYTES = 4_096;

export class Parts {
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  constructor(
    readonly bytes: Uint8Array,
    entries: readonly ZipEntry[],
    readonly budget: Budget,
  ) {
    this.#entries = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  }

  get names(): readonly string[] {
    return [...this.#entries.values()].map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** The content of a part, in order, checked as it comes: size, CRC-32, and what all parts may inflate to. */
  *chunks(name: string): Generator<Uint8Array, void, undefined> {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) throw new Refusal(name, 'WORKBOOK_PART_MISSING', { part: name });
    let [size, crc] = [0, 0];
    for (const chunk of entry.deflated ? this.#inflated(entry) : this.#stored(entry)) {
      size += chunk.byteLength;
      this.budget.inflate(name, chunk.byteLength, size, entry.size);
      this.budget.look(name);
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (size !== entry.size) throw corrupt(name, `${size} bytes where ${entry.size} are declared`);
    if (crc !== entry.crc) throw corrupt(name, 'the checksum differs');
  }

  *#stored({ start, end }: ZipEntry): Generator<Uint8Array, void, undefined> {
    for (let at = start; at < end; at += STEP_BYTES) yield this.bytes.subarray(at, Math.min(end, at + STEP_BYTES));
  }

  *#inflated({ name, start, end }: ZipEntry): Generator<Uint8Array, void, undefined> {
    const ready: Uint8Array[] = [];
    const inflate = new Inflate((chunk) => ready.push(chunk));
    for (let at = start; at < end || at === start; at += STEP_BYTES) {
      try {
        inflate.push(this.bytes.subarray(at, Math.min(end, at + STEP_BYTES)), at + STEP_BYTES >= end);
      } catch (cause) {
        throw asCorrupt(name, cause);
      }
      yield* ready.splice(0);
    }
  }
}

function asCorrupt(name: string, cause: unknown): unknown {
  // fflate's errors bear a numeric code; anything else is a bug.
  const { code, message } = cause as FlateError;
  return cause instanceof Error && typeof code === 'number' ? corrupt(name, `cannot be inflated: ${message}`) : cause;
}
