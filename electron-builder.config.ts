import path from "node:path";
import { flipFuses } from "@electron/fuses";
import { Arch, type Configuration } from "electron-builder";
import { HELPERS, neededFor, refuseIfMissing } from "./tools/pack/before-pack.ts";
import { FUSE_CONFIG } from "./tools/pack/fuses.ts";

const root = import.meta.dirname;
const env = process.env;

/** Notarization needs one of the credential sets that electron-builder reads from the environment by itself. */
const canNotarize = Boolean(
  (env["APPLE_API_KEY"] && env["APPLE_API_KEY_ID"] && env["APPLE_API_ISSUER"]) ||
    (env["APPLE_ID"] && env["APPLE_APP_SPECIFIC_PASSWORD"] && env["APPLE_TEAM_ID"]) ||
    env["APPLE_KEYCHAIN_PROFILE"],
);

/**
 * The macOS app.
 * @param helpers folder of the native helper's builds, from the project's root
 *
 * The signing identity comes from the keychain, or from CSC_NAME / CSC_LINK in the environment.
 * Entitlements: `allow-jit` only, which V8 needs under the hardened runtime. Everything inside is signed by the same
 * team, so library validation stays on. The files hold no comments, since AMFI's parser is stricter than XML's.
 */
export const packConfig = (helpers: string): Configuration => ({
  appId: "app.sealbar",
  productName: "Sealbar",
  directories: { output: "dist", buildResources: "tools/pack" },
  files: [
    "out/**/*",
    "package.json",
    "!**/*.map",
    "!node_modules/node-addon-api/**",
    "!node_modules/better-sqlite3/{deps,src,binding.gyp,README.md}",
    "!node_modules/better-sqlite3/{deps,src}/**",
    "!node_modules/better-sqlite3/lib/{linux,linuxmusl,win32}-*.js",
    "!node_modules/better-sqlite3/prebuilds/!(darwin-${arch}.node)",
  ],
  // Only the native binary lies outside the archive, whose content is what integrity checking covers.
  asar: { smartUnpack: false },
  asarUnpack: ["**/*.node"],
  extraResources: [
    { from: "rules", to: "rules", filter: ["**/*.yml", "**/*.yaml", "!**/*.example*"] },
    { from: "assets/demo", to: "assets/demo" },
    { from: "assets/icons/tray", to: "assets/icons/tray" },
  ],
  // Beside the app's own executable, where Apple places helper tools: Contents/MacOS/sealbar-helper.
  // Its launchd plist lies where SMAppService looks for it.
  extraFiles: [
    { from: `${helpers}/darwin-\${arch}/sealbar-helper`, to: "MacOS/sealbar-helper" },
    { from: "native/launchd/app.sealbar.helper.plist", to: "Library/LaunchDaemons/app.sealbar.helper.plist" },
  ],
  // better-sqlite3 carries one N-API binary for Node and Electron.
  npmRebuild: false,
  electronLanguages: ["en"],
  publish: null,
  mac: {
    target: [{ target: "dmg", arch: ["arm64", "x64"] }],
    category: "public.app-category.utilities",
    icon: "assets/icons/app/Sealbar.icns",
    minimumSystemVersion: "13.0",
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: "tools/pack/entitlements.mac.plist",
    entitlementsInherit: "tools/pack/entitlements.mac.inherit.plist",
    notarize: canNotarize,
    extendInfo: { LSUIElement: true },
    fileAssociations: [{ ext: "jsonl", name: "Sealbar Recording", role: "Viewer", rank: "Alternate" }],
  },
  dmg: { title: "${productName} ${version}" },
  beforePack: async (context) => {
    refuseIfMissing(root, neededFor(Arch[context.arch], helpers));
  },
  afterPack: async (context) => {
    await flipFuses(path.join(context.appOutDir, `${context.packager.appInfo.productFilename}.app`), FUSE_CONFIG);
  },
});

export default packConfig(HELPERS);
