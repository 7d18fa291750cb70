/** Reads the three indicator blocks of the printed table into indicators with their headings. */
import type { Indicator } from '#domain/performance/events.js';
import { compare, decimalRatio } from '#domain/ratio.js';
import { type Findings, place } from '#forms/findings.js';
import type { FirstLevel, FormDefinition } from '#forms/performance-form.js';
import { INDICATORS_LIMIT } from '#forms/table.js';
import { makeIndicator, readTarget } from '#forms/target-value.js';
import { columnsOf } from './indicator-columns.js';
import { readBlock, type ReadRow, type ReadSegment } from './block.js';
import { readIndicatorLines, type FirstLevelSegment, type Values } from './indicator-rows.js';
import type { Line } from './printed-lines.js';

export interface IndicatorSection {
  readonly indicators: readonly Indicator[];
  readonly emptyHeadings: readonly { readonly level1: string; readonly level2: string }[];
}

export function readIndicators(lines: readonly Line[], form: FormDefinition, findings: Findings): IndicatorSection {
  const { segments, headers, swapped } = readIndicatorLines(lines, form, findings);
  reportHeaders(segments, headers, form, findings);
  const blankLines = lines.some(({ apart }) => apart);
  const read = new Map<FirstLevelSegment, ReadSegment<Values>>();
  for (const layout of ['plain', 'duties'] as const) {
    const own = segments.filter(({ firstLevel }) => firstLevel.layout === layout);
    const rows = readBlock(own, columnsOf(layout, blankLines, form), findings);
    own.forEach((segment, index) => {
      const result = rows[index];
      if (result !== undefined) read.set(segment, result);
    });
  }
  const section = new SectionUnderWay(form, findings);
  for (const segment of segments) section.take(segment.firstLevel, read.get(segment));
  section.finish(segments);
  reportSpellings(section.indicators, form, findings);
  if (!swapped) reportFalling(section.rows, findings);
  return section;
}

/** Collects indicators and carries the headings from row to row. */
class SectionUnderWay implements IndicatorSection {
  readonly indicators: Indicator[] = [];
  readonly emptyHeadings: { level1: string; level2: string }[] = [];
  readonly rows: { readonly no: number; readonly indicator: Indicator }[] = [];
  private readonly counts = new Map<string, number>();
  private readonly seen = new Map<string, number>();
  private level1: FirstLevel | undefined;
  private level2: string | undefined;
  private keyWork: string | undefined;
  private number = 0;
  private open: ReadRow<Values>['headings'] = [];
  private openNo = 0;

  constructor(
    private readonly form: FormDefinition,
    private readonly findings: Findings,
  ) {}

  /** A first level printed again after a page break goes on with its headings, which may be printed again as well. */
  take(firstLevel: FirstLevel, segment: ReadSegment<Values> | undefined): void {
    if (this.level1 !== firstLevel) {
      this.dropOpen();
      this.level2 = this.keyWork = undefined;
    }
    this.level1 = firstLevel;
    for (const row of segment?.rows ?? []) {
      const again = this.open.filter(({ key, text }) =>
        row.headings.every((heading) => heading.key !== key || heading.text !== text),
      );
      this.follow([...again, ...row.headings], row.no, firstLevel);
      this.open = [];
      this.takeRow(row, firstLevel);
    }
    if (segment === undefined || segment.trailing.length === 0) return;
    this.open = [...this.open, ...segment.trailing];
    this.openNo = segment.trailingNo;
  }

  /** A heading that another of its own or a higher rank follows at once has no indicator. */
  private follow(headings: ReadRow<Values>['headings'], no: number, firstLevel: FirstLevel): void {
    headings.forEach(({ key, text }, index) => {
      const next = headings[index + 1];
      if (next?.key === 'level2' || next?.key === key) this.takeEmpty(text, no, firstLevel);
      else if (key === 'keyWork') this.keyWork = text;
      else [this.level2, this.keyWork] = [text, undefined];
    });
  }

  /** Headings after the last row of their first level. */
  private dropOpen(): void {
    const { open, level1 } = this;
    if (level1 !== undefined) for (const { text } of open) this.takeEmpty(text, this.openNo, level1);
    this.open = [];
  }

  private takeEmpty(level2: string, no: number, { name: level1, mayBeEmpty }: FirstLevel): void {
    if (mayBeEmpty) {
      if (this.emptyHeadings.some((one) => one.level1 === level1 && one.level2 === level2)) return;
      this.emptyHeadings.push({ level1, level2 });
      this.findings.note(place(no), 'HEADING_EMPTY', { heading: level2 });
    } else this.findings.problem(place(no), 'HEADING_WITHOUT_INDICATOR', { heading: level2 });
  }

  private takeRow({ no, name, values }: ReadRow<Values>, firstLevel: FirstLevel): void {
    const { findings, level2, keyWork } = this;
    this.number += 1;
    this.counts.set(firstLevel.name, (this.counts.get(firstLevel.name) ?? 0) + 1);
    if (level2 === undefined) findings.problem(place(no, '二级指标'), 'HEADING_MISSING', { row: name });
    if (firstLevel.layout === 'duties' && keyWork === undefined) {
      findings.problem(place(no, '重点工作'), 'HEADING_MISSING', { row: name });
    }
    const key = [firstLevel.name, level2, keyWork, name].join('\n');
    const first = this.seen.get(key);
    if (first !== undefined) findings.problem(place(no), 'INDICATOR_REPEATED', { row: name, first });
    this.seen.set(key, first ?? no);
    const [halfText, annualText] = values;
    if (halfText === undefined || annualText === undefined) return;
    const half = readTarget(halfText, place(no, '半年指标值'), findings, this.form);
    const annual = readTarget(annualText, place(no, '全年指标值'), findings, this.form);
    if (half === undefined || annual === undefined) return;
    const indicator = makeIndicator(
      {
        firstLevel,
        level2: level2 ?? '',
        ...(keyWork && { keyWork }),
        level3: name,
        number: this.number,
        half,
        annual,
      },
      place(no),
      findings,
    );
    if (indicator === undefined) return;
    this.indicators.push(indicator);
    this.rows.push({ no, indicator });
  }

  finish(segments: readonly FirstLevelSegment[]): void {
    this.dropOpen();
    for (const { name, mayBeEmpty } of this.form.firstLevels) {
      const segment = segments.find(({ firstLevel }) => firstLevel.name === name);
      const headed = this.emptyHeadings.some(({ level1 }) => level1 === name);
      if (segment === undefined) this.findings.problem('指标', 'SECTION_MISSING', { section: name });
      else if ((this.counts.get(name) ?? 0) === 0 && !(mayBeEmpty && headed)) {
        this.findings.problem(place(segment.no), 'SECTION_EMPTY', { section: name });
      }
    }
    if (this.number > INDICATORS_LIMIT) {
      this.findings.problem('指标', 'TOO_MANY_INDICATORS', { indicators: this.number, limit: INDICATORS_LIMIT });
    }
  }
}

function reportSpellings(indicators: readonly Indicator[], form: FormDefinition, findings: Findings): void {
  for (const [spelling, unit] of Object.entries(form.unitSpellings)) {
    const count = indicators.filter(({ annual }) => annual.text.endsWith(spelling)).length;
    if (count > 0) findings.note('指标', 'UNIT_NORMALISED', { spelling, unit, indicators: count });
  }
}

function reportHeaders(
  segments: readonly FirstLevelSegment[],
  headers: ReadonlySet<string>,
  form: FormDefinition,
  findings: Findings,
): void {
  const reported = new Set(headers);
  for (const { firstLevel, no } of segments) {
    if (reported.has(firstLevel.layout)) continue;
    reported.add(firstLevel.layout);
    const expected = form.layouts[firstLevel.layout].map(({ heading }) => heading).join(' ');
    findings.problem(place(no, firstLevel.name), 'HEADER_WRONG', { expected, found: '' });
  }
}

/** One target may fall, as a stock does; when more fall than rise, the columns stand in each other's place. */
function reportFalling(rows: SectionUnderWay['rows'], findings: Findings): void {
  const course = rows
    .filter(({ indicator }) => indicator.comparator === '=')
    .map(({ no, indicator: { half, annual } }) => ({
      no,
      rise: compare(decimalRatio(annual.value ?? '0'), decimalRatio(half.value ?? '0')),
    }));
  const falling = course.filter(({ rise }) => rise < 0);
  const rising = course.filter(({ rise }) => rise > 0);
  const first = falling[0];
  if (first === undefined || falling.length < 2 || falling.length <= rising.length) return;
  findings.problem(place(first.no, '半年指标值, 全年指标值'), 'COLUMNS_SWAPPED', {
    falling: falling.length,
    rising: rising.length,
  });
}
