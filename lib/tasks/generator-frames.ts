// Where generators stand that are not resumed to look: JavaScript does not tell, V8's inspector does. Slow, for people only.
import type { Session } from "node:inspector";
import { findSourceMap, type SourceMapping } from "node:module";
import { fileOf, type StackFrame } from "./stack-frames.ts";

/** How the inspected object is handed over: the inspector sees globals only. */
const HANDOVER = Symbol.for("asyncio-uv.inspected");

interface Remote {
  value?: unknown;
  objectId?: string;
}

/** Line and column count from 0. */
interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}

type Place = Pick<StackFrame, "file" | "line" | "column">;

const NOWHERE: Place = { file: null, line: null, column: null };

/**
 * @internal Asks V8's inspector about generators and functions. It is opened by the first question; `close()` it. Where there is
 * none (Node built without it, or not permitted to use it), it knows nothing.
 */
export class Inspection {
  #session: Session | null | undefined = undefined;
  readonly #files = new Map<string, string>();

  close(): void {
    this.#session?.disconnect();
    this.#session = null;
  }

  /** Where a suspended generator goes on; of one that runs, the file it is written in. */
  placeOfGenerator(generator: object): StackFrame {
    const properties = this.#inspect(generator);
    const fn = properties?.get("[[GeneratorFunction]]")?.objectId;
    const name = fn === undefined ? "" : this.#properties(fn, "result").get("name")?.value;
    const place = this.#place(properties?.get("[[GeneratorLocation]]"));
    const suspended = properties?.get("[[GeneratorState]]")?.value === "suspended";
    return {
      name: typeof name === "string" && name !== "" ? name : "anonymous",
      ...(suspended ? place : { ...NOWHERE, file: place.file }),
      async: true,
    };
  }

  /** The file that a function is written in; V8 does not tell where an async function waits. */
  fileOfFunction(fn: object): string | null {
    return this.#place(this.#inspect(fn)?.get("[[FunctionLocation]]")).file;
  }

  #place(remote: Remote | undefined): Place {
    const location = remote?.value as Location | undefined;
    const file = location === undefined ? "" : (this.#files.get(location.scriptId) ?? "");
    return file === "" ? NOWHERE : asWritten(file, location!.lineNumber, location!.columnNumber);
  }

  /** The internal properties of an object; null where nobody can tell. */
  #inspect(object: object): Map<string, Remote> | null {
    if (this.#session === undefined) this.#session = this.#open();
    if (this.#session === null) return null;
    const holder = globalThis as Record<symbol, unknown>;
    holder[HANDOVER] = object;
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(HANDOVER.description)})]`;
      const { result } = this.#ask("Runtime.evaluate", { expression }) as { result?: Remote };
      return this.#properties(result?.objectId, "internalProperties");
    } finally {
      delete holder[HANDOVER];
    }
  }

  #properties(objectId: string | undefined, which: "result" | "internalProperties"): Map<string, Remote> {
    const answer = this.#ask("Runtime.getProperties", { objectId, ownProperties: true });
    const properties = (answer as Record<string, { name: string; value?: Remote }[] | undefined>)[which];
    return new Map((properties ?? []).map(({ name, value }) => [name, value ?? {}]));
  }

  #open(): Session | null {
    let session: Session | null = null;
    try {
      session = new (process.getBuiltinModule("node:inspector").Session)();
      session.connect();
      session.on("Debugger.scriptParsed", ({ params }) => {
        this.#files.set(params.scriptId, fileOf(params.url));
      });
      // Says at once which scripts there are.
      session.post("Debugger.enable");
      return session;
    } catch {
      session?.disconnect();
      return null;
    }
  }

  /** A session on its own thread answers before post() returns. */
  #ask(method: string, parameters: object): object {
    let answer: object = {};
    this.#session!.post(method, parameters, (error, result) => {
      if (error === null) answer = result as object;
    });
    return answer;
  }
}

/** By the source map, where Node uses those for the stacks of errors as well. */
function asWritten(file: string, line: number, column: number): Place {
  const { originalSource, originalLine, originalColumn } = (findSourceMap(file)?.findEntry(line, column) ??
    {}) as Partial<SourceMapping>;
  if (originalSource === undefined) return { file, line: line + 1, column: column + 1 };
  return { file: fileOf(originalSource), line: originalLine! + 1, column: originalColumn! + 1 };
}
