// Counterparts of CPython's test_timeouts: errors that leave a block, and what they say about the timeout.
// Python notes with each error the one that was being handled; JavaScript has only the `cause` that the thrower gives.
import { expect, it } from "vitest";
import {
  asyncWith,
  CancelledError,
  type Coroutine,
  ExceptionGroup,
  sleep,
  timeout,
  TimeoutError,
} from "../../../lib/index.ts";
import { describeBackends, onVirtualLoop } from "../../support/backends.ts";
import { inGroup } from "../../support/groups.ts";
import { errorOf, label } from "../../support/outcomes.ts";

/** The names of an error and of its causes, outermost first. */
function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) names.push(at.name);
  return names;
}

/** Awaits; an error of that becomes the cause of a RangeError. */
function* wrapping(body: Iterable<unknown>): Coroutine<void> {
  try {
    yield* body as Coroutine<void>;
  } catch (cause) {
    throw new RangeError("wrapped", { cause });
  }
}

describeBackends("test_timeouts.TimeoutTests", (backend) => {
  it("test_foreign_exception_passed: an error in time is passed on as it is", () =>
    onVirtualLoop(backend, function* () {
      const limit = timeout(0.01);
      const thrown = new RangeError("own");
      const error = yield* errorOf(
        asyncWith(limit, function* (): Coroutine<void> {
          throw thrown;
        }),
      );
      expect(error).toBe(thrown);
      expect([limit.expired(), "cause" in error]).toEqual([false, false]);
    }));

  it("test_timeout_exception_context: the TimeoutError has the CancelledError as its cause", () =>
    onVirtualLoop(backend, function* () {
      let inside: Error | undefined;
      const error = yield* errorOf(
        asyncWith(timeout(0.01), function* () {
          try {
            throw new RangeError("lost: another error leaves the finally block");
          } finally {
            inside = yield* errorOf(sleep(1));

            throw inside;
          }
        }),
      );
      expect(chain(error)).toEqual(["TimeoutError", "CancelledError"]);
      expect(error.cause).toBe(inside);
      expect(Object.keys(error)).not.toContain("cause");
    }));

  it("test_foreign_exception_on_timeout: an error caused by the cancellation is caused by the timeout then", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(asyncWith(timeout(0.01), () => wrapping(sleep(1))));
      expect(label(error)).toBe("RangeError: wrapped");
      expect(chain(error)).toEqual(["RangeError", "TimeoutError", "CancelledError"]);
    }));

  it("test_foreign_exception_on_timeout_2: also further down its chain of causes; others keep theirs", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(asyncWith(timeout(0.01), () => wrapping(wrapping(sleep(1)))));
      expect(chain(error)).toEqual(["RangeError", "RangeError", "TimeoutError", "CancelledError"]);
      const other = yield* errorOf(
        asyncWith(timeout(0.01), function* () {
          yield* errorOf(sleep(1));
          throw new RangeError("own", { cause: new TypeError("other") });
        }),
      );
      expect(chain(other)).toEqual(["RangeError", "TypeError"]);
    }));

  it("test_nested_timeout_in_finally: a timeout while another one's cancellation is cleaned up", () =>
    onVirtualLoop(backend, function* () {
      const inside: Error[] = [];
      const outer = yield* errorOf(
        asyncWith(timeout(0.01), function* () {
          try {
            yield* sleep(1);
          } finally {
            const cleaning = asyncWith(timeout(0.01), function* () {
              yield* sleep(10);
            });
            inside.push(yield* errorOf(cleaning));
          }
        }),
      );
      expect(chain(outer)).toEqual(["TimeoutError", "CancelledError"]);
      expect(inside.map(chain)).toEqual([["TimeoutError", "CancelledError"]]);
      expect(inside[0]!.cause).not.toBe(outer.cause);
    }));

  it("test_timeout_taskgroup: members of a group that fail because of the timeout say so too", () =>
    onVirtualLoop(backend, function* () {
      const error = yield* errorOf(
        asyncWith(timeout(0.01), () =>
          inGroup(function* (group) {
            group.createTask(() => wrapping(sleep(2)));
            yield* sleep(1);
          }),
        ),
      );
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect("cause" in error).toBe(false);
      const members = (error as ExceptionGroup).exceptions;
      expect(members.map(chain)).toEqual([["RangeError", "TimeoutError", "CancelledError"]]);
      const [timedOut, cancellation] = [members[0]!.cause, (members[0]!.cause as Error).cause];
      expect(timedOut).toBeInstanceOf(TimeoutError);
      expect(cancellation).toBeInstanceOf(CancelledError);
    }));
});
