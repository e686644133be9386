import { fakeApple, selfSigned, timestampAuthority } from "../authorities.ts";
import { seededBytes } from "../bytes.ts";
import { CODE_SIGNING, time, TIME_STAMPING } from "../certificate.ts";
import type { CmsSpec } from "../cms.ts";
import { FLAG } from "../code-directory.ts";
import { machO } from "../mach-o.ts";
import { sign } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";

/** A team that the signer is not. */
const FOREIGN_TEAM = "7QXW3N5R2K";
const SIGNED_AT = time("2026-06-01T12:00:00Z");

function signedBy(cms: CmsSpec): Buffer {
  return sign(machO(), { teamId: FOREIGN_TEAM, cms });
}

const self = (): CmsSpec => ({ chain: selfSigned({ teamId: FOREIGN_TEAM }) });
const fake = (): CmsSpec => ({ chain: fakeApple("developer-id", { teamId: FOREIGN_TEAM }) });

export const TRUST_CASES: readonly BytesCase[] = [
  { name: "self-signed with a foreign team", make: () => signedBy(self()), expect: { class: ["self-signed"] } },
  {
    name: "self-signed, RSA",
    make: () => signedBy({ chain: selfSigned({ teamId: FOREIGN_TEAM, kind: "rsa" }) }),
    expect: { class: ["self-signed"] },
  },
  { name: "a fake Developer ID", make: () => signedBy(fake()), expect: { class: ["untrusted"] } },
  {
    name: "a fake App Store chain",
    make: () => signedBy({ chain: fakeApple("app-store") }),
    expect: { class: ["untrusted"] },
  },
  {
    name: "a fake Apple platform chain, with the platform byte",
    make: () => sign(machO(), { platform: 15, cms: { chain: fakeApple("platform") } }),
    expect: { class: ["untrusted"] },
  },
  {
    name: "ad hoc with the platform byte",
    make: () => sign(machO(), { flags: 2, platform: 15 }),
    expect: { class: ["ad-hoc"] },
  },
  {
    name: "a fake leaf without the certificates above it",
    make: () => {
      const { signer } = fakeApple("developer-id", { teamId: FOREIGN_TEAM });
      return signedBy({ chain: { signer, above: [] } });
    },
    expect: { class: ["untrusted"] },
  },
  {
    name: "a chain that goes in a circle",
    make: () => {
      const { signer, above } = fakeApple("developer-id");
      return signedBy({ chain: { signer, above: [...above, signer, ...above] } });
    },
    expect: { class: ["untrusted"] },
  },
  {
    name: "a timestamp by an authority that is not Apple's",
    make: () => signedBy({ ...fake(), timestamp: { chain: timestampAuthority(), at: SIGNED_AT } }),
    expect: invalid(/timestamp/),
  },
  {
    name: "a timestamp for something else",
    make: () =>
      signedBy({
        ...fake(),
        timestamp: { chain: timestampAuthority(), at: SIGNED_AT, over: seededBytes("else", 256) },
      }),
    expect: invalid(/timestamp/),
  },
  {
    name: "a timestamp by a certificate for code",
    make: () => signedBy({ ...fake(), timestamp: { chain: timestampAuthority([CODE_SIGNING]), at: SIGNED_AT } }),
    expect: invalid(/timestamp/),
  },
  {
    name: "a timestamp by a certificate for time and code",
    make: () =>
      signedBy({ ...fake(), timestamp: { chain: timestampAuthority([TIME_STAMPING, CODE_SIGNING]), at: SIGNED_AT } }),
    expect: invalid(/timestamp/),
  },
  {
    name: "a leaf that had expired at its timestamp",
    make: () =>
      signedBy({
        chain: fakeApple("developer-id", { teamId: FOREIGN_TEAM, notAfter: time("2024-01-01T00:00:00Z") }),
        timestamp: { chain: timestampAuthority(), at: SIGNED_AT },
      }),
    expect: invalid(/timestamp|expired/),
  },
  {
    name: "an expired self-signed leaf, no timestamp",
    make: () => signedBy({ chain: selfSigned({ notAfter: time("2024-01-01T00:00:00Z") }) }),
    expect: { class: ["self-signed"], says: /expired/ },
  },
  {
    name: "a self-signed leaf that is not valid yet",
    make: () => signedBy({ chain: selfSigned({ notBefore: time("2038-01-01T00:00:00Z") }) }),
    expect: { class: ["self-signed", "invalid"], says: /not-yet|valid|expired/ },
  },
  {
    name: "ad hoc and linker-signed flags beside a signer",
    make: () => sign(machO(), { flags: FLAG.adHoc | FLAG.linkerSigned, cms: self() }),
    expect: invalid(/adhoc/),
  },
  { name: "no signer", make: () => signedBy({ ...self(), signerCount: 0 }), expect: invalid(/signer/) },
  { name: "two signers", make: () => signedBy({ ...self(), signerCount: 2 }), expect: invalid(/signer/) },
  {
    name: "content inside the CMS",
    make: () => signedBy({ ...self(), embedContent: true }),
    expect: invalid(/content/),
  },
];
