import type { Site } from '../../people.ts';

export const healedName = 'studyrooms_gaps_healed_total';

/** The sum of a counter over its labels; none where it is absent. */
export function counter(text: string, name: string): number | undefined {
  const values = text
    .split('\n')
    .map((line) => /^(\w+)(?:\{.*\})? (\S+)/.exec(line))
    .filter((match) => match?.[1] === name)
    .map((match) => Number(match?.[2]));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** Gaps that instances found and filled, also those of runs that were ended here. */
export class Healed {
  #ended = 0;

  /** Reads an instance that is about to end. */
  async note(instance: Site): Promise<void> {
    this.#ended += (await healedBy(instance)) ?? 0;
  }

  /** Of each instance since it was last started, and of all runs. */
  async table(instances: readonly Site[]): Promise<string> {
    const values = await Promise.all(instances.map(healedBy));
    if (values.every((value) => value === undefined)) {
      return `absent: no instance has ${healedName} at /metrics`;
    }
    const sum = values.reduce<number>((all, value) => all + (value ?? 0), this.#ended);
    return `${values.map((value) => value ?? 'absent').join(' / ')}, with earlier runs ${sum}`;
  }
}

/** None where it does not tell. */
export async function healedBy({ url }: Site): Promise<number | undefined> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  );
  return answer?.ok ? counter(await answer.text(), healedName) : undefined;
}
