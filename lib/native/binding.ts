// Finds and loads the addon, and refuses one that does not fit; the reason is kept for whoever falls back.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Binding } from "./surface.ts";

/** Must equal kAbi in native/shared_layout.h. */
const ABI = 3;

type Loaded = { binding: Binding; error: null } | { binding: null; error: Error };

let loaded: Loaded | null = null;

/** Loads the addon once per thread. Never throws: where it cannot be used, `error` says why. */
export function loadBinding(): Loaded {
  loaded ??= tryLoad();
  return loaded;
}

function tryLoad(): Loaded {
  const failures: string[] = [];
  for (const file of candidates()) {
    try {
      // process.dlopen rather than require: bundlers and ESM loaders leave it alone, and it is what require() does anyway.
      const module = { exports: {} as Binding };
      process.dlopen(module, file);
      const misfit = reasonToRefuse(module.exports);
      if (misfit === null) return { binding: withPlainLayout(module.exports), error: null };
      failures.push(`${file}: ${misfit}`);
    } catch (error) {
      failures.push(`${file}: ${(error as Error).message}`);
    }
  }
  if (failures.length === 0) {
    failures.push(
      `no addon was built for ${process.platform}-${process.arch}; 'npm run build' in a checkout builds one`,
    );
  }
  return { binding: null, error: new Error(failures.join("; ")) };
}

/** The addon of a checkout first (a developer just built it), then the ones shipped with the package. */
function candidates(): string[] {
  const root = packageRoot();
  if (root === null) return [];
  const files = [
    join(root, "build", "Release", "asyncio_uv.node"),
    join(root, "build", "Debug", "asyncio_uv.node"),
  ];
  const prebuilds = join(root, "prebuilds", `${process.platform}-${process.arch}`);
  if (existsSync(prebuilds)) {
    // Several may lie there (glibc and musl): whichever loads is the right one, and each failure is kept.
    for (const name of readdirSync(prebuilds)) if (name.endsWith(".node")) files.push(join(prebuilds, name));
  }
  const chosen = process.env["ASYNCIO_UV_ADDON"];
  return chosen === undefined ? files.filter((file) => existsSync(file)) : [chosen];
}

function packageRoot(): string | null {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  return folder;
}

/** Copies made in JavaScript: objects built property by property through Node-API are slow to read on hot paths. */
function withPlainLayout(binding: Binding): Binding {
  const { layout } = binding;
  const { state, times, kinds } = layout;
  return { ...binding, layout: { ...layout, state: { ...state }, times: { ...times }, kinds: { ...kinds } } };
}

function reasonToRefuse(binding: Binding): string | null {
  if (binding.abi !== ABI)
    return `it speaks version ${binding.abi} of the native boundary, this package speaks ${ABI}`;
  if (!binding.uvFits)
    return `it was built for a libuv whose handles differ from those of ${binding.uvVersion}`;
  if (typeof binding.createLoop !== "function") return "the environment is ending";
  return null;
}
