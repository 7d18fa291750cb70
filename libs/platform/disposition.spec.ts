import { describe, expect, it } from '@jest/globals';
import { disposition } from './disposition.js';

describe('the name under which a file is saved', () => {
  it.each([
    ['plain', 'attachment', 'report (1).pdf', `filename="report (1).pdf"; filename*=UTF-8''report%20%281%29.pdf`],
    ['in Chinese', 'inline', '验收.pdf', `filename="__.pdf"; filename*=UTF-8''%E9%AA%8C%E6%94%B6.pdf`],
    ['with marks that would end it', 'attachment', `a"b;'*`, `filename="a_b___"; filename*=UTF-8''a%22b%3B%27%2A`],
    ['with a line break, which would be a header', 'inline', 'a\r\nb', `filename="a__b"; filename*=UTF-8''a%0D%0Ab`],
  ] as const)('%s', (_what, kind, name, value) => {
    expect(disposition(kind, name)).toBe(`${kind}; ${value}`);
  });
});
