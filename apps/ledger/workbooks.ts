/** Workbooks that were sent, each opened once: who recognises a file, previews it and books it looks at the same cells. */
import { LRUCache } from 'lru-cache';
import type { Reading } from '#forms/findings.js';
import { openWorkbook } from '#forms/import/open-workbook.js';
import type { Workbook } from '#forms/workbook/cells.js';
import type { Upload } from './upload.js';

export type OpenUpload = (upload: Pick<Upload, 'bytes' | 'sha256'>) => Reading<Workbook>;

/** Cells and sixteenths of their characters; more than the largest workbook that is read. */
const KEPT_SIZE = 2_000_000;
/** Kept for what else is in an entry, so that many small ones do not stay. */
const ENTRY_SIZE = 2_000;
/** A refusal may have been for want of time: sent again later, the file is tried again. */
const REFUSED_MS = 10_000;

export function workbooks(open: (bytes: Uint8Array) => Reading<Workbook> = openWorkbook): OpenUpload {
  const kept = new LRUCache<string, Reading<Workbook>>({ maxSize: KEPT_SIZE, sizeCalculation: sizeOf });
  return ({ bytes, sha256 }) => {
    const known = kept.get(sha256);
    if (known !== undefined) return known;
    const reading = open(bytes);
    kept.set(sha256, reading, reading.content === undefined ? { ttl: REFUSED_MS } : {});
    return reading;
  };
}

function sizeOf({ content }: Reading<Workbook>): number {
  let size = ENTRY_SIZE;
  for (const { rows } of content?.sheets ?? []) {
    for (const row of rows) {
      size += row.length;
      for (const cell of row) size += ((cell?.text.length ?? 0) + (cell?.formula?.length ?? 0)) >> 4;
    }
  }
  return size;
}
