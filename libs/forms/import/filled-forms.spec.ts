/** Forms as people fill and damage them: each case is an exported form with one change, and says what is told, and where. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MONITORING } from '#forms/definitions/monitoring.js';
import {
  PROJECT_SELF_EVALUATION,
  projectSelfEvaluationContent,
  type ProjectSelfEvaluation,
} from '#forms/definitions/project-self-evaluation.js';
import { SELF_EVALUATION } from '#forms/definitions/self-evaluation.js';
import { TARGET_TABLE, targetTableContent } from '#forms/definitions/target-table.js';
import type { FormContent, Row } from '#forms/layout.js';
import type { Indicator } from '#domain/performance/events.js';
import { Findings } from '#forms/findings.js';
import { FORM_NOTES, FORM_PROBLEMS } from '#forms/form-problem-codes.js';
import { columnName } from '#forms/workbook/cells.js';
import { Draft, draftOf, workbookOf } from './form-draft.fixture.js';
import { readMonitoring } from './monitoring-form.js';
import { readProjectSelfEvaluation } from './project-self-evaluation-form.js';
import { readSelfEvaluation } from './self-evaluation-form.js';
import { readResult } from './result-value.js';
import { parseTableText } from './table-text.js';
import { readTargetTable } from './target-table-form.js';

const golden = readFileSync(new URL('../../../test/golden/suzhou-2024.txt', import.meta.url));
const table = parseTableText(golden).content!;
const { indicators } = table;
const indicator = (level3: string): Indicator => indicators.find((entry) => entry.level3 === level3)!;

interface Told {
  readonly problems: readonly { readonly code: string; readonly at: string }[];
  readonly notes: readonly { readonly code: string; readonly at: string }[];
}
const said = ({ problems }: Told) => problems.map(({ code, at }) => `${code} at ${at}`);
const noted = ({ notes }: Told, code: string) => notes.filter((note) => note.code === code).map(({ at }) => at);

/** Without the functions that say where a figure stands. */
const plain = (content: unknown): unknown => JSON.parse(JSON.stringify(content));

const targets = draftOf(TARGET_TABLE, targetTableContent(table));
const copy = (draft: Draft) => new Draft(draft.name, draft.sheet());
/** The cell of an indicator's row in this column of the sheet. */
const cellOf = (draft: Draft, level3: string, column: string) => `${column}${draft.find(level3).row + 1}`;
const read = (change: (draft: Draft) => unknown) => {
  const draft = copy(targets);
  change(draft);
  return readTargetTable(workbookOf(draft));
};

describe('a target table', () => {
  it('is read as it was exported', () => {
    expect(said(readTargetTable(workbookOf(targets)))).toEqual([]);
  });

  it('is found on any sheet, and a hidden one is left alone with a note', () => {
    const [other, hidden] = [new Draft('说明', { name: '说明', hidden: false, rows: [], merges: [] }), copy(targets)];
    hidden.hidden = true;
    const reading = readTargetTable(workbookOf(other, hidden, copy(targets)));
    expect([said(reading), noted(reading, 'SHEET_HIDDEN')]).toEqual([[], ['绩效目标表']]);
  });

  it('is missing, and so is every other form: the titles that are known and the sheets that there are are named', () => {
    const { problems } = read((draft) => draft.set('A1', '工作计划'));
    const expected = ['部门整体预算绩效目标表', '部门整体绩效运行监控表', '部门整体绩效自评表', '项目支出绩效自评表'];
    expect(problems).toEqual([{ at: '文件', code: 'SHEET_MISSING', expected, sheets: ['绩效目标表'] }]);
  });

  it('is missing, and another form is there: only its own title is named', () => {
    const { problems } = readTargetTable(workbookOf(monitored));
    const expected = ['部门整体预算绩效目标表'];
    expect(problems).toEqual([{ at: '文件', code: 'SHEET_MISSING', expected, sheets: ['绩效运行监控表'] }]);
  });

  it('stands there twice: which one is meant is asked', () => {
    expect(said(readTargetTable(workbookOf(targets, targets)))).toEqual(['FORM_REPEATED at 绩效目标表']);
  });

  it('has merged ranges over more cells than a form can have', () => {
    const everything = { top: 0, left: 0, bottom: 1_048_575, right: 16_383 };
    const reading = read((draft) => {
      draft.rows[900] = [];
      draft.rows[0]![999] = { value: 'x', text: 'x' };
      draft.merges.push(everything, everything);
    });
    expect(said(reading)).toEqual(['MERGES_TOO_MANY at 绩效目标表']);
  });

  it('has an inserted empty column and empty rows: read all the same', () => {
    const reading = read((draft) => draft.insertColumn(4).insertRow(30).insertRow(2));
    expect([said(reading), reading.content]).toEqual([[], table]);
  });

  it('has headings printed again at a page break: read all the same', () => {
    const reading = read((draft) => {
      const { row } = draft.find('预算调整率');
      draft.insertRow(row);
      draft.rows[row] = [...draft.rows[draft.find('一级指标').row]!];
    });
    expect(said(reading)).toEqual([]);
  });

  it('has a moved column: its heading is told with where it belongs and where it was found', () => {
    const reading = read((draft) => {
      const from = draft.find('一级指标').row;
      for (let row = from; row < draft.find('一级指标', from + 1).row; row += 1) {
        const cells = draft.rows[row]!;
        [cells[4], cells[5]] = [cells[5], cells[4]];
      }
    });
    const at = `E${targets.find('一级指标').row + 1}`;
    expect(reading.problems.filter(({ code }) => code === 'COLUMN_MOVED')).toEqual([
      {
        at: `绩效目标表!${at}, 全年指标值`,
        code: 'COLUMN_MOVED',
        heading: '全年指标值',
        expected: '“半年指标值”之后',
        found: at,
      },
    ]);
  });

  it.each`
    heading         | becomes         | told
    ${'半年指标值'} | ${'指标值'}     | ${'HEADER_WRONG, HEADING_UNKNOWN'}
    ${'半年指标值'} | ${'全年指标值'} | ${'HEADER_WRONG, HEADING_REPEATED'}
  `('has the heading $heading written as $becomes: $told', ({ heading, becomes, told }) => {
    const reading = read((draft) => {
      const { row, column } = draft.find(heading!);
      draft.set(`${columnName(column)}${row + 1}`, becomes);
    });
    const codes = reading.problems.map(({ code }) => code).filter((code) => code.startsWith('HEAD'));
    expect([...new Set(codes)].join(', ')).toBe(told);
  });

  it('has lost a block: it is named', () => {
    const reading = read((draft) => {
      const from = draft.find('收入').row;
      draft.removeRows(from, draft.find('支出').row);
    });
    expect(said(reading)).toContain('SECTION_MISSING at 绩效目标表');
    expect(reading.problems.find(({ code }) => code === 'SECTION_MISSING')).toMatchObject({ section: '收入' });
  });

  it('has lost the unit of its amounts', () => {
    const reading = read((draft) => draft.set(`A${draft.find('部门整体资金（万元）').row + 1}`, '部门整体资金'));
    expect(said(reading)).toEqual(['CURRENCY_UNIT_MISSING at 绩效目标表']);
  });

  it('has its merged ranges cut apart: headings are filled in as far as there is one reading, with notes', () => {
    const reading = read((draft) => draft.cut());
    expect([said(reading), reading.content]).toEqual([[], table]);
    expect(noted(reading, 'MERGE_CUT_FILLED').length).toBeGreaterThan(10);
  });

  it('has a second-level heading that a cut left empty under another first level: a problem', () => {
    const row = targets.find('预算执行').row + 1;
    const reading = read((draft) => draft.cut().set(`B${row}`, undefined));
    expect(said(reading)).toContain(`MERGE_CUT_AMBIGUOUS at 绩效目标表!B${row}, 二级指标`);
  });

  it('has headings written out on every row but one, between two of them: a problem', () => {
    const rows = ['预算偏差率', '结转结余率', '公用经费控制率'].map((name) => targets.find(name).row);
    const next = targets.find('预算管理').row;
    const reading = read((draft) => {
      draft.cut();
      for (let row = targets.find('预算执行').row; row < next; row += 1) draft.set(`B${row + 1}`, '预算执行');
      draft.set(`B${next}`, undefined);
    });
    expect(rows.every((row) => row < next)).toBe(true);
    expect(said(reading)).toEqual([`MERGE_CUT_AMBIGUOUS at 绩效目标表!B${next}, 二级指标`]);
  });

  it.each`
    cell                                                        | told                                                    | why
    ${{ value: 1965.66, text: '1965.66', formula: 'SUM(1)' }}   | ${''}                                                   | ${'a formula with its last value'}
    ${{ value: null, text: '', formula: 'SUM(1)' }}             | ${'FORMULA_WITHOUT_VALUE at 绩效目标表!E9, 全年预算数'} | ${'a formula that nobody computed'}
    ${{ value: null, text: '#REF!', error: '#REF!' }}           | ${'CELL_ERROR at 绩效目标表!E9, 全年预算数'}            | ${'an error'}
    ${{ value: true, text: 'TRUE' }}                            | ${'CELL_NOT_READABLE at 绩效目标表!E9, 全年预算数'}     | ${'a truth value'}
    ${{ value: '1,965.66', text: '1,965.66' }}                  | ${''}                                                   | ${'a number as text, with separators'}
    ${{ value: '１９６５.６６', text: '１９６５.６６' }}        | ${''}                                                   | ${'digits of full width'}
    ${{ value: '约1966', text: '约1966' }}                      | ${'AMOUNT_NOT_DECIMAL at 绩效目标表!E9, 全年预算数'}    | ${'words in an amount'}
    ${{ value: 0.3, text: '30%', shownAs: 'percent' as const }} | ${'AMOUNT_NOT_DECIMAL at 绩效目标表!E9, 全年预算数'}    | ${'a percentage for an amount'}
    ${{ value: 1965.6600001, text: '1965.6600001' }}            | ${'AMOUNT_TOO_PRECISE at 绩效目标表!E9, 全年预算数'}    | ${'less than a fen'}
    ${{ value: null, text: '' }}                                | ${'CELL_EMPTY at 绩效目标表!E9, 全年预算数'}            | ${'nothing'}
  `('has an amount that is $why: $told', ({ cell, told }) => {
    const reading = read((draft) => draft.set('E9', cell));
    expect(said(reading)[0] ?? '').toBe(told);
    if (told === '') expect(reading.content).toEqual(table);
  });

  it('says what it took for a formula, for a number as text, and for another comparator', () => {
    const at = cellOf(targets, '绩效管理覆盖率', 'E');
    const reading = read((draft) => {
      draft
        .set('E9', { value: 1965.66, text: '1965.66', formula: 'SUM(E10:E12)' })
        .set('E10', '204,176.58')
        .set(at, '等于100%');
    });
    expect(reading.notes).toEqual(
      expect.arrayContaining([
        { at: '绩效目标表!E9, 全年预算数', code: 'FORMULA_VALUE_TAKEN', formula: '=SUM(E10:E12)', value: '1965.66' },
        { at: '绩效目标表!E10, 全年预算数', code: 'NUMBER_AS_TEXT', found: '204,176.58' },
        { at: `绩效目标表!${at}, 半年指标值`, code: 'COMPARATOR_NORMALISED', found: '等于', read: '＝' },
      ]),
    );
  });

  it('has totals that are not the sums of their parts: told at the total', () => {
    const reading = read((draft) => draft.set('E9', 1965.67));
    expect(said(reading)).toEqual(['CONTROL_TOTAL_DIFFERS at 绩效目标表!E8, 全年预算数']);
  });

  it.each`
    written          | becomes   | told
    ${'>=90%'}       | ${'≥90%'} | ${''}
    ${'≧90%'}        | ${'≥90%'} | ${''}
    ${'＞＝90%'}     | ${'≥90%'} | ${''}
    ${'大于等于90%'} | ${'≥90%'} | ${''}
    ${'不低于90%'}   | ${'≥90%'} | ${''}
    ${'不少于 90%'}  | ${'≥90%'} | ${''}
    ${'≦90%'}        | ${'≤90%'} | ${''}
    ${'小于等于90%'} | ${'≤90%'} | ${''}
    ${'不超过90%'}   | ${'≤90%'} | ${''}
    ${'=90%'}        | ${'=90%'} | ${''}
    ${'大于90%'}     | ${'–'}    | ${'COMPARATOR_STRICT'}
    ${'＞90%'}       | ${'–'}    | ${'COMPARATOR_STRICT'}
    ${'<90%'}        | ${'–'}    | ${'COMPARATOR_STRICT'}
    ${'约90%'}       | ${'–'}    | ${'TARGET_NOT_READABLE'}
  `('has a target written $written: $becomes $told', ({ written, becomes, told }) => {
    const reading = read((draft) => {
      draft.set(cellOf(draft, '绩效管理覆盖率', 'E'), written).set(cellOf(draft, '绩效管理覆盖率', 'F'), written);
    });
    const found = reading.content?.indicators.find(({ level3 }) => level3 === '绩效管理覆盖率');
    expect([found?.annual.text ?? '–', [...new Set(reading.problems.map(({ code }) => code))].join()]).toEqual([
      becomes,
      told,
    ]);
  });

  it('has an indicator whose name comes from a formula', () => {
    const cell = { value: '绩效管理覆盖率', text: '绩效管理覆盖率', formula: 'A1' };
    const at = cellOf(targets, '绩效管理覆盖率', 'C');
    expect(said(read((draft) => draft.set(at, cell)))).toEqual([`FORMULA_NOT_ALLOWED at 绩效目标表!${at}, 三级指标`]);
  });

  it('has a text between the columns, and one beside the table', () => {
    const at = targets.find('预算调整率').row + 1;
    const reading = read((draft) => draft.insertColumn(4).set(`E${at}`, '见附件').set(`I${at}`, '草稿'));
    expect(said(reading)).toEqual([`TEXT_UNEXPECTED at 绩效目标表!E${at}`]);
    expect(noted(reading, 'CELLS_NOT_READ')).toEqual([`绩效目标表!I${at}`]);
  });
});

const rows = indicators.map(({ level1, level2, keyWork, level3, half, annual }): Row => ({
  level1,
  level2,
  ...(keyWork !== undefined && { keyWork }),
  level3,
  half: half.text,
  annual: annual.text,
}));
const money = { original: '2061422400.00', current: '2061422400.00', executed: '910258100.00', rate: '44.16' };
const monitoring: FormContent = {
  title: '部门整体绩效运行监控表',
  year: 2024,
  fields: { unitName: '苏州市土地储备中心', stage: '6' },
  tables: { funds: [{ row: '年度资金总额', ...money }], indicators: rows },
};
const monitored = draftOf(MONITORING, monitoring);
const readFilled = (change: (draft: Draft) => unknown) => {
  const draft = copy(monitored);
  change(draft);
  return readMonitoring(workbookOf(draft), { indicators });
};

describe('a monitoring form', () => {
  it('gives what was filled in, by indicator', () => {
    const row = monitored.find('姑苏区征收拆迁补偿数').row + 1;
    const { content, problems } = readFilled((draft) =>
      draft
        .set(`G${row}`, 14)
        .set(`H${row}`, '29个')
        .set(`I${row}`, '√')
        .set(`N${row}`, '资金下达晚')
        .set(`P${row}`, '√'),
    );
    expect(problems).toEqual([]);
    expect(content).toMatchObject({ unitName: '苏州市土地储备中心', year: 2024, stage: 6, funds: [{ row: 'total' }] });
    expect(content!.rows.find((entry) => entry.indicator === indicator('姑苏区征收拆迁补偿数').indicator)).toEqual({
      indicator: indicator('姑苏区征收拆迁补偿数').indicator,
      at: `绩效运行监控表!G${row}, 1-6月执行情况`,
      result: { value: '14' },
      forecast: '29个',
      causes: ['funding'],
      explanation: '资金下达晚',
      likelihood: 'possible',
    });
  });

  it.each`
    level3                    | result                                                       | told                     | why
    ${'姑苏区征收拆迁补偿数'} | ${'已完成'}                                                  | ${'RESULT_NOT_A_NUMBER'} | ${'words for a number'}
    ${'姑苏区征收拆迁补偿数'} | ${'14户'}                                                    | ${'UNIT_DIFFERS'}        | ${'households for pieces'}
    ${'道路建设规模'}         | ${'168亩'}                                                   | ${'UNIT_DIFFERS'}        | ${'mu for square metres'}
    ${'道路建设规模'}         | ${'112,000平米'}                                             | ${''}                    | ${'the other spelling of the unit, with separators'}
    ${'工程验收合格率'}       | ${'101%'}                                                    | ${'PERCENT_ABOVE_100'}   | ${'more passed than there were'}
    ${'工程验收合格率'}       | ${0.98}                                                      | ${'PERCENT_AMBIGUOUS'}   | ${'98 % or 0.98 %?'}
    ${'工程验收合格率'}       | ${1}                                                         | ${'PERCENT_AMBIGUOUS'}   | ${'all of them or 1 %?'}
    ${'工程验收合格率'}       | ${'0.98'}                                                    | ${'PERCENT_AMBIGUOUS'}   | ${'the same as text'}
    ${'工程验收合格率'}       | ${'0.98%'}                                                   | ${''}                    | ${'a percent sign leaves no doubt'}
    ${'工程验收合格率'}       | ${0}                                                         | ${''}                    | ${'nothing is nothing either way'}
    ${'工程验收合格率'}       | ${1.01}                                                      | ${''}                    | ${'a share of a whole is no more than 1'}
    ${'姑苏区征收拆迁补偿数'} | ${1}                                                         | ${''}                    | ${'one piece'}
    ${'工程验收合格率'}       | ${{ value: 0.98, text: '98%', shownAs: 'percent' as const }} | ${''}                    | ${'a share with the format of a percentage'}
    ${'非税收入预算完成率'}   | ${'108.7%'}                                                  | ${''}                    | ${'completion may pass its budget'}
    ${'治理及时性'}           | ${'95%'}                                                     | ${'RESULT_NOT_A_WORD'}   | ${'a figure for a word'}
    ${'治理及时性'}           | ${'较及时'}                                                  | ${''}                    | ${'a word'}
  `('has for $level3 the result $result, $why: $told', ({ level3, result, told }) => {
    const at = cellOf(monitored, level3 as string, 'G');
    const { problems } = readFilled((draft) => draft.set(at, result));
    expect(problems.map(({ code, at: place }) => `${code} at ${place}`)).toEqual(
      told === '' ? [] : [`${told as string} at 绩效运行监控表!${at}, 1-6月执行情况`],
    );
  });

  it('has for a target of at most 1 % a small figure: a share would be far off', () => {
    const small: Indicator = { ...indicator('预算调整率'), annual: { text: '≤1%', value: '1' } };
    const draft = copy(monitored);
    const { row } = draft.find('预算调整率');
    draft.set(`F${row + 1}`, '≤1%').set(`G${row + 1}`, 0.95);
    const others = indicators.map((entry) => (entry.indicator === small.indicator ? small : entry));
    const { problems, content } = readMonitoring(workbookOf(draft), { indicators: others });
    expect(problems).toEqual([]);
    expect(content?.rows.find((entry) => entry.indicator === small.indicator)?.result).toEqual({ value: '0.95' });
  });

  it('has its merged ranges cut apart, in the head as well: the texts are found right of their names, with notes', () => {
    const reading = readFilled((draft) => draft.cut());
    expect([said(reading), plain(reading.content)]).toEqual([[], plain(readFilled(() => undefined).content)]);
    expect(reading.notes).toContainEqual({
      at: '绩效运行监控表!C3, 单位名称',
      code: 'MERGE_CUT_FILLED',
      found: '苏州市土地储备中心',
    });
  });

  it('has the name of its unit neither beside its heading nor where the form has room for it', () => {
    const at = '绩效运行监控表!B3, 单位名称';
    expect(said(readFilled((draft) => draft.cut().set('C3', undefined)))).toEqual([`CELL_EMPTY at ${at}`]);
    expect(said(readFilled((draft) => draft.cut().set('C3', undefined).set('I3', '某中心')))).toContain(
      `CELL_EMPTY at ${at}`,
    );
  });

  it('has lost a heading of its stage: what is missing is told with the months of the form', () => {
    const { row, column } = monitored.find('1-6月执行数');
    const { problems } = readFilled((draft) => draft.set(`${columnName(column)}${row + 1}`, '执行'));
    expect(problems.find(({ code }) => code === 'HEADER_WRONG')).toMatchObject({ expected: '1-6月执行数' });
    expect(JSON.stringify(problems)).not.toMatch(/[{](stage|unit)[}]/);
  });

  it('has lost its funds: they are told with the unit of their amounts', () => {
    const { row } = monitored.find('资金情况（万元）');
    const reading = readFilled((draft) => draft.removeRows(row, row + 2).set('J2', '单位：万元'));
    expect(reading.problems).toEqual([{ at: '绩效运行监控表', code: 'SECTION_MISSING', section: '资金情况（万元）' }]);
  });

  it('ticks two likelihoods, or puts another mark', () => {
    const row = monitored.find('预算调整率').row + 1;
    const { problems } = readFilled((draft) => draft.set(`O${row}`, '√').set(`Q${row}`, '✓').set(`I${row}`, '部分'));
    expect(problems.map(({ code, at }) => `${code} at ${at}`)).toEqual([
      `TICK_NOT_READABLE at 绩效运行监控表!I${row}, 经费保障`,
      `LIKELIHOOD_REPEATED at 绩效运行监控表!Q${row}, 完全不可能`,
    ]);
  });

  it('has rows that are not those of the books, all at once', () => {
    const [unknown, changed, gone] = ['预算调整率', '工程验收合格率', '纪检监察工作有效性'].map(
      (name) => monitored.find(name).row,
    );
    const { problems } = readFilled((draft) => {
      draft
        .set(`D${unknown! + 1}`, '预算调整比率')
        .set(`F${changed! + 1}`, '≥95%')
        .removeRows(gone!, gone! + 1);
    });
    expect(problems.map(({ code }) => code).sort()).toEqual(
      ['INDICATOR_NOT_IN_FORM', 'INDICATOR_NOT_IN_FORM', 'INDICATOR_UNKNOWN', 'TARGET_CHANGED'].sort(),
    );
  });

  it('does not say which months it covers', () => {
    const { row, column } = monitored.find('1-6月');
    const { problems } = readFilled((draft) => draft.set(`${columnName(column)}${row + 1}`, '上半年'));
    expect(problems.map(({ code }) => code)).toContain('STAGE_NOT_READABLE');
  });
});

const points = rows.map((row) => ({ ...row, points: '1.00', score: '1.00' }));
const evaluation: FormContent = {
  title: '部门整体绩效自评表',
  year: 2024,
  fields: { unitName: '苏州市土地储备中心', grade: '优', possible: '91.00', total: '85.42' },
  tables: {
    funds: [
      { row: 'total', ...money, points: '10.00', score: '4.42' },
      ...['appropriation', 'carry-over', 'other'].map((row) => ({ row, ...money })),
    ],
    indicators: points,
  },
};
const evaluated = draftOf(SELF_EVALUATION, evaluation);
const readEvaluated = (change: (draft: Draft) => unknown) => {
  const draft = copy(evaluated);
  change(draft);
  return readSelfEvaluation(workbookOf(draft), { indicators });
};

describe('a self-evaluation form', () => {
  it('gives results, scores, causes and improvements', () => {
    const row = evaluated.find('预算调整率').row + 1;
    const again = readEvaluated((draft) => draft.set(`F${row}`, '5.5%').set(`I${row}`, '年中追加\n改进措施：编细预算'));
    expect(again.problems).toEqual([]);
    expect(again.content?.rows.find((entry) => entry.indicator === indicator('预算调整率').indicator)).toEqual({
      indicator: indicator('预算调整率').indicator,
      at: `绩效自评表!F${row}, 实际完成值`,
      printed: '5.5%',
      actual: { value: '5.5' },
      points: '1.00',
      score: '1.00',
      cause: '年中追加',
      improvement: '编细预算',
    });
  });

  it('has points that do not add up, a score that is none, a rate that may be a share', () => {
    const { row } = evaluated.find('预算调整率');
    const rate = evaluated.find('执行率（B/A）');
    const { problems } = readEvaluated((draft) =>
      draft
        .set(`H${row + 1}`, '良好')
        .set(`${columnName(rate.column)}${rate.row + 2}`, 0.4416)
        .set(`G${row + 1}`, 2),
    );
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'PERCENT_AMBIGUOUS',
      'POINTS_NOT_READABLE',
      'POINTS_TOTAL_DIFFERS',
      'POINTS_TOTAL_DIFFERS',
    ]);
  });

  it('has a rate with more than two decimals: rounded half up, with a note', () => {
    const rate = evaluated.find('执行率（B/A）');
    const at = `${columnName(rate.column)}${rate.row + 2}`;
    const { content, notes } = readEvaluated((draft) =>
      draft.set(at, { value: 0.441565, text: '44.1565%', shownAs: 'percent' }),
    );
    expect(content?.funds[0]?.figures).toMatchObject({ rate: '44.16' });
    expect(noted({ problems: [], notes }, 'FIGURE_ROUNDED')).toEqual([`绩效自评表!${at}, 执行率(B/A)`]);
  });

  it('has its merged ranges cut apart: read all the same', () => {
    const reading = readEvaluated((draft) => draft.cut());
    expect([said(reading), plain(reading.content)]).toEqual([[], plain(readEvaluated(() => undefined).content)]);
  });

  it('has a percentage in words', () => {
    const rate = evaluated.find('执行率（B/A）');
    const { problems } = readEvaluated((draft) => draft.set(`${columnName(rate.column)}${rate.row + 2}`, '四成'));
    expect(problems.map(({ code }) => code)).toEqual(['PERCENT_NOT_READABLE']);
  });
});

const project: ProjectSelfEvaluation = {
  title: '项目支出绩效自评表',
  year: 2022,
  project: '农村公路养护',
  department: '某县交通运输局',
  unitName: '某县公路中心',
  annualGoal: '养护公路46公里',
  annualOutcome: '养护公路50公里',
  funds: [
    {
      row: 'total',
      original: '2500000000.00',
      current: '2500000000.00',
      executed: '2154576000.00',
      points: '10.00',
      rate: '86.18',
      score: '8.62',
    },
    { row: 'appropriation', original: '2500000000.00', current: '2500000000.00', executed: '2154576000.00' },
    { row: 'carry-over', original: '0.00', current: '0.00', executed: '0.00' },
    { row: 'other', original: '0.00', current: '0.00', executed: '0.00' },
  ],
  indicators: [
    {
      level1: '产出指标',
      level2: '数量指标',
      level3: '养护里程',
      annual: '≥46公里',
      actual: '50公里',
      points: '50.00',
      score: '50.00',
    },
    {
      level1: '效益指标',
      level2: '社会效益指标',
      level3: '通行条件',
      annual: '改善',
      actual: '改善',
      points: '30.00',
      score: '28.00',
      cause: '个别路段积水',
    },
    {
      level1: '满意度指标',
      level2: '服务对象满意度',
      level3: '群众满意度',
      annual: '≥90%',
      actual: '92%',
      points: '10.00',
      score: '10.00',
    },
  ],
  possible: '100.00',
  total: '96.62',
};

describe('a self-evaluation of a project', () => {
  it.each(['万元', '元'] as const)('comes back unchanged in %s', (unit) => {
    const draft = draftOf(PROJECT_SELF_EVALUATION, projectSelfEvaluationContent(project), unit);
    expect(readProjectSelfEvaluation(workbookOf(draft))).toMatchObject({ problems: [], content: project });
  });

  it('has its merged ranges cut apart: read all the same', () => {
    const draft = draftOf(PROJECT_SELF_EVALUATION, projectSelfEvaluationContent(project)).cut();
    expect(readProjectSelfEvaluation(workbookOf(draft))).toMatchObject({ problems: [], content: project });
  });

  it('has funds that do not add up', () => {
    const draft = draftOf(PROJECT_SELF_EVALUATION, projectSelfEvaluationContent(project));
    const { row } = draft.find('其他资金');
    const { problems } = readProjectSelfEvaluation(workbookOf(draft.set(`E${row + 1}`, 100)));
    expect(problems.map(({ code }) => code)).toEqual(['CONTROL_TOTAL_DIFFERS']);
  });
});

describe('what is told', () => {
  const cases = readFileSync(new URL('./filled-forms.spec.ts', import.meta.url), 'utf8').split(
    "describe('what is told'",
  )[0]!;
  const shown = [...cases.matchAll(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g)].map(([code]) => code);

  it('has a case for every problem', () => {
    expect(Object.keys(FORM_PROBLEMS).filter((code) => !shown.includes(code))).toEqual([]);
  });

  it('has a case for every note but that of a figure which the books have, told where the books are', () => {
    expect(Object.keys(FORM_NOTES).filter((code) => !shown.includes(code))).toEqual(['FIGURE_DIFFERS']);
  });
});

describe('a result of a target that the books call qualitative, printed with ＝', () => {
  const target = { level3: '设施状况', comparator: '=', unit: '', annual: { text: '＝良好' } } as const;
  const readAs = (kind: Indicator['kind'], text: string) => {
    const findings = new Findings();
    return [readResult(text, { ...target, kind }, 'F9', findings), findings.problems.map(({ code }) => code)];
  };

  it('is a word, as it is where it is recorded', () => {
    expect(readAs('QUALITATIVE', '较好')).toEqual([{ text: '较好' }, []]);
    expect(readAs('QUALITATIVE', '17')).toEqual([undefined, ['RESULT_NOT_A_WORD']]);
    expect(readAs('FLOW_CUMULATIVE', '17')).toEqual([{ value: '17' }, []]);
  });
});
