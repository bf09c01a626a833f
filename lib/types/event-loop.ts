// The loop object as users see it, for signatures on the floors below it. The one place that names something from above, as a
// type: a future's getLoop() gives the very class that newEventLoop() makes.
export type { EventLoop } from "../runtime/event-loop.ts";
