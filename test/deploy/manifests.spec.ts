/** The Kubernetes manifests: valid by the API's types, confined, closed, and fitting each other and the code that they start. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { readConfig } from '#platform/config.js';
import { faultsAgainstTypes, readKustomization, type Manifest } from './manifest-files.js';

const base = readKustomization('deploy/k8s/base');
const open = readKustomization('deploy/k8s/ingress');

const ofKind = (kind: string): Manifest[] => base.filter((manifest) => manifest.kind === kind);
const named = (kind: string, name: string): Manifest | undefined =>
  ofKind(kind).find(({ metadata }) => metadata.name === name);
const names = (manifests: readonly Manifest[]): string[] => manifests.map(({ metadata }) => metadata.name).sort();
const deployments = ofKind('Deployment');
const workloads = [...deployments, ...ofKind('Job')];
const podOf = ({ spec }: Manifest): any => spec.template.spec;
const containerOf = (manifest: Manifest): any => podOf(manifest).containers[0];
const labelsOf = ({ spec }: Manifest): Record<string, string> => spec.template.metadata.labels;
const selects = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);
/** Names of those workloads for which the condition does not hold. */
const without = (manifests: readonly Manifest[], holds: (manifest: Manifest) => boolean): string[] =>
  names(manifests.filter((manifest) => !holds(manifest)));

describe('the form', () => {
  it('is that of the API', () => {
    expect(faultsAgainstTypes(open)).toEqual([]);
  });

  it('is one that can fail', () => {
    const deployment = (spec: object, container: object): Manifest => ({
      file: '',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      spec: { selector: {}, ...spec, template: { spec: { containers: [{ name: 'x', ...container }] } } },
    });
    expect(
      faultsAgainstTypes([
        deployment({ replicas: 2 }, { image: 'x' }),
        deployment({ replica: 2 }, { image: 'x' }),
        deployment({}, { image: 5 }),
        deployment({}, { name: undefined }),
      ]),
    ).toEqual([
      expect.stringContaining('"replica"'),
      expect.stringContaining('"image": 5'),
      expect.stringContaining("'name' is missing"),
    ]);
  });

  it('leaves out no file', () => {
    const files = ['deploy/k8s/base', 'deploy/k8s/ingress', 'deploy/proxy'].flatMap((folder) =>
      readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [`${folder}/${file}`] : [])),
    );
    const read = new Set(open.map(({ file }) => file));
    expect(files.filter((file) => !file.endsWith('kustomization.yaml') && !read.has(file))).toEqual([]);
  });

  it('has each name once', () => {
    const all = open.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(all.filter((each, index) => all.indexOf(each) !== index)).toEqual([]);
  });
});

describe('every pod', () => {
  it('runs confined: no root, nothing to write to but memory, no capabilities, no token', () => {
    for (const workload of workloads) {
      const { securityContext, automountServiceAccountToken, enableServiceLinks, volumes, hostNetwork, hostPID } =
        podOf(workload);
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(securityContext.runAsUser).toBeGreaterThan(0);
      expect([automountServiceAccountToken, enableServiceLinks, hostNetwork, hostPID]).toEqual([
        false,
        false,
        undefined,
        undefined,
      ]);
      expect(containerOf(workload).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      for (const volume of volumes) expect(Object.keys(volume)[1]).toMatch(/^(emptyDir|configMap|secret)$/);
      expect(volumes.every(({ emptyDir }: any) => emptyDir === undefined || emptyDir.sizeLimit !== undefined)).toBe(
        true,
      );
    }
  });

  it('says what it needs and what it may take at most', () => {
    expect(
      without(workloads, (workload) => {
        const { requests, limits } = containerOf(workload).resources;
        return [requests.cpu, requests.memory, limits.cpu, limits.memory].every((each) => typeof each === 'string');
      }),
    ).toEqual([]);
  });

  it('is an image of a version', () => {
    expect(without(workloads, (workload) => /:\d+\.\d+\.\d+[\w.-]*$/.test(containerOf(workload).image))).toEqual([]);
  });

  it('is the same program as in Compose', () => {
    const compose = readFileSync('docker-compose.yml', 'utf8');
    for (const workload of workloads) {
      const [, image] = /^([^:]+):/.exec(containerOf(workload).image)!;
      expect(compose).toContain(image === 'budget-ledger' ? '${BUDGET_VERSION:-0.1.0}' : containerOf(workload).image);
    }
  });

  it('gets settings that it can read, and secrets by reference', () => {
    const settings = named('ConfigMap', 'budget-config')!.data!;
    for (const workload of workloads.filter(({ metadata }) => metadata.name !== 'proxy')) {
      const { env = [], envFrom } = containerOf(workload);
      expect(envFrom).toEqual([{ configMapRef: { name: 'budget-config' } }]);
      for (const variable of env)
        expect(variable.valueFrom.secretKeyRef).toEqual({ name: 'budget-secrets', key: variable.name });
      const secrets: Record<string, string> = {
        DATABASE_URL:
          'postgres://budget:x@db.stores.svc:5432/budget?sslmode=verify-full&sslrootcert=/etc/budget/ca/postgres.crt',
        EVENTSTORE_URL:
          'esdb+discover://ledger:x@eventstore.stores.svc:2113?tls=true&tlsCAFile=/etc/budget/ca/eventstore.crt',
      };
      const given = Object.fromEntries(env.map(({ name }: { name: string }) => [name, secrets[name]]));
      expect(() => readConfig({ ...settings, ...given })).not.toThrow();
      if (workload.kind === 'Deployment') expect(Object.keys(given).sort()).toEqual(Object.keys(secrets));
    }
    expect(ofKind('Secret')).toEqual([]);
  });
});

describe('every Deployment', () => {
  it('is watched: started, alive, ready', () => {
    for (const deployment of deployments) {
      const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(deployment);
      for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(probe.httpGet.port).toBe(ports[0].name);
      expect([startupProbe.httpGet.path, livenessProbe.httpGet.path]).toEqual(['/livez', '/livez']);
      // The proxy is ready whether or not the processes are: it says itself which does not answer.
      expect(readinessProbe.httpGet.path).toBe(deployment.metadata.name === 'proxy' ? '/livez' : '/readyz');
      // An unready dependency must not get a process killed.
      expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBeGreaterThanOrEqual(60);
    }
  });

  it('may lose one of at least two at a time, and has them on different machines if it can', () => {
    const scaled = names(ofKind('HorizontalPodAutoscaler'));
    for (const deployment of deployments) {
      const { name } = deployment.metadata;
      const replicas = scaled.includes(name)
        ? named('HorizontalPodAutoscaler', name)!.spec.minReplicas
        : deployment.spec.replicas;
      expect([name, replicas]).toEqual([name, 2]);
      if (scaled.includes(name)) expect(deployment.spec.replicas).toBeUndefined();
      const budget = named('PodDisruptionBudget', name)!;
      expect(budget.spec).toEqual({ maxUnavailable: 1, selector: deployment.spec.selector });
      const [{ podAffinityTerm }] =
        podOf(deployment).affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
      expect(podAffinityTerm.labelSelector).toEqual(deployment.spec.selector);
    }
    expect(names(ofKind('PodDisruptionBudget'))).toEqual(names(deployments));
  });

  it('selects its own pods and no others', () => {
    for (const { metadata, spec } of deployments)
      expect(names(workloads.filter((workload) => selects(spec.selector.matchLabels, labelsOf(workload))))).toEqual([
        metadata.name,
      ]);
  });

  it('that is scaled exists', () => {
    for (const { spec } of ofKind('HorizontalPodAutoscaler'))
      expect(named('Deployment', spec.scaleTargetRef.name)).toBeDefined();
  });
});

describe('the network', () => {
  const policies = ofKind('NetworkPolicy');
  const governing = (workload: Manifest, type: string): Manifest[] =>
    policies.filter(
      ({ spec }) => spec.policyTypes.includes(type) && selects(spec.podSelector.matchLabels ?? {}, labelsOf(workload)),
    );

  it('is closed but for what is said', () => {
    expect(named('NetworkPolicy', 'nothing')!.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const workload of workloads) {
      expect(governing(workload, 'Ingress').length).toBeGreaterThan(1);
      expect(governing(workload, 'Egress').length).toBeGreaterThan(2);
    }
  });

  it('lets the proxy reach each process that it passes requests to, by a Service', () => {
    const { routes } = JSON.parse(readFileSync('deploy/routes.json', 'utf8')) as { routes: { process: string }[] };
    const allowed = named('NetworkPolicy', 'proxy-out')!.spec.egress[0].to[0].podSelector.matchExpressions[0].values;
    expect([...new Set(routes.map((route) => route.process))].sort()).toEqual([...allowed].sort());
    for (const name of [...allowed, 'proxy']) {
      const service = named('Service', name)!;
      const [port] = service.spec.ports;
      const deployment = named('Deployment', name)!;
      expect(selects(service.spec.selector, labelsOf(deployment))).toBe(true);
      expect(containerOf(deployment).ports.map((each: any) => each.name)).toContain(port.targetPort);
      if (name !== 'proxy')
        expect(named('ConfigMap', 'proxy-config')!.data!['upstreams.conf']).toContain(`${name}:${port.port}`);
    }
  });

  it('opens no entry by itself; the ingress leads to the proxy and its host is one that is answered', () => {
    expect(ofKind('Ingress')).toEqual([]);
    expect(ofKind('Service').filter(({ spec }) => spec.type !== undefined && spec.type !== 'ClusterIP')).toEqual([]);
    const { spec } = open.find(({ kind }) => kind === 'Ingress')!;
    const [{ host, http }] = spec.rules;
    expect(http.paths.map(({ backend }: any) => backend.service.name)).toEqual(['proxy']);
    expect(spec.tls[0].hosts).toEqual([host]);
    const { data } = open.find(({ metadata }) => metadata.name === 'budget-config')!;
    expect(readConfig(data).publicHosts).toContain(host);
  });
});

it('the topics are made by a Job that ends and goes', () => {
  const { spec } = named('Job', 'topics')!;
  expect(spec.template.spec.containers[0].args).toEqual(['topics']);
  expect(spec.ttlSecondsAfterFinished).toBeGreaterThan(0);
  expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
});

it('the namespace holds pods to the strictest standard', () => {
  expect(ofKind('Namespace')[0]!.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
});
