/** Of all the formatting of a workbook only what tells whether a number is a date or a percentage. */
import { type NumberKind, numberKind } from './number-formats.js';
import type { Parts } from './parts.js';
import { corrupt } from './refusal.js';
import { readXml } from './xml.js';

/** The format itself allows so many styles of cells, and fewer formats. */
const MOST_STYLES = 65_490;

/** What the numbers of each cell style are, by the index that cells bear. */
export function readNumberKinds(parts: Parts, part: string): readonly NumberKind[] {
  const custom = new Map<number, string>();
  const ids: number[] = [];
  let inCellStyles = false;
  readXml(parts, part, {
    open: ({ name, attribute }) => {
      if (name === 'numFmt') custom.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      else if (name === 'cellXfs') inCellStyles = true;
      else if (name === 'xf' && inCellStyles) ids.push(Number(attribute('numFmtId') ?? 0));
      if (Math.max(custom.size, ids.length) > MOST_STYLES) throw corrupt(part, `more than ${MOST_STYLES} styles`);
    },
    close: (name) => {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return ids.map((id) => numberKind(id, custom));
}
