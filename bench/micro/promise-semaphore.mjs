// A semaphore of native promises, as one writes it by hand; with a single unit it is a mutex.
export class PromiseSemaphore {
  #free;
  #waiting = [];

  constructor(units) {
    this.#free = units;
  }

  get free() {
    return this.#free;
  }

  async acquire() {
    if (this.#free > 0) this.#free--;
    // The unit is handed over: it does not become free in between.
    else await new Promise((resolve) => this.#waiting.push(resolve));
  }

  release() {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
