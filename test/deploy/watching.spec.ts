/** Dashboard, alerts and Prometheus: every metric is one that the code registers, every alert says what to do. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import Fastify from 'fastify';
import { APPEND_OUTCOMES } from '#event-store/handler.js';
import { createMetrics, measureRequests, METRICS } from '#platform/metrics.js';
import { MESSAGE_OUTCOMES } from '../../apps/ledger/treasury-batch.js';
import { readCompose, readYaml } from './compose-file.js';

interface Query {
  readonly where: string;
  readonly expression: string;
}

const alerts = readYaml('deploy/alerts.yml').groups.flatMap(({ rules }: any) => rules) as any[];
const dashboard = JSON.parse(readFileSync('deploy/grafana/budget-ledger.json', 'utf8'));
const panels = dashboard.panels as any[];
const queries: readonly Query[] = [
  ...alerts.map(({ alert, expr }) => ({ where: alert as string, expression: expr as string })),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }: any) => ({ where: title, expression: expr }))),
].map(({ where, expression }) => ({
  where,
  // What Grafana puts in before it asks.
  expression: expression.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'ledger|query'),
}));

/** Names, with the endings of a histogram, that a process answers at `/metrics`; `up` is Prometheus' own. */
async function registered(): Promise<Set<string>> {
  const registry = createMetrics();
  measureRequests(Fastify(), registry);
  const all = await registry.getMetricsAsJSON();
  return new Set([
    'up',
    ...Object.keys(METRICS),
    ...all.flatMap(({ name, type }) =>
      // prom-client names the kinds by text in this form.
      ['histogram', 'summary'].includes(String(type)) ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  ]);
}

/** Text of every node of that kind in the order of the expression. */
function nodesOf(tree: Tree, expression: string, kind: string): string[] {
  const found: string[] = [];
  tree.iterate({ enter: ({ name, from, to }) => void (name === kind && found.push(expression.slice(from, to))) });
  return found;
}

describe('the queries', () => {
  it('are PromQL', () => {
    const broken = queries.flatMap(({ where, expression }) => {
      const faults: string[] = [];
      parser.parse(expression).iterate({
        enter: ({ type, from }) =>
          void (type.isError && faults.push(`${where}: at "${expression.slice(from, from + 20)}"`)),
      });
      return faults;
    });
    expect(queries.length).toBeGreaterThan(40);
    expect(broken).toEqual([]);
  });

  it('name metrics that the code registers', async () => {
    const known = await registered();
    const unknown = queries.flatMap(({ where, expression }) =>
      nodesOf(parser.parse(expression), expression, 'VectorSelector')
        .map((selector) => /^[\w:]+/.exec(selector)![0])
        .filter((name) => !known.has(name))
        .map((name) => `${where}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('show every metric of the product somewhere', () => {
    const text = queries.map(({ expression }) => expression).join('\n');
    expect(Object.keys(METRICS).filter((name) => !text.includes(name))).toEqual([]);
  });

  it('tell apart by labels and values that there are', () => {
    const values: Readonly<Record<string, readonly string[] | undefined>> = {
      job: ['ledger', 'relay', 'projector', 'query'],
      outcome: [...APPEND_OUTCOMES, ...MESSAGE_OUTCOMES],
    };
    const labels = ['job', 'outcome', 'partition', 'instance', 'method', 'route', 'status', 'le', 'check'];
    for (const { where, expression } of queries) {
      const tree = parser.parse(expression);
      const used = [...nodesOf(tree, expression, 'LabelName'), ...nodesOf(tree, expression, 'GroupingLabels')]
        .flatMap((text) => text.replace(/[()]/g, '').split(','))
        .map((label) => label.trim());
      expect([where, used.filter((label) => label !== '' && !labels.includes(label))]).toEqual([where, []]);
      for (const [, label, text] of expression.matchAll(/\b(job|outcome)=~?"([^"]*)"/g))
        expect([where, text!.split('|').filter((value) => !values[label!]!.includes(value))]).toEqual([where, []]);
    }
  });
});

describe('every alert', () => {
  const readme = readFileSync('deploy/README.md', 'utf8');
  /** As a reader of Markdown makes them of headings. */
  const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

  it('has a name of its own, a severity, a summary and what to do', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { alert, labels, annotations } of alerts) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
      expect([alert, annotations.summary]).toEqual([alert, expect.stringMatching(/\S{3}/)]);
      const [, anchor] = /^deploy\/README\.md#([\w-]+)$/.exec(annotations.runbook) ?? [];
      expect([alert, anchors]).toEqual([alert, expect.arrayContaining([anchor])]);
    }
  });

  it('uses only labels that its expression leaves', () => {
    for (const { alert, expr, annotations } of alerts) {
      const used = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      const [, by] = /^\s*(?:\w+ by|histogram_quantile\([\d.]+, sum by) \(([^)]*)\)/.exec(expr) ?? [];
      const left = by === undefined ? ['job', 'instance'] : by.split(',').map((label) => label.trim());
      const aggregated = by === undefined && /^\(?(sum|max|min|absent)\(/.test(expr.trim());
      expect([alert, used.filter((label) => aggregated || !left.includes(label))]).toEqual([alert, []]);
    }
  });

  it('that was removed leaves no runbook behind', () => {
    const [, section] = /^## Alerts$([^]*?)(?=^## |(?![^]))/m.exec(readme)!;
    const told = [...section!.matchAll(/^### (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(' ', '-'),
    );
    const used = alerts.map(({ annotations }) => annotations.runbook.split('#')[1]);
    expect(told.filter((anchor) => !used.includes(anchor))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has a row for each part, and panels that say what they show', () => {
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['HTTP', 'Writes', 'Relay', 'Projector', 'Consequences and treasury', 'Node']);
    const charts = panels.filter(({ type }) => type !== 'row');
    expect(charts.filter(({ description, targets }) => !description || targets.length === 0)).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('has no two panels in one place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_each, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it('asks the Prometheus that its reader chooses', () => {
    const sources = panels.flatMap(({ datasource }) => datasource?.uid ?? []);
    expect(new Set(sources)).toEqual(new Set(['${datasource}']));
    expect(dashboard.templating.list.map(({ name }: any) => name)).toEqual(['datasource', 'job']);
  });
});

it('Prometheus asks every process of Compose, by the names that dashboard and alerts know', () => {
  const { scrape_configs, rule_files } = readYaml('deploy/prometheus.yml');
  const { services } = readCompose(['docker-compose.yml'], { POSTGRES_PASSWORD: 'x', KAFKA_CLUSTER_ID: 'y' });
  const listening = Object.entries(services).flatMap(([name, { environment }]) =>
    environment?.['PORT'] ? [name] : [],
  );
  const asked = scrape_configs.map(({ job_name, dns_sd_configs: [{ names, port }] }: any) => {
    expect(names).toEqual([job_name]);
    expect(String(port)).toBe(services[job_name]!.environment!['PORT']);
    return job_name as string;
  });
  expect(asked.sort()).toEqual(listening.sort());
  expect(rule_files).toEqual(['alerts.yml']);
});
