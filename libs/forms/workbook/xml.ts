/**
 * XML as a stream of the elements that workbooks are made of. The parser is saxes: it checks that the text is well-formed,
 * resolves namespaces (writers choose their prefixes freely), keeps nothing but its stack, and knows no entities but the five of
 * XML and numbers. A document type is refused, so nothing can be declared or fetched.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Parts } from './parts.js';
import { Refusal, corrupt } from './refusal.js';

/** Namespaces whose elements are looked at, in the transitional and the strict edition (ECMA-376 part 1 and part 4). */
const KNOWN: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
  'http://schemas.openxmlformats.org/package/2006/relationships',
  'http://schemas.openxmlformats.org/package/2006/content-types',
]);

/** Of the attributes `r:id`, whatever their prefix. */
const RELATIONSHIPS: ReadonlySet<string> = new Set([
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
]);

/** A text of the longest cell, every character of it escaped, is a quarter of this. The parser keeps a token until it ends. */
const LONGEST_TOKEN = 1024 * 1024;

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const;

export interface Element {
  /** Without its prefix. */
  readonly name: string;
  readonly attribute: (name: string) => string | undefined;
  /** The `id` that leads to a relationship. */
  readonly relationship: () => string | undefined;
}

/** Elements of other namespaces are not told, what stands in them is. */
export interface XmlHandler {
  open(element: Element): void;
  /** One piece of the text directly in the innermost element. */
  text?(text: string): void;
  close?(name: string): void;
}

/** Reads a part to its end, or throws the refusal. */
export function readXml(parts: Parts, part: string, handler: XmlHandler): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  // Without a prototype: `&constructor;` is no entity either.
  parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, ENTITIES);
  let depth = 0;
  parser.on('error', ({ message }) => {
    throw corrupt(part, `not well-formed XML: ${message}`);
  });
  parser.on('doctype', () => {
    throw new Refusal(part, 'WORKBOOK_XML_HAS_DTD');
  });
  let attributes = 0;
  /** Characters since the parser last told of anything. */
  let pending = 0;
  parser.on('opentagstart', () => {
    pending = 0;
    parts.budget.step(part);
    attributes = 0;
    depth += 1;
    const limit = parts.budget.limits.xmlDepth;
    if (depth > limit) throw new Refusal(part, 'WORKBOOK_XML_TOO_DEEP', { limit });
  });
  // The parser keeps them until the tag ends.
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > parts.budget.limits.attributes)
      throw corrupt(part, `an element of more than ${attributes - 1} attributes`);
  });
  parser.on('opentag', (tag) => {
    if (KNOWN.has(tag.uri)) handler.open(elementOf(tag));
  });
  parser.on('closetag', (tag) => {
    pending = 0;
    depth -= 1;
    if (KNOWN.has(tag.uri)) handler.close?.(tag.local);
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  for (const text of decoded(parts, part)) {
    pending += text.length;
    parser.write(text);
    if (pending > LONGEST_TOKEN) throw new Refusal(part, 'WORKBOOK_TEXT_TOO_LONG', { limit: LONGEST_TOKEN });
  }
  parser.close();
}

const elementOf = ({ local, attributes }: SaxesTagNS): Element => ({
  name: local,
  attribute: (name) => attributes[name]?.value,
  relationship: () =>
    Object.values(attributes).find((attribute) => attribute.local === 'id' && RELATIONSHIPS.has(attribute.uri))?.value,
});

/** UTF-8, or UTF-16 with its mark: these two must every writer choose from. */
function* decoded(parts: Parts, part: string): Generator<string, void, undefined> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for (const chunk of parts.chunks(part)) {
      if (chunk.byteLength === 0) continue;
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw cause;
    throw corrupt(part, 'not UTF-8');
  }
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
