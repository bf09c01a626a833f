// Before the tests: dist/ and the addon are those of the present sources, however the tests were started.
import { setUp } from "../../scripts/setup.mjs";

export default function prepare(): void {
  if (!setUp({ addonRequired: true }))
    throw new Error("the project could not be built; the reason stands above");
}
