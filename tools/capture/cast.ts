import { appStore, type Code, developerId, development, platformBinary } from "./code.ts";

const APPS = "/System/Applications";
const CORE = "/System/Library/CoreServices";
const XCODE = "/Applications/Xcode.app/Contents";
const TOOLCHAIN = `${XCODE}/Developer/Toolchains/XcodeDefault.xctoolchain/usr/bin`;

/** Programs that every capture may meet. Apple's names are real; everything with a team id is invented. */
export const cast = {
  finder: platformBinary(`${CORE}/Finder.app/Contents/MacOS/Finder`, "com.apple.finder"),
  safari: platformBinary("/Applications/Safari.app/Contents/MacOS/Safari", "com.apple.Safari"),
  safariDownloads: platformBinary(
    "/System/Library/PrivateFrameworks/SafariShared.framework/Versions/A/XPCServices/com.apple.Safari.SandboxBroker.xpc/Contents/MacOS/com.apple.Safari.SandboxBroker",
    "com.apple.Safari.SandboxBroker",
  ),
  webContent: platformBinary(
    "/System/Library/Frameworks/WebKit.framework/Versions/A/XPCServices/com.apple.WebKit.WebContent.xpc/Contents/MacOS/com.apple.WebKit.WebContent",
    "com.apple.WebKit.WebContent",
  ),
  terminal: platformBinary(`${APPS}/Utilities/Terminal.app/Contents/MacOS/Terminal`, "com.apple.Terminal"),
  mail: platformBinary(`${APPS}/Mail.app/Contents/MacOS/Mail`, "com.apple.mail"),
  notes: platformBinary(`${APPS}/Notes.app/Contents/MacOS/Notes`, "com.apple.Notes"),
  preview: platformBinary(`${APPS}/Preview.app/Contents/MacOS/Preview`, "com.apple.Preview"),
  calendar: platformBinary(`${APPS}/Calendar.app/Contents/MacOS/Calendar`, "com.apple.iCal"),
  systemSettings: platformBinary(
    `${APPS}/System Settings.app/Contents/MacOS/System Settings`,
    "com.apple.systempreferences",
  ),
  archiveUtility: platformBinary(
    `${CORE}/Applications/Archive Utility.app/Contents/MacOS/Archive Utility`,
    "com.apple.archiveutility",
  ),
  coreServicesUIAgent: platformBinary(
    `${CORE}/CoreServicesUIAgent.app/Contents/MacOS/CoreServicesUIAgent`,
    "com.apple.coreservices.uiagent",
  ),
  mdworker: platformBinary(
    "/System/Library/Frameworks/CoreServices.framework/Versions/A/Frameworks/Metadata.framework/Versions/A/Support/mdworker_shared",
    "com.apple.mdworker_shared",
  ),
  quickLook: platformBinary(
    "/System/Library/Frameworks/QuickLookThumbnailing.framework/Support/com.apple.quicklook.ThumbnailsAgent",
    "com.apple.quicklook.ThumbnailsAgent",
  ),
  syspolicyd: platformBinary("/usr/libexec/syspolicyd", "com.apple.syspolicyd"),
  softwareUpdate: platformBinary(
    `${CORE}/Software Update.app/Contents/Resources/softwareupdated`,
    "com.apple.softwareupdated",
  ),
  backupd: platformBinary(`${CORE}/backupd.bundle/Contents/Resources/backupd`, "com.apple.backupd"),

  zsh: platformBinary("/bin/zsh", "com.apple.zsh"),
  sh: platformBinary("/bin/sh", "com.apple.sh"),
  login: platformBinary("/usr/bin/login", "com.apple.login"),
  sudo: platformBinary("/usr/bin/sudo", "com.apple.sudo"),
  ls: platformBinary("/bin/ls", "com.apple.ls"),
  xattr: platformBinary("/usr/bin/xattr", "com.apple.xattr"),
  git: platformBinary(`${XCODE}/Developer/usr/bin/git`, "com.apple.git"),
  make: platformBinary(`${XCODE}/Developer/usr/bin/make`, "com.apple.make"),
  curl: platformBinary("/usr/bin/curl", "com.apple.curl"),
  tar: platformBinary("/usr/bin/tar", "com.apple.bsdtar"),
  shutdown: platformBinary("/sbin/shutdown", "com.apple.shutdown"),
  csrutil: platformBinary("/usr/bin/csrutil", "com.apple.csrutil"),
  spctl: platformBinary("/usr/sbin/spctl", "com.apple.spctl"),
  nvram: platformBinary("/usr/sbin/nvram", "com.apple.nvram"),
  codesign: platformBinary("/usr/bin/codesign", "com.apple.security.codesign"),

  xcode: appStore(`${XCODE}/MacOS/Xcode`, "com.apple.dt.Xcode", "APPLECOMPUTER"),
  buildService: platformBinary(
    `${XCODE}/SharedFrameworks/SwiftBuild.framework/Versions/A/PlugIns/SWBBuildService.bundle/Contents/MacOS/SWBBuildService`,
    "com.apple.dt.SWBBuildService",
  ),
  clang: platformBinary(`${TOOLCHAIN}/clang`, "com.apple.clang"),
  swiftFrontend: platformBinary(`${TOOLCHAIN}/swift-frontend`, "com.apple.dt.swift-frontend"),
  ld: platformBinary(`${TOOLCHAIN}/ld`, "com.apple.ld"),

  bash: platformBinary("/bin/bash", "com.apple.bash"),
  go: developerId("/usr/local/go/bin/go", "org.golang.go", "4YP7D2K9QX", 0),
  node: developerId("/usr/local/bin/node", "node", "B3W9T6M2HC", 0),
  northwind: developerId(
    "/Applications/Northwind Chat.app/Contents/MacOS/Northwind Chat",
    "com.northwind.chat",
    "7QXW3N5R2K",
  ),
  northwindHelper: developerId(
    "/Applications/Northwind Chat.app/Contents/Frameworks/Northwind Chat Helper.app/Contents/MacOS/Northwind Chat Helper",
    "com.northwind.chat.helper",
    "7QXW3N5R2K",
  ),
  lanternEditor: developerId("/Applications/Lantern.app/Contents/MacOS/Lantern", "dev.lantern.editor", "K8R2V5J4ND"),
  paperboat: appStore("/Applications/Paperboat.app/Contents/MacOS/Paperboat", "app.paperboat.mac", "M4G7Y8L3ZB"),
  latticeDebug: development(
    "/Users/ana/Library/Developer/Xcode/DerivedData/LatticeNotes-gqxwzv/Build/Products/Debug/Lattice Notes.app/Contents/MacOS/Lattice Notes",
    "com.latticenotes.mac",
    "9HT4C6E2PW",
  ),
} as const satisfies Record<string, Code>;

export const HOME = "/Users/ana";
export const SHELL_ENV = [
  "TERM_PROGRAM=Apple_Terminal",
  "SHELL=/bin/zsh",
  "HOME=/Users/ana",
  "USER=ana",
  "LANG=en_GB.UTF-8",
  "PATH=/opt/homebrew/bin:/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
];
