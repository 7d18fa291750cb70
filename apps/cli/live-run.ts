/** For specs: a command line that runs until it is interrupted, while the spec looks at what it has written so far. */
import { run } from './run.js';
import type { Terminal } from './terminal.js';

export interface LiveRun {
  readonly out: string;
  readonly err: string;
  /** Resolves when the condition holds; rejects when the run ends before. */
  until(holds: (run: LiveRun) => boolean): Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
  readonly code: Promise<number>;
}

/** `redraws`: as if standard output were a terminal. */
export function startBudget(url: string, argv: readonly string[], { redraws = false } = {}): LiveRun {
  const watchers = new Set<() => void>();
  const stops = new Set<() => void>();
  const look = (): void => {
    for (const watch of [...watchers]) watch();
  };
  const said = { out: '', err: '' };
  const write = (where: 'out' | 'err', text: string): void => {
    said[where] += text;
    look();
  };
  const terminal: Terminal = {
    colours: false,
    redraws,
    interactive: false,
    out: async (text) => write('out', typeof text === 'string' ? text : Buffer.from(text).toString('utf8')),
    err: (text) => write('err', text),
    progress: () => undefined,
    confirm: () => Promise.resolve(false),
    onInterrupt: (stop) => {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  };
  let over = false;
  const code = run(argv, terminal, () => url).finally(() => {
    over = true;
    look();
  });
  return {
    get out() {
      return said.out;
    },
    get err() {
      return said.err;
    },
    code,
    interrupt: () => {
      for (const stop of stops) stop();
    },
    until(holds) {
      return new Promise((resolve, reject) => {
        const watch = (): void => {
          const done = holds(this);
          if (!done && !over) return;
          watchers.delete(watch);
          if (done) resolve();
          else reject(new Error(`the run ended after ${JSON.stringify(said)}`));
        };
        watchers.add(watch);
        watch();
      });
    },
  };
}
