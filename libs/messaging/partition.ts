/**
 * Which partition a stream goes to: Kafka's own default for a message with that key (murmur2 of its UTF-8 bytes), so any
 * other tool that sends by key agrees with us.
 */

/** Partition of a stream among `partitions`, from 0. The same for ever: changing the number of partitions moves streams. */
export function partitionOf(stream: string, partitions: number): number {
  return (murmur2(Buffer.from(stream)) & 0x7fffffff) % partitions;
}

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** Murmur2 of 32 bits, as a signed integer. Source: Austin Appleby's definition, with the seed that Kafka's clients use. */
function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getUint32(at, true), M);
    word ^= word >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(word, M);
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at -= 1) hash ^= bytes[at]! << (8 * (at - whole));
    hash = Math.imul(hash, M);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
