// Lets any number of tasks follow one AbortSignal with one listener, which is gone when the last of them is.

/** Whoever follows each signal, and the listener that tells them. */
interface Followers {
  readonly abort: Set<() => void>;
  readonly listener: () => void;
}

const followed = new WeakMap<AbortSignal, Followers>();

/** @internal Calls `abort` when the signal aborts, until the function that is given back was called. */
export function followSignal(signal: AbortSignal, abort: () => void): () => void {
  const followers = followed.get(signal) ?? listenTo(signal);
  followers.abort.add(abort);
  return () => {
    followers.abort.delete(abort);
    if (followers.abort.size > 0) return;
    signal.removeEventListener("abort", followers.listener);
    followed.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Followers {
  const abort = new Set<() => void>();
  const listener = (): void => {
    // Each leaves the set when its task ends, which is later; one that joins meanwhile sees the aborted signal itself.
    for (const each of [...abort]) each();
  };
  const followers = { abort, listener };
  signal.addEventListener("abort", listener, { once: true });
  followed.set(signal, followers);
  return followers;
}
