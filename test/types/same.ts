// States of a value exactly which type it has: wider, narrower and `any` are all errors.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

interface Typed<A> {
  /** `typeOf(x).is<string>()` compiles only where x is a string to the compiler. */
  is<E>(...proof: Same<A, E> extends true ? [] : [expected: E, butIs: A]): void;
}

export declare function typeOf<A>(value: A): Typed<A>;
