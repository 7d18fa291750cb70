/** What a rebuild took in, compared and switched, as text for people. */
import type { Language } from './labels.js';
import { figures, headings, PLAIN, type Style } from './page.js';
import { differenceWords, type DifferenceBody } from './render-maintain.js';
import { printable, table } from './table.js';

/** `expected`: as the log gives it, the new read models; `found`: those that were in use. */
interface Both<Value> {
  readonly expected: Value;
  readonly found: Value;
}

export interface RebuiltBody {
  readonly events: number;
  readonly milliseconds: number;
  readonly switched: boolean;
  /** Absent when there was nothing in use to compare with. At most 100 differences are listed. */
  readonly comparison?: {
    readonly differenceCount: number;
    readonly differences: readonly DifferenceBody[];
    readonly tables: readonly {
      readonly table: string;
      readonly rows: Both<number>;
      readonly checksums: Both<string>;
    }[];
    /** Tables and columns that only one side has. */
    readonly layout: readonly { readonly table: string; readonly column?: string; readonly only: keyof Both<never> }[];
    /** Tables that differ and whose rows have no key by which they could be told apart. */
    readonly notByRow: readonly string[];
  };
}

export interface RolledBackBody {
  readonly events: number;
  readonly milliseconds: number;
}

/** Anything but two equal sides, also when they could not be compared. */
export const isDifferent = ({ comparison }: RebuiltBody): boolean =>
  comparison === undefined ||
  comparison.differenceCount > 0 ||
  comparison.layout.length > 0 ||
  comparison.tables.some(isTableDifferent);

type TableBody = NonNullable<RebuiltBody['comparison']>['tables'][number];

const isTableDifferent = ({ rows, checksums }: TableBody): boolean =>
  rows.expected !== rows.found || checksums.expected !== checksums.found;

export function renderRebuilt(body: RebuiltBody, style: Style = PLAIN): string {
  const { language } = style;
  const zh = language === 'zh';
  const { events, milliseconds, comparison, switched } = body;
  const seconds = (milliseconds / 1000).toFixed(1);
  const head = zh
    ? `已按日志重新生成读模型：${events} 个事件，用时 ${seconds} 秒。`
    : `The read models were filled from the log again: ${events} events in ${seconds} s.`;
  const end = switched ? SWITCHED[language] : KEPT[language];
  if (comparison === undefined) return told([head, NOTHING_TO_COMPARE[language], end]);
  return told([head, '', tablesOf(comparison.tables, style), ...differenceLines(comparison, language), end]);
}

const SWITCHED = {
  zh: '新的读模型已启用，原来的保留着：budget rebuild --rollback 可以换回。',
  en: 'The new ones are in use; those before are kept: budget rebuild --rollback takes them back.',
};
const KEPT = {
  zh: '只作比对，正在使用的读模型没有变动。',
  en: 'This was a comparison only; the read models in use are as they were.',
};
const NOTHING_TO_COMPARE = {
  zh: '没有可比对的在用读模型。',
  en: 'There were no read models in use to compare with.',
};

function tablesOf(tables: readonly TableBody[], { language, colours }: Style): string {
  const mark = { equal: { zh: '一致', en: 'equal' }[language], different: { zh: '不一致', en: 'different' }[language] };
  return table(
    [
      ...headings(['table'], language),
      ...figures(['rowsNew', 'rowsInUse'], language),
      ...headings(['checksumNew', 'checksumInUse', 'result'], language),
    ],
    tables.map((compared) => [
      compared.table,
      String(compared.rows.expected),
      String(compared.rows.found),
      compared.checksums.expected,
      compared.checksums.found,
      isTableDifferent(compared) ? { text: mark.different, tone: 'bad' } : { text: mark.equal },
    ]),
    { colours },
  );
}

function differenceLines(comparison: NonNullable<RebuiltBody['comparison']>, language: Language): string[] {
  const zh = language === 'zh';
  const { differenceCount, differences, layout, notByRow } = comparison;
  const hidden = differenceCount - differences.length;
  const side = { expected: zh ? '只有新的有' : 'only in the new', found: zh ? '只有在用的有' : 'only in use' };
  const rows = zh ? `逐行比对，不同的行：${differenceCount}。` : `Row by row, rows that differ: ${differenceCount}.`;
  return [
    ...layout.map(
      ({ table: name, column, only }) => `  ${name}${column === undefined ? '' : `.${column}`}: ${side[only]}`,
    ),
    ...(differenceCount > 0 ? [rows] : []),
    ...differences.map(differenceWords),
    ...(hidden > 0 ? [zh ? `  …… 另有 ${hidden} 行` : `  … and ${hidden} more`] : []),
    ...notByRow.map((name) =>
      zh ? `  ${name}：没有共同的主键，无法逐行比对` : `  ${name}: no key in common, not compared by row`,
    ),
  ];
}

export function renderRolledBack({ events }: RolledBackBody, { language }: Style = PLAIN): string {
  return told([
    language === 'zh'
      ? `重建以前的读模型已重新启用，补入 ${events} 个事件。再执行一次可以换回。`
      : `The read models from before the rebuild are in use again, with ${events} events that they had missed. Once more takes it back.`,
  ]);
}

/** Tables come with their line breaks; everything else is one line each. */
const told = (parts: readonly string[]): string =>
  parts.map((part) => (part.includes('\n') ? part : `${printable(part)}\n`)).join('');
