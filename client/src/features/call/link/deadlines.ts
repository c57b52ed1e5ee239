/** Named timers: setting one again replaces it. */
export class Deadlines {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  after(name: string, ms: number, then: () => void): void {
    this.clear(name);
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      then();
    }, ms);
    this.#timers.set(name, timer);
  }

  has(name: string): boolean {
    return this.#timers.has(name);
  }

  clear(...names: string[]): void {
    for (const name of names) {
      clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }
}
