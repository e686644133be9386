import { fakeApple, selfSigned } from "../authorities.ts";
import { overwrite, seededBytes } from "../bytes.ts";
import { FLAG } from "../code-directory.ts";
import { fat } from "../fat.ts";
import { layoutOf, machO, MH_DYLIB } from "../mach-o.ts";
import { sign, signAdHoc, signAsLinker } from "../sign.ts";
import { and, certificateField, designated, identifier } from "../requirement.ts";
import type { BytesCase, Expectation } from "./case.ts";

const TEAM = "7QXW3N5R2K";
const good = (trust: Expectation["class"][number]): Expectation => ({ class: [trust] });

/** Unusual, and as real files are: none of it may be called invalid. */
export const STAY_GOOD_CASES: readonly BytesCase[] = [
  ...(["i386", "x86_64", "arm64", "arm64e", "ppc", "ppc64"] as const).map(
    (arch): BytesCase => ({ name: `ad hoc, ${arch}`, make: () => signAdHoc(machO({ arch })), expect: good("ad-hoc") }),
  ),
  { name: "ad hoc, a library", make: () => signAdHoc(machO({ fileType: MH_DYLIB })), expect: good("ad-hoc") },
  {
    name: "ad hoc, 16 KB pages",
    make: () => signAdHoc(machO({ arch: "arm64", textSize: 32768 }), { pageSize: 16384 }),
    expect: good("ad-hoc"),
  },
  {
    name: "ad hoc, all hash types",
    make: () => signAdHoc(machO(), { hashes: ["sha1", "sha256", "sha256-truncated", "sha384"] }),
    expect: good("ad-hoc"),
  },
  ...[0x20001, 0x20100, 0x20200, 0x20300, 0x20400, 0x20500, 0x20600].map(
    (version): BytesCase => ({
      name: `ad hoc, CodeDirectory version ${version.toString(16)}`,
      make: () => signAdHoc(machO(), { version }),
      expect: good("ad-hoc"),
    }),
  ),
  {
    name: "ad hoc with every flag a program can ask for",
    make: () =>
      signAdHoc(machO(), {
        flags:
          FLAG.adHoc | FLAG.hard | FLAG.kill | FLAG.restrict | FLAG.enforcement | FLAG.libraryValidation | FLAG.runtime,
      }),
    expect: good("ad-hoc"),
  },
  {
    name: "ad hoc with an embedded Info.plist that is bound",
    make: () => {
      const infoPlist = Buffer.from(
        "<plist><dict><key>CFBundleIdentifier</key><string>test.ana</string></dict></plist>",
      );
      return signAdHoc(machO({ infoPlist }), { infoPlist });
    },
    expect: good("ad-hoc"),
  },
  {
    name: "ad hoc with launch constraints that are bound",
    make: () => signAdHoc(machO(), { constraints: seededBytes("constraints", 60) }),
    expect: good("ad-hoc"),
  },
  { name: "linker-signed", make: () => signAsLinker(machO({ arch: "arm64" })), expect: good("linker-signed") },
  {
    name: "a fat header with 64-bit entries",
    make: () => fat([signAdHoc(machO()), signAdHoc(machO({ arch: "arm64" }))], { wide: true }),
    expect: good("ad-hoc"),
  },
  {
    name: "unsorted signed attributes",
    make: () => sign(machO(), { cms: { chain: selfSigned(), attributeOrder: "reversed" } }),
    expect: { class: ["self-signed"] },
  },
  {
    name: "no signed attributes",
    make: () =>
      sign(machO(), { hashes: ["sha1"], cms: { chain: selfSigned(), digest: "sha1", signedAttributes: false } }),
    expect: { class: ["self-signed"] },
  },
  {
    name: "indefinite lengths",
    make: () => sign(machO(), { cms: { chain: fakeApple("developer-id", { teamId: TEAM }), indefinite: true } }),
    expect: good("untrusted"),
  },
  {
    name: "only one of Apple's two attributes",
    make: () => sign(machO(), { hashes: ["sha1", "sha256"], cms: { chain: selfSigned(), cdhashAttributes: "plist" } }),
    expect: good("self-signed"),
  },
  {
    name: "a digest of SHA-384",
    make: () => sign(machO(), { hashes: ["sha256", "sha384"], cms: { chain: selfSigned(), digest: "sha384" } }),
    expect: good("self-signed"),
  },
  {
    name: "an explicit designated requirement that it satisfies",
    make: () =>
      sign(machO(), {
        requirements: designated(and(identifier("test.ana.invoice-viewer"), certificateField(0, "subject.OU", TEAM))),
        cms: { chain: selfSigned({ teamId: TEAM }) },
      }),
    expect: good("self-signed"),
  },
  {
    name: "junk after the superblob",
    make: () => {
      const image = signAdHoc(machO());
      const { codeSignature } = layoutOf(image);
      const length = image.readUInt32BE((codeSignature?.offset ?? 0) + 4);
      return overwrite(image, (codeSignature?.offset ?? 0) + length, seededBytes("junk", 100));
    },
    expect: { ...good("ad-hoc") },
  },
];
