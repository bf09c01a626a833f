// The form that the text of every lock has.

/** As Python's, without the address: `<Lock [unlocked]>`, `<Semaphore [locked, waiters:2]>`, `<Barrier [filling, waiters:2/5]>`. */
export const REPR =
  /^<\w+ \[(set|unset|locked|unlocked|filling|draining|resetting|broken)(, value:\d)?(, waiters:\d+(\/\d+)?)?\]>$/;
