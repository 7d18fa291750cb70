import { describe, expect, it } from '@jest/globals';
import { serverEvents, type ServerEvent } from './server-events.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(...chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  async function* source() {
    yield* chunks;
  }
  for await (const event of serverEvents(source())) events.push(event);
  return events;
}

describe('server-sent events', () => {
  it.each<[string, string, ServerEvent[]]>([
    ['a message', 'data: one\n\n', [{ event: 'message', data: 'one' }]],
    [
      'a name, a place and a pause',
      'retry: 2000\nid: 7\nevent: change\ndata: {}\n\n',
      [{ event: 'change', data: '{}', id: '7', retry: 2000 }],
    ],
    [
      'data of several lines',
      'data: one\ndata:two\ndata:\ndata:  four\n\n',
      [{ event: 'message', data: 'one\ntwo\n\n four' }],
    ],
    ['comments', ': nothing\n\n:\ndata: x\n: between\n\n', [{ event: 'message', data: 'x' }]],
    [
      'a block that only moves the place',
      ': nothing new\nid: 9\n\ndata: x\n\n',
      [
        { event: 'message', id: '9' },
        { event: 'message', data: 'x', id: '9' },
      ],
    ],
    [
      'every kind of line end',
      'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
      [
        { event: 'message', data: 'a' },
        { event: 'message', data: 'b' },
        { event: 'message', data: 'c' },
      ],
    ],
    [
      'a field without a colon, and fields that nobody knows',
      'data\nnonsense: 1\n\n',
      [{ event: 'message', data: '' }],
    ],
    ['a byte order mark', '\ufeffdata: x\n\n', [{ event: 'message', data: 'x' }]],
    [
      'an id with a NUL and a pause that is no number, which do not count',
      'id: 1\0\nretry: soon\ndata: x\n\n',
      [{ event: 'message', data: 'x' }],
    ],
    ['what was torn off, which is left out', 'data: whole\n\nid: 8\ndata: tor', [{ event: 'message', data: 'whole' }]],
  ])('%s', async (_, text, events) => {
    expect(await read(bytes(text))).toEqual(events);
    // Wherever the chunks end, within a character and between CR and LF too.
    expect(await read(...[...bytes(text)].map((byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  it('characters that are cut in two', async () => {
    const text = bytes('data: 征地补偿 🏛\n\n');
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await read(text.slice(0, cut), text.slice(cut))).toEqual([{ event: 'message', data: '征地补偿 🏛' }]);
    }
  });
});
