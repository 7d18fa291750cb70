import { describe, expect, it } from '@jest/globals';
import { zipNaming } from '../../test/support/zip.js';
import { recogniseAttachment } from './attachment-kinds.js';
import { NAME, savedAs } from './attachment-name.js';

const text = (content: string) => Buffer.from(content);
const OFFICE = '[Content_Types].xml';

/** What is in the file, what it is taken for, and why. */
const KINDS: readonly (readonly [why: string, content: Buffer, endings: string | undefined])[] = [
  ['the signature of PDF', text('%PDF-1.7\n%\xe2\xe3\n'), '.pdf'],
  ['the eight bytes of PNG', Buffer.from('89504e470d0a1a0a0000', 'hex'), '.png'],
  ['PNG with its line ends turned by a transfer as text', Buffer.from('89504e470a1a0a0000', 'hex'), undefined],
  ['the marker of JPEG', Buffer.from('ffd8ffe000104a46', 'hex'), '.jpg'],
  ['a document of Word', zipNaming([OFFICE, 'word/document.xml']), '.docx'],
  ['a workbook', zipNaming([OFFICE, '_rels/.rels', 'xl/workbook.xml']), '.xlsx'],
  ['a workbook with a comment behind its directory', zipNaming([OFFICE, 'xl/workbook.xml'], { comment: 'x' }), '.xlsx'],
  ['a workbook with macros', zipNaming([OFFICE, 'xl/workbook.xml', 'xl/vbaProject.bin']), undefined],
  ['a document with a program in it', zipNaming([OFFICE, 'word/document.xml', 'word/embeddings/run.exe']), undefined],
  ['an official paper in OFD', zipNaming(['OFD.xml', 'Doc_0/Document.xml']), '.ofd'],
  ['a ZIP of anything else', zipNaming(['a.txt']), undefined],
  ['an office package of another program', zipNaming([OFFICE, 'ppt/presentation.xml']), undefined],
  ['a ZIP that is cut off', zipNaming([OFFICE, 'word/document.xml']).subarray(0, -30), undefined],
  ['a ZIP whose directory lies elsewhere', moved(zipNaming([OFFICE, 'word/document.xml'])), undefined],
  ['words', text('验收合格\r\n'), '.txt'],
  ['words with a byte order mark', text('\ufeff验收合格'), '.txt'],
  ['words in GBK', Buffer.from([0xd1, 0xe9, 0xca, 0xd5, 0x0a]), '.txt'],
  ['nothing at all', Buffer.alloc(0), undefined],
  ['a program of Windows', Buffer.concat([text('MZ'), Buffer.from([0x90, 0, 3])]), undefined],
  ['bytes that are text in no encoding', Buffer.from([0x61, 0xff, 0xff]), undefined],
  ['an old office file', Buffer.from('d0cf11e0a1b11ae1', 'hex'), undefined],
  ['a GIF, which no paper needs', text('GIF89a\x01\x00'), undefined],
];

/** The place of the directory turned into one behind the end. */
function moved(zip: Buffer): Buffer {
  zip.writeUInt32LE(0xffff_fff0, zip.length - 6);
  return zip;
}

describe('an evidence file', () => {
  it.each(KINDS)('%s', (_why, content, ending) => {
    expect(recogniseAttachment(content)?.endings[0]).toBe(ending);
  });
});

describe('its name', () => {
  const PDF = { mediaType: 'application/pdf', endings: ['.pdf'] };
  const JPEG = { mediaType: 'image/jpeg', endings: ['.jpg', '.jpeg'] };

  it.each([
    ['验收单.pdf', PDF, `attachment; filename="___.pdf"; filename*=UTF-8''%E9%AA%8C%E6%94%B6%E5%8D%95.pdf`],
    ['a "b".pdf', PDF, `attachment; filename="a _b_.pdf"; filename*=UTF-8''a%20%22b%22.pdf`],
    ["it's (1)*.pdf", PDF, `attachment; filename="it_s (1)_.pdf"; filename*=UTF-8''it%27s%20%281%29%2A.pdf`],
    ['Photo.JPEG', JPEG, `attachment; filename="Photo.JPEG"; filename*=UTF-8''Photo.JPEG`],
    ['run.exe', PDF, `attachment; filename="run.exe.pdf"; filename*=UTF-8''run.exe.pdf`],
    ['page.html', PDF, `attachment; filename="page.html.pdf"; filename*=UTF-8''page.html.pdf`],
  ])('%s goes out with an ending of its kind and no mark that ends the header', (name, kind, header) => {
    expect(savedAs(name, kind)).toBe(header);
  });

  it.each([
    ['验收单 1.pdf', true],
    ['😀.png', true],
    ['', false],
    ['   ', false],
    ['a/b.pdf', false],
    ['a\\b.pdf', false],
    ['a\nb.pdf', false],
    ['fdp.\u202egpj', false],
    ['x'.repeat(201), false],
  ])('%j may be one: %s', (name, may) => {
    expect(NAME.test(name)).toBe(may);
  });
});
