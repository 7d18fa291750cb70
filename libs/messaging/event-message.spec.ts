import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, Position } from '#domain/envelope.js';
import { eventMessage, heartbeatMessages, readMessage, UnreadableMessage } from '#messaging/event-message.js';
import type { IncomingMessage, OutgoingMessage } from '#messaging/port.js';

const at = '812345' as Position;
const time = Date.UTC(2024, 5, 28, 9, 30, 0, 7);
const target = { partitions: 12, source: '/budget-ledger' };

const payment: Envelope = {
  id: '5f0e9f0a-52b4-5c5e-9c5f-0d6a3d1f8f11',
  stream: 'budget-U0001-2024',
  revision: 17,
  position: at,
  type: 'PaymentExecuted',
  version: 1,
  effectiveDate: civilDate('2024-06-28'),
  belongsTo: civilDate('2024-05-31'),
  recordedAt: time,
  data: { fen: 123_456, line: 'P01', payee: { kind: 'organisation', name: '苏州某公司' }, voucherNo: 'V-1' },
  meta: {
    actor: { id: 'clerk', name: '张会计' },
    commandId: 'c-1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  },
};
const data = JSON.stringify(payment.data);
const metadata = JSON.stringify({ ...payment.meta, belongsTo: '2024-05-31', effectiveDate: '2024-06-28', version: 1 });

const sent = (changes: Partial<Envelope> = {}): OutgoingMessage =>
  eventMessage({ envelope: { ...payment, ...changes }, data, metadata, time }, target);
const arriving = (message: OutgoingMessage): IncomingMessage => ({ ...message, offset: 40n });

describe('an event as a message', () => {
  it('is a CloudEvent in binary mode: attributes as headers, the stored data as value, the stream as key', () => {
    const { key, partition, headers, value } = sent();
    expect({ key, partition, value: Buffer.from(value!).toString() }).toEqual({
      key: 'budget-U0001-2024',
      partition: 8,
      value: data,
    });
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: payment.id,
      ce_type: 'PaymentExecuted',
      ce_source: '/budget-ledger',
      ce_subject: 'budget-U0001-2024',
      ce_time: '2024-06-28T09:30:00.007Z',
      ce_revision: '17',
      ce_position: '812345',
      ce_eventversion: '1',
      ce_meta: metadata,
      traceparent: payment.meta.traceparent,
      'content-type': 'application/json',
    });
  });

  it('is read back as it was, at the time of the log', () => {
    expect(readMessage(arriving(sent()))).toEqual({ kind: 'event', envelope: payment });
    const late = eventMessage({ envelope: payment, data, metadata, time: time + 5 }, target);
    expect(readMessage(arriving(late))).toMatchObject({ envelope: { recordedAt: time + 5 } });
  });

  it('names no trace when there is none', () => {
    expect(sent({ meta: { actor: { id: 'clerk' }, commandId: 'c-1' } }).headers).not.toHaveProperty('traceparent');
  });

  it('carries metadata of any length whole', () => {
    const long = JSON.stringify({ ...JSON.parse(metadata), reason: '理由'.repeat(10_000) });
    const message = eventMessage({ envelope: payment, data, metadata: long, time }, target);
    expect(readMessage(arriving(message))).toMatchObject({ envelope: { meta: { reason: '理由'.repeat(10_000) } } });
  });
});

describe('a heartbeat', () => {
  it('goes to every partition, without key and value', () => {
    const messages = heartbeatMessages({ position: at, time }, { ...target, partitions: 3 });
    expect(messages.map(({ partition, key, value }) => [partition, key, value])).toEqual([
      [0, null, null],
      [1, null, null],
      [2, null, null],
    ]);
    expect(readMessage(arriving(messages[2]!))).toEqual({ kind: 'heartbeat', position: at, time });
  });
});

describe('a message that is none of ours', () => {
  const without = (name: string): IncomingMessage => {
    const { [name]: _left, ...headers } = sent().headers;
    return arriving({ ...sent(), headers });
  };
  const withHeader = (name: string, text: string): IncomingMessage =>
    arriving({ ...sent(), headers: { ...sent().headers, [name]: text } });

  it.each([
    ['no type', without('ce_type'), 'no header ce_type'],
    ['no time', without('ce_time'), 'no header ce_time'],
    ['a time that is none', withHeader('ce_time', 'yesterday'), 'ce_time is no instant'],
    ['a position that is none', withHeader('ce_position', '-1'), 'ce_position is "-1"'],
    ['a revision that is none', withHeader('ce_revision', '1.5'), 'ce_revision is "1.5"'],
    ['metadata that are no JSON', withHeader('ce_meta', '{'), 'data or metadata are no JSON'],
    ['metadata that are nothing', withHeader('ce_meta', 'null'), 'ce_meta is no object with an effectiveDate'],
    ['metadata that are a text', withHeader('ce_meta', '"x"'), 'ce_meta is no object with an effectiveDate'],
    ['no date of effect', withHeader('ce_meta', '{"effectiveDate":20240628}'), 'ce_meta is no object with an'],
    ['data that are no JSON', arriving({ ...sent(), value: Buffer.from('<xml>') }), 'data or metadata are no JSON'],
    ['no data', arriving({ ...sent(), value: null }), 'an event without data'],
  ])('with %s is refused, saying where and why', (_what, message, reason) => {
    expect(() => readMessage(message)).toThrow(UnreadableMessage);
    expect(() => readMessage(message)).toThrow(`offset 40 of partition 8 cannot be read: ${reason}`);
  });
});
