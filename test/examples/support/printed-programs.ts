// Finds the programs that the project prints with their output: the files of examples/ and the blocks of the documents.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A program as it is printed. */
export interface PrintedProgram {
  /** Where it stands, for the name of a test. */
  readonly where: string;
  readonly code: string;
  /** What it must print; null where the document shows no output. */
  readonly output: string | null;
}

/** A fenced block of a Markdown document. */
interface Block {
  readonly language: string;
  readonly text: string;
  /** Numbers of the line that opens it and of the one behind it, from 1. */
  readonly from: number;
  readonly to: number;
}

/** The documents, relative to the project. */
export function documents(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  const docs = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return [...top, ...docs.map((name) => `docs/${name}`)];
}

/** The single-file programs of examples/, each with its output in a comment at the end. */
export function exampleFiles(): PrintedProgram[] {
  const folder = join(ROOT, "examples");
  const files = readdirSync(folder).filter((name) => name.endsWith(".mjs"));
  return files.map((name) => {
    const code = readFileSync(join(folder, name), "utf8");
    const comment = /^\/\/ Output:\n((?:\/\/.*\n)+)$/m.exec(code);
    const output = comment === null ? null : comment[1].replace(/^\/\/ {0,3}/gm, "");
    return { where: relative(ROOT, join(folder, name)), code, output };
  });
}

/** Every `js` block of a document is a whole program. A `text` block right behind it is what it prints. */
export function programsOf(document: string): PrintedProgram[] {
  const blocks = blocksOf(readFileSync(join(ROOT, document), "utf8"));
  return blocks.flatMap((block, i) => {
    if (block.language !== "js") return [];
    const next = blocks[i + 1];
    const isOutput = next?.language === "text" && next.from - block.to <= 1;
    return [{ where: `${document}:${block.from}`, code: block.text, output: isOutput ? next.text : null }];
  });
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\S*)/.exec(lines[at])?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`the block that begins in line ${at + 1} has no end`);
    blocks.push({
      language,
      text: lines
        .slice(at + 1, end)
        .map((line) => `${line}\n`)
        .join(""),
      from: at + 1,
      to: end + 2,
    });
    at = end;
  }
  return blocks;
}

/** The targets of a document's links that lie in the project, relative to the document's folder and without anchors. */
export function linksOf(document: string): string[] {
  const prose = readFileSync(join(ROOT, document), "utf8").replace(/^```[^]*?^```$/gm, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1].replace(/#.*$/, ""));
  return targets.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}
