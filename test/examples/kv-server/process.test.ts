// How the program starts and ends: options, a port in use, Ctrl-C once and twice, with and without a terminal.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseArguments } from "../../../examples/kv-server/arguments.mjs";
import { RawClient } from "./support/raw-client.ts";
import { isInstalled, ServerProcess } from "./support/server-process.ts";

// Generous: a busy machine makes a test slow, never wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MAIN = fileURLToPath(new URL("../../../examples/kv-server/main.mjs", import.meta.url));

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function start(...args: string[]): Promise<ServerProcess> {
  const server = await ServerProcess.start(...args);
  cleanUps.push(() => {
    server.child.kill("SIGKILL");
    return server.ended;
  });
  return server;
}

async function client(server: ServerProcess): Promise<RawClient> {
  const raw = await RawClient.connect(server.port);
  cleanUps.push(() => raw.close());
  return raw;
}

describe("the command line", () => {
  it("has sensible defaults", () => {
    expect(parseArguments([])).toMatchObject({
      host: "127.0.0.1",
      port: 6380,
      backend: undefined,
      help: false,
    });
  });

  it("--help tells the options and ends well", async () => {
    const server = ServerProcess.launch("--help");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    for (const option of ["--port", "--host", "--backend", "--help"]) expect(server.output).toContain(option);
  });

  it.each([
    [["--nonsense"], "--nonsense"],
    [["extra"], "extra"],
    [["--port", "abc"], "--port must be a whole number"],
    [["--port", "70000"], "--port must be a whole number"],
    [["--port"], "--port"],
    [["--backend", "other"], "--backend must be native or pure"],
  ])("%j is refused in one line, exit code 2", async (args, complaint) => {
    const server = ServerProcess.launch(...args);
    expect(await server.ended).toEqual({ code: 2, signal: null });
    expect(server.errors).toContain(complaint);
    expect(server.errors).toMatch(/^kv-server: [^\n]*\n$/);
    expect(server.output).toBe("");
  });
});

describe.each(["native", "pure"])("on the %s backend", (backend) => {
  it("a port in use is told in one line, exit code 1", async () => {
    const first = await start("--backend", backend);
    const second = ServerProcess.launch("--backend", backend, "--port", String(first.port));
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.errors).toBe(
      `kv-server: cannot listen on 127.0.0.1:${first.port}: the port is in use (EADDRINUSE)\n`,
    );
    expect(second.output).toBe("");
  });

  it("an address of another machine is told in one line, exit code 1", async () => {
    const server = ServerProcess.launch("--backend", backend, "--host", "192.0.2.1", "--port", "0");
    expect(await server.ended).toEqual({ code: 1, signal: null });
    expect(server.errors).toMatch(/^kv-server: cannot listen on 192\.0\.2\.1:0: [^\n]*\(EADDRNOTAVAIL\)\n$/);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s ends it with exit code 0", async (signal) => {
    const server = await start("--backend", backend);
    const idle = await client(server);
    expect(await idle.command("ECHO", "x")).toBe("x");
    server.child.kill(signal);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await idle.ended;
    expect(server.errors).toBe("");
    // Without a terminal there are plain lines and nothing else.
    expect(server.output).toMatch(/^([ -~]+\n){3}$/);
  });

  it("finishes the commands that were sent before Ctrl-C", async () => {
    const server = await start("--backend", backend);
    const busy = await client(server);
    const sent = 20_000;
    busy.send("INCR n\r\n".repeat(sent));
    expect(await busy.reply()).toBe(1);
    server.child.kill("SIGINT");
    for (let i = 2; i <= sent; i++) expect(await busy.reply()).toBe(i);
    await busy.ended;
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("lets go of clients that wait for items, or for messages", async () => {
    const server = await start("--backend", backend);
    const [waiting, subscriber, witness] = [await client(server), await client(server), await client(server)];
    waiting.send("BLPOP nothing 0\r\nECHO after\r\n");
    await subscriber.command("SUBSCRIBE", "ch");
    while (!String(await witness.command("INFO", "clients")).includes("blocked_clients:1"));
    server.child.kill("SIGINT");
    expect(await waiting.rest()).toBe("*-1\r\n$5\r\nafter\r\n");
    expect(await subscriber.rest()).toBe("");
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("ends although keys wait to expire", async () => {
    const server = await start("--backend", backend);
    await (await client(server)).command("SET", "k", "v", "EX", "1000");
    server.child.kill("SIGINT");
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  describe("while a client does not read its replies", () => {
    async function startEnding(): Promise<ServerProcess> {
      const server = await start("--backend", backend);
      const [deaf, witness] = [await client(server), await client(server)];
      deaf.socket.pause();
      deaf.send(`SET k ${"v".repeat(60_000)}\r\n` + "GET k\r\n".repeat(1000));
      while (String(await witness.command("STRLEN", "k")) !== "60000");
      server.child.kill("SIGINT");
      while (!server.output.includes("is ending")) await once(server.child.stdout!, "data");
      return server;
    }

    it("accepts nobody, and gives up on that client in the end", async () => {
      const server = await startEnding();
      const socket = connect(server.port, "127.0.0.1");
      const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
      // Reset: the kernel had taken the connection, and the program closed its door before it looked.
      expect(["ECONNREFUSED", "ECONNRESET"]).toContain(error.code);
      expect(await server.ended).toEqual({ code: 0, signal: null });
    });

    it("ends at once on a second Ctrl-C, exit code 130", async () => {
      const server = await startEnding();
      server.child.kill("SIGINT");
      expect(await server.ended).toEqual({ code: 130, signal: null });
    });
  });

  // util-linux's `script` lends the program a terminal.
  it.skipIf(!isInstalled("script"))("shows live figures on a terminal", async () => {
    // exec: a shell left in between would get the Ctrl-C too, and end with 130 in the program's place.
    const command = `exec '${process.execPath}' '${MAIN}' --port 0 --backend ${backend}`;
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    cleanUps.push(() => terminal.kill("SIGKILL"));
    const ended = once(terminal, "close");
    let shown = "";
    let typed = false;
    for await (const text of terminal.stdout.setEncoding("utf8")) {
      shown += text as string;
      if (typed || !/p99 loop lag [0-9.]+ ms/.test(shown)) continue;
      // Ctrl-C as typed: the terminal makes a signal of it.
      terminal.stdin.write("\x03");
      typed = true;
    }
    expect(shown).toMatch(/\r\x1b\[K0 connections {2}0 commands\/s {2}[0-9,]+ loop turns\/s {2}p99 loop lag/);
    expect(shown).toContain("kv-server has ended");
    expect((await ended)[0]).toBe(0);
  });
});
