// Drives the example, on each backend, with the clients that people use: npm's redis, redis-cli and redis-benchmark.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createClient, type RedisClientType } from "redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isInstalled, ServerProcess } from "./support/server-process.ts";

// Generous: a busy machine makes a test slow, never wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = promisify(execFile);

describe.each(["native", "pure"])("on the %s backend", (backend) => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await ServerProcess.start("--backend", backend);
  });

  afterAll(async () => {
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.errors).toBe("");
  });

  it("says where it listens, and on which backend", () => {
    expect(server.output).toBe(
      `kv-server listening on 127.0.0.1:${server.port} (${backend} backend), Ctrl-C ends it\n`,
    );
  });

  describe("the npm package redis", () => {
    let client: RedisClientType;

    function connect(): Promise<RedisClientType> {
      return createClient({
        url: `redis://127.0.0.1:${server.port}`,
        socket: { reconnectStrategy: false },
      }).connect() as Promise<RedisClientType>;
    }

    beforeAll(async () => {
      client = await connect();
    });

    beforeEach(async () => {
      await client.flushAll();
    });

    afterAll(async () => {
      await client.close();
    });

    it("keeps strings", async () => {
      expect(await client.set("k", "v")).toBe("OK");
      expect(await client.get("k")).toBe("v");
      expect(await client.set("k", "w", { condition: "NX" })).toBeNull();
      expect(await client.set("k", "w", { condition: "XX", GET: true })).toBe("v");
      expect(await client.getSet("k", "x")).toBe("w");
      expect(await client.append("k", "yz")).toBe(3);
      expect(await client.strLen("k")).toBe(3);
      expect(await client.incrBy("n", 5)).toBe(5);
      expect(await client.decr("n")).toBe(4);
      await client.mSet({ a: "1", b: "2" });
      expect(await client.mGet(["a", "b", "c"])).toEqual(["1", "2", null]);
      expect(await client.exists(["a", "b", "c"])).toBe(2);
      expect(await client.del(["a", "b", "c"])).toBe(2);
    });

    it("keeps lists, hashes and sets", async () => {
      expect(await client.rPush("l", ["a", "b", "c"])).toBe(3);
      expect(await client.lPop("l")).toBe("a");
      expect(await client.lRange("l", 0, -1)).toEqual(["b", "c"]);
      expect(await client.hSet("h", { f: "1", g: "2" })).toBe(2);
      expect({ ...(await client.hGetAll("h")) }).toEqual({ f: "1", g: "2" });
      expect(await client.hDel("h", ["f", "x"])).toBe(1);
      expect(await client.sAdd("s", ["a", "b", "a"])).toBe(2);
      expect((await client.sMembers("s")).sort()).toEqual(["a", "b"]);
      expect(await client.type("h")).toBe("hash");
    });

    it("lets keys expire", async () => {
      await client.set("short", "v", { expiration: { type: "PX", value: 20 } });
      await client.set("long", "v", { expiration: { type: "EX", value: 100 } });
      while ((await client.get("short")) !== null);
      expect(await client.dbSize()).toBe(1);
      expect(await client.pTTL("long")).toBeGreaterThan(50_000);
      expect(await client.expire("long", 200)).toBe(1);
      expect(await client.persist("long")).toBe(1);
      expect(await client.ttl("long")).toBe(-1);
    });

    it("scans", async () => {
      for (let i = 0; i < 100; i++) await client.set(`key:${i}`, "v");
      const found = new Set<string>();
      for await (const keys of client.scanIterator({ MATCH: "key:*", COUNT: 7 })) {
        for (const key of keys) found.add(key);
      }
      expect(found.size).toBe(100);
    });

    it("sends many commands at once, and gets each its own answer", async () => {
      const answers = await Promise.all(Array.from({ length: 5000 }, (_, i) => client.echo(String(i))));
      expect(answers).toEqual(Array.from({ length: 5000 }, (_, i) => String(i)));
    });

    it("carries values of several megabytes both ways", async () => {
      const large = "0123456789abcdef".repeat(256 * 1024);
      await client.set("large", large);
      expect((await client.get("large")) === large).toBe(true);
      await client.rPush("list", [large, "small", large]);
      const back = await client.lRange("list", 0, -1);
      expect(back.map((item) => item.length)).toEqual([large.length, 5, large.length]);
    });

    it("waits for items, first come first served, and gives up at the timeout", async () => {
      const waiting = await Promise.all([connect(), connect(), connect()]);
      const started = performance.now();
      expect(await client.blPop("nothing", 0.05)).toBeNull();
      expect(performance.now() - started).toBeGreaterThanOrEqual(49);
      const answers = [];
      for (const [index, each] of waiting.entries()) {
        answers.push(each.blPop(["other", "queue"], 0));
        // The next one comes only when this one waits: the order of arrival is what is tested.
        while (blocked(await client.info("clients")) <= index);
      }
      await client.rPush("queue", ["a", "b"]);
      await client.rPush("other", "c");
      expect(await Promise.all(answers)).toEqual([
        { key: "queue", element: "a" },
        { key: "queue", element: "b" },
        { key: "other", element: "c" },
      ]);
      for (const each of waiting) await each.close();
    });

    it("carries messages to subscribers", async () => {
      const subscriber = await connect();
      const messages: string[] = [];
      let all: () => void;
      const complete = new Promise<void>((resolve) => (all = resolve));
      await subscriber.subscribe("ch", (message) => {
        messages.push(message);
        if (messages.length === 100) all();
      });
      for (let i = 0; i < 100; i++) expect(await client.publish("ch", String(i))).toBe(1);
      await complete;
      expect(messages).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
      await subscriber.unsubscribe("ch");
      expect(await client.publish("ch", "x")).toBe(0);
      expect(await subscriber.get("still usable")).toBeNull();
      await subscriber.close();
    });

    it("gets errors as errors", async () => {
      await client.rPush("l", "x");
      await expect(client.get("l")).rejects.toThrow("WRONGTYPE");
      await expect(client.sendCommand(["NONSENSE"])).rejects.toThrow("unknown command 'NONSENSE'");
      expect(await client.ping()).toBe("PONG");
    });

    it("ends in good order with QUIT", async () => {
      const other = await connect();
      await other.ping();
      expect(await other.quit()).toBe("OK");
    });
  });

  describe.skipIf(!isInstalled("redis-cli"))("redis-cli", () => {
    const cli = async (...args: string[]): Promise<string> =>
      (await run("redis-cli", ["-p", String(server.port), ...args])).stdout;

    it("sends commands", async () => {
      expect(await cli("SET", "cli", "hello")).toBe("OK\n");
      expect(await cli("GET", "cli")).toBe("hello\n");
      expect(await cli("--scan", "--pattern", "cl*")).toBe("cli\n");
      expect(await cli("INFO", "server")).toContain(`event_loop_backend:${backend}`);
      expect(await cli("NONSENSE")).toContain("ERR unknown command");
    });

    it("goes on with RESP2 when RESP3 is refused", async () => {
      expect(await cli("-3", "PING")).toContain("PONG");
    });
  });

  describe.skipIf(!isInstalled("redis-benchmark"))("redis-benchmark", () => {
    it.each([
      ["1", "inline", "PING_INLINE"],
      ["16", "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,lrange_100,mset", "GET"],
    ])("with -P %s of %s", async (pipeline, tests, last) => {
      const args = ["-p", String(server.port), "-n", "2000", "-c", "20", "-P", pipeline, "--csv"];
      const { stdout } = await run("redis-benchmark", [...args, "-t", tests === "inline" ? "ping" : tests]);
      expect(stdout).toContain(last);
      expect(stdout).not.toMatch(/error/i);
    });
  });
});

function blocked(information: string): number {
  return Number(/^blocked_clients:([0-9]+)/m.exec(information)![1]);
}
