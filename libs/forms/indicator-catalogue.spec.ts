import { describe, expect, it } from '@jest/globals';
import { factMetricById } from '#domain/metrics/fact-metrics.js';
import { metricById } from '#domain/metrics/registry.js';
import { classify, NAMED_INDICATORS } from './indicator-catalogue.js';

describe('indicators known by name', () => {
  it.each(NAMED_INDICATORS)(
    '$metric, computed from $from, is a registered formula with the same checkpoint basis',
    ({ metric, from, checkpointBasis }) => {
      const registered = from === 'money' ? metricById(metric) : factMetricById(metric);
      expect(registered).toMatchObject({ id: metric, checkpointBasis });
    },
  );
  it.each(['“三公经费”变动率', '"三公经费"变动率', '三公经费变动率', '「三公经费」变动率'])(
    '%s is known under any quotation marks',
    (name) => {
      expect(classify(name, { unit: '%', half: '0', annual: '0' }).metric).toBe('three-public-change');
    },
  );
});

describe('what kind of target it is', () => {
  it.each`
    name                  | unit        | half        | annual      | kind                 | basis              | why
    ${'工程验收合格率'}   | ${'%'}      | ${'100'}    | ${'100'}    | ${'RATIO'}           | ${'POINT_IN_TIME'} | ${'the same at both checkpoints'}
    ${'处置进度'}         | ${'%'}      | ${'40'}     | ${'100'}    | ${'RATIO'}           | ${'FULL_YEAR'}     | ${'grows towards the year'}
    ${'道路建设规模'}     | ${'平方米'} | ${'112800'} | ${'220000'} | ${'FLOW_CUMULATIVE'} | ${'FULL_YEAR'}     | ${'grows'}
    ${'维修改造工程数量'} | ${'个'}     | ${'1'}      | ${'1'}      | ${'FLOW_CUMULATIVE'} | ${'FULL_YEAR'}     | ${'works are counted up, though all are due by mid-year'}
    ${'管护土地面积'}     | ${'亩'}     | ${'7000'}   | ${'7000'}   | ${'STOCK_LEVEL'}     | ${'POINT_IN_TIME'} | ${'its name says so'}
    ${'存量房数量'}       | ${'套'}     | ${'100'}    | ${'200'}    | ${'STOCK_LEVEL'}     | ${'POINT_IN_TIME'} | ${'its name says so, though it grows'}
    ${'项目结余数'}       | ${'个'}     | ${'9'}      | ${'4'}      | ${'STOCK_LEVEL'}     | ${'POINT_IN_TIME'} | ${'a running total cannot fall'}
    ${'服务网点'}         | ${'个'}     | ${'12'}     | ${'12'}     | ${'STOCK_LEVEL'}     | ${'POINT_IN_TIME'} | ${'stays, and its name says nothing'}
    ${'治理及时性'}       | ${''}       | ${''}       | ${''}       | ${'QUALITATIVE'}     | ${'POINT_IN_TIME'} | ${'a word'}
  `('$name $half→$annual is $kind, $basis: $why', ({ name, unit, half, annual, kind, basis }) => {
    expect(
      classify(name as string, { unit: unit as string, ...(half && { half }), ...(annual && { annual }) }),
    ).toEqual({
      kind,
      checkpointBasis: basis,
    });
  });
});
