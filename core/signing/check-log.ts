import { CHECKS, type Check, type NotChecked } from "#contract/inspection.ts";

/** What an inspection looked at and what it left out. A check left out anywhere counts as not made: never the reverse. */
export class CheckLog {
  readonly #whyNot = new Map<Check, string | null>();

  done(...checks: readonly Check[]): void {
    for (const check of checks) if (!this.#whyNot.has(check)) this.#whyNot.set(check, null);
  }

  /** `why`: one sentence. The first reason stays. */
  skipped(check: Check, why: string): void {
    if (typeof this.#whyNot.get(check) !== "string") this.#whyNot.set(check, why);
  }

  get checked(): Check[] {
    return CHECKS.filter((check) => this.#whyNot.get(check) === null);
  }

  get notChecked(): NotChecked[] {
    return CHECKS.flatMap((check) => {
      const why = this.#whyNot.get(check);
      return typeof why === "string" ? [{ check, why }] : [];
    });
  }
}

/** Why an offline inspection cannot know these, whatever it reads. */
export const OFFLINE = {
  revocation: "Only Apple's servers know whether the certificate was revoked.",
  notarization: "Without a stapled ticket, only Apple's servers know.",
  "trust-cache": "It is part of macOS, not of the file.",
} as const satisfies Partial<Record<Check, string>>;

export const LEFT_OUT = {
  pages: "Only the signature was read, not the code that it covers.",
  resources: "Only the signature was read, not the files of the bundle.",
  resourcesOfUnknown: "Without the signature of the main executable there is nothing to compare the files with.",
  chain: "The signer's part of the signature names no certificate that could be followed.",
  mainExecutable: "This is the main executable of a bundle; inspect the bundle to check its files.",
  nested: "The code inside the bundle was compared with the seal, but not inspected itself.",
} as const;
