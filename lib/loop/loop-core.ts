// The low half of an event loop: the ready queue, timers, the turn, starting and stopping. What hangs on it stands above.
//
// One turn, entered once per iteration of libuv when there is something to do:
//   1. I/O events that C++ has recorded, as one entry        ┐
//   2. timers that are due                                   ├ a pass; what its handles schedule belongs to the next
//   3. exactly the handles that are in the queue now         ┘
//   again from 1 while handles are left, within a budget of handles and time; then libuv polls.
import { TURN_MAX_HANDLES, TURN_MAX_SECONDS } from "../constants.ts";
import { bindScope, forgetStores, newTurnScope } from "../context/async-scope.ts";
import {
  captureContext,
  type CapturedContext,
  Context,
  currentContext,
  restoreContext,
} from "../context/context.ts";
import { type TurnScope, turnStores } from "../context/stores.ts";
import { checkBound, checkCallback, checkSeconds } from "../errors/argument-checks.ts";
import { RuntimeError } from "../errors/asyncio-errors.ts";
import type { Backend, TimerEntry, TimerStore } from "../types/backend.ts";
import type { Runnable } from "../types/runnable.ts";
import { type Clock, performanceClock } from "./clock.ts";
import { ForeignClock } from "./foreign-clock.ts";
import { LoopReports } from "./loop-reports.ts";
import { type Callback, type Handle, NO_ARGS, noteInner, SoonHandle, TimerHandle } from "./handle.ts";
import { coroutineOrigins, noteOrigin } from "./origins.ts";
import { ReadyQueue } from "./ready.ts";
import { runningLoop, setRunningLoop } from "./running-loop.ts";

/** Numbers for people: what a loop has done and what it holds. */
export interface LoopStatistics {
  backend: "native" | "pure";
  /** Entries into the turn so far. */
  turns: number;
  /** Entries of the ready queue run so far. */
  handles: number;
  /** Entries that wait in the ready queue. */
  ready: number;
  /** Timers that are neither due nor cancelled. */
  timers: number;
  /** Streams and listeners open, or closing. */
  streams: number;
  listeners: number;
}

/** Handles between two looks at the clock, which costs as much as running one. */
const HANDLES_PER_LOOK = 16;

export class LoopCore extends LoopReports {
  /** @internal */
  readonly _ready = new ReadyQueue();
  /** @internal */
  readonly _timers: TimerStore;
  /** @internal */
  readonly _backend: Backend;
  /** @internal The task whose step runs now; a Task, which this floor does not know. */
  _currentTask: object | null = null;
  /** @internal Makes the tasks of this loop; null: the ordinary way. A TaskFactory, which this floor does not know. */
  _taskFactory: object | null = null;
  /** @internal The newest unfinished task; each links to the one before. */
  _lastTask: object | null = null;
  /** @internal */
  _inTurn = false;
  /** @internal Ends the turn after this pass, whatever is left: Node's promises and I/O come first. For tests. */
  _endTurn = false;
  /** @internal Called at the start of a pass with the number of entries that it will run; for tests that reorder them. */
  _beforePass: ((count: number) => void) | null = null;

  readonly #clock: Clock;
  /** The same as #clock where that is not the engine's own. */
  readonly #foreignClock: ForeignClock | null = null;
  readonly #turnFunction: () => boolean;
  #scope: TurnScope | null = null;
  #baseContext = currentContext();
  #running = false;
  #stopping = false;
  #closed = false;
  #woken = false;
  #handlesRun = 0;
  #onStopped: (() => void) | null = null;

  constructor(backend: Backend, clock: Clock) {
    super();
    this._backend = backend;
    this._timers = backend.timers;
    this._timers.onError = (error, call) =>
      this._reportCallbackError(error, call, new SoonHandle(call, NO_ARGS, this, null));
    if (clock !== performanceClock) {
      this.#foreignClock = new ForeignClock(clock, backend.timers, () => backend.wake());
    }
    this.#clock = this.#foreignClock ?? clock;
    const turn = (): boolean => this.#turn();
    this.#turnFunction = () => this.#scope!.run(turn);
  }

  // --- time and callbacks ---------------------------------------------------------------------------------------------

  /** The loop's clock in seconds: monotonic, the same as `performance.now() / 1000`. */
  time(): number {
    return this.#clock.time();
  }

  /** Calls `callback(...args)` in the next pass. A last argument `{ context }` chooses the context it is called in. */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle;
  callSoon<A extends unknown[]>(
    callback: (...args: A) => unknown,
    ...args: [...A, { context: Context }]
  ): Handle;
  callSoon(callback: Callback, ..._args: unknown[]): Handle {
    checkBound(this, "loop.callSoon(callback)");
    this._checkClosed();
    if (this._debug) this._checkNoCoroutine(callback, "callSoon");
    checkCallback(callback, "callSoon");
    // eslint-disable-next-line prefer-rest-params -- an array for the arguments, which are mostly none, would cost as much as the rest
    const args = arguments.length === 1 ? NO_ARGS : Array.prototype.slice.call(arguments, 1);
    const handle = new SoonHandle(bindScope(callback), args, this, takeContext(args));
    if (this._debug) noteOrigin(handle);
    this._push(handle);
    return handle;
  }

  /** As `callSoon()`; in Python the one method that other threads may call. Wakes the loop should it sleep. */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle;
  callSoonThreadsafe<A extends unknown[]>(
    callback: (...args: A) => unknown,
    ...args: [...A, { context: Context }]
  ): Handle;
  callSoonThreadsafe(callback: Callback, ...args: unknown[]): Handle {
    checkBound(this, "loop.callSoonThreadsafe(callback)");
    const handle = this.callSoon(callback, ...args);
    this._backend.wake();
    return handle;
  }

  /** Calls `callback(...args)` after `delay` seconds; at once after a pass when it is not positive. Never early. */
  callLater<A extends unknown[]>(delay: number, callback: (...args: A) => unknown, ...args: A): TimerHandle;
  callLater<A extends unknown[]>(
    delay: number,
    callback: (...args: A) => unknown,
    ...args: [...A, { context: Context }]
  ): TimerHandle;
  callLater(delay: number, callback: Callback, ..._args: unknown[]): TimerHandle {
    checkBound(this, "loop.callLater(delay, callback)");
    checkSeconds(delay, "delay");
    // eslint-disable-next-line prefer-rest-params -- as in callSoon
    const args = arguments.length === 2 ? NO_ARGS : Array.prototype.slice.call(arguments, 2);
    return this.#addTimer(this.#clock.time() + delay, callback, args, "callLater");
  }

  /** Calls `callback(...args)` when the loop's clock has reached `when` (seconds, see `time()`). Equal times keep their order. */
  callAt<A extends unknown[]>(when: number, callback: (...args: A) => unknown, ...args: A): TimerHandle;
  callAt<A extends unknown[]>(
    when: number,
    callback: (...args: A) => unknown,
    ...args: [...A, { context: Context }]
  ): TimerHandle;
  callAt(when: number, callback: Callback, ..._args: unknown[]): TimerHandle {
    checkBound(this, "loop.callAt(when, callback)");
    checkSeconds(when, "when");
    // eslint-disable-next-line prefer-rest-params -- as in callSoon
    const args = arguments.length === 2 ? NO_ARGS : Array.prototype.slice.call(arguments, 2);
    return this.#addTimer(when, callback, args, "callAt");
  }

  #addTimer(when: number, callback: Callback, args: readonly unknown[], method: string): TimerHandle {
    this._checkClosed();
    if (this._debug) this._checkNoCoroutine(callback, method);
    checkCallback(callback, method);
    const context = takeContext(args);
    callback = bindScope(callback);
    if (!this._inTurn) this._wake();
    if (args.length === 0 && context === null && !this._debug) {
      return new TimerHandle(this._timers, when, this._timers.schedule(when, callback));
    }
    return this.#addRichTimer(when, new SoonHandle(callback, args, this, context));
  }

  /** Apart from the plain ones, which would pay for the closure too. */
  #addRichTimer(when: number, inner: SoonHandle): TimerHandle {
    const ticket = this._timers.schedule(when, () => inner.run());
    const handle = new TimerHandle(this._timers, when, ticket);
    noteInner(handle, inner);
    if (this._debug) noteOrigin(inner);
    return handle;
  }

  /** @internal */
  _addTimer(entry: TimerEntry): void {
    this._timers.add(entry);
    if (!this._inTurn) this._wake();
  }

  /** @internal Puts an entry in the ready queue, and sees to it that a turn comes. */
  _push(entry: Runnable): void {
    this._ready.push(entry);
    if (!this._inTurn) this._wake();
  }

  /** @internal Sees to it that a turn comes; for what was made ready outside one. */
  _wake(): void {
    if (this.#woken || !this.#running) return;
    this.#woken = true;
    this._backend.wake();
  }

  // --- running ----------------------------------------------------------------------------------------------------------

  /** Runs until `stop()`. The promise is settled when it has stopped; RuntimeError when it cannot run. */
  runForever(): Promise<void> {
    return new Promise((resolve, reject) => {
      try {
        checkBound(this, "loop.runForever()");
        this._start(resolve);
      } catch (error) {
        reject(error as Error);
      }
    });
  }

  /** @internal Starts to run; `onStopped` is called when it has stopped. */
  _start(onStopped: () => void): void {
    this._checkClosed();
    this._checkNotRunning();
    this._backend.start(this.#turnFunction);
    this.#scope = newTurnScope();
    this.#running = true;
    this.#onStopped = onStopped;
    this.#baseContext = currentContext();
    setRunningLoop(this);
    coroutineOrigins.tracked = this._debug;
  }

  /** Ends `runForever()` after the pass that is running; what it has scheduled waits for the next run. */
  stop(): void {
    checkBound(this, "loop.stop()");
    this.#stopping = true;
    if (this.#running && !this._inTurn) this._backend.wake();
  }

  override isRunning(): boolean {
    return this.#running;
  }

  isClosed(): boolean {
    return this.#closed;
  }

  /** Drops what is scheduled without running it and closes every handle. Idempotent; RuntimeError while the loop runs. */
  close(): void {
    checkBound(this, "loop.close()");
    if (this.#running) throw new RuntimeError("Cannot close a running event loop");
    if (this.#closed) return;
    this.#closed = true;
    this._ready.clear();
    this._backend.close();
  }

  /** Lets the process end although the loop runs. */
  unref(): this {
    this._backend.unref();
    return this;
  }

  /** Keeps the process alive while the loop runs: the default. */
  ref(): this {
    this._backend.ref();
    return this;
  }

  /** @internal */
  _checkClosed(): void {
    if (this.#closed) throw new RuntimeError("Event loop is closed");
  }

  /** @internal */
  _checkNotRunning(): void {
    if (this.#running) throw new RuntimeError("This event loop is already running");
    if (runningLoop() !== null) {
      throw new RuntimeError("Cannot run the event loop while another loop is running in this thread");
    }
  }

  #turn(): boolean {
    const ready = this._ready;
    const timers = this._timers;
    this._inTurn = true;
    this.#woken = false;
    let ran = 0;
    let started = -1;
    let nextLook = HANDLES_PER_LOOK;
    do {
      this._backend.collect(ready);
      if (timers.nextDeadline !== Infinity) {
        const now = this.#clock.time();
        if (timers.nextDeadline <= now) {
          // I/O comes before timers: in a later pass of this turn libuv is asked first.
          if (ran > 0) break;
          timers.takeDue(now, ready);
        }
      }
      const count = ready.length;
      if (this._beforePass !== null) this._beforePass(count);
      if (this._debug) this.#runPassTimed(count);
      else this.#runPass(count);
      ran += count;
      if (this.#stopping || this._endTurn || ran >= TURN_MAX_HANDLES) break;
      // Most turns are short and never look at the clock.
      if (ran >= nextLook) {
        nextLook = ran + HANDLES_PER_LOOK;
        const now = this.#clock.time();
        if (started < 0) started = now;
        else if (now - started > TURN_MAX_SECONDS) break;
      }
    } while (ready.length > 0);
    this._endTurn = false;
    this.#handlesRun += ran;
    this._inTurn = false;
    restoreContext(this.#baseContext);
    if (this.#stopping) this.#finishRun();
    if (ready.length > 0) return true;
    return this.#foreignClock !== null && this.#running && this.#foreignClock.settle(ran);
  }

  #runPass(count: number): void {
    const ready = this._ready;
    let left = count;
    while (left > 0) {
      try {
        while (left > 0) {
          left--;
          // What a callback has left behind; tasks keep theirs.
          if (turnStores.dirty) forgetStores();
          ready.shift().run();
        }
      } catch (error) {
        this.callExceptionHandler({ message: "Unhandled exception in the ready queue", exception: error });
      }
    }
  }

  #runPassTimed(count: number): void {
    for (let left = count; left > 0; left--) {
      if (turnStores.dirty) forgetStores();
      this._runTimed(this._ready.shift(), this.#clock);
    }
  }

  #finishRun(): void {
    this.#stopping = false;
    this.#running = false;
    setRunningLoop(null);
    coroutineOrigins.tracked = false;
    this.#foreignClock?.stop();
    this.#scope?.close();
    this._backend.stop();
    const onStopped = this.#onStopped;
    this.#onStopped = null;
    onStopped?.();
  }

  /** Numbers about this loop, for figures and leak tests. */
  statistics(): LoopStatistics {
    const { turns, streams, listeners } = this._backend.statistics();
    return {
      backend: this._backend.name,
      turns,
      handles: this.#handlesRun,
      ready: this._ready.length,
      timers: this._timers.size,
      streams,
      listeners,
    };
  }
}

/** Takes the trailing `{ context }` off the arguments; without one, what a copy of the current context would hold. */
function takeContext(args: readonly unknown[]): CapturedContext {
  if (args.length > 0) {
    const last = args[args.length - 1];
    if (last !== null && typeof last === "object" && "context" in last && last.context instanceof Context) {
      if (Object.keys(last).length === 1) {
        (args as unknown[]).pop();
        return last.context;
      }
    }
  }
  return captureContext();
}
