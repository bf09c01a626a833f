// Builds what is out of date: dependencies, dist/ and the addon; with --debug also the addon with asserts, in build/Debug/.
import { setUp } from "./setup.mjs";
import { buildAddon, isAddonBuilt } from "./setup/native-addon.mjs";

function buildDebugAddon() {
  if (!isAddonBuilt("Debug") && !buildAddon("Debug")) return false;
  console.log("build: ASYNCIO_UV_ADDON=build/Debug/asyncio_uv.node chooses the debug build");
  return true;
}

const ready = setUp({ addonRequired: true }) && (!process.argv.includes("--debug") || buildDebugAddon());
process.exitCode = ready ? 0 : 1;
