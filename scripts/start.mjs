// Sets the checkout up and becomes the key-value server: same process, so that its exit code and its signals are the server's.
import { setUp } from "./setup.mjs";

/** In milliseconds: signals nearer to each other than this are one press of Ctrl-C. */
const SAME_PRESS = 300;

/**
 * At a terminal Ctrl-C reaches the whole foreground group, this process too, and npm hands on the one that it got: the server
 * would take the pair for the impatient second press that ends it at once.
 */
function mergeDoubledSignals() {
  const emit = process.emit.bind(process);
  let last = -Infinity;
  /** @type {(event: "SIGINT", signal: "SIGINT") => boolean} for all events; this is the one that it knows about */
  function emitOnce(event, ...args) {
    if (event === "SIGINT") {
      const sinceLast = performance.now() - last;
      last = performance.now();
      if (sinceLast < SAME_PRESS) return true;
    }
    return emit(event, ...args);
  }
  process.emit = /** @type {typeof process.emit} */ (emitOnce);
}

if (setUp({ addonRequired: false })) {
  mergeDoubledSignals();
  await import("../examples/kv-server/main.mjs");
} else {
  process.exitCode = 1;
}
