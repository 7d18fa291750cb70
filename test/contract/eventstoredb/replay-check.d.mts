/** The differences of one run of a recording, in words; or why it was not run. */
export interface Replayed {
  readonly diffs?: readonly string[];
  readonly skipped?: string;
  readonly unreachable?: boolean;
}

export interface ReplayOptions {
  /** How long to wait for one answer, in milliseconds. Default: 4,000. */
  readonly timeout?: number;
  /** Kills the server and starts it again on the same data and address. */
  readonly restart?: () => Promise<void>;
}

/** `stubs`: of `loadStubs`; `address`: host and port; `file`: path of a recording. */
export function replay(stubs: object, address: string, file: string, options?: ReplayOptions): Promise<Replayed>;
