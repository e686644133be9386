import { type FuseV1Config, FuseV1Options, FuseVersion } from "@electron/fuses";

/**
 * Every fuse that Electron has, spelt out: the compiler and `strictlyRequireAllFuses` both refuse a missing one.
 * electron-builder's own `electronFuses` does not know them all, so they are flipped in its afterPack hook.
 */
export const FUSES = {
  // The packaged app is never a Node for someone else's script.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Only the archive that was signed, and only as it was signed.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Pages come from app://, so file: needs no privileges.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Electron's default; nothing here uses WebAssembly, and turning it off only makes it slower.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies Record<FuseV1Options, boolean>;

export const FUSE_CONFIG: FuseV1Config = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  // An arm64 Mac does not start a program whose signature no longer fits; the real signature comes after this.
  resetAdHocDarwinSignature: process.platform === "darwin",
  ...FUSES,
};
