/** Damage of any kind is answered, never thrown: a file is read, or it is refused with a problem that has its explanation. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PROBLEMS } from '#forms/problem-codes.js';
import { stringsXml, stylesXml, usualParts, workbookOf } from '../../../test/support/workbook-parts.js';
import { readWorkbook } from './read-workbook.js';

const ROWS = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45747</v></c><c r="C1"><f t="shared" si="0">A1+1</f><v>2</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><r><t>甲</t></r></is></c><c r="C2"><f t="shared" si="0"/><v>3</v></c></row>`;
const PARTS: Readonly<Record<string, string>> = {
  ...usualParts(ROWS),
  'xl/sharedStrings.xml': stringsXml('<si><t>甲</t></si>'),
  'xl/styles.xml': stylesXml({ 164: '0.0%' }, [0, 14, 164]),
};
const file = workbookOf(ROWS, PARTS);

function answers(bytes: Uint8Array): void {
  const { content, problems, problemCount } = readWorkbook(bytes);
  expect(content === undefined).toBe(problemCount > 0);
  expect(problems.length).toBe(problemCount);
  for (const { code, at } of problems) expect([Object.hasOwn(PROBLEMS, code), at.length > 0]).toEqual([true, true]);
}
const options = { seed: 20261125, numRuns: 400 };

describe('a workbook', () => {
  it('as it was is read', () => {
    expect(readWorkbook(file).problems).toEqual([]);
  });

  it('with bytes changed is read or refused', () => {
    const change = fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(file);
        for (const [at, byte] of changes) bytes[at] = byte;
        answers(bytes);
      }),
      options,
    );
  });

  it('cut off anywhere is refused', () => {
    for (let length = 0; length < file.length; length += 1) {
      const { problemCount } = readWorkbook(file.subarray(0, length));
      expect(problemCount).toBe(1);
    }
  });

  it('with the text of a part changed is read or refused', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      '&',
      '/',
      '<c>',
      '</v>',
      '<!--',
      '<![CDATA[',
      '<?x?>',
      '-1',
      '\u0000',
      '甲',
      ' x="1"',
      'xmlns=""',
    );
    const change = fc.record({
      part: fc.constantFrom(...Object.keys(PARTS)),
      at: fc.nat({ max: 1_000 }),
      removed: fc.nat({ max: 12 }),
      piece: fc.oneof(piece, fc.string({ maxLength: 4 })),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const parts = { ...PARTS };
        for (const { part, at, removed, piece: added } of changes) {
          const xml = parts[part]!;
          const from = at % xml.length;
          parts[part] = xml.slice(0, from) + added + xml.slice(from + removed);
        }
        answers(workbookOf(ROWS, parts));
      }),
      options,
    );
  });

  it('behind the mark of an old format is refused as one, whatever follows', () => {
    const mark = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 3_000 }), (rest) => {
        const bytes = Uint8Array.from([...mark, ...rest]);
        // A sector of 512 bytes, so that more than the header is looked at.
        if (bytes.length > 31) bytes.set([9, 0], 30);
        expect(readWorkbook(bytes).problems[0]!.code).toMatch(/^WORKBOOK_(OLD_FORMAT|ENCRYPTED)$/);
      }),
      options,
    );
  });
});
