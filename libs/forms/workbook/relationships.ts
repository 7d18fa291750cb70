/** How parts of a workbook name each other (Open Packaging Conventions, ECMA-376 part 2): content types and relationships. */
import type { Parts } from './parts.js';
import { Refusal, corrupt } from './refusal.js';
import { readXml } from './xml.js';

export interface Relationship {
  /** `worksheet`, `sharedStrings`, …: the last word of its type, the same in both editions. */
  readonly kind: string;
  /** Name of the part it leads to, or undefined when that lies outside of the file. */
  readonly part?: string;
}

export const CONTENT_TYPES = '[Content_Types].xml';

/** Every content type that the package declares, as it stands there. */
export function readContentTypes(parts: Parts, take: (contentType: string) => void): void {
  readXml(parts, CONTENT_TYPES, {
    open: ({ name, attribute }) => {
      if (name === 'Override' || name === 'Default') take(attribute('ContentType') ?? '');
    },
  });
}

/** Relationships of a part by id; of the package itself with `''`. A part without any has none. */
export function readRelationships(parts: Parts, source: string): ReadonlyMap<string, Relationship> {
  const cut = source.lastIndexOf('/') + 1;
  const part = `${source.slice(0, cut)}_rels/${source.slice(cut)}.rels`;
  const relationships = new Map<string, Relationship>();
  if (!parts.has(part)) return relationships;
  readXml(parts, part, {
    open: ({ name, attribute }) => {
      if (name !== 'Relationship') return;
      const [id, type, target] = [attribute('Id'), attribute('Type'), attribute('Target')];
      if (id === undefined || type === undefined || target === undefined)
        throw corrupt(part, 'a relationship without id, type or target');
      if (relationships.size === parts.budget.limits.parts)
        throw corrupt(part, 'more relationships than parts are accepted');
      const kind = type.slice(type.lastIndexOf('/') + 1);
      const external = attribute('TargetMode')?.toLowerCase() === 'external';
      relationships.set(id, external ? { kind } : { kind, part: partNamed(target, source, part) });
    },
  });
  return relationships;
}

/** `../styles.xml` or `/xl/styles.xml` as the name of a part; what leads out of the package is refused. */
function partNamed(target: string, source: string, at: string): string {
  const unsafe = new Refusal(at, 'WORKBOOK_LINK_UNSAFE', { target });
  const path = unescaped(target);
  if (path === undefined || /[\\\0:?]/.test(path)) throw unsafe;
  const segments = path.startsWith('/') ? [] : source.split('/').slice(0, -1);
  for (const segment of path.replace(/#.*$/, '').split('/')) {
    if (segment === '..' && segments.length === 0) throw unsafe;
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** Names of parts are URIs: a blank in one is written `%20`. */
function unescaped(target: string): string | undefined {
  try {
    return decodeURIComponent(target);
  } catch (cause) {
    if (cause instanceof URIError) return undefined;
    throw cause;
  }
}
