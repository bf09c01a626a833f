// Asks the TypeScript compiler what a declaration file of the built package shows to its users.
import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./module-graph.ts";

interface Door {
  program: ts.Program;
  checker: ts.TypeChecker;
  exported: ts.Symbol[];
}

const opened = new Map<string, Door>();

function open(declarations: string): Door {
  const known = opened.get(declarations);
  if (known !== undefined) return known;
  const file = join(ROOT, declarations);
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    types: ["node"],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!);
  if (symbol === undefined) throw new Error(`${declarations} exports nothing`);
  const door = { program, checker, exported: checker.getExportsOfModule(symbol) };
  opened.set(declarations, door);
  return door;
}

/** The compiler's complaints about our declaration files, which users see unless they have skipLibCheck. */
export function errorsBehind(declarations: string): string[] {
  const { program } = open(declarations);
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(join(ROOT, "dist")))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => {
      const where = file === undefined ? "" : `${relative(ROOT, file.fileName)}: `;
      return `${where}${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

const resolved = ({ checker }: Door, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** The names that leave by a door, sorted: what exists at run time, and what is a type alone. */
export function namesOfDoor(declarations: string): { values: string[]; types: string[] } {
  const door = open(declarations);
  const isValue = (symbol: ts.Symbol): boolean => (resolved(door, symbol).flags & ts.SymbolFlags.Value) !== 0;
  const isTypeOnly = (symbol: ts.Symbol): boolean =>
    symbol.declarations?.some(
      (node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly),
    ) === true;
  const values = door.exported.filter((symbol) => isValue(symbol) && !isTypeOnly(symbol));
  const types = door.exported.filter((symbol) => !values.includes(symbol));
  return { values: values.map(({ name }) => name).sort(), types: types.map(({ name }) => name).sort() };
}

/** Hooks for subclasses keep Python's names: Queue._put and its like. */
function isProtected(member: ts.Symbol): boolean {
  const { valueDeclaration } = member;
  return (
    valueDeclaration !== undefined &&
    (ts.getCombinedModifierFlags(valueDeclaration) & ts.ModifierFlags.Protected) !== 0
  );
}

/** Names beginning with "_" that users would see: exported ones, and members of what is exported, inherited ones too. */
export function underscoredNames(declarations: string): string[] {
  const door = open(declarations);
  const { checker } = door;
  const found = new Set<string>();
  const note = (where: string, name: string): void => {
    if (/^_(?!_@)/.test(name)) found.add(`${where}.${name}`);
  };
  for (const symbol of door.exported) {
    note("", symbol.name);
    const target = resolved(door, symbol);
    if (target.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
      const type = checker.getDeclaredTypeOfSymbol(target);
      for (const member of checker.getPropertiesOfType(type)) {
        if (!isProtected(member)) note(symbol.name, member.name);
      }
    }
    if (target.flags & ts.SymbolFlags.Value && target.valueDeclaration !== undefined) {
      const type = checker.getTypeOfSymbolAtLocation(target, target.valueDeclaration);
      for (const member of checker.getPropertiesOfType(type)) note(`typeof ${symbol.name}`, member.name);
    }
  }
  return [...found].sort();
}
