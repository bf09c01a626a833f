// Tells the library's own frames in a stack from those of its users.
import { basename, dirname, sep } from "node:path";

/** The folder of the library, with a separator behind it. In the built package all of it lies in one folder. */
const LIBRARY = `${basename(__dirname) === "loop" ? dirname(__dirname) : __dirname}${sep}`;

/** @internal Whether `place`, a file or a line of a stack that names one, is in the library. */
export function isOwn(place: string): boolean {
  return place.includes(LIBRARY);
}

/**
 * @internal `frames` without the library's: they tell its users nothing. All of them where none would be left, as in a program
 * that was bundled into one file together with the library.
 */
export function foreignFrames<F>(frames: readonly F[], placeOf: (frame: F) => string): readonly F[] {
  const foreign = frames.filter((frame) => !isOwn(placeOf(frame)));
  return foreign.length > 0 ? foreign : frames;
}
