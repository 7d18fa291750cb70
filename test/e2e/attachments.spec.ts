/** Files of evidence over HTTP: kept once, handed out whole or not at all, and never to be shown by a browser. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestSystem, type TestSystem } from '../support/system.js';

const PATH = '/api/v1/attachments';
const MIB = 1024 * 1024;
/** Bytes of every value: what is kept is no text. */
const EVERY = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const pdf = (length = 64): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(length - 9, EVERY)]);
const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

async function send(content: Buffer, name = '验收单.pdf', field = 'file') {
  const form = new FormData();
  form.append(field, new Blob([content]), name);
  return sendForm(form);
}

async function sendForm(form: FormData) {
  const answer = await fetch(`${system.address}${PATH}`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as any };
}

async function fetched(path: string) {
  const answer = await fetch(`${system.address}${PATH}/${path}`);
  return { status: answer.status, headers: answer.headers, content: Buffer.from(await answer.arrayBuffer()) };
}

async function inDatabase(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: system.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('a file of evidence', () => {
  const content = pdf(600);
  const sha256 = digestOf(content);
  const kept = { sha256, bytes: 600, name: '验收单.pdf', mediaType: 'application/pdf' };

  it('is kept under its digest, and once only, whatever it is called', async () => {
    expect(await send(content)).toEqual({ status: 201, body: kept });
    expect(await send(content)).toEqual({ status: 200, body: kept });
    expect(await send(content, 'other.pdf')).toEqual({ status: 200, body: { ...kept, name: 'other.pdf' } });
    const many = await Promise.all(Array.from({ length: 8 }, () => send(pdf(100), 'at once.pdf')));
    expect(many.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(await system.events()).toBe(0);
  });

  it('comes back byte by byte, to be saved under its first name or one that is asked for', async () => {
    const answer = await fetched(sha256);
    expect(answer.content.equals(content)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '600',
      'content-disposition': `attachment; filename="___.pdf"; filename*=UTF-8''%E9%AA%8C%E6%94%B6%E5%8D%95.pdf`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const named = await fetched(`${sha256}?name=${encodeURIComponent('第1号.html')}`);
    expect(named.headers.get('content-disposition')).toBe(
      `attachment; filename="_1_.html.pdf"; filename*=UTF-8''%E7%AC%AC1%E5%8F%B7.html.pdf`,
    );
  });

  it('may have 20 MiB and not one byte more', async () => {
    const largest = pdf(20 * MIB);
    expect((await send(largest)).body).toMatchObject({ sha256: digestOf(largest), bytes: 20 * MIB });
    expect((await fetched(digestOf(largest))).content.equals(largest)).toBe(true);
    expect(await send(pdf(20 * MIB + 1))).toMatchObject({
      status: 413,
      body: { code: 'ATTACHMENT_TOO_LARGE', bytes: 20 * MIB + 1, limitBytes: 20 * MIB },
    });
    expect(await send(pdf(33 * MIB))).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });
});

describe('refused, with what to do', () => {
  it.each([
    ['a program', 'evidence.pdf', Buffer.from('4d5a9000', 'hex'), 422, 'ATTACHMENT_KIND_NOT_ACCEPTED'],
    ['an empty file', 'evidence.pdf', Buffer.alloc(0), 422, 'ATTACHMENT_KIND_NOT_ACCEPTED'],
    ['a name that reads backwards', 'fdp.\u202etxt', pdf(), 400, 'INVALID_REQUEST'],
  ])('%s', async (_what, name, content, status, code) => {
    const { status: answered, body } = await send(content, name);
    expect(body).toMatchObject({ status, code, detail: expect.any(String) });
    expect(answered).toBe(status);
  });

  it('several files, other fields, and no file, all faults at once', async () => {
    const form = new FormData();
    form.append('unit', 'T1');
    form.append('files', new Blob([pdf()]), 'a.pdf');
    const { body } = await sendForm(form);
    expect(body.faults.map(({ parameter, code }: any) => [parameter, code])).toEqual([
      ['unit', 'UNKNOWN_PROPERTY'],
      ['files', 'UNKNOWN_PROPERTY'],
      ['file', 'REQUIRED'],
    ]);
    const two = new FormData();
    for (const name of ['a.pdf', 'b.pdf']) two.append('file', new Blob([pdf()]), name);
    expect((await sendForm(two)).body.faults).toMatchObject([{ parameter: 'file', code: 'REPEATED' }]);
  });

  it('a body that is no form, a digest that is none, a file that nobody sent', async () => {
    expect((await system.send('POST', PATH, {})).body).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect((await system.get(`${PATH}/ABC`)).body).toMatchObject({ status: 400, faults: [{ parameter: 'sha256' }] });
    expect((await system.get(`${PATH}/${'0'.repeat(64)}`)).body).toMatchObject({
      status: 404,
      code: 'UNKNOWN_ATTACHMENT',
    });
    const asked = `${PATH}/${digestOf(pdf())}`;
    expect((await system.get(`${asked}?name=a%2Fb`)).body).toMatchObject({
      status: 400,
      faults: [{ parameter: 'name' }],
    });
    expect((await system.get(`${asked}?nam=b`)).body).toMatchObject({ status: 400, faults: [{ parameter: 'nam' }] });
  });
});

describe('a file that was damaged where it is kept', () => {
  const content = pdf(1_000);
  const sha256 = digestOf(content);

  it('cannot be written so, is told and never handed out, and is mended by sending it again', async () => {
    await send(content);
    const damage = `UPDATE attachments.file SET content = set_byte(content, 500, 65) WHERE bytes = 1000`;
    await expect(inDatabase(damage)).rejects.toThrow('content_is_named');
    await inDatabase(`ALTER TABLE attachments.file DROP CONSTRAINT content_is_named; ${damage}`);
    const answer = await system.get(`${PATH}/${sha256}`);
    expect(answer.body).toMatchObject({ status: 500, code: 'ATTACHMENT_DAMAGED', sha256, bytes: 1_000 });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await send(content)).status).toBe(200);
    expect((await fetched(sha256)).content.equals(content)).toBe(true);
  });

  it('is told too when bytes are missing', async () => {
    await inDatabase(`ALTER TABLE attachments.file DROP CONSTRAINT content_is_whole;
      UPDATE attachments.file SET content = substr(content, 1, 999) WHERE bytes = 1000`);
    expect((await system.get(`${PATH}/${sha256}`)).body).toMatchObject({ code: 'ATTACHMENT_DAMAGED' });
  });
});
