// A bounded queue of native promises, as one writes it by hand: nobody can be cancelled, nothing is counted.
export class PromiseQueue {
  #size;
  #items = [];
  #putters = [];
  #getters = [];

  constructor(size) {
    this.#size = size;
  }

  async put(item) {
    while (this.#items.length >= this.#size) await new Promise((resolve) => this.#putters.push(resolve));
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get() {
    while (this.#items.length === 0) await new Promise((resolve) => this.#getters.push(resolve));
    const item = this.#items.shift();
    this.#putters.shift()?.();
    return item;
  }
}
