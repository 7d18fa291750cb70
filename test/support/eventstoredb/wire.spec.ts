import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeByMessage } from './messages.js';
import { encodeEvent } from './wire.js';

describe('an event on the wire', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  const event = fc.record({
    id: fc.uuid(),
    type: text,
    contentType: fc.constantFrom('application/json', 'text/plain'),
    data: fc.uint8Array({ maxLength: 40_000, size: 'max' }),
    customMetadata: fc.uint8Array({ maxLength: 300 }),
  });
  const stamp = fc.record({
    stream: text,
    revision: fc.nat(),
    position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    created: fc.nat({ max: 4_000_000_000_000 }),
  });

  it('is what the generated code makes of it, byte by byte', () => {
    fc.assert(
      fc.property(event, stamp, (given, at) => {
        expect(encodeEvent(given, at).toString('hex')).toBe(encodeByMessage(given, at).toString('hex'));
      }),
    );
  });
});
