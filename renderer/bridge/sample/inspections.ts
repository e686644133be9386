import type { CertificateFacts, Inspection, SliceInspection } from "#contract/inspection.ts";

/** Constructed by hand: every name and number is invented. */
const cdhash = (digit: string): string => `3f1c9a0be77d42118c5d60f2a9e4b7710d2c8e5${digit}`;

function certificate(commonName: string, issuer: string, years: [number, number]): CertificateFacts {
  return {
    commonName,
    organization: commonName.includes("Apple") ? "Apple Inc." : "Paperboat Works",
    organizationalUnit: commonName.includes("Apple") ? "Apple Certification Authority" : "7QXW3N5R2K",
    issuer,
    serial: "4fa1c09e2d",
    sha256: (commonName.length * 7_919).toString(16).padStart(64, "0"),
    notBefore: `${years[0]}-02-01T22:12:15.000000Z`,
    notAfter: `${years[1]}-02-01T22:12:15.000000Z`,
  };
}

const LEAF = certificate(
  "Developer ID Application: Paperboat Works (7QXW3N5R2K)",
  "Developer ID Certification Authority",
  [2023, 2028],
);
const CHAIN = [
  LEAF,
  certificate("Developer ID Certification Authority", "Apple Root CA", [2021, 2031]),
  certificate("Apple Root CA", "Apple Root CA", [2006, 2035]),
];

const SIGNED: SliceInspection = {
  arch: "arm64",
  class: "developer-id",
  identifier: "app.paperboat",
  teamId: "7QXW3N5R2K",
  cdhash: cdhash("1"),
  cdhashes: { sha1: null, sha256: cdhash("1"), sha384: null },
  flags: ["runtime"],
  hardenedRuntime: true,
  pageHashes: "ok",
  cms: "ok",
  notarized: "yes",
  timestamp: { at: "2026-09-14T08:21:44.000000Z", status: "ok", authority: "Timestamp Signer NE2" },
  signingTime: "2026-09-14T08:21:43.000000Z",
  leaf: LEAF,
  authorities: CHAIN,
  entitlements: [
    { key: "com.apple.security.network.client", value: "true", weakens: null },
    {
      key: "com.apple.security.cs.disable-library-validation",
      value: "true",
      weakens: "Loads libraries of any signer into itself.",
    },
    { key: "com.apple.security.device.camera", value: "true", weakens: null },
    { key: "keychain-access-groups", value: '["7QXW3N5R2K.app.paperboat"]', weakens: null },
  ],
  requirement:
    'identifier "app.paperboat" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] and certificate leaf[field.1.2.840.113635.100.6.1.13] and certificate leaf[subject.OU] = "7QXW3N5R2K"',
  problems: [],
  notes: [],
};

const ADHOC: SliceInspection = {
  ...SIGNED,
  class: "ad-hoc",
  identifier: "Invoice-Viewer-5555494441",
  teamId: null,
  cdhash: cdhash("5"),
  cdhashes: { sha1: null, sha256: cdhash("5"), sha384: null },
  flags: ["adhoc"],
  hardenedRuntime: false,
  cms: "absent",
  notarized: "no",
  timestamp: null,
  signingTime: null,
  leaf: null,
  authorities: [],
  entitlements: [],
  requirement: `cdhash H"${cdhash("5")}"`,
};

const UNSIGNED: SliceInspection = {
  ...ADHOC,
  class: "unsigned",
  identifier: null,
  cdhash: null,
  cdhashes: { sha1: null, sha256: null, sha384: null },
  flags: [],
  pageHashes: "not-checked",
  requirement: null,
};

const PAPERBOAT: Inspection = {
  path: "/Applications/Paperboat.app",
  kind: "bundle",
  depth: "full",
  verdict: {
    class: "developer-id",
    problems: [],
    notes: [
      {
        id: "expired-valid-at-timestamp",
        message: "An intermediate certificate has expired; it was valid when this was signed.",
      },
    ],
  },
  notarized: "yes",
  slices: [
    { ...SIGNED, arch: "x86_64", cdhash: cdhash("0"), cdhashes: { sha1: null, sha256: cdhash("0"), sha384: null } },
    SIGNED,
  ],
  bundle: {
    kind: "app",
    identifier: "app.paperboat",
    executable: "Contents/MacOS/Paperboat",
    version: "4.2.1",
    rulesVersion: 2,
    resources: "ok",
    counts: { sealed: 1_204, altered: 0, missing: 0, added: 0, nested: 2 },
    nested: [
      { path: "Contents/Frameworks/Paperboat Helper.app", class: "developer-id", sealed: "ok", problems: [] },
      { path: "Contents/Frameworks/Sails.framework", class: "developer-id", sealed: "ok", problems: [] },
    ],
    problems: [],
    notes: [],
  },
  checked: [
    "container",
    "code-directory",
    "special-slots",
    "requirement",
    "entitlements",
    "cms",
    "chain",
    "timestamp",
    "ticket",
    "page-hashes",
    "resources",
  ],
  notChecked: [
    { check: "nested-code", why: "The code inside the bundle was compared with the seal, but not inspected itself." },
    { check: "revocation", why: "Whether Apple has revoked the certificate is known only online." },
  ],
};

const ALTERED: Inspection = {
  ...PAPERBOAT,
  path: "/Users/ana/Downloads/Paperboat Deluxe.app",
  verdict: {
    class: "invalid",
    problems: [
      { id: "resource-altered", message: "Contents/Resources/main.nib is not the file that was sealed." },
      { id: "resource-added", message: "Contents/Resources/run.sh was added after signing." },
    ],
    notes: [],
  },
  notarized: "no",
  slices: [{ ...SIGNED, class: "invalid", notarized: "no" }],
  bundle: PAPERBOAT.bundle && {
    ...PAPERBOAT.bundle,
    resources: "bad",
    counts: { sealed: 1_204, altered: 1, missing: 0, added: 1, nested: 2 },
    nested: [
      ...PAPERBOAT.bundle.nested.slice(0, 1),
      {
        path: "Contents/Frameworks/Sails.framework",
        class: "ad-hoc",
        sealed: "bad",
        problems: [{ id: "nested-not-sealed", message: "It is not the code that the bundle's seal names." }],
      },
    ],
  },
};

const FAT: Inspection = {
  ...PAPERBOAT,
  path: "/usr/local/libexec/relay",
  kind: "mach-o",
  verdict: {
    class: "unsigned",
    problems: [],
    notes: [{ id: "slices-differ", message: "Its architectures are not signed alike." }],
  },
  notarized: "no",
  slices: [
    {
      ...ADHOC,
      arch: "arm64",
      class: "linker-signed",
      cdhash: cdhash("9"),
      cdhashes: { sha1: null, sha256: cdhash("9"), sha384: null },
      identifier: "relay",
      flags: ["adhoc", "linker-signed"],
    },
    { ...UNSIGNED, arch: "x86_64" },
  ],
  bundle: null,
  checked: ["container", "code-directory", "special-slots", "requirement", "entitlements", "page-hashes"],
  notChecked: [{ check: "trust-cache", why: "macOS' own list of system code is not part of the file." }],
};

const VIEWER: Inspection = {
  ...FAT,
  path: "/Users/ana/Downloads/Invoice Viewer.app/Contents/MacOS/Invoice Viewer",
  verdict: { class: "ad-hoc", problems: [], notes: [] },
  slices: [ADHOC],
};

const SCRIPT: Inspection = {
  ...FAT,
  path: "/Users/ana/bin/backup.sh",
  kind: "script",
  verdict: { class: "unknown", problems: [], notes: [] },
  slices: [],
  checked: [],
  notChecked: [
    {
      check: "container",
      why: "A script's signature is kept in extended attributes, which were not available here: it could not be checked.",
    },
  ],
};

const IMAGE: Inspection = {
  ...SCRIPT,
  path: "/Users/ana/Downloads/Paperboat.dmg",
  kind: "disk-image",
  notChecked: [{ check: "container", why: "Disk images are not inspected yet." }],
};

const TEXT: Inspection = {
  ...SCRIPT,
  path: "/Users/ana/notes.txt",
  kind: "not-code",
  verdict: { class: "not-code", problems: [], notes: [] },
  notChecked: [],
};

/** What the sample Mac's files turn out to be, fully inspected. */
export const sampleInspections: readonly Inspection[] = [PAPERBOAT, ALTERED, FAT, VIEWER, SCRIPT, IMAGE, TEXT];

/** What any other path gives. */
export function missingFile(path: string): Inspection {
  const message = "There is no file at this path.";
  return {
    ...SCRIPT,
    path,
    kind: "unreadable",
    verdict: { class: "unknown", problems: [{ id: "no-such-file", message }], notes: [] },
    notarized: "not-checked",
    notChecked: [{ check: "container", why: message }],
  };
}

/** The same with only the signature read. */
export function headerOnly(inspection: Inspection): Inspection {
  const left = inspection.slices.some(({ cdhash }) => cdhash !== null);
  const { bundle, checked, notChecked } = inspection;
  const covered = ["page-hashes", "resources", "nested-code"] as const;
  const isCovered = (check: string): boolean => covered.some((name) => name === check);
  const resourcesOnly = inspection.verdict.problems.every(({ id }) => id.startsWith("resource-"));
  const held = inspection.verdict.class === "invalid" && resourcesOnly;
  return {
    ...inspection,
    depth: "header",
    verdict: held ? { class: "developer-id", problems: [], notes: [] } : inspection.verdict,
    slices: inspection.slices.map((slice) => ({
      ...slice,
      class: held ? "developer-id" : slice.class,
      pageHashes: "not-checked",
    })),
    bundle: bundle && { ...bundle, resources: "not-checked", nested: [], problems: [] },
    checked: checked.filter((check) => !isCovered(check)),
    notChecked: [
      ...(left
        ? [{ check: "page-hashes" as const, why: "Only the signature was read, not the code that it covers." }]
        : []),
      ...(bundle === null
        ? []
        : [{ check: "resources" as const, why: "Only the signature was read, not the files of the bundle." }]),
      ...notChecked.filter(({ check }) => !isCovered(check)),
    ],
  };
}

/** The same with the code inside inspected as well. */
export function deepened(inspection: Inspection): Inspection {
  return {
    ...inspection,
    depth: "deep",
    checked: [...inspection.checked, "nested-code"],
    notChecked: inspection.notChecked.filter(({ check }) => check !== "nested-code"),
  };
}
