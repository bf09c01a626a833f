// Reads who imports what in lib/, and whether the import is gone after compilation.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Import {
  /** Paths relative to lib/, as "loop/handle.ts". */
  from: string;
  to: string;
  typeOnly: boolean;
  /** `export ... from` rather than `import`. */
  reExport: boolean;
  line: number;
}

/** The files below a folder of the project, relative to the project, with forward slashes. */
export function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((file) => !file.includes("node_modules/"))
    .sort();
}

/** Every import of one file of lib/ by another. */
export function importsOfLibrary(): Import[] {
  return filesBelow("lib", /\.ts$/).flatMap((file) =>
    importsOf(file.slice("lib/".length), readFileSync(join(ROOT, file), "utf8")),
  );
}

/** The relative imports of one file: declarations, `import()` and `import("...")` in types. */
export function importsOf(from: string, text: string): Import[] {
  const source = ts.createSourceFile(from, text, ts.ScriptTarget.ESNext, true);
  const found: Import[] = [];

  function note(node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean, reExport = false): void {
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ from, to: posix.join(posix.dirname(from), specifier.text), typeOnly, reExport, line });
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) note(node, node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node)) note(node, node.moduleSpecifier, isTypeExport(node), true);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      note(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      note(node, node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  }

  visit(source);
  return found;
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.isTypeOnly) return true;
  const { name, namedBindings } = importClause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true;
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false;
  return exportClause.elements.length > 0 && exportClause.elements.every((element) => element.isTypeOnly);
}

/** The circles among imports that remain in the compiled code, each as a path that comes back to its beginning. */
export function circles(imports: readonly Import[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];

  function walk(file: string): void {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) walk(to);
    path.pop();
    done.add(file);
  }

  for (const file of next.keys()) walk(file);
  return found;
}
