/** Made-up contents of any official form: what the layout allows, and texts that spreadsheets like to change. */
import fc from 'fast-check';
import type { CellFormat, FormContent, FormField, FormLayout, Row, TableBlock } from '#forms/layout.js';
import { isWording, fieldsOf, tablesOf } from '#forms/layout.js';

const HAN = [...'土地储备项目建设道路工程数量面积管理制度健全性完成率及时质量效益服务对象满意度年初执行'];
const word = (maxLength: number) => fc.string({ unit: fc.constantFrom(...HAN), minLength: 2, maxLength });

/** Texts that begin a formula, hold markup, quotes or line breaks, or look like a number or a date. */
const ODD = [
  '=1+1',
  '+86 512',
  '-3',
  '@SUM(A1)',
  '<b>&amp;"引号"</b>',
  '第一行\n第二行',
  "it's",
  '１２３',
  '007',
  '1E5',
  '2024-06-30',
  'TRUE',
  '#N/A',
  '_x000D_',
];
const prose = fc.oneof(word(60), fc.constantFrom(...ODD));
const decimal = (whole: number, places: number) =>
  fc
    .tuple(fc.nat(whole), fc.nat(10 ** places - 1))
    .map(([left, right]) => `${left}.${String(right).padStart(places, '0')}`);

const BY_FORMAT: Readonly<Record<CellFormat, fc.Arbitrary<string>>> = {
  text: prose,
  value: fc.oneof(fc.constantFrom('＝38%', '≥90.5%', '≤10%', '健全', '=1+1', '＝7000平方米'), word(4)),
  /** Up to 90 trillion yuan: more digits than spreadsheets keep of a number. */
  amount: fc.oneof(
    decimal(100_000_000, 2),
    decimal(90_000_000_000_000, 2),
    fc.constantFrom('0.00', '0.01', '10000.00'),
  ),
  percent: decimal(400, 2),
  points: decimal(100, 2),
  tick: fc.constant('yes'),
  row: word(12),
};

const valueOf = (format: FormField['format']): fc.Arbitrary<string> =>
  format === 'stage' ? fc.integer({ min: 1, max: 12 }).map(String) : BY_FORMAT[format];

/** Keys to arbitrary values, those in `optional` now and then absent. */
const record = (values: Readonly<Record<string, fc.Arbitrary<string>>>, required: readonly string[]) =>
  fc.record(values, { requiredKeys: [...required] }) as fc.Arbitrary<Row>;

function fieldsArbitrary(layout: FormLayout): fc.Arbitrary<Row> {
  const fields = fieldsOf(layout).map(({ key, format }) => [key, valueOf(format)] as const);
  const closing = tablesOf(layout).flatMap((block) =>
    Object.values(block.closing?.fields ?? {}).map((key) => [key, BY_FORMAT.points] as const),
  );
  const required = fieldsOf(layout).filter(({ required: must }) => must);
  return record(Object.fromEntries([...fields, ...closing]), [
    ...required.map(({ key }) => key),
    ...closing.map(([key]) => key),
  ]);
}

/** Headings go down over rows: rows that have the same are neighbours. */
function tableArbitrary(block: TableBlock): fc.Arbitrary<readonly Row[]> {
  const { columns, fixed, repeats } = block;
  const names = columns.find(({ format }) => format === 'row');
  const down = columns.filter((column) => column.down);
  const plain = columns.filter((column) => !column.down && column !== names);
  const cells = record(
    Object.fromEntries(plain.map(({ key, format }) => [key, BY_FORMAT[format]])),
    plain.filter(({ required, format }) => required || format === 'value').map(({ key }) => key),
  );
  const fixedRows = fc.tuple(...fixed.map(({ key }) => cells.map((row) => ({ ...row, [names?.key ?? '']: key }))));
  if (!repeats) return fixedRows;
  const own =
    names === undefined ? cells : fc.tuple(cells, BY_FORMAT.row).map(([row, name]) => ({ ...row, [names.key]: name }));
  const rows = fc.array(fc.tuple(own, fc.array(word(8), { minLength: down.length, maxLength: down.length })), {
    minLength: 1,
    maxLength: 12,
  });
  return fc
    .tuple(fixedRows, rows, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }))
    .map(([first, more, fresh]) => {
      let headings: readonly string[] = [];
      const followed = more.map(([row, texts], index): Row => {
        if (index === 0 || fresh[index]) headings = texts;
        return { ...Object.fromEntries(down.map(({ key }, at) => [key, headings[at] ?? ''])), ...row };
      });
      const named = followed.filter((row) => !fixed.some((words) => isWording(words, row[names?.key ?? ''] ?? '')));
      return [...first, ...named];
    });
}

export function contentArbitrary(layout: FormLayout): fc.Arbitrary<FormContent> {
  const tables = tablesOf(layout).map((block) => [block.key, tableArbitrary(block)] as const);
  return fc.record({
    title: fc.constantFrom(...layout.titles).map((title) => `某市${title}`),
    year: fc.integer({ min: 2000, max: 2099 }),
    fields: fieldsArbitrary(layout),
    tables: fc.record(Object.fromEntries(tables)),
  });
}
