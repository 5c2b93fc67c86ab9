// The core in the page: one instance, its answers as values or as a refusal that can be caught and told.

import init, { type Problem, Till, type TillAnswer, type TillRefusal } from "#core";

/** The core said no, and why. */
export class Refused extends Error {
  constructor(readonly problem: Problem, readonly refusal: TillRefusal | null) {
    super(problem.detail);
  }
}

export async function loadCore(): Promise<Till> {
  await init();
  return new Till();
}

export function value<T>(answer: TillAnswer<T>): T {
  if (answer.ok) return answer.value;
  throw new Refused(answer.problem, answer.refusal ?? null);
}

export type { Till };
