/** A step from one version of an event's data to the next. */
export type UpcastStep = (data: unknown) => unknown;

/**
 * Builds the upcast of one family of events. `steps[type][n]` brings version n to n + 1. Refuses to be built when a step is
 * missing, and throws on a type or version that it does not know: data from a newer program is not guessed at.
 */
export function upcaster<Type extends string>(
  versions: Readonly<Record<Type, number>>,
  steps: { readonly [T in Type]?: Readonly<Record<number, UpcastStep>> },
): (type: string, version: number, data: unknown) => unknown {
  const chains = new Map<string, UpcastStep[]>();
  for (const [type, current] of Object.entries<number>(versions)) {
    const chain = Array.from({ length: current - 1 }, (_, index) => {
      const step = steps[type as Type]?.[index + 1];
      if (step === undefined) throw new Error(`no step from version ${index + 1} of ${type}`);
      return step;
    });
    chains.set(type, chain);
  }
  return (type, version, data) => {
    const chain = chains.get(type);
    if (chain === undefined) throw new Error(`unknown event type ${type}`);
    if (!Number.isInteger(version) || version < 1 || version > chain.length + 1) {
      throw new Error(`unknown version ${version} of ${type}; this program knows 1 to ${chain.length + 1}`);
    }
    return chain.slice(version - 1).reduce((older, step) => step(older), data);
  };
}
