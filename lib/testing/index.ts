// The door for tests, "asyncio-uv/testing": what a test of a program on this library needs beside the library.
export { nativeBackendError } from "../loop/choose-backend.ts";
export { passes } from "./passes.ts";
export { randomOrder } from "./random-order.ts";
export { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
export { waitUntilBlocked } from "./wait-until-blocked.ts";
