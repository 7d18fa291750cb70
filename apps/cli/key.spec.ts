import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { contentKey } from './key.js';

const request = {
  method: 'POST',
  path: '/api/v1/units/U0001/years/2024/payments',
  body: { voucherNo: 'V1', line: 'P01' },
};

describe('the key of a command that names none', () => {
  it('is the SHA-256 of method, path and canonical body', () => {
    const text =
      '{"body":{"line":"P01","voucherNo":"V1"},"method":"POST","path":"/api/v1/units/U0001/years/2024/payments"}';
    expect(contentKey(request)).toBe(`cli-${createHash('sha256').update(text).digest('hex')}`);
    expect(contentKey(request)).toBe('cli-0db6c9cbf1bc0068a0cfa6893e719ab4597f6c0392214abed65ef9249e6d752e');
  });

  it('is the same whatever the order of the members and the Unicode form of the text', () => {
    const turned = { ...request, body: { line: 'P01', voucherNo: 'V1' } };
    expect(contentKey(turned)).toBe(contentKey(request));
    expect(contentKey({ ...request, body: 'e\u0301' })).toBe(contentKey({ ...request, body: '\u00e9' }));
  });

  it('differs by content, address and method', () => {
    const others = [
      { ...request, body: { ...request.body, line: 'P02' } },
      { ...request, path: `${request.path}/V1` },
      { ...request, method: 'PUT' },
    ];
    const keys = [request, ...others].map(contentKey);
    expect(new Set(keys).size).toBe(4);
  });

  it('holds the revision seen where the request hangs on it: closing again after a reopening is another command', () => {
    expect(contentKey({ ...request, revision: '12' })).not.toBe(contentKey({ ...request, revision: '14' }));
    expect(contentKey({ ...request, revision: '12' })).not.toBe(contentKey(request));
  });

  it('fits into a header', () => {
    expect(contentKey(request)).toMatch(/^cli-[0-9a-f]{64}$/);
  });
});
