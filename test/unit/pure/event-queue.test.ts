// Checks that events wait for a pass, come in order, and survive whoever throws.
import { describe, expect, it } from "vitest";
import { EventQueue, type EventKind, type EventTarget } from "../../../lib/pure/event-queue.ts";
import type { Runnable } from "../../../lib/types/runnable.ts";

class Recorder implements EventTarget<unknown> {
  readonly seen: unknown[] = [];
  onNext: (() => void) | null = null;

  onEvent(kind: EventKind, value: unknown): void {
    this.seen.push([kind, value]);
    const call = this.onNext;
    this.onNext = null;
    call?.();
  }
}

function makeQueue(): { queue: EventQueue; wakes: () => number; collect: () => Runnable[] } {
  let wakes = 0;
  const queue = new EventQueue(() => wakes++);
  const collect = (): Runnable[] => {
    const sink: Runnable[] = [];
    queue.collect(sink);
    return sink;
  };
  return { queue, wakes: () => wakes, collect };
}

describe("EventQueue", () => {
  it("delivers nothing by itself", () => {
    const { queue } = makeQueue();
    const target = new Recorder();
    queue.push(target, "end", null);
    expect(target.seen).toEqual([]);
    expect(queue.length).toBe(1);
  });

  it("wakes once for all events of one round", () => {
    const { queue, wakes, collect } = makeQueue();
    const target = new Recorder();
    for (let i = 0; i < 3; i++) queue.push(target, "data", i);
    expect(wakes()).toBe(1);
    collect()[0]!.run();
    queue.push(target, "data", 3);
    expect(wakes()).toBe(2);
  });

  it("puts one entry into the ready queue, and none when there is nothing", () => {
    const { queue, collect } = makeQueue();
    expect(collect()).toHaveLength(0);
    queue.push(new Recorder(), "end", null);
    queue.push(new Recorder(), "end", null);
    expect(collect()).toHaveLength(1);
    // It stands there already.
    expect(collect()).toHaveLength(0);
  });

  it("delivers in order, across targets", () => {
    const { queue, collect } = makeQueue();
    const seen: string[] = [];
    const target = (name: string): EventTarget<number> => ({
      onEvent: (kind, value) => void seen.push(`${name} ${kind} ${value}`),
    });
    const [a, b] = [target("a"), target("b")];
    queue.push(a, "data", 1);
    queue.push(b, "data", 2);
    queue.push(a, "end", 3);
    collect()[0]!.run();
    expect(seen).toEqual(["a data 1", "b data 2", "a end 3"]);
    expect(queue.length).toBe(0);
  });

  it("leaves what a delivery leads to for the next pass", () => {
    const { queue, collect } = makeQueue();
    const target = new Recorder();
    target.onNext = () => queue.push(target, "drain", "later");
    queue.push(target, "data", "now");
    collect()[0]!.run();
    expect(target.seen).toEqual([["data", "now"]]);
    collect()[0]!.run();
    expect(target.seen).toEqual([
      ["data", "now"],
      ["drain", "later"],
    ]);
  });

  it("goes on behind an event whose target threw", () => {
    const { queue, collect } = makeQueue();
    const target = new Recorder();
    target.onNext = () => {
      throw new Error("from a target");
    };
    queue.push(target, "data", 1);
    queue.push(target, "data", 2);
    expect(() => collect()[0]!.run()).toThrow("from a target");
    collect()[0]!.run();
    expect(target.seen).toEqual([
      ["data", 1],
      ["data", 2],
    ]);
  });

  it("forgets everything when it is cleared", () => {
    const { queue, collect } = makeQueue();
    const target = new Recorder();
    queue.push(target, "end", null);
    const [entry] = collect();
    queue.clear();
    entry!.run();
    expect(target.seen).toEqual([]);
  });
});
