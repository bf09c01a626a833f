// What the linter insists on: rules that know types, strictest in lib/. Formatting is prettier's business alone.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const SOURCES = "**/*.{ts,mts,cts,mjs,cjs}";
const BUILT = ["dist/", "build/", "build-*/", "prebuilds/", "coverage/"];

const NODE_GLOBALS = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, /** @type {const} */ ("readonly")]),
);

/** Files that no tsconfig.json beside them takes in. */
const ON_THEIR_OWN = ["eslint.config.mjs", "vitest.config.mts", "scripts/test-native.mjs"];

const everywhere = {
  "array-callback-return": "error",
  "default-case-last": "error",
  eqeqeq: "error",
  "logical-assignment-operators": ["error", "always", { enforceForIfStatements: true }],
  "no-extend-native": "error",
  // isPrototypeOf is asked of the prototypes themselves.
  "no-prototype-builtins": "off",
  "no-new-wrappers": "error",
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-template-curly-in-string": "error",
  "no-unreachable-loop": "error",
  "no-useless-rename": "error",
  "no-var": "error",
  "object-shorthand": ["error", "properties"],
  "prefer-const": "error",
  "prefer-object-has-own": "error",
  "prefer-rest-params": "error",
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
  // "current = this" is state, not a way around arrow functions.
  "@typescript-eslint/no-this-alias": "off",
  // Messages tell what a wrong value was, whatever it was.
  "@typescript-eslint/no-base-to-string": "off",
  // Indices are asserted (`list[i]!`), so that the code also compiles under noUncheckedIndexedAccess.
  "@typescript-eslint/no-unnecessary-type-assertion": "off",
};

/** The library: honest about its types, nothing leaves a file unnamed, nothing is printed. */
const inLibrary = {
  "no-console": "error",
  "no-restricted-syntax": [
    "error",
    { selector: "ExportAllDeclaration", message: "Name what leaves a file; only the doors re-export." },
    { selector: "ExportDefaultDeclaration", message: "A default export has no name to search for." },
  ],
  "@typescript-eslint/consistent-type-exports": "error",
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  "@typescript-eslint/explicit-module-boundary-types": "error",
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-import-type-side-effects": "error",
  "@typescript-eslint/prefer-readonly": "error",
  "@typescript-eslint/switch-exhaustiveness-check": "error",
};

/** Code that calls the library as its users do. */
const outsideLibrary = {
  // A coroutine, or an async function, that waits for nothing is a case worth testing, showing and measuring.
  "require-yield": "off",
  "@typescript-eslint/require-await": "off",
  // An async function is a fine callback for Node's http server.
  "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
};

const inTests = {
  // Terminals are looked at, and coroutines misbehave on purpose.
  "no-control-regex": "off",
  "no-unsafe-finally": "off",
  // Programs under test throw whatever they like, and expect(object.method) calls nothing.
  "@typescript-eslint/only-throw-error": "off",
  "@typescript-eslint/prefer-promise-reject-errors": "off",
  "@typescript-eslint/unbound-method": "off",
};

/** Plain JavaScript has no annotations to be unsafe about; what is left finds lost promises and misused ones. */
const inJavaScript = {
  "@typescript-eslint/no-unsafe-argument": "off",
  "@typescript-eslint/no-unsafe-assignment": "off",
  "@typescript-eslint/no-unsafe-call": "off",
  "@typescript-eslint/no-unsafe-member-access": "off",
  "@typescript-eslint/no-unsafe-return": "off",
  "@typescript-eslint/no-implied-eval": "off",
  "@typescript-eslint/only-throw-error": "off",
  "@typescript-eslint/prefer-promise-reject-errors": "off",
  "@typescript-eslint/restrict-template-expressions": "off",
};

const inBench = {
  // `await null` is one of the things measured.
  "@typescript-eslint/await-thenable": "off",
};

export default defineConfig(
  globalIgnores(BUILT),
  { linterOptions: { reportUnusedDisableDirectives: "error", reportUnusedInlineConfigs: "error" } },
  {
    files: [SOURCES],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      globals: { ...NODE_GLOBALS, require: "readonly", module: "writable" },
      parserOptions: {
        projectService: { allowDefaultProject: ON_THEIR_OWN },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: everywhere,
  },
  { files: ["lib/**"], rules: inLibrary },
  { files: ["{test,examples,bench}/**"], rules: outsideLibrary },
  { files: ["test/**"], rules: inTests },
  { files: ["**/*.{mjs,cjs}"], rules: inJavaScript },
  { files: ["bench/**"], rules: inBench },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
