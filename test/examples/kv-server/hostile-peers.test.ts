// Peers that send rubbish, reset, half-close, stop reading or take a byte at a time harm nobody but themselves.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { RawClient } from "./support/raw-client.ts";
import { encodeCommand, ErrorReply, StatusReply } from "./support/resp.ts";
import { ServerProcess } from "./support/server-process.ts";

// Generous: a busy machine makes a test slow, never wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MAX_BULK = 100_000;
const MAX_QUERY = 400_000;
const MAX_BACKLOG = 500_000;

const PONG = new StatusReply("PONG");

describe.each(["native", "pure"])("on the %s backend", (backend) => {
  let server: ServerProcess;
  let witness: RawClient;
  const clients: RawClient[] = [];

  beforeAll(async () => {
    const limits = ["--max-bulk", MAX_BULK, "--max-query", MAX_QUERY, "--max-backlog", MAX_BACKLOG].map(
      String,
    );
    server = await ServerProcess.start("--backend", backend, ...limits);
    witness = await RawClient.connect(server.port);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    expect(await witness.command("PING")).toEqual(PONG);
    await witness.command("FLUSHALL");
  });

  afterAll(async () => {
    witness.close();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.errors).toBe("");
  });

  async function connect(): Promise<RawClient> {
    const client = await RawClient.connect(server.port);
    clients.push(client);
    return client;
  }

  async function figure(name: string): Promise<number> {
    const text = String(await witness.command("INFO"));
    return Number(new RegExp(`^${name}:([0-9]+)`, "m").exec(text)![1]);
  }

  /** Asks again until the figure is as wanted; what happens to a peer reaches the server when the kernel says so. */
  async function becomes(name: string, wanted: number): Promise<void> {
    while ((await figure(name)) !== wanted);
  }

  it("answers commands that come in single bytes", async () => {
    const client = await connect();
    for (const byte of encodeCommand(["ECHO", "slow\r\n"])) {
      client.send(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    expect(await client.reply()).toBe("slow\r\n");
  });

  it("answers what is typed by hand", async () => {
    const client = await connect();
    client.send('PING\r\nset typed "a b"\n\r\nget typed\r\n');
    expect([await client.reply(), await client.reply(), await client.reply()]).toEqual([
      PONG,
      new StatusReply("OK"),
      "a b",
    ]);
  });

  it.each([
    ["a broken length", "*1\r\n$x\r\n", "invalid bulk length"],
    ["an argument above the limit", `*1\r\n$${MAX_BULK + 1}\r\n`, "invalid bulk length"],
    ["a line without end", "x".repeat(70_000), "too big inline request"],
    ["a flood without sense", "*".repeat(300_000), "too big mbulk count string"],
  ])("ends a connection that sends %s, with an error", async (_, rubbish, complaint) => {
    const client = await connect();
    client.send("PING\r\n" + rubbish + "\r\nPING\r\n");
    expect(await client.rest()).toBe(`+PONG\r\n-ERR Protocol error: ${complaint}\r\n`);
  });

  it("ends a connection whose command grows beyond the limit", async () => {
    const client = await connect();
    const part = `$${MAX_BULK}\r\n${"v".repeat(MAX_BULK)}\r\n`;
    client.send("*9\r\n" + part.repeat(9));
    expect(await client.rest()).toBe("-ERR Protocol error: query buffer limit exceeded\r\n");
  });

  it("answers a peer that has ended its own side", async () => {
    const client = await connect();
    client.send("PING\r\nECHO last\r\n");
    client.socket.end();
    expect(await client.rest()).toBe("+PONG\r\n$4\r\nlast\r\n");
  });

  it("drops an unfinished command of a peer that ends", async () => {
    const client = await connect();
    client.send("PING\r\n*2\r\n$3\r\nGET\r\n$10\r\nabc");
    client.socket.end();
    expect(await client.rest()).toBe("+PONG\r\n");
  });

  it("survives peers that reset in the middle of everything", async () => {
    const before = await figure("connected_clients");
    for (const input of [
      "",
      "*2\r\n$3\r\nGET\r\n",
      "PING\r\n".repeat(10_000),
      "SUBSCRIBE ch\r\n",
      "BLPOP l 0\r\n",
    ]) {
      const client = await connect();
      client.send(input);
      if (input !== "") await new Promise(setImmediate);
      client.socket.resetAndDestroy();
    }
    await becomes("connected_clients", before);
    expect(await figure("pubsub_channels")).toBe(0);
    expect(await figure("blocked_clients")).toBe(0);
  });

  it.each(["resets", "ends its side"])("loses no item to a waiting client that %s", async (how) => {
    const client = await connect();
    client.send(encodeCommand(["BLPOP", "queue", "0"]));
    await becomes("blocked_clients", 1);
    if (how === "resets") client.socket.resetAndDestroy();
    else client.socket.end();
    await becomes("blocked_clients", 0);
    expect(await witness.command("RPUSH", "queue", "item")).toBe(1);
    expect(await witness.command("LRANGE", "queue", "0", "-1")).toEqual(["item"]);
  });

  it("keeps commands for later that come behind one that waits", async () => {
    const client = await connect();
    client.send("PING\r\nBLPOP queue 0\r\nECHO one\r\nECHO tw");
    expect(await client.reply()).toEqual(PONG);
    await becomes("blocked_clients", 1);
    client.send("o\r\nBLPOP queue 0\r\nPING\r\n");
    await witness.command("RPUSH", "queue", "a", "b");
    expect(await client.reply()).toEqual(["queue", "a"]);
    expect([await client.reply(), await client.reply()]).toEqual(["one", "two"]);
    expect(await client.reply()).toEqual(["queue", "b"]);
    expect(await client.reply()).toEqual(PONG);
    expect(await client.command("ECHO", "after")).toBe("after");
  });

  it("holds back a flood behind a command that waits", async () => {
    const client = await connect();
    client.send("BLPOP queue 0\r\n" + "PING\r\n".repeat(200_000));
    expect(await client.rest()).toBe("-ERR Protocol error: query buffer limit exceeded\r\n");
    await becomes("blocked_clients", 0);
  });

  it("holds little memory for a peer that asks much and never reads", async () => {
    const items = Array.from({ length: 1000 }, () => "v".repeat(100));
    await witness.command("RPUSH", "list", ...items);
    const before = await figure("used_memory_rss");
    const client = await connect();
    client.socket.pause();
    const asked = 1500;
    client.send("LRANGE list 0 -1\r\n".repeat(asked));
    // The server reads on until the peer's window is full, and then waits: its count of commands stands still.
    let count = 0;
    for (let still = 0; still < 20;) {
      const now = await figure("total_commands_processed");
      still = now === count + 1 ? still + 1 : 0;
      count = now;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect((await figure("used_memory_rss")) - before).toBeLessThan(64 * 1024 * 1024);
    client.socket.resume();
    for (let i = 0; i < asked; i++) expect(await client.reply()).toHaveLength(1000);
  });

  it("cuts off a subscriber that never reads, and serves the others", async () => {
    const [deaf, listening] = [await connect(), await connect()];
    for (const client of [deaf, listening]) await client.command("SUBSCRIBE", "ch");
    deaf.socket.pause();
    const message = "m".repeat(50_000);
    let published = 0;
    for (let receivers = 2; receivers === 2 && published < 2000; published++) {
      receivers = Number(await witness.command("PUBLISH", "ch", message));
    }
    expect(published).toBeLessThan(2000);
    for (let i = 0; i < published; i++) expect(await listening.reply()).toEqual(["message", "ch", message]);
    expect(await figure("client_output_buffer_limit_disconnections")).toBe(1);
    await becomes("pubsub_clients", 1);
  });

  it("serves a thousand connections that come and go", async () => {
    const before = await figure("connected_clients");
    for (let round = 0; round < 10; round++) {
      const group = await Promise.all(Array.from({ length: 100 }, connect));
      expect(await Promise.all(group.map((client) => client.command("INCR", "count")))).toHaveLength(100);
      for (const client of clients.splice(0)) client.close();
    }
    expect(await witness.command("GET", "count")).toBe("1000");
    await becomes("connected_clients", before);
  });

  it("tells an unknown command from one that is wrong", async () => {
    const client = await connect();
    expect(await client.command("NONSENSE")).toBeInstanceOf(ErrorReply);
    expect(await client.command("GET")).toBeInstanceOf(ErrorReply);
    expect(await client.command("PING")).toEqual(PONG);
  });
});
