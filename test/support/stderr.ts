// What the process writes to stderr and to console.error() while something is done.
import { vi } from "vitest";

export async function stderrOf(body: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const consoleError = vi.spyOn(console, "error").mockImplementation((...args) => {
    written.push(args.map(String).join(" "));
  });
  try {
    await body();
  } finally {
    stderr.mockRestore();
    consoleError.mockRestore();
  }
  return written.join("\n");
}
