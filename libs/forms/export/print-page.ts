/**
 * A form as one HTML page that a browser prints to PDF: self-contained, without script and without any request, on A4, with
 * the headings of a table again on every page.
 */
import { shown } from '#forms/cell-formats.js';
import type { Grid, GridCell, GridSection } from '#forms/grid.js';

/** What the page may do: nothing but show itself. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function printPage(grid: Grid): string {
  const title = grid.cells.find(({ kind }) => kind === 'title');
  const sections = grid.sections.map((section) => tableOf(grid, section)).join('\n');
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">
<title>${escaped(title === undefined ? grid.name : shown(title.value))}</title>
<style>${styleOf(grid)}</style>
</head>
<body>
${sections}
</body>
</html>
`;
}

const styleOf = ({ orientation, widths }: Grid): string => `
@page { size: A4 ${orientation}; margin: 14mm 12mm;
  @bottom-center { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font-size: 8pt; } }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: ${orientation === 'portrait' ? '186mm' : '273mm'}; color: #000; background: #fff;
  font: ${fontSize(widths, orientation)}pt/1.35 "Songti SC", SimSun, "宋体", "Noto Serif CJK SC", "Source Han Serif SC",
  "Noto Sans CJK SC", "Microsoft YaHei", serif; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
table + table { margin-top: -1px; }
thead { display: table-header-group; }
td:not([rowspan]), th { break-inside: avoid; }
td, th { border: 1px solid #000; padding: 0.25em 0.35em; vertical-align: middle; overflow-wrap: anywhere;
  white-space: pre-line; font-weight: normal; }
th { font-weight: bold; background: #f2f2f2; }
.label { background: #f9f9f9; }
.title, .note { border: 0; }
.title { font-size: 1.7em; font-weight: bold; padding: 0.2em 0 0.4em; }
.left { text-align: left; } .center { text-align: center; } .right { text-align: right; }
`;

/** Points in which the sheet fits its page: a Chinese character is as wide as it is high. */
function fontSize(widths: readonly number[], orientation: Grid['orientation']): number {
  const characters = widths.reduce((sum, width) => sum + width, 0) / 2;
  const points = (orientation === 'portrait' ? 186 : 273) / 0.3528;
  return Math.round(Math.min(10.5, Math.max(6, points / characters)) * 4) / 4;
}

/** Each section has the same columns, so that all of them look like one table. */
function tableOf({ cells, widths }: Grid, { from, to, headings }: GridSection): string {
  const total = widths.reduce((sum, width) => sum + width, 0);
  const columns = widths.map((width) => `<col style="width:${((width / total) * 100).toFixed(3)}%">`).join('');
  const rows = Array.from({ length: to - from }, (_, index) => {
    const row = from + index;
    const own = cells.filter((cell) => cell.row === row).map(cellOf);
    return `<tr>${own.join('')}</tr>`;
  });
  const head = headings === 0 ? '' : `<thead>${rows.slice(0, headings).join('\n')}</thead>\n`;
  return `<table><colgroup>${columns}</colgroup>\n${head}<tbody>${rows.slice(headings).join('\n')}</tbody></table>`;
}

function cellOf({ kind, align, rows, columns, value }: GridCell): string {
  const tag = kind === 'heading' ? 'th' : 'td';
  const spans = `${rows > 1 ? ` rowspan="${rows}"` : ''}${columns > 1 ? ` colspan="${columns}"` : ''}`;
  return `<${tag} class="${kind} ${align}"${spans}>${escaped(shown(value))}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
