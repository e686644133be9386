import type { JournalEntry, PostureSetting, PostureSnapshot } from "#contract/posture.ts";

const FIRST_LOOK = "2026-11-03T08:11:02.000000Z";
const READ = "2026-11-21T14:20:55.000000Z";
const BOOT = "6E0B5C1E-93B5-4C52-8E59-2F6B7F0E2A11";
const BOOT_BEFORE = "0C5F6D0B-7C1E-4E57-9D35-59A1C6E83D40";

const setting = (id: PostureSetting["id"], more: Partial<PostureSetting>): PostureSetting => ({
  id,
  inForce: "on",
  afterBoot: null,
  expected: "on",
  expectedByBaseline: false,
  parts: [],
  detail: "",
  evidence: [],
  readAt: READ,
  since: FIRST_LOOK,
  ...more,
});

const evidence = (probe: string, text: string) => ({ probe, text, readAt: READ });

export const emptyPosture: PostureSnapshot = {
  settings: [],
  bootUuid: null,
  bootTime: null,
  osVersion: null,
  osBuild: null,
  weakenedSince: null,
  facts: [],
  epochs: [],
  baseline: { state: "none", at: null, by: null, reason: null },
};

const OTHERS: readonly PostureSetting[] = [
  setting("secure-boot", {
    detail: "Full Security.",
    evidence: [evidence("bputil", "Security Mode: Full (smb0): absent")],
  }),
  setting("kernel-extensions", { detail: "No kernel extension of others is allowed." }),
  setting("boot-args", {
    detail: "None set.",
    evidence: [evidence("nvram", "nvram: Error getting variable - 'boot-args': (iokit/common) data was not found")],
  }),
  setting("kernel-variables", { detail: "As macOS sets them." }),
];

const FACTS: PostureSnapshot["facts"] = [
  { id: "os", value: "macOS 26.1 (25B78)", readAt: READ, since: "2026-11-12T07:40:19.000000Z" },
  { id: "xprotect", value: "5324", readAt: READ, since: "2026-11-19T02:14:44.000000Z" },
  { id: "mdm", value: null, readAt: READ, since: null },
];

const MAC = { bootUuid: BOOT, bootTime: "2026-11-21T14:20:40.000000Z", osVersion: "26.1", osBuild: "25B78" } as const;

/** Constructed: a Mac whose SIP was partly switched off, one thing unread, one switched off for the next start. */
export const samplePosture: PostureSnapshot = {
  ...MAC,
  settings: [
    setting("sip", {
      inForce: "partial",
      detail: "Filesystem protections and kext signing are off.",
      since: READ,
      parts: [
        { name: "Apple Internal", value: "on" },
        { name: "Kext Signing", value: "off" },
        { name: "Filesystem Protections", value: "off" },
        { name: "Debugging Restrictions", value: "on" },
        { name: "DTrace Restrictions", value: "on" },
        { name: "NVRAM Protections", value: "on" },
        { name: "BaseSystem Verification", value: "unknown" },
      ],
      evidence: [
        evidence(
          "csrutil-status",
          "System Integrity Protection status: unknown (Custom Configuration).\n\nConfiguration:\n\tApple Internal: disabled\n\tKext Signing: disabled\n\tFilesystem Protections: disabled\n\tDebugging Restrictions: enabled",
        ),
      ],
    }),
    setting("authenticated-root", {
      inForce: "unknown",
      detail: "The probe did not answer within its time.",
      since: null,
      evidence: [{ probe: "csrutil-authenticated-root", readAt: "2026-11-21T14:20:56.000000Z", text: "" }],
    }),
    ...OTHERS,
    setting("gatekeeper", {
      afterBoot: "off",
      detail: "Switched off in recoveryOS for the next start.",
      evidence: [evidence("spctl-status", "assessments enabled")],
    }),
    setting("library-validation", { detail: "On for programs that ask for it." }),
    setting("developer-mode", {
      inForce: "off",
      expected: "on",
      detail: "Members of the group _developer may debug without a password.",
      since: "2026-11-09T16:02:51.000000Z",
      evidence: [evidence("DevToolsSecurity", "Developer mode is currently enabled.")],
    }),
  ],
  facts: FACTS,
  weakenedSince: "2026-11-21T14:20:40.000000Z",
  epochs: [
    {
      since: "2026-11-21T14:20:40.000000Z",
      until: null,
      how: "SIP is partly off (Filesystem Protections, Kext Signing)",
      firstSeen: false,
    },
    {
      since: "2026-11-09T16:02:51.000000Z",
      until: "2026-11-10T08:15:00.000000Z",
      how: "boot arguments weaken code signing (amfi_get_out_of_my_way=1)",
      firstSeen: false,
    },
    { since: FIRST_LOOK, until: "2026-11-04T10:30:12.000000Z", how: "Gatekeeper is off", firstSeen: true },
  ],
  baseline: { state: "unconfirmed", at: FIRST_LOOK, by: null, reason: null },
};

/** Constructed: a Mac of a developer, accepted as it is. */
export const acceptedPosture: PostureSnapshot = {
  ...MAC,
  settings: [
    setting("sip", {
      inForce: "partial",
      expected: "partial",
      expectedByBaseline: true,
      detail: "Debugging restrictions are off.",
      parts: [
        { name: "Kext Signing", value: "on" },
        { name: "Filesystem Protections", value: "on" },
        { name: "Debugging Restrictions", value: "off" },
      ],
    }),
    setting("authenticated-root", { expectedByBaseline: true, detail: "The system volume is sealed." }),
    ...OTHERS.map((one) => ({ ...one, expectedByBaseline: true })),
    setting("gatekeeper", { expectedByBaseline: true }),
    setting("library-validation", { expectedByBaseline: true }),
    setting("developer-mode", { inForce: "off", expected: "off", expectedByBaseline: true }),
  ],
  facts: [...FACTS.slice(0, 2), { id: "mdm", value: "Enrolled by Harbour Works", readAt: READ, since: FIRST_LOOK }],
  weakenedSince: null,
  epochs: [],
  baseline: {
    state: "accepted",
    at: "2026-11-04T10:30:12.000000Z",
    by: "ana",
    reason: "Kernel debugging for the storage driver, ticket 4711.",
  },
};

type Told = Pick<JournalEntry, "at" | "kind" | "words"> & Partial<JournalEntry>;

const ROUTINE = 70;

/** Restarts of an ordinary autumn, a day apart. */
function routine(): Told[] {
  return Array.from({ length: ROUTINE }, (_, index): Told => {
    const at = new Date(Date.UTC(2026, 7, 20 + index, 7, 40)).toISOString().replace("Z", "000Z");
    return { at, kind: "boot", words: "The Mac was restarted; it was off or unwatched for 9 hours before." };
  });
}

const STORY: readonly Told[] = [
  {
    at: FIRST_LOOK,
    kind: "snapshot",
    words: "Sealbar first looked: Gatekeeper off, everything else as Apple ships it.",
  },
  { at: FIRST_LOOK, kind: "epoch-opened", words: "Weaker than expected when Sealbar first looked: Gatekeeper is off." },
  {
    at: "2026-11-04T10:30:12.000000Z",
    kind: "change",
    about: "gatekeeper",
    before: "off",
    after: "on",
    words: "Gatekeeper was switched on.",
    evidence: "assessments enabled",
  },
  { at: "2026-11-04T10:30:12.000000Z", kind: "epoch-closed", words: "As expected again." },
  {
    at: "2026-11-12T07:40:19.000000Z",
    kind: "fact",
    about: "os",
    before: "macOS 26.0.1 (25A362)",
    after: "macOS 26.1 (25B78)",
    words: "macOS was updated.",
  },
  {
    at: "2026-11-21T14:16:31.000000Z",
    kind: "intent",
    about: "sip",
    words: "csrutil disable was run as root. In running macOS it cannot succeed.",
    evidence: "csrutil disable",
  },
  {
    at: "2026-11-21T14:20:40.000000Z",
    kind: "boot",
    words: "The Mac was restarted; it was unwatched for 4 minutes before.",
    bootUuid: BOOT,
  },
  {
    at: READ,
    kind: "change",
    about: "sip",
    before: "on",
    after: "partial",
    words: "SIP is partly off since this restart: Filesystem Protections, Kext Signing.",
    evidence: "System Integrity Protection status: unknown (Custom Configuration).",
    bootUuid: BOOT,
  },
  {
    at: READ,
    kind: "epoch-opened",
    words: "Weaker than expected: SIP is partly off.",
    bootUuid: BOOT,
  },
  {
    at: "2026-11-21T14:20:58.000000Z",
    kind: "pending",
    about: "gatekeeper",
    before: "on",
    after: "off",
    words: "Gatekeeper will be off after the next restart.",
    bootUuid: BOOT,
  },
];

/** What an entry's hash would be; told by its number, for a sample proves nothing. */
export function sampleHash(seq: number): string {
  return Array.from({ length: 8 }, (_, index) => ((seq + 1) * 2_654_435_761 * (index + 3)) >>> 0)
    .map((word) => word.toString(16).padStart(8, "0"))
    .join("");
}

/** Constructed: the journal of the story's Mac, oldest first. */
export function sampleJournal(): JournalEntry[] {
  return [...routine(), ...STORY].map((told, index) => ({
    seq: index + 1,
    about: null,
    before: null,
    after: null,
    evidence: "",
    bootUuid: BOOT_BEFORE,
    hash: sampleHash(index + 1),
    ...told,
  }));
}
