/** A command has another shape than the body it came from: what is refused of it is told in the places of the body. */
import { Problem } from '#platform/problem.js';

/** The answer, or its refusal with each pointer turned by `to`. */
export async function repointed<Answer>(asked: Promise<Answer>, to: (pointer: string) => string): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Problem) || error.facts.faults === undefined) throw error;
    const { status, code, facts, headers } = error;
    const faults = error.facts.faults.map(({ pointer, ...fault }) =>
      pointer === undefined ? fault : { ...fault, pointer: to(pointer) },
    );
    throw new Problem(status, code, { ...facts, faults }, headers);
  }
}

/** `/results/0/result` becomes `/result`: the body was the entry itself. */
export const withoutPrefix =
  (prefix: string) =>
  (pointer: string): string =>
    pointer === prefix || pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : pointer;
