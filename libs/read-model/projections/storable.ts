/**
 * What the tables cannot hold is a fault of the event, found while it is folded: then only its stream stops. Found by the
 * database it would stop the whole batch.
 */
import type { Envelope } from '#domain/envelope.js';

/** Text that keys or indexes rows; three bytes a character fit the index entry of 2,704 bytes beside the rest. */
const KEY_LENGTH = 500;
const KEYS = new Set([
  'line',
  'from',
  'to',
  'fromLine',
  'toLine',
  'originLine',
  'voucherNo',
  'requestId',
  'returnNo',
  'adjustmentId',
  'freezeId',
  'carryOverId',
  'takeBackId',
  'departmentEconomic',
  'toCode',
  'unit',
  'lines',
]);
const SMALLEST = -(2 ** 31);
const LARGEST = 2 ** 31 - 1;

/** Throws with the name of the first field that PostgreSQL would refuse. */
export function assertStorable({ data, meta }: Envelope): void {
  check(data, 'data', '');
  check(meta.actor, 'actor', '');
  check(meta.document, 'document', '');
}

function check(value: unknown, path: string, key: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new Error(`${path} holds a NUL character`);
    if (value.length > KEY_LENGTH && KEYS.has(key)) throw new Error(`${path} is longer than ${KEY_LENGTH} characters`);
  } else if (key === 'originYear') {
    if (typeof value === 'number' && (value < SMALLEST || value > LARGEST)) throw new Error(`${path} is no year`);
  } else if (Array.isArray(value)) {
    for (const entry of value) check(entry, path, key);
  } else if (typeof value === 'object' && value !== null) {
    for (const name in value) check((value as Record<string, unknown>)[name], `${path}/${name}`, name);
  }
}
