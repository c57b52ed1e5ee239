const most = 20_000;

/** Values of a measurement, evenly thinned out when there are many. */
export class Samples {
  readonly values: number[] = [];
  #every = 1;
  #count = 0;

  add(value: number): void {
    if (this.#count++ % this.#every !== 0) return;
    this.values.push(value);
    if (this.values.length < most) return;
    const half = this.values.filter((_, index) => index % 2 === 0);
    this.values.splice(0, Infinity, ...half);
    this.#every *= 2;
  }
}
