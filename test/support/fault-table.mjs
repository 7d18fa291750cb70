/** The fault table as people read it: what was done to the system how often, and what was found. */

const COLUMNS = [
  ['fault', ({ fault }) => fault],
  ['rounds', ({ rounds }) => rounds],
  ['sent', ({ sent }) => sent],
  ['acknowledged', ({ acknowledged }) => acknowledged],
  ['refused', ({ refused }) => refused],
  ['slowest ready', ({ slowestReadyMs }) => seconds(slowestReadyMs)],
  ['aim', ({ aimMs }) => seconds(aimMs)],
  ['lost', ({ findings }) => findings.lost],
  ['doubled', ({ findings }) => findings.doubled],
  ['order', ({ findings }) => findings.order],
  ['rows', ({ findings }) => findings.differing],
  ['sums', ({ findings }) => findings.sums],
  ['seed', ({ seed }) => seed],
  ['result', ({ result }) => result],
  ['', ({ note }) => note ?? ''],
];

const seconds = (ms) => (ms === undefined ? '' : `${(ms / 1_000).toFixed(1)} s`);

/** @param {readonly import('../fault/table-row.js').TableRow[]} rows */
export function renderFaults(rows) {
  // Specs end in any order; kinds of faults stand together by their names.
  const sorted = [...rows].sort((a, b) => a.fault.localeCompare(b.fault, 'en'));
  const cells = [COLUMNS.map(([title]) => title), ...sorted.map((row) => COLUMNS.map(([, of]) => String(of(row))))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isText = (column) => column === 0 || column >= COLUMNS.length - 2;
  const line = (row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}
