// Every tuning number of the library, with its unit and where it comes from.

/** Callbacks at or above this many seconds are reported in debug mode (asyncio's default). */
export const SLOW_CALLBACK_SECONDS = 0.1;

/** Default limit of a StreamReader's buffer, in bytes (asyncio). Reading pauses above twice this. */
export const DEFAULT_STREAM_LIMIT = 64 * 1024;

/** Write buffer marks of a transport, in bytes (asyncio): pause strictly above high, resume at or below low. */
export const DEFAULT_HIGH_WATER = 64 * 1024;
/** low = high / this, unless it is given. */
export const HIGH_TO_LOW = 4;

/** Writes after the connection was lost are dropped; from this many on, each is worth a warning (asyncio). */
export const LOST_WRITES_BEFORE_WARNING = 5;

/** Default backlog of a listening socket (asyncio). */
export const DEFAULT_BACKLOG = 100;

/** Seconds until a listener tries again after the process ran out of descriptors or memory (asyncio). */
export const ACCEPT_RETRY_SECONDS = 1;

/**
 * Writes up to this many bytes are copied into the out slab and go out together at the end of the turn. Larger ones are
 * handed over where they lie. Copying 16 KiB costs about as much as the call that hands them over (bench: echo).
 */
export const COPY_LIMIT = 16 * 1024;

/**
 * Passes of the ready queue within one turn: while callbacks keep scheduling callbacks, go round again without asking libuv,
 * but give I/O and Node's own callbacks their chance after this many handles or seconds.
 */
export const TURN_MAX_HANDLES = 20_000;
export const TURN_MAX_SECONDS = 0.001;

/** setTimeout's longest delay is 2^31 - 1 ms; the pure backend looks again after this many seconds. */
export const MAX_TIMEOUT_SECONDS = 2_000_000;

/** Cancelled timers stay in the heap until there are more than this many and more than half are cancelled (asyncio). */
export const MIN_CANCELLED_TO_SWEEP = 100;

/** Frames of the stack that debug mode remembers for whatever is made (asyncio). */
export const DEBUG_STACK_DEPTH = 10;
