/**
 * Which revisions of a stream each command wrote: a key stays known for ever. Rebuilt from the log with the state, and lean
 * because it is kept for every event: the request's hash is read from the stored event when a repeat comes.
 */
export class CommandIndex {
  readonly #first = new Map<string, number>();
  /** Only of commands that wrote more than one event. */
  readonly #counts = new Map<string, number>();

  /** Events of one command stand side by side; they are added in order. */
  add(commandId: string, revision: number): void {
    if (!this.#first.has(commandId)) this.#first.set(commandId, revision);
    else this.#counts.set(commandId, (this.#counts.get(commandId) ?? 1) + 1);
  }

  copy(): CommandIndex {
    const copy = new CommandIndex();
    for (const [commandId, revision] of this.#first) copy.#first.set(commandId, revision);
    for (const [commandId, count] of this.#counts) copy.#counts.set(commandId, count);
    return copy;
  }

  find(commandId: string): { readonly first: number; readonly count: number } | undefined {
    const first = this.#first.get(commandId);
    return first === undefined ? undefined : { first, count: this.#counts.get(commandId) ?? 1 };
  }
}
