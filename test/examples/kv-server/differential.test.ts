// Sends the same commands to the example and to a real redis-server, and compares the replies.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isInstalled, ServerProcess } from "./support/server-process.ts";
import { RawClient } from "./support/raw-client.ts";
import type { Reply } from "./support/resp.ts";

// Generous: a busy machine makes a test slow, never wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Commands whose arrays come in no promised order: those of single items, and those of pairs. */
const UNORDERED = new Set(["keys", "smembers"]);
const UNORDERED_PAIRS = new Set(["hgetall"]);

/** Remaining times differ by the time the commands take; what must be the same is whether there is one. */
const TIMES = new Set(["ttl", "pttl"]);

function normalized(command: string, reply: Reply): Reply {
  const name = command.toLowerCase();
  if (Array.isArray(reply) && UNORDERED.has(name)) return [...reply].sort();
  if (Array.isArray(reply) && UNORDERED_PAIRS.has(name)) {
    const pairs: Reply[] = [];
    for (let i = 0; i < reply.length; i += 2) pairs.push(`${String(reply[i])}=${String(reply[i + 1])}`);
    return pairs.sort();
  }
  if ((typeof reply === "number" || typeof reply === "bigint") && TIMES.has(name)) {
    return reply >= 0 ? "some time" : reply;
  }
  return reply;
}

/** One scenario on each line; commands are separated by "|" and arguments by spaces, %XX stands for a byte. */
const SCENARIOS = `
PING | PING hello | PING a b | ECHO hi | ECHO | ECHO a b
SET a 1 | GET a | GET missing | get a | GeT a | GET | GET a b | SET a | SET
SET a v NX | SET a w NX | GET a | SET b v XX | GET b | SET a x XX | GET a
SET a 1 GET | SET a 2 GET | SET a 3 NX GET | SET b 4 XX GET | SET c 5 NX GET | GET a | GET b | GET c
SET a v EX 100 | TTL a | PTTL a | SET a w KEEPTTL | TTL a | SET a x | TTL a
SET a v PX 100000 | TTL a | GETSET a w | TTL a | SET a v px 100000 nx | SET b v px 100000 nx | TTL b
SET a v EX 0 | SET a v EX -1 | SET a v PX 0 | SET a v EX abc | SET a v EX | SET a v EX 1.5 | GET a
SET a v NX XX | SET a v EX 1 PX 2 | SET a v KEEPTTL EX 1 | SET a v EX 1 KEEPTTL | SET a v foo | SET a v NX NX
SET a v EX 9223372036854775807 | SET a v PX 9223372036854775807 | SET a v EX 9223372036854775 | SET a v EX 9223372036854775808
SET a v EX 9999999999 | TTL a | SET a v PX 9007199254740993 | TTL a | EXPIRE a 9007199254740993 | TTL a
GETSET a 1 | GETSET a 2 | GET a | RPUSH l x | GETSET l v | GETSET a
SET a 1 | SET b 2 | DEL a b c | DEL a | DEL | EXISTS a | SET a 1 | EXISTS a a b | EXISTS
SET a v | EXPIRE a 100 | TTL a | PERSIST a | TTL a | PERSIST a | PERSIST missing | EXPIRE missing 10 | TTL missing | PTTL missing
SET a v | EXPIRE a 0 | GET a | SET a v | EXPIRE a -5 | GET a | SET a v | PEXPIRE a -1 | EXISTS a
SET a v | EXPIRE a abc | EXPIRE a 1.5 | EXPIRE a 9223372036854775807 | PEXPIRE a 9223372036854775807 | EXPIRE a -9223372036854775808 | EXPIRE a | TTL a
SET a v | EXPIRE a 10 foo | EXPIRE a 10 NX XX | EXPIRE a 10 GT LT | EXPIRE a 10 XX | EXPIRE a 10 GT | EXPIRE a 100 LT | EXPIRE a 200 LT | EXPIRE a 200 GT | EXPIRE a 50 NX | EXPIRE a 50 xx | EXPIRE a 9 nx lt
INCR n | INCR n | INCRBY n 10 | DECR n | INCRBY n -20 | GET n | STRLEN n | INCRBY n abc | INCRBY n 1.5 | INCRBY n | INCR n 1
SET n 9223372036854775807 | INCR n | DECR n | GET n | SET n -9223372036854775808 | DECR n | INCR n | INCRBY n -9223372036854775808 | GET n
SET n 9007199254740992 | INCR n | INCRBY n 9007199254740993 | GET n | INCRBY n -9223372036854775808 | GET n
SET n abc | INCR n | SET n 01 | INCR n | SET n +1 | INCR n | SET n %201 | INCR n | SET n -0 | INCR n | SET n - | INCR n | SET n 99999999999999999999 | INCR n | SET n -1 | INCR n | INCR n
SET n v EX 100 | SET n 5 KEEPTTL | INCR n | TTL n | APPEND n 0 | TTL n | GET n
APPEND s abc | APPEND s def | GET s | STRLEN s | STRLEN missing | APPEND s %00%ff%0d%0a | GET s | STRLEN s | APPEND s | STRLEN
MSET a 1 b 2 c 3 | MGET a b c d | MSET a 1 b | MSET a | MSET | MGET | RPUSH l x | MGET a l | MSET a 9 a 10 | GET a
MSET e1 v e2 v | EXPIRE e1 100 | MSET e1 w | TTL e1
KEYS * | MSET hello 1 hallo 2 hxllo 3 heello 4 h*llo 5 [a] 6 | KEYS h?llo | KEYS h*llo | KEYS h[ae]llo | KEYS h[^e]llo | KEYS h[a-b]llo | KEYS h[b-a]llo | KEYS h\\*llo | KEYS \\[a\\] | KEYS [[]a] | KEYS ** | KEYS h[a | KEYS nothing | KEYS | KEYS h\\ | KEYS *o* | KEYS h[\\a]llo | KEYS h[^a-z]llo
SET s v | RPUSH l x | HSET h f v | SADD t m | TYPE s | TYPE l | TYPE h | TYPE t | TYPE missing | DBSIZE | TYPE | DBSIZE x
SET a 1 | SELECT 3 | GET a | SET a 3 | DBSIZE | SELECT 0 | GET a | SELECT 16 | SELECT -1 | SELECT abc | SELECT | SELECT 99999999999999999999 | FLUSHALL | DBSIZE | SELECT 3 | DBSIZE
SET a 1 | FLUSHALL ASYNC | SET a 1 | FLUSHALL SYNC | DBSIZE | FLUSHALL foo | FLUSHALL SYNC ASYNC
LPUSH l a b c | RPUSH l d e | LLEN l | LRANGE l 0 -1 | LPOP l | RPOP l | LRANGE l 0 -1 | LRANGE l 1 1 | LRANGE l -2 -1 | LRANGE l 5 10 | LRANGE l -100 100 | LRANGE l 2 1 | LRANGE l 0 0 | LRANGE l -1 0
LPUSH l a | LPOP l | EXISTS l | LPOP l | RPOP l | LPOP l 1 | RPUSH l a b c d | LPOP l 2 | RPOP l 10 | EXISTS l | LPOP l 0
RPUSH l a | LPOP l 0 | LPOP l -1 | LPOP l abc | LPOP l 1 2 | LPOP | LPUSH l | LPUSH | LLEN | LRANGE l a b | LRANGE l 0 | LRANGE l 0 99999999999999999999 | LRANGE l 0 9223372036854775807 | LRANGE missing 0 -1 | LLEN missing | LLEN l
SET s v | LPUSH s a | RPUSH s a | LPOP s | RPOP s 1 | LLEN s | LRANGE s 0 -1 | BLPOP s 0 | HSET s f v | HGET s f | HGETALL s | HDEL s f | SADD s m | SMEMBERS s | SREM s m
RPUSH l a | GET l | INCR l | APPEND l x | STRLEN l | SET l v GET | HGET l f | SMEMBERS l | SET l v | GET l
HSET h a 1 b 2 | HSET h a 3 c 4 | HGET h a | HGET h b | HGET h z | HGET missing a | HGETALL h | HDEL h a z | HGETALL h | HDEL h b c | EXISTS h | HGETALL h | HDEL missing a
HSET h a | HSET h a 1 b | HSET h | HGET h | HGET h a b | HGETALL | HDEL h | HSET h a 1 a 2 | HGET h a
SADD t a b c a | SADD t a d | SMEMBERS t | SREM t a z | SMEMBERS t | SREM t b c d | EXISTS t | SMEMBERS t | SADD t | SMEMBERS | SREM t | SREM missing a
RPUSH l a b | BLPOP l 0 | BLPOP missing l 0 | EXISTS l | BLPOP l abc | BLPOP l -1 | BLPOP l | BLPOP l 0.01 | BLPOP l 1e-2 | RPUSH l c | SET s v | BLPOP s l 0 | BLPOP l s 0 | BLPOP l nan
SUBSCRIBE ch | GET a | PING | PING x | SUBSCRIBE ch2 | UNSUBSCRIBE ch | UNSUBSCRIBE nope | UNSUBSCRIBE ch2 | UNSUBSCRIBE | GET a | PUBLISH ch x | SUBSCRIBE | PUBLISH ch
SCAN 0 | SET only v | SCAN 0 | SCAN 0 MATCH o* | SCAN 0 MATCH x* | SCAN 0 TYPE string | SCAN 0 TYPE list | SCAN 0 COUNT 5 | SCAN 0 TYPE STRING
SCAN abc | SCAN | SCAN 0 MATCH | SCAN 0 COUNT 0 | SCAN 0 COUNT abc | SCAN 0 COUNT -1 | SCAN 0 foo | SCAN 0 foo bar | SCAN 0 COUNT 9223372036854775808
HELLO 4 | HELLO abc | HELLO 2 AUTH a b | HELLO 2 foo | HELLO 2 SETNAME a%20b | HELLO 2 SETNAME | HELLO 2 AUTH default | CLIENT GETNAME
CLIENT GETNAME | CLIENT SETNAME me | CLIENT GETNAME | CLIENT SETNAME a%20b | CLIENT SETNAME | CLIENT | CLIENT foo | CLIENT GETNAME x | CLIENT ID x
CONFIG | CONFIG foo | CONFIG GET | CONFIG GET save | CONFIG GET appendonly | CONFIG GET nonsense | CONFIG GET proto-max-bulk-len
COMMAND foo | COMMAND COUNT x | COMMAND INFO nonsense | INFO nonsense
nonsense | nonsense a b | NonSense a%0d%0ab | nonsense aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b | nonsense aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb c
%01%ff%fe x | SET %00%ff%0d%0a%20 %00%01%02%0d%0a%ff | GET %00%ff%0d%0a%20 | KEYS * | SET %20 %20 | GET %20 | HSET h %00 %ff | HGETALL h | SADD t %00%ff | SMEMBERS t
`
  .trim()
  .split("\n")
  .map((line) => line.split(" | ").map((command) => command.trim().split(" ").map(decodePercent)));

function decodePercent(word: string): string {
  return word.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** A small generator of numbers, so that a failure can be repeated from its seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TEMPLATES =
  `SET K V|SET K V NX|SET K V XX GET|SET K N|SET K V KEEPTTL|GET K|GETSET K V|DEL K K|EXISTS K K
EXPIRE K 100|EXPIRE K 200 GT|EXPIRE K 0|PERSIST K|TTL K|INCR K|INCRBY K N|DECR K|APPEND K V|STRLEN K|MGET K K|MSET K V K N
KEYS *|TYPE K|DBSIZE|LPUSH K V V|RPUSH K V|LPOP K|RPOP K|LPOP K 2|LLEN K|LRANGE K N N|HSET K F V|HSET K F V F N|HGET K F|HGETALL K
HDEL K F|SADD K F F|SMEMBERS K|SREM K F|GET|LPUSH K|BLPOP K K 0.001`
    .split(/[|\n]/)
    .map((template) => template.split(" "));

function randomCommand(random: (below: number) => number): string[] {
  return TEMPLATES[random(TEMPLATES.length)].map((word) => {
    if (word === "K") return `key:${random(6)}`;
    if (word === "F") return `field:${random(4)}`;
    if (word === "N") return String(random(21) - 10);
    if (word === "V") return "\x00\xffvalue\r\n".repeat(random(3)) + random(100);
    return word;
  });
}

describe.skipIf(!isInstalled("redis-server"))("replies as redis-server gives them", () => {
  let ours: ServerProcess;
  let theirs: ServerProcess;

  beforeAll(async () => {
    ours = await ServerProcess.start();
    theirs = await ServerProcess.startRedis();
  });

  afterAll(async () => {
    await Promise.all([ours?.stop(), theirs?.stop()]);
  });

  async function compare(commands: readonly (readonly string[])[]): Promise<void> {
    const clients = await Promise.all([RawClient.connect(ours.port), RawClient.connect(theirs.port)]);
    try {
      for (const client of clients) await client.command("FLUSHALL");
      for (const command of commands) {
        const [our, their] = await Promise.all(clients.map((client) => client.command(...command)));
        expect({ command, reply: normalized(command[0], our) }).toEqual({
          command,
          reply: normalized(command[0], their),
        });
      }
    } finally {
      for (const client of clients) client.close();
    }
  }

  for (const commands of SCENARIOS) {
    it(
      commands
        .map((command) => command.join(" "))
        .join(" | ")
        .slice(0, 100),
      () => compare(commands),
    );
  }

  it.each([1, 2, 3, 4, 5])("random commands, seed %i", async (seed) => {
    const random = randomNumbers(seed);
    await compare(Array.from({ length: 1000 }, () => randomCommand(random)));
  });

  it.each([
    ["a multibulk length that is no number", "*abc\r\n"],
    ["a multibulk length with a leading zero", "*01\r\n"],
    ["a multibulk length beyond 31 bits", "*2147483648\r\n"],
    ["something else where a bulk should be", "*1\r\nfoo\r\n"],
    ["an empty line where a bulk should be", "*1\r\n\r\nx\r\n"],
    ["a negative bulk length", "*1\r\n$-5\r\n"],
    ["a bulk length that is no number", "*2\r\n$3\r\nGET\r\n$x\r\n"],
    ["a bulk above the limit", "*1\r\n$536870913\r\n"],
    ["unbalanced quotes", 'SET a "b\r\n'],
    ["a quote closed within a word", 'SET a "b"c\r\n'],
    ["an inline line that does not end", "x".repeat(70_000)],
    ["a multibulk line that does not end", "*" + "1".repeat(70_000)],
    ["a bulk line that does not end", "*1\r\n$" + "1".repeat(70_000)],
    ["an error behind good commands", "PING\r\n*1\r\n$4\r\nPING\r\n*x\r\nPING\r\n"],
    ["empty commands between good ones", "*0\r\n*-1\r\n\r\n\r\nPING\r\n*x\r\n"],
    [
      "an inline command with quotes and escapes",
      'ECHO "a\\x41\\n\\t\\"b" \r\nECHO \'it\\\'s \\n\'\r\nECHO a"b"\r\n*x\r\n',
    ],
    ["a browser's post", "POST / HTTP/1.1\r\nPING\r\n"],
    ["QUIT before more", "PING\r\nQUIT\r\nPING\r\n"],
  ])("%s", async (_, input) => {
    const answers = [];
    for (const port of [ours.port, theirs.port]) {
      const client = await RawClient.connect(port);
      client.send(input);
      answers.push(await client.rest());
      client.close();
    }
    expect(answers[0]).toBe(answers[1]);
  });
});
