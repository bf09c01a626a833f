// What the commands do where a comparison with redis-server cannot show it: time, SCAN's promise, and channels.

import { describe, expect, it } from "vitest";
import { InMemoryServer } from "./support/in-memory-server.ts";
import { ErrorReply, StatusReply, type Reply } from "./support/resp.ts";

const OK = new StatusReply("OK");

describe("expiry", () => {
  it("removes a key when its timer fires, without anybody asking for it", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "PX", "1500");
    client.run("SET", "b", "v");
    server.clock.advance(1.499);
    expect(client.run("DBSIZE")).toBe(2);
    server.clock.advance(0.001);
    expect(client.run("DBSIZE")).toBe(1);
    expect(server.store.expiry.expired).toBe(1);
  });

  it("hides a key that is due before its timer had its turn", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "EX", "10");
    server.clock.moveOnly(10);
    expect(client.run("GET", "a")).toBeNull();
    expect(client.run("DBSIZE")).toBe(0);
    expect(server.clock.pending).toBe(0);
  });

  it("hides due keys from KEYS and SCAN", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    for (let i = 0; i < 20; i++) client.run("SET", `k${i}`, "v", "EX", String(1 + (i % 2)));
    server.clock.moveOnly(1);
    expect(client.run("KEYS", "*")).toHaveLength(10);
    expect(client.run("SCAN", "0", "COUNT", "100")).toEqual(["0", expect.objectContaining({ length: 10 })]);
  });

  it("tells the time that is left in rounded seconds and in milliseconds", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "PX", "10600");
    expect([client.run("TTL", "a"), client.run("PTTL", "a")]).toEqual([11, 10_600]);
    server.clock.advance(0.2);
    expect([client.run("TTL", "a"), client.run("PTTL", "a")]).toEqual([10, 10_400]);
  });

  it("starts anew with EXPIRE, ends with PERSIST and with a plain SET, and leaves no timer behind", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "EX", "10");
    client.run("EXPIRE", "a", "100");
    expect(server.clock.pending).toBe(1);
    server.clock.advance(50);
    expect(client.run("GET", "a")).toBe("v");
    client.run("PERSIST", "a");
    expect(server.clock.pending).toBe(0);
    client.run("EXPIRE", "a", "100");
    client.run("SET", "a", "w");
    expect(server.clock.pending).toBe(0);
    client.run("EXPIRE", "a", "100");
    client.run("DEL", "a");
    expect(server.clock.pending).toBe(0);
    client.run("SET", "a", "v", "EX", "10");
    client.run("FLUSHALL");
    expect(server.clock.pending).toBe(0);
  });

  it("does not end a new key at the old one's deadline", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "EX", "10");
    client.run("DEL", "a");
    client.run("SET", "a", "w", "EX", "20");
    server.clock.advance(15);
    expect(client.run("GET", "a")).toBe("w");
    server.clock.advance(5);
    expect(client.run("GET", "a")).toBeNull();
  });

  it("reaches deadlines that lie beyond one timer", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    client.run("SET", "a", "v", "EX", "1000000");
    server.clock.advance(999_999);
    expect(client.run("TTL", "a")).toBe(1);
    server.clock.advance(1);
    expect(client.run("DBSIZE")).toBe(0);
    expect(server.clock.pending).toBe(0);
  });
});

describe("SCAN", () => {
  it("meets every key that stays, while others come and go", () => {
    const server = new InMemoryServer();
    const client = server.connect();
    for (let i = 0; i < 300; i++) client.run("SET", `stay:${i}`, "v");
    for (let i = 0; i < 300; i++) client.run("SET", `go:${i}`, "v");
    const met = new Set<string>();
    let cursor = "0";
    let calls = 0;
    do {
      const [next, keys] = client.run("SCAN", cursor, "COUNT", "7") as [string, string[]];
      for (const key of keys) met.add(key);
      for (let i = 0; i < 5; i++) client.run("DEL", `go:${(calls * 5 + i) % 300}`);
      client.run("SET", `new:${calls}`, "v");
      cursor = next;
      calls++;
    } while (cursor !== "0");
    expect(calls).toBeGreaterThan(20);
    for (let i = 0; i < 300; i++) expect(met.has(`stay:${i}`)).toBe(true);
  });

  it("filters by pattern and by type", () => {
    const client = new InMemoryServer().connect();
    client.run("MSET", "a1", "v", "a2", "v", "b1", "v");
    client.run("RPUSH", "a3", "x");
    const scan = (...options: string[]): Reply =>
      (client.run("SCAN", "0", "COUNT", "100", ...options) as Reply[])[1];
    expect((scan("MATCH", "a*") as string[]).sort()).toEqual(["a1", "a2", "a3"]);
    expect(scan("TYPE", "list")).toEqual(["a3"]);
    expect((scan("MATCH", "a*", "TYPE", "string") as string[]).sort()).toEqual(["a1", "a2"]);
  });

  it("takes a cursor that lies beyond what is there now", () => {
    const client = new InMemoryServer().connect();
    client.run("SET", "a", "v");
    expect(client.run("SCAN", "18446744073709551615")).toEqual(["0", ["a"]]);
  });
});

describe("BLPOP", () => {
  it("serves those who wait in the order they came", () => {
    const server = new InMemoryServer();
    const [first, second, pusher] = [server.connect(), server.connect(), server.connect()];
    expect(first.replies("BLPOP", "l", "0")).toEqual([]);
    expect(second.replies("BLPOP", "l", "0")).toEqual([]);
    expect(pusher.run("RPUSH", "l", "a", "b", "c")).toBe(3);
    expect(first.session.waiter!.received).toEqual({ key: "l", item: "a" });
    expect(second.session.waiter!.received).toEqual({ key: "l", item: "b" });
    expect(pusher.run("LRANGE", "l", "0", "-1")).toEqual(["c"]);
  });

  it("takes from the first key that gets an item, and leaves the queues of the others", () => {
    const server = new InMemoryServer();
    const [waiting, pusher] = [server.connect(), server.connect()];
    waiting.replies("BLPOP", "l1", "l2", "l3", "0");
    pusher.run("RPUSH", "l2", "x");
    expect(waiting.session.waiter!.received).toEqual({ key: "l2", item: "x" });
    expect(pusher.run("RPUSH", "l1", "y")).toBe(1);
    expect(pusher.run("LLEN", "l1")).toBe(1);
    expect(server.store.databases[0].waiting.isEmpty).toBe(true);
  });

  it("passes over a client whose peer has ended", () => {
    const server = new InMemoryServer();
    const [gone, waiting, pusher] = [server.connect(), server.connect(), server.connect()];
    gone.replies("BLPOP", "l", "0");
    gone.session.waiter!.isGone = () => true;
    waiting.replies("BLPOP", "l", "0");
    pusher.run("RPUSH", "l", "x");
    expect(gone.session.waiter!.settled).toBe(false);
    expect(waiting.session.waiter!.received).toEqual({ key: "l", item: "x" });
  });

  it("gives an item back to the head of the list, or to the next who waits", () => {
    const server = new InMemoryServer();
    const [waiting, pusher] = [server.connect(), server.connect()];
    const room = server.store.databases[0].waiting;
    pusher.run("RPUSH", "l", "b");
    room.giveBack("l", "a");
    expect(pusher.run("LRANGE", "l", "0", "-1")).toEqual(["a", "b"]);
    waiting.replies("BLPOP", "m", "0");
    room.giveBack("m", "x");
    expect(waiting.session.waiter!.received).toEqual({ key: "m", item: "x" });
    pusher.run("SET", "l", "v");
    room.giveBack("l", "c");
    expect(pusher.run("GET", "l")).toBe("v");
  });

  it("waits within its own database", () => {
    const server = new InMemoryServer();
    const [waiting, pusher] = [server.connect(), server.connect()];
    waiting.run("SELECT", "1");
    waiting.replies("BLPOP", "l", "0");
    pusher.run("RPUSH", "l", "x");
    expect(waiting.session.waiter!.settled).toBe(false);
    pusher.run("SELECT", "1");
    pusher.run("RPUSH", "l", "y");
    expect(waiting.session.waiter!.received).toEqual({ key: "l", item: "y" });
  });

  it("waits on while its key becomes something else", () => {
    const server = new InMemoryServer();
    const [waiting, other] = [server.connect(), server.connect()];
    waiting.replies("BLPOP", "k", "0");
    other.run("SET", "k", "v");
    other.run("DEL", "k");
    expect(waiting.session.waiter!.settled).toBe(false);
    other.run("LPUSH", "k", "x");
    expect(waiting.session.waiter!.received).toEqual({ key: "k", item: "x" });
  });

  it("keeps an item that came before the timeout, although the client was not told yet", () => {
    const server = new InMemoryServer();
    const [waiting, pusher] = [server.connect(), server.connect()];
    waiting.replies("BLPOP", "l", "1");
    pusher.run("RPUSH", "l", "x");
    waiting.session.waiter!.settle(null);
    expect(waiting.session.waiter!.received).toEqual({ key: "l", item: "x" });
  });

  it("gives an item to the next one when the client ends before it was told", () => {
    const server = new InMemoryServer();
    const [gone, next, pusher] = [server.connect(), server.connect(), server.connect()];
    gone.replies("BLPOP", "l", "0");
    next.replies("BLPOP", "l", "0");
    pusher.run("RPUSH", "l", "x");
    gone.session.end();
    expect(next.session.waiter!.received).toEqual({ key: "l", item: "x" });
    gone.session.end();
    expect(pusher.run("LLEN", "l")).toBe(0);
  });

  it("is forgotten with its client", () => {
    const server = new InMemoryServer();
    const [waiting, pusher] = [server.connect(), server.connect()];
    waiting.replies("BLPOP", "l", "0");
    waiting.session.end();
    pusher.run("RPUSH", "l", "x");
    expect(pusher.run("LLEN", "l")).toBe(1);
  });
});

describe("channels", () => {
  it("carry a message to each subscriber once, byte by byte", () => {
    const server = new InMemoryServer();
    const [one, two, publisher] = [server.connect(), server.connect(), server.connect()];
    one.replies("SUBSCRIBE", "ch", "other");
    two.replies("SUBSCRIBE", "ch", "ch");
    expect(publisher.run("PUBLISH", "ch", "\x00\xff\r\n")).toBe(2);
    expect(publisher.run("PUBLISH", "other", "x")).toBe(1);
    expect(publisher.run("PUBLISH", "nobody", "x")).toBe(0);
    expect(one.delivered).toEqual([
      ["message", "ch", "\x00\xff\r\n"],
      ["message", "other", "x"],
    ]);
    expect(two.delivered).toEqual([["message", "ch", "\x00\xff\r\n"]]);
  });

  it("are left by UNSUBSCRIBE and by the end of the client", () => {
    const server = new InMemoryServer();
    const [one, two, publisher] = [server.connect(), server.connect(), server.connect()];
    one.replies("SUBSCRIBE", "a", "b");
    two.replies("SUBSCRIBE", "a");
    expect(one.replies("UNSUBSCRIBE")).toEqual([
      ["unsubscribe", "a", 1],
      ["unsubscribe", "b", 0],
    ]);
    two.session.end();
    expect(publisher.run("PUBLISH", "a", "x")).toBe(0);
    expect(server.store.pubsub.channels).toBe(0);
    expect(one.run("GET", "a")).toBeNull();
  });
});

describe("the server's own commands", () => {
  it("HELLO speaks version 2 alone", () => {
    const client = new InMemoryServer().connect();
    expect(client.run("HELLO", "3")).toEqual(new ErrorReply("NOPROTO unsupported protocol version"));
    const hello = client.run("HELLO", "2", "AUTH", "default", "any", "SETNAME", "me") as Reply[];
    expect(hello.slice(0, 2)).toEqual(["server", "redis"]);
    expect(hello[hello.indexOf("proto") + 1]).toBe(2);
    expect(client.run("CLIENT", "GETNAME")).toBe("me");
    expect(client.run("HELLO")).toEqual(hello);
  });

  it("CLIENT tells who is connected", () => {
    const server = new InMemoryServer();
    const [one, two] = [server.connect(), server.connect()];
    two.run("SELECT", "3");
    one.run("CLIENT", "SETNAME", "first");
    server.clock.advance(5);
    const list = String(one.run("CLIENT", "LIST")).trim().split("\n");
    expect(list).toHaveLength(2);
    expect(list[0]).toContain("name=first age=5");
    expect(list[1]).toContain("db=3");
    expect(one.run("CLIENT", "INFO")).toBe(`${list[0].replace("client|list", "client|info")}\n`);
    expect(one.run("CLIENT", "SETINFO", "LIB-NAME", "x")).toEqual(OK);
    expect(one.run("CLIENT", "SETINFO", "foo", "x")).toEqual(new ErrorReply("ERR Unrecognized option 'foo'"));
    expect(two.run("CLIENT", "ID")).not.toBe(one.run("CLIENT", "ID"));
  });

  it("COMMAND lists every command once, with its arity", () => {
    const client = new InMemoryServer().connect();
    const names = client.run("COMMAND", "LIST") as string[];
    expect(client.run("COMMAND", "COUNT")).toBe(names.length);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const [[told, arity]] = client.run("COMMAND", "INFO", name.toUpperCase()) as [[string, number]];
      expect(told).toBe(name);
      expect(arity).not.toBe(0);
    }
    expect(client.run("COMMAND")).toHaveLength(names.length);
    expect(client.run("COMMAND", "DOCS")).toEqual([]);
  });

  it("refuse too few arguments, each command with its own name", () => {
    const client = new InMemoryServer().connect();
    for (const name of client.run("COMMAND", "LIST") as string[]) {
      const [[, arity]] = client.run("COMMAND", "INFO", name) as [[string, number]];
      if (Math.abs(arity) === 1) continue;
      expect(client.run(name)).toEqual(new ErrorReply(`ERR wrong number of arguments for '${name}' command`));
    }
  });

  it("INFO has its sections, and gives those that are asked for", () => {
    const client = new InMemoryServer().connect();
    client.run("SET", "a", "v", "EX", "10");
    expect(client.run("INFO", "keyspace")).toBe("# Keyspace\r\ndb0:keys=1,expires=1,avg_ttl=0\r\n");
    const text = String(client.run("INFO"));
    for (const section of ["Server", "Clients", "Memory", "Stats", "Replication"]) {
      expect(text).toContain(`# ${section}\r\n`);
    }
    expect(text).toContain("connected_clients:1\r\n");
    expect(client.run("INFO", "everything")).toContain("# Stats");
  });

  it("HELP is there where an error points to it", () => {
    const client = new InMemoryServer().connect();
    for (const command of ["CONFIG", "CLIENT", "COMMAND"]) {
      expect(client.run(command, "nonsense")).toEqual(
        new ErrorReply(`ERR unknown subcommand 'nonsense'. Try ${command} HELP.`),
      );
      expect((client.run(command, "HELP") as StatusReply[])[0].text).toContain(command);
    }
  });
});

describe("large values", () => {
  it("come back as they were, through every command that keeps them", () => {
    const client = new InMemoryServer().connect();
    const large = "\x00\xff\r\n".repeat(50_000);
    client.run("SET", "s", large);
    client.run("RPUSH", "l", large);
    client.run("HSET", "h", "f", large);
    client.run("SADD", "t", large);
    const same = (reply: Reply): boolean => reply === large;
    expect(same(client.run("GET", "s"))).toBe(true);
    expect(same((client.run("MGET", "s") as Reply[])[0])).toBe(true);
    expect(same((client.run("LRANGE", "l", "0", "-1") as Reply[])[0])).toBe(true);
    expect(same(client.run("HGET", "h", "f"))).toBe(true);
    expect(same((client.run("SMEMBERS", "t") as Reply[])[0])).toBe(true);
    expect(client.run("APPEND", "s", "x")).toBe(large.length + 1);
    expect(client.run("GET", "s") === large + "x").toBe(true);
  });

  it("are limited where they grow", () => {
    const server = new InMemoryServer();
    server.store.limits = { ...server.store.limits, bulk: 10 };
    const client = server.connect();
    client.run("SET", "s", "12345678");
    expect(client.run("APPEND", "s", "90")).toBe(10);
    expect(client.run("APPEND", "s", "1")).toEqual(
      new ErrorReply("ERR string exceeds maximum allowed size (proto-max-bulk-len)"),
    );
  });
});
