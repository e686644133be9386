import type { ProbeEvent } from "#contract/event.ts";
import type { PostureSettingId } from "#contract/posture.ts";
import { readNvramBootArgs, readSysctl } from "./read-boot-args.ts";
import { BOOT_POLICY_SETTINGS, readBputil, readIBridge, readMount, readSoftware } from "./read-boot-policy.ts";
import { readCsrConfig } from "./read-csr-config.ts";
import { readAuthenticatedRoot, readCsrutilStatus } from "./read-csrutil.ts";
import { readProfiles, readSwVers, readXprotect } from "./read-facts.ts";
import { readSpctlStatus } from "./read-gatekeeper.ts";
import { readDevTools, readLibraryValidation } from "./read-software-settings.ts";
import { type HostFacts, MAX_PROBE_CHARS, type ProbeReading, type Strength, unknownReading } from "./reading.ts";

interface ProbeReader {
  /** What the probe can speak of, so that a probe that did not answer is a known gap. */
  about: readonly PostureSettingId[];
  strength: Strength;
  read(out: string, err: string): ProbeReading;
}

const noHost: HostFacts = {};

/** The probes of capture format v1 that speak of posture; any other probe is kept by the store and read by nobody. */
const READERS: Record<string, ProbeReader> = {
  "csrutil-status": {
    about: ["sip"],
    strength: "exact",
    read: (out, err) => ({ readings: readCsrutilStatus(`${out}\n${err}`), host: noHost }),
  },
  "csrutil-authenticated-root": {
    about: ["authenticated-root"],
    strength: "exact",
    read: (out, err) => ({ readings: readAuthenticatedRoot(`${out}\n${err}`), host: noHost }),
  },
  "spctl-status": {
    about: ["gatekeeper"],
    strength: "exact",
    read: (out, err) => ({ readings: readSpctlStatus(`${out}\n${err}`), host: noHost }),
  },
  sysctl: { about: ["boot-args", "kernel-variables"], strength: "exact", read: (out) => readSysctl(out) },
  nvram: {
    about: ["boot-args"],
    strength: "policy",
    read: (out, err) => ({ readings: [...readNvramBootArgs(out, err), ...readCsrConfig(out)], host: noHost }),
  },
  "nvram-csr-active-config": {
    about: [],
    strength: "policy",
    read: (out) => ({ readings: readCsrConfig(out), host: noHost }),
  },
  "system-profiler-ibridge": {
    about: BOOT_POLICY_SETTINGS,
    strength: "policy",
    read: (out) => ({ readings: readIBridge(out), host: noHost }),
  },
  "system-profiler-software": {
    about: ["sip"],
    strength: "coarse",
    read: (out) => ({ readings: readSoftware(out), host: noHost }),
  },
  bputil: {
    about: BOOT_POLICY_SETTINGS,
    strength: "policy",
    read: (out) => ({ readings: readBputil(out), host: noHost }),
  },
  mount: {
    about: ["authenticated-root"],
    strength: "coarse",
    read: (out) => ({ readings: readMount(out), host: noHost }),
  },
  "library-validation": {
    about: ["library-validation"],
    strength: "exact",
    read: (out, err) => ({ readings: readLibraryValidation(out, err), host: noHost }),
  },
  "devtools-security": {
    about: ["developer-mode"],
    strength: "exact",
    read: (out, err) => ({ readings: readDevTools(`${out}\n${err}`), host: noHost }),
  },
  "sw-vers": { about: [], strength: "exact", read: (out) => ({ readings: [], ...readSwVers(out) }) },
  "xprotect-version": {
    about: [],
    strength: "exact",
    read: (out) => ({ readings: [], host: noHost, facts: readXprotect(out) }),
  },
  profiles: {
    about: [],
    strength: "exact",
    read: (out) => ({ readings: [], host: noHost, facts: readProfiles(out) }),
  },
};

/** Reads any probe. Never throws: what is not understood is unknown, and a probe nobody knows says nothing. */
export function readProbe(probe: ProbeEvent): ProbeReading {
  const reader = Object.hasOwn(READERS, probe.name) ? READERS[probe.name] : undefined;
  if (reader === undefined) return { readings: [], host: noHost };
  const out = probe.out.slice(0, MAX_PROBE_CHARS);
  const err = probe.err.slice(0, MAX_PROBE_CHARS);
  if (probe.timedOut) {
    const detail = `${probe.name} did not answer in time`;
    return { readings: reader.about.map((id) => unknownReading(id, reader.strength, detail)), host: noHost };
  }
  return reader.read(out, err);
}
