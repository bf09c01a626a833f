// Errors of the operating system: libuv's negative codes become Errors with Node's `code`, `errno` and `syscall`.
import { getSystemErrorMap, getSystemErrorName } from "node:util";

/** Python's OSError, in Node's form. */
export interface OSError extends Error {
  /** The symbolic name, such as "ECONNREFUSED". */
  code: string;
  /** libuv's negative number. */
  errno: number;
  /** What was being done, such as "connect". */
  syscall: string;
  address?: string;
  port?: number;
}

/** An Error for libuv's negative `errno`, worded as Node words its own. */
export function osError(errno: number, syscall: string, address?: string, port?: number): OSError {
  const code = errorName(errno);
  const where = address === undefined ? "" : port === undefined ? ` ${address}` : ` ${address}:${port}`;
  const error = new Error(`${syscall} ${code}${where}`) as OSError;
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (address !== undefined) error.address = address;
  if (port !== undefined) error.port = port;
  return error;
}

/** libuv's negative number for a symbolic name; it differs between platforms. */
export function errnoOf(name: string): number {
  for (const [errno, [known]] of getSystemErrorMap()) if (known === name) return errno;
  throw new RangeError(`this platform has no error named ${name}`);
}

export function errorName(errno: number): string {
  return errno < 0 ? getSystemErrorName(errno) : `E${errno}`;
}

/** Whether an error came from the operating system. asyncio reports these only in debug mode. */
export function isOSError(error: unknown): error is OSError {
  return (
    error instanceof Error && typeof (error as Partial<OSError>).errno === "number" && "syscall" in error
  );
}
