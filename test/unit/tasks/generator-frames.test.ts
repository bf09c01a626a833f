// What V8's inspector tells of generators and functions, and that asking it leaves nothing behind.
import { Session } from "node:inspector";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Inspection } from "../../../lib/tasks/generator-frames.ts";

const THIS_FILE = /generator-frames\.test\.ts$/;

function* counting(): Generator<number> {
  yield 1;
  yield 2;
}

function inspected<T>(ask: (inspection: Inspection) => T): T {
  const inspection = new Inspection();
  try {
    return ask(inspection);
  } finally {
    inspection.close();
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a generator", () => {
  it("that is suspended is shown where it goes on", () => {
    const generator = counting();
    const places = inspected((inspection) => {
      const begin = inspection.placeOfGenerator(generator);
      generator.next();
      const first = inspection.placeOfGenerator(generator);
      generator.next();
      return [begin, first, inspection.placeOfGenerator(generator)];
    });
    expect(places.map(({ name, async }) => [name, async])).toEqual(Array(3).fill(["counting", true]));
    for (const { file } of places) expect(file).toMatch(THIS_FILE);
    const [begin, first, second] = places.map(({ line, column }) => line! * 1000 + column!);
    expect(first).toBeGreaterThan(begin!);
    expect(second).toBeGreaterThan(first!);
  });

  it("that runs or has ended is known by its name and file", () => {
    const seen = inspected((inspection) => {
      function* looking(self: () => object): Generator<unknown> {
        yield inspection.placeOfGenerator(self());
      }
      const running: Generator<unknown> = looking(() => running);
      const place = running.next().value as unknown;
      running.return(undefined);
      return [place, inspection.placeOfGenerator(running)];
    });
    const file = expect.stringMatching(THIS_FILE) as string;
    const somewhere = { name: "looking", file, line: null, column: null, async: true };
    expect(seen).toEqual([somewhere, somewhere]);
  });

  it("without a name is anonymous, and so is one with an odd name", () => {
    const unnamed = (() => function* (): Generator<void> {})();
    const odd = function* odd(): Generator<void> {};
    Object.defineProperty(odd, "name", { value: { toString: () => "odd" } });
    const names = inspected((inspection) =>
      [unnamed(), odd()].map((generator) => inspection.placeOfGenerator(generator).name),
    );
    expect(names).toEqual(["anonymous", "anonymous"]);
  });
});

describe("a function", () => {
  it("is known by its file; one that is built in has none", () => {
    const files = inspected((inspection) =>
      [counting, async () => {}, Math.max].map((fn) => inspection.fileOfFunction(fn)),
    );
    expect(files).toEqual([expect.stringMatching(THIS_FILE), expect.stringMatching(THIS_FILE), null]);
  });
});

describe("an inspection", () => {
  it("opens no session before the first question, one for all, and closes it", () => {
    const connect = vi.spyOn(Session.prototype, "connect");
    const disconnect = vi.spyOn(Session.prototype, "disconnect");
    inspected(() => undefined);
    expect(connect).not.toHaveBeenCalled();
    inspected((inspection) => [counting(), counting()].map((one) => inspection.placeOfGenerator(one)));
    expect([connect.mock.calls.length, disconnect.mock.calls.length]).toEqual([1, 1]);
  });

  it("leaves no global behind, also when asking fails", () => {
    const before = Reflect.ownKeys(globalThis);
    inspected((inspection) => inspection.placeOfGenerator(counting()));
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
    const disconnect = vi.spyOn(Session.prototype, "disconnect");
    expect(() =>
      inspected((inspection) => {
        inspection.placeOfGenerator(counting());
        vi.spyOn(Session.prototype, "post").mockImplementation(() => {
          throw new Error("the inspector is gone");
        });
        inspection.placeOfGenerator(counting());
      }),
    ).toThrow("the inspector is gone");
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
    expect(disconnect).toHaveBeenCalledTimes(1);
  });

  it("disturbs no debugger that is attached, and is not disturbed by it", () => {
    const debuggers = new Session();
    debuggers.connect();
    try {
      debuggers.post("Debugger.enable");
      debuggers.post("Runtime.enable");
      expect(inspected((inspection) => inspection.placeOfGenerator(counting())).file).toMatch(THIS_FILE);
      let answer: unknown;
      debuggers.post("Runtime.evaluate", { expression: "6 * 7" }, (_error, { result }) => {
        answer = result.value;
      });
      expect(answer).toBe(42);
    } finally {
      debuggers.disconnect();
    }
  });

  it.each<[string, () => void]>([
    ["is not there", () => vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never)],
    [
      "refuses",
      () =>
        vi.spyOn(Session.prototype, "connect").mockImplementation(() => {
          throw new Error("ERR_ACCESS_DENIED");
        }),
    ],
    [
      "gives errors for answers",
      () =>
        vi
          .spyOn(Session.prototype, "post")
          .mockImplementation(((_method: string, _parameters: object, callback?: (error: Error) => void) =>
            callback?.(new Error("not now"))) as never),
    ],
  ])("knows nothing where the inspector %s", (_what, spoil) => {
    spoil();
    const nowhere = { name: "anonymous", file: null, line: null, column: null, async: true };
    expect(inspected((inspection) => inspection.placeOfGenerator(counting()))).toEqual(nowhere);
    expect(inspected((inspection) => inspection.fileOfFunction(counting))).toBeNull();
  });

  it("knows nothing once it is closed", () => {
    const inspection = new Inspection();
    inspection.close();
    const connect = vi.spyOn(Session.prototype, "connect");
    expect(inspection.placeOfGenerator(counting()).file).toBeNull();
    expect(connect).not.toHaveBeenCalled();
  });
});
