import { describe, expect, it } from '@jest/globals';
import { startable } from '#platform/parts.js';

describe('what is started part by part', () => {
  it('stops in the reverse order, every part even when one fails, and once', async () => {
    const stopped: string[] = [];
    const system = startable(async ({ started }) => {
      for (const name of ['log', 'projections', 'api']) {
        await started(name, async () => {
          stopped.push(name);
          if (name === 'projections') throw new Error('hangs');
        });
      }
      return 'running';
    });
    expect(await system.start()).toBe('running');
    await expect(Promise.all([system.stop(), system.stop()])).rejects.toThrow('hangs');
    expect(stopped).toEqual(['api', 'projections', 'log']);
  });

  it('stops what has started when a later part cannot start', async () => {
    const stopped: string[] = [];
    const system = startable(async ({ started }) => {
      await started('log', async () => void stopped.push('log'));
      throw new Error('no database');
    });
    await expect(system.start()).rejects.toThrow('no database');
    expect(stopped).toEqual(['log']);
  });

  it('that is stopped while it starts stops the part that was starting as well', async () => {
    const stopped: string[] = [];
    const system = startable(async ({ started }) => {
      await started('log', async () => void stopped.push('log'));
      await system.stop();
      await started('api', async () => void stopped.push('api'));
    });
    await expect(system.start()).rejects.toThrow('stopped while it started');
    expect(stopped).toEqual(['log', 'api']);
  });
});
