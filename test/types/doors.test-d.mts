// Type tests: import and require see the same package, under both of its names.
import * as asyncio from "asyncio-uv";
import type * as required from "asyncio-uv" with { "resolution-mode": "require" };
import * as testing from "asyncio-uv/testing";
import type * as requiredTesting from "asyncio-uv/testing" with { "resolution-mode": "require" };
import { typeOf } from "./same.ts";

/** To an ES module, require() has a default export as well: the whole of it. */
type Required<Module> = Omit<Module, "default">;

declare const byRequire: { main: Required<typeof required>; testing: Required<typeof requiredTesting> };

// Both ways round: neither door has a name, or a type, that the other lacks.
export const mainAsRequired: typeof byRequire.main = asyncio;
export const mainAsImported: typeof asyncio = byRequire.main;
export const testingAsRequired: typeof byRequire.testing = testing;
export const testingAsImported: typeof testing = byRequire.testing;

typeOf(asyncio.sleep(1, "a")).is<ReturnType<typeof required.sleep<string>>>();

export const task: required.Task<number> | null = null as asyncio.Task<number> | null;

// @ts-expect-error only the doors lead in
export type Inner = typeof import("asyncio-uv/dist/index.js");
