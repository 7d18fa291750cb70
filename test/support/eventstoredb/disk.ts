/**
 * The log's file: one frame for each write, `length | checksum | payload`, appended before anyone is answered. It is handed
 * to the operating system and not forced to the disk: it outlives the process, which is what is tried, and no power cut.
 */
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { StoredEvent, Write } from './log.js';

export interface LogFile {
  /** What was kept, in order; a frame that was cut off by a kill is dropped. */
  readonly kept: readonly Write[];
  append(writes: readonly Write[]): void;
  close(): void;
}

const FRAME_HEAD_BYTES = 8;
const LENGTH_BYTES = 4;

export function openLogFile(dir: string): LogFile {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'events.log');
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const kept: Write[] = [];
  let offset = 0;
  for (let frame = frameAt(bytes, offset); frame !== undefined; frame = frameAt(bytes, offset)) {
    kept.push(decodeWrite(frame));
    offset += FRAME_HEAD_BYTES + frame.length;
  }
  const file = openSync(path, 'a');
  ftruncateSync(file, offset);
  return {
    kept,
    append: (writes) => {
      const frames = encodeFrames(writes);
      for (let written = 0; written < frames.length;) written += writeSync(file, frames, written);
    },
    close: () => closeSync(file),
  };
}

/** No file at all: a restart forgets everything. */
export const noFile: LogFile = { kept: [], append: () => {}, close: () => {} };

function frameAt(bytes: Buffer, offset: number): Buffer | undefined {
  if (offset + FRAME_HEAD_BYTES > bytes.length) return undefined;
  const start = offset + FRAME_HEAD_BYTES;
  const payload = bytes.subarray(start, start + bytes.readUInt32LE(offset));
  return crc32(payload) === bytes.readUInt32LE(offset + LENGTH_BYTES) ? payload : undefined;
}

/** All frames in one piece. In a payload each part stands after its length: the indexed fields, then the events' bytes. */
function encodeFrames(writes: readonly Write[]): Buffer {
  const payloads = writes.map(partsOf);
  const sizes = payloads.map((parts) => parts.reduce((size, part) => size + LENGTH_BYTES + part.length, 0));
  const frames = Buffer.allocUnsafe(sizes.reduce((total, size) => total + FRAME_HEAD_BYTES + size, 0));
  let start = 0;
  for (const [index, parts] of payloads.entries()) {
    let offset = start + FRAME_HEAD_BYTES;
    for (const part of parts) {
      offset = frames.writeUInt32LE(part.length, offset);
      offset += part.copy(frames, offset);
    }
    frames.writeUInt32LE(sizes[index]!, start);
    frames.writeUInt32LE(crc32(frames.subarray(start + FRAME_HEAD_BYTES, offset)), start + LENGTH_BYTES);
    start = offset;
  }
  return frames;
}

function partsOf({ events, end }: Write): readonly Buffer[] {
  const fields = events.map(({ position, stream, revision, type, id }) => [position, stream, revision, type, id]);
  return [Buffer.from(JSON.stringify({ end, fields })), ...events.map(({ encoded }) => encoded)];
}

type Fields = [position: number, stream: string, revision: number, type: string, id: string];

function decodeWrite(payload: Buffer): Write {
  let offset = 0;
  const part = (): Buffer => {
    const start = offset + LENGTH_BYTES;
    offset = start + payload.readUInt32LE(offset);
    return payload.subarray(start, offset);
  };
  const { end, fields } = JSON.parse(part().toString('utf8')) as { end: number; fields: Fields[] };
  const events = fields.map(([position, stream, revision, type, id]): StoredEvent => {
    return { position, stream, revision, type, id, encoded: part() };
  });
  return { events, end };
}
