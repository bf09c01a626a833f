// Where suspended generators stand: JavaScript does not tell, V8's inspector does. Slow (tens of milliseconds), for people only.
import type { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

/** One place in the code. Line and column count from 1; null where nobody knows. */
export interface StackFrame {
  /** The function's name; "anonymous" for one without. */
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** The places of generators, in the same order. */
export function framesOfGenerators(generators: readonly object[]): StackFrame[] {
  const inspection = generators.length === 0 ? null : Inspection.begin();
  if (inspection === null) return generators.map(() => UNKNOWN);
  try {
    return generators.map((generator) => inspection.frameOf(generator));
  } finally {
    inspection.end();
  }
}

const UNKNOWN: StackFrame = { name: "generator", file: null, line: null, column: null };

/** How the inspected object is handed over: expressions see globals only. */
const HANDOVER = Symbol.for("asyncio-uv.inspected");

interface Property {
  name: string;
  value?: { value?: unknown; objectId?: string };
}

class Inspection {
  readonly #session: Session;
  readonly #files = new Map<string, string>();

  private constructor(session: Session) {
    this.#session = session;
    session.on("Debugger.scriptParsed", ({ params }) => {
      this.#files.set(params.scriptId, fileOf(params.url));
    });
    this.#ask("Debugger.enable");
  }

  /** Null where Node was built without an inspector. */
  static begin(): Inspection | null {
    const inspector = process.getBuiltinModule("node:inspector");
    if (inspector === undefined) return null;
    const session = new inspector.Session();
    session.connect();
    return new Inspection(session);
  }

  end(): void {
    this.#session.disconnect();
  }

  frameOf(generator: object): StackFrame {
    const holder = globalThis as Record<symbol, unknown>;
    holder[HANDOVER] = generator;
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(HANDOVER.description)})]`;
      const { result } = this.#ask("Runtime.evaluate", { expression }) as { result: { objectId: string } };
      const internal = this.#properties(result.objectId, "internalProperties");
      const location = internal.get("[[GeneratorLocation]]")?.value as
        { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
      const fn = internal.get("[[GeneratorFunction]]")?.objectId;
      const name = fn === undefined ? "" : this.#properties(fn, "result").get("name")?.value;
      return {
        name: typeof name === "string" && name !== "" ? name : "anonymous",
        file: location === undefined ? null : (this.#files.get(location.scriptId) ?? null),
        line: location === undefined ? null : location.lineNumber + 1,
        column: location === undefined ? null : location.columnNumber + 1,
      };
    } finally {
      delete holder[HANDOVER];
    }
  }

  #properties(objectId: string, which: "result" | "internalProperties"): Map<string, Property["value"]> {
    const answer = this.#ask("Runtime.getProperties", { objectId, ownProperties: true });
    const properties = (answer as Record<string, Property[] | undefined>)[which] ?? [];
    return new Map(properties.map(({ name, value }) => [name, value]));
  }

  /** A session on its own thread answers before post() returns. */
  #ask(method: string, parameters: object = {}): object {
    let answer: object = {};
    this.#session.post(method, parameters, (error, result) => {
      if (error === null) answer = result as object;
    });
    return answer;
  }
}

function fileOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

/** The places that an error's stack names, innermost first. */
export function framesOfError(error: unknown): StackFrame[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames: StackFrame[] = [];
  for (const line of stack.split("\n")) {
    const match = /^\s+at (?:(?:async )?(.*?) \()?((?:file:|node:|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/.exec(
      line,
    );
    if (match === null) continue;
    const [, name, file, row, column] = match;
    frames.push({
      name: name === undefined || name === "" ? "anonymous" : name.replace(/ \[as .*\]$/, ""),
      file: fileOf(file!),
      line: Number(row),
      column: Number(column),
    });
  }
  return frames;
}

/** As Python prints a frame. */
export function formatFrame({ name, file, line }: StackFrame): string {
  return file === null ? `in ${name}` : `File "${file}", line ${line ?? "?"}, in ${name}`;
}
