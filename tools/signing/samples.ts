import { fakeApple, selfSigned, timestampAuthority } from "./authorities.ts";
import { time } from "./certificate.ts";
import { FLAG } from "./code-directory.ts";
import { fat } from "./fat.ts";
import { machO, MH_DYLIB } from "./mach-o.ts";
import {
  and,
  appleGenericAnchor,
  certificateExtension,
  certificateField,
  designated,
  identifier,
} from "./requirement.ts";
import { sign, signAdHoc, signAsLinker } from "./sign.ts";

const TEAM = "7QXW3N5R2K";

const ENTITLEMENTS = {
  "com.apple.security.app-sandbox": true,
  "com.apple.security.application-groups": [`${TEAM}.test.ana`],
  "com.apple.security.cs.allow-jit": true,
};

const REQUIREMENTS = designated(
  and(
    and(identifier("test.ana.invoice-viewer"), appleGenericAnchor),
    and(certificateExtension(0, "1.2.840.113635.100.6.1.13"), certificateField(0, "subject.OU", TEAM)),
  ),
);

/** Small images that between them have everything a signature can hold: what random damage starts from. */
export function sampleImages(): Record<string, Buffer> {
  return {
    "ad hoc": signAdHoc(machO({ textSize: 8192 }), { entitlements: ENTITLEMENTS, hashes: ["sha1", "sha256"] }),
    "linker-signed": signAsLinker(machO({ arch: "arm64", fileType: MH_DYLIB })),
    "self-signed": sign(machO({ arch: "i386" }), {
      requirements: designated(identifier("test.ana.invoice-viewer")),
      entitlements: ENTITLEMENTS,
      cms: { chain: selfSigned({ teamId: TEAM }) },
    }),
    "fake Developer ID": sign(machO({ arch: "arm64" }), {
      teamId: TEAM,
      flags: FLAG.runtime,
      hashes: ["sha1", "sha256", "sha384"],
      entitlements: ENTITLEMENTS,
      requirements: REQUIREMENTS,
      cms: {
        chain: fakeApple("developer-id", { teamId: TEAM, kind: "rsa" }),
        indefinite: true,
        signingTime: time("2026-06-01T12:00:00Z"),
        timestamp: { chain: timestampAuthority(), at: time("2026-06-01T12:00:01Z") },
      },
    }),
    fat: fat([
      signAdHoc(machO({ arch: "ppc" })),
      signAdHoc(machO({ arch: "x86_64" })),
      signAsLinker(machO({ arch: "arm64" })),
    ]),
  };
}
