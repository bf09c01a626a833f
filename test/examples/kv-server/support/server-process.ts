// Runs the example as a user does, as a process of its own, and tells how it ended.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../../examples/kv-server/main.mjs", import.meta.url));

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class ServerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  output = "";
  errors = "";
  port = 0;

  private constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.ended = once(this.child, "close").then(
      ([code, signal]: Ending[keyof Ending][]) => ({ code, signal }) as Ending,
    );
  }

  /** Starts it without waiting for anything. */
  static launch(...args: string[]): ServerProcess {
    return new ServerProcess(process.execPath, [MAIN, ...args]);
  }

  /** Starts it on a free port, and waits until it listens. */
  static async start(...args: string[]): Promise<ServerProcess> {
    const server = ServerProcess.launch("--port", "0", ...args);
    await server.#until(() => /listening on \S+:[0-9]+ /.test(server.output));
    server.port = Number(/listening on \S+:([0-9]+) /.exec(server.output)![1]);
    return server;
  }

  /** Starts Debian's redis-server, or what else has that name, on a free port. */
  static async startRedis(): Promise<ServerProcess> {
    const port = await freePort();
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const server = new ServerProcess("redis-server", args);
    await server.#until(() => server.output.includes("Ready to accept connections"));
    server.port = port;
    return server;
  }

  async stop(): Promise<Ending> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGTERM");
    return this.ended;
  }

  #until(test: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (test()) resolve();
      };
      this.child.stdout!.on("data", look);
      void this.ended.then(() => reject(new Error(`it ended: ${this.output}${this.errors}`)));
      look();
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no address");
  return address.port;
}

/** Whether a program of this name can be run here. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}
