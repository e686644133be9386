import type { EventEmitter } from "node:events";

/** What an Electron class or module offers beside its events. */
type Surface<Real> = Omit<Real, keyof EventEmitter>;

/** What a stand-in implements of it: every member that is there has Electron's own signature. */
export type PartOf<Real> = Partial<Surface<Real>>;

/** `true`, or the names of the public members that Electron's own class does not have. */
export type NothingExtra<StandIn, Real> = [Exclude<keyof StandIn, keyof Real>] extends [never]
  ? true
  : Exclude<keyof StandIn, keyof Real>;

/** A namespace of functions, checked member by member. */
export function partOf<Real>() {
  return <Members extends PartOf<Real> & Record<Exclude<keyof Members, keyof Real>, never>>(
    members: Members,
  ): Members => members;
}

/**
 * Hands a stand-in out under Electron's type. It is honest at run time only because everything that is missing
 * throws (strict.ts), which the compiler cannot know; this is the one place that says so.
 */
export function asElectron<Real>(standIn: PartOf<Real>): Real {
  return standIn as Real;
}
