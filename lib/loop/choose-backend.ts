// Chooses the engine of a new loop: the native one where it loads, else the pure one with a single warning that says why.
import { RuntimeError } from "../errors/asyncio-errors.ts";
import { describe } from "../errors/describe-value.ts";
import { loadBinding } from "../native/binding.ts";
import { NativeBackend } from "../native/native-backend.ts";
import { PureBackend } from "../pure/pure-backend.ts";
import type { Backend, BackendName } from "../types/backend.ts";

let warned = false;

/** `wanted` comes from newEventLoop(); without it the variable ASYNCIO_UV_BACKEND decides, and without that what loads. */
export function chooseBackend(wanted: BackendName | undefined): Backend {
  const name = wanted ?? fromEnvironment();
  if (name === "pure") return new PureBackend();
  const { binding, error } = loadBinding();
  if (binding !== null) return new NativeBackend(binding);
  if (name === "native") {
    throw new RuntimeError(`the native backend cannot be used here: ${error.message}`, { cause: error });
  }
  if (!warned) {
    warned = true;
    process.emitWarning(
      `the native addon could not be loaded, so the slower pure-TypeScript backend is used: ${error.message}. ` +
        "Set ASYNCIO_UV_BACKEND=pure to choose it without this warning.",
      { type: "AsyncioUvWarning", code: "ASYNCIO_UV_NO_ADDON" },
    );
  }
  return new PureBackend();
}

/** Why the native backend cannot be used here; null when it can. */
export function nativeBackendError(): Error | null {
  return loadBinding().error;
}

function fromEnvironment(): BackendName | undefined {
  const value = process.env["ASYNCIO_UV_BACKEND"];
  if (value === undefined || value === "") return undefined;
  checkBackendName(value, "ASYNCIO_UV_BACKEND");
  return value;
}

export function checkBackendName(value: unknown, where: string): asserts value is BackendName {
  if (value === "native" || value === "pure") return;
  throw new RangeError(`${where} must be "native" or "pure", got ${describe(value)}`);
}
