/** Where the command line writes and what it may ask: the one place that touches the process's own streams. */
import { createInterface } from 'node:readline/promises';
import { OutputClosed } from './faults.js';

export interface Terminal {
  /** Standard output shows colours: a terminal, and NO_COLOR is not set. */
  readonly colours: boolean;
  /** A person sits there who can be asked. */
  readonly interactive: boolean;
  /** Standard output is a terminal: what was written there can be cleared and written again. */
  readonly redraws: boolean;
  /** Resolves when the text is handed over; rejects with `OutputClosed` when the reader has gone. */
  readonly out: (text: string | Uint8Array) => Promise<void>;
  readonly err: (text: string) => void;
  /** One line on standard error that the next one replaces; nothing when that is no terminal. `''` clears it. */
  readonly progress: (text: string) => void;
  /** True for y or yes; anything else, the end of input too, is no. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Calls `stop` on Ctrl-C in place of ending the process, until the function that it returns is called. */
  readonly onInterrupt: (stop: () => void) => () => void;
}

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** The process's own streams. Node's `hasColors` knows NO_COLOR and dumb terminals. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // A failed write is told by its callback; without a listener the same error would end the process.
  stdout.on('error', () => undefined);
  stderr.on('error', () => undefined);
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    colours: stdout.isTTY === true && stdout.hasColors(),
    redraws: stdout.isTTY === true,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    out: (text) => {
      clear();
      return new Promise((resolve, reject) => {
        stdout.write(text, (error) => {
          if (!error) resolve();
          else reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new OutputClosed() : error);
        });
      });
    },
    err: (text) => {
      clear();
      stderr.write(text);
    },
    progress: (text) => {
      if (stderr.isTTY !== true) return;
      clear();
      if (text !== '') stderr.write(text);
      shown = text !== '';
    },
    confirm: async (question) => {
      clear();
      const lines = createInterface({ input: stdin, output: stderr });
      let answered = false;
      try {
        return await new Promise<boolean>((resolve) => {
          lines.once('close', () => {
            // The end of input leaves the cursor behind the question.
            if (!answered) stderr.write('\n');
            resolve(false);
          });
          lines.question(`${question} [y/N] `).then(
            (answer) => {
              answered = true;
              resolve(/^y(es)?$/i.test(answer.trim()));
            },
            () => resolve(false),
          );
        });
      } finally {
        lines.close();
      }
    },
    onInterrupt: (stop) => {
      for (const signal of INTERRUPTS) process.on(signal, stop);
      return () => {
        for (const signal of INTERRUPTS) process.off(signal, stop);
      };
    },
  };
}
