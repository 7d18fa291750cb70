import { describe, expect, it } from '@jest/globals';
import { profileById } from '#domain/scoring/profile.js';
import type { ProjectSelfEvaluation } from '#forms/definitions/project-self-evaluation.js';
import { inWords, rescored } from './rescored.js';

const profile = profileById('national-project')!;
const nothing = { original: '0.00', current: '0.00', executed: '0.00' };

/** Amounts in 万元 as published. */
function project(executed: string, budget: string, score: string): ProjectSelfEvaluation {
  const funds = { original: `${budget}0000.00`, current: `${budget}0000.00`, executed };
  return {
    title: '项目支出绩效自评表',
    year: 2022,
    project: '某项目',
    unitName: '某单位',
    funds: [
      { row: 'total', ...funds, points: '10.00', score },
      { row: 'appropriation', ...funds },
      { row: 'carry-over', ...nothing },
      { row: 'other', ...nothing },
    ],
    indicators: [
      {
        level1: '产出指标',
        level2: '数量指标',
        level3: '数量',
        annual: '≥50个',
        actual: '46个',
        points: '50.00',
        score: '50.00',
      },
      {
        level1: '效益指标',
        level2: '社会效益指标',
        level3: '条件',
        annual: '改善',
        actual: '改善',
        points: '30.00',
        score: '30.00',
      },
      {
        level1: '满意度指标',
        level2: '满意度',
        level3: '满意度',
        annual: '≥90%',
        actual: '约九成',
        points: '10.00',
        score: '9.00',
      },
    ],
    total: '98.62',
  };
}

describe('the execution rate of a published project, of 10 points', () => {
  it.each`
    executed           | budget      | score     | computed  | difference | rule                   | why
    ${'2154576000.00'} | ${'250000'} | ${'8.62'} | ${'8.62'} | ${'0.00'}  | ${''}                  | ${'215457.6 of 250000'}
    ${'90340000.00'}   | ${'20000'}  | ${'4.52'} | ${'4.52'} | ${'0.00'}  | ${''}                  | ${'9034 of 20000'}
    ${'90340000.00'}   | ${'20000'}  | ${'4.51'} | ${'4.52'} | ${'-0.01'} | ${'ROUNDED_DOWN'}      | ${'decimals cut off'}
    ${'90340000.00'}   | ${'20000'}  | ${'4.50'} | ${'4.52'} | ${'-0.02'} | ${'ROUNDED_TO_TENTHS'} | ${'one decimal only'}
  `('is $computed for $why, on paper $score', ({ executed, budget, score, computed, difference, rule }) => {
    const row = rescored(project(executed!, budget!, score!), profile).rows.find(({ at }) => at === 'funds');
    const told = inWords(row!);
    expect(told).toMatchObject({ given: score, computed, difference });
    expect(told.rules.split(', ')[0]).toBe(rule);
  });
});

describe('the indicators', () => {
  const rows = rescored(project('90340000.00', '20000', '4.52'), profile).rows.map(inWords);

  it('have each its difference, with the rule that gives the score on paper', () => {
    expect(rows.find(({ at }) => at === 'I01')).toMatchObject({
      given: '50.00',
      computed: '46.00',
      difference: '4.00',
      rules: expect.stringContaining('FULL_ALTHOUGH_MISSED'),
    });
    expect(rows.find(({ at }) => at === 'I02')).toMatchObject({
      given: '30.00',
      computed: '30.00',
      difference: '0.00',
      why: '',
    });
  });

  it('say what they lack when they cannot be scored again', () => {
    expect(rows.find(({ at }) => at === 'I03')).toMatchObject({
      given: '9.00',
      computed: null,
      difference: null,
      lacks: expect.any(String),
    });
  });
});
