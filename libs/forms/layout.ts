/**
 * An official form as data: what is printed where, under which headings, and in which format. The writer, the reader, the
 * print page and a browser all know a form only from here; another place's variant is another value of this type.
 */
import type { AmountUnit } from '#forms/amount.js';

/**
 * `text` and `value` (a target or a result: `"＝38%"`, `"17个"`, `"健全"`) as printed; `amount` decimal yuan, printed in the
 * form's unit; `percent` (`"38.20"`) and `points` decimals; `tick` `"yes"`, printed √; `row` the name of a row.
 */
export type CellFormat = 'text' | 'value' | 'amount' | 'percent' | 'points' | 'tick' | 'row';

/** Words on paper. They may hold `{unit}` (万元 or 元) and `{stage}` (a month); spellings are other ways to write them. */
export interface Wording {
  readonly label: string;
  readonly spellings?: readonly string[];
}

/** `span`: how many columns of the sheet it takes. */
export interface FormColumn extends Wording {
  readonly key: string;
  readonly span: number;
  readonly format: CellFormat;
  /** A heading over this one and its neighbours with the same group. */
  readonly group?: string;
  /** Equal neighbours below one another are one cell, inside that of the columns before that are so too. */
  readonly down?: true;
  /** Has to be filled on every row. */
  readonly required?: true;
  /** May be missing in a file: other offices leave it out. */
  readonly optional?: true;
  /** What stands in an empty cell. */
  readonly dash?: string;
  readonly align?: 'left' | 'center';
}

/** A row that the form always prints. */
export interface FixedRow extends Wording {
  readonly key: string;
  /** A heading before the names of neighbouring rows. */
  readonly under?: string;
}

/** Words at the left of whole blocks; neighbouring blocks with equal words share the cell. */
export interface Side extends Wording {
  readonly span: number;
}

export interface TableBlock {
  readonly kind: 'table';
  readonly key: string;
  readonly sides: readonly Side[];
  readonly columns: readonly FormColumn[];
  readonly fixed: readonly FixedRow[];
  /** Further rows, as many as the content has. */
  readonly repeats: boolean;
  /** The last row: its name, and the fields that stand under the columns. */
  readonly closing?: Wording & { readonly fields: Readonly<Record<string, string>> };
}

/** A name and the cell for its text. */
export interface FormField extends Wording {
  readonly key: string;
  readonly labelSpan: number;
  readonly span: number;
  readonly format: 'text' | 'stage' | 'points';
  readonly required?: true;
  readonly align?: 'left' | 'center';
  /** Lines that are kept free for the text at least. */
  readonly lines?: number;
}

/** Rows of names and texts. */
export interface FieldsBlock {
  readonly kind: 'fields';
  readonly rows: readonly (readonly FormField[])[];
}

export type Block = TableBlock | FieldsBlock;

export interface FormLayout {
  /** Stable; part of addresses and of commands. */
  readonly id: string;
  /** What the title of a sheet ends with; the first is printed when the content names none. */
  readonly titles: readonly string[];
  readonly sheetName: string;
  /** Width of each column of the sheet; one Chinese character is two. */
  readonly widths: readonly number[];
  readonly orientation: 'portrait' | 'landscape';
  /** The table whose headings are printed again on every page; without it the title is. */
  readonly headingsOf?: string;
  readonly blocks: readonly Block[];
}

/** Values by column; what is not there is empty. */
export type Row = Readonly<Record<string, string>>;

/** What a form says, as text. Fixed rows come first in their order, with their name under the key of the `row` column. */
export interface FormContent {
  readonly title: string;
  readonly year: number;
  readonly fields: Row;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
}

export interface WritingOptions {
  readonly unit: AmountUnit;
}

export const tablesOf = ({ blocks }: FormLayout): readonly TableBlock[] =>
  blocks.filter((block) => block.kind === 'table');

export const fieldsOf = ({ blocks }: FormLayout): readonly FormField[] =>
  blocks.flatMap((block) => (block.kind === 'fields' ? block.rows.flat() : []));

/** Every name of fields: those in cells of their own and those in the closing rows. */
export const fieldKeys = (layout: FormLayout): readonly string[] => [
  ...fieldsOf(layout).map(({ key }) => key),
  ...tablesOf(layout).flatMap(({ closing }) => Object.values(closing?.fields ?? {})),
];

/** The words as they are printed. */
export const worded = (label: string, given: { readonly unit?: string; readonly stage?: string }): string =>
  label.replace('{unit}', given.unit ?? '{unit}').replace('{stage}', given.stage ?? 'N');

/** Without blanks, and with one kind of brackets, dashes and colons: the same words in other hands. */
export const plainWords = (text: string): string =>
  text
    .replace(/\s+/gu, '')
    .replace(/[（﹙]/gu, '(')
    .replace(/[）﹚]/gu, ')')
    .replace(/[：﹕]/gu, ':')
    .replace(/[－–—~～至]/gu, '-')
    .replace(/[“”＂"「」]/gu, '"')
    .replace(/[:：]$/u, '');

/** Whether `text` are these words, in any spelling. */
export function isWording({ label, spellings = [] }: Wording, text: string): boolean {
  const plain = plainWords(text);
  return plain !== '' && [label, ...spellings].some((words) => patternOf(words).test(plain));
}

const patterns = new Map<string, RegExp>();

function patternOf(words: string): RegExp {
  const known = patterns.get(words);
  if (known !== undefined) return known;
  const escaped = plainWords(words).replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  const source = escaped.replace('{unit}', '(?<unit>万元|元)').replace('{stage}', '(?<stage>\\d{1,2}|N)');
  const pattern = new RegExp(`^${source}$`, 'u');
  patterns.set(words, pattern);
  return pattern;
}

/** What stands in the place of `{unit}` and `{stage}`. */
export function wordedValues({ label, spellings = [] }: Wording, text: string): Readonly<Record<string, string>> {
  const plain = plainWords(text);
  for (const words of [label, ...spellings]) {
    const match = patternOf(words).exec(plain);
    if (match !== null) return { ...match.groups };
  }
  return {};
}
