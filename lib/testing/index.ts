// The door for tests, "asyncio-uv/testing": what a test of a program on this library needs beside the library.
export { loadBinding } from "../native/binding.ts";
