// I/O events between the moment Node emits them and the pass that delivers them.
import { forgetStores } from "../context/async-scope.ts";
import { turnStores } from "../context/stores.ts";
import type { EventSource } from "../types/backend.ts";
import type { ReadySink, Runnable } from "../types/runnable.ts";

export type EventKind =
  | "data"
  | "end"
  | "readError"
  | "release"
  | "drain"
  | "writeError"
  | "shutdown"
  | "connect"
  | "accept"
  | "acceptError";

/** A handle that events are for. It drops those that come after its close. */
export interface EventTarget<Value> {
  onEvent(kind: EventKind, value: Value): void;
}

interface QueuedEvent {
  readonly target: EventTarget<unknown>;
  readonly kind: EventKind;
  readonly value: unknown;
}

export class EventQueue implements EventSource, Runnable {
  readonly #wake: () => void;
  #events: QueuedEvent[] = [];
  #head = 0;
  /** True while it stands in a ready queue. */
  #collected = false;

  /** `wake` is called when an event comes to an empty queue. */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  get length(): number {
    return this.#events.length - this.#head;
  }

  push<Value>(target: EventTarget<Value>, kind: EventKind, value: Value): void {
    this.#events.push({ target: target as EventTarget<unknown>, kind, value });
    if (this.length === 1) this.#wake();
  }

  collect(sink: ReadySink): void {
    if (this.#collected || this.length === 0) return;
    this.#collected = true;
    sink.push(this);
  }

  /** Delivers, in order, the events that are here now; those they lead to belong to the next pass. */
  run(): void {
    // Before the first delivery: should one throw, the rest is collected again.
    this.#collected = false;
    for (let left = this.length; left > 0; left--) {
      const { target, kind, value } = this.#shift();
      if (turnStores.dirty) forgetStores();
      target.onEvent(kind, value);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#events = [];
    this.#head = 0;
  }

  #shift(): QueuedEvent {
    const event = this.#events[this.#head++]!;
    if (this.#head === this.#events.length) this.clear();
    return event;
  }
}
