import { MINUTE, SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "./cast.ts";
import { adHoc, linkerSigned, platformBinary, unsigned } from "./code.ts";
import { es } from "./es.ts";
import { ANA_AS_ROOT, type LiveProcess, ROOT } from "./es-process.ts";
import { hum, typing } from "./hum.ts";
import { DROP_MARKER, log } from "./log-lines.ts";
import { Mac } from "./mac.ts";
import { buildInXcode, buildWithClang, buildWithGo, buildWithNpm, signOwnDebugBuild } from "./ordinary.ts";
import { hashText } from "./prng.ts";
import { probe } from "./probes.ts";

const QUARANTINE = "com.apple.quarantine";

const INVOICE_APP = `${HOME}/Downloads/Invoice Viewer.app`;
const INVOICE_BINARY = `${INVOICE_APP}/Contents/MacOS/Invoice Viewer`;
const invoiceViewer = adHoc(INVOICE_BINARY, "com.invoice.viewer");

const TIDEPOOL_APP = "/Applications/Tidepool.app";
const tidepool = adHoc(`${TIDEPOOL_APP}/Contents/MacOS/Tidepool`, "com.tidepool.desktop");

const HIDDEN_AGENT = "/Users/Shared/.cache/helperd/agentd";

/** 16 hex digits, as syspolicyd hides a path. */
function hidden(path: string): string {
  return hashText(path).toString(16).padStart(8, "0").repeat(2);
}

/** Who is there all through a session. */
interface Desktop {
  finder: LiveProcess;
  safari: LiveProcess;
  terminal: LiveProcess;
  shell: LiveProcess;
}

/**
 * The bundled recording: about forty minutes of one Mac. Constructed from the documented formats; every name is invented.
 * Act one is ordinary, acts two to four are not; then the Mac restarts with part of SIP off.
 */
export function demoStory(): string {
  const mac = new Mac({ seed: "sealbar demo", start: Date.parse("2026-11-18T08:02:00Z") * 1000 });

  mac.boot();
  mac.probes(mac.healthyProbes());
  const desk = logIn(mac);
  anOrdinaryMorning(mac, desk);
  hum(mac, 7);
  aDeveloperAtWork(mac, desk);
  hum(mac, 6);
  theInvoice(mac, desk);
  someOfItIsLost(mac, desk);
  hum(mac, 6);
  tidepoolOpensAnyway(mac, desk);
  aShortBreak(mac);
  hum(mac, 5);
  typing(mac, desk.shell, 2);
  csrutilInTerminal(mac, desk);
  shutDown(mac, desk);

  mac.wait(4 * MINUTE); // recoveryOS, where no sensor runs
  mac.boot();
  mac.probes(probesAfterRecovery(mac));
  const deskAgain = logIn(mac);
  lifeGoesOn(mac, deskAgain);
  theHiddenAgent(mac);

  mac.capture.bye();
  return mac.capture.toJsonl();
}

function logIn(mac: Mac): Desktop {
  mac.log(log.kernel.boot(mac.bootUuid));
  mac.wait(6 * SECOND);
  const finder = mac.launch(mac.launchd, cast.finder, { app: true });
  mac.wait(9 * SECOND);
  const safari = mac.launch(mac.launchd, cast.safari, { app: true });
  mac.launch(mac.launchd, cast.webContent);
  mac.wait(14 * SECOND);
  const terminal = mac.launch(mac.launchd, cast.terminal, { app: true });
  const login = mac.launch(terminal, cast.login, {
    args: ["login", "-pf", "ana"],
    as: ANA_AS_ROOT,
    tty: "/dev/ttys001",
  });
  const shell = mac.launch(login, cast.zsh, { args: ["-zsh"], env: SHELL_ENV, cwd: HOME });
  return { finder, safari, terminal, shell };
}

function notarized(mac: Mac, path: string, cdhash: string, quarantine: string | null, team: string): void {
  mac.capture.file({
    path,
    quarantine,
    provenance: true,
    mode: 0o100755,
    size: 18_220_416,
    mtime: "2026-10-30T11:20:07.000000000Z",
    cdhash: cdhash.toLowerCase(),
    assessment: {
      verdict: true,
      source: "Notarized Developer ID",
      authority: `Developer ID Application: Invented Software (${team})`,
      error: null,
      exit: 0,
      timedOut: false,
    },
  });
}

function refused(mac: Mac, path: string, cdhash: string | null, quarantine: string | null): void {
  mac.capture.file({
    path,
    quarantine,
    provenance: quarantine === null ? null : true,
    mode: 0o100755,
    size: 2_310_448,
    mtime: "2026-11-17T22:41:12.000000000Z",
    cdhash: cdhash?.toLowerCase() ?? null,
    assessment: { verdict: false, source: null, authority: null, error: null, exit: 3, timedOut: false },
  });
}

function anOrdinaryMorning(mac: Mac, { finder }: Desktop): void {
  mac.wait(11 * SECOND);
  mac.launch(mac.launchd, cast.mail, { app: true });
  mac.log(log.remark(cast.mail.path, 702, "com.apple.mail", "connection", "Connected to <private>"));
  hum(mac, 3);

  mac.wait(8 * SECOND);
  const chat = mac.launch(mac.launchd, cast.northwind, { app: true });
  mac.log(log.syspolicyd.assessment());
  mac.log(log.syspolicyd.performScan(cast.northwind, hidden(cast.northwind.path), "com.northwind.chat"));
  mac.log(log.syspolicyd.scanResult(3, cast.northwind, hidden(cast.northwind.path), "com.northwind.chat"));
  notarized(
    mac,
    cast.northwind.path,
    cast.northwind.cdhash,
    "01c1;68f3a2c4;Safari;1B2C5B5E-52A1-4B8B-A6B5-7D0C4B2C9A10",
    "7QXW3N5R2K",
  );
  mac.launch(chat, cast.northwindHelper, { args: [cast.northwindHelper.path, "--type=renderer"] });
  notarized(mac, cast.northwindHelper.path, cast.northwindHelper.cdhash, null, "7QXW3N5R2K");

  mac.wait(12 * SECOND);
  mac.launch(mac.launchd, cast.paperboat, { app: true });
  mac.wait(5 * SECOND);
  mac.run(finder, cast.quickLook, { lasting: 3 * SECOND });
  mac.run(mac.launchd, cast.backupd, { as: ROOT, lasting: 4 * SECOND });
}

function aDeveloperAtWork(mac: Mac, { shell }: Desktop): void {
  mac.wait(15 * SECOND);
  mac.run(shell, cast.git, {
    args: ["git", "pull", "--rebase"],
    env: SHELL_ENV,
    cwd: `${HOME}/Developer/tides`,
    lasting: SECOND,
  });
  buildWithClang(mac, shell, "1");
  signOwnDebugBuild(mac, shell);
  typing(mac, shell, 3);
  hum(mac, 2);
  buildWithGo(mac, shell);
  typing(mac, shell, 2);
  hum(mac, 2);
  buildWithNpm(mac, shell);
  mac.wait(22 * SECOND);
  buildInXcode(mac);
}

function theInvoice(mac: Mac, { finder, safari, shell }: Desktop): void {
  const zip = `${HOME}/Downloads/Invoice Viewer.zip`;
  mac.wait(35 * SECOND);
  const broker = mac.launch(safari, cast.safariDownloads);
  mac.event(broker, es.create(`${zip}.download/Invoice Viewer.zip`));
  mac.event(broker, es.setextattr(`${zip}.download/Invoice Viewer.zip`, QUARANTINE));
  mac.wait(2 * SECOND);
  mac.event(broker, es.rename(`${zip}.download/Invoice Viewer.zip`, zip));
  mac.event(broker, es.close(zip));

  mac.wait(9 * SECOND);
  const unzip = mac.launch(mac.launchd, cast.archiveUtility, { app: true });
  mac.event(unzip, es.create(INVOICE_BINARY, 0o100755));
  mac.event(unzip, es.close(INVOICE_BINARY));
  for (const path of insideTheInvoiceApp()) mac.event(unzip, es.setextattr(path, QUARANTINE));
  mac.exit(unzip);
  refused(mac, INVOICE_BINARY, null, "0081;691c2b41;Safari;86260A6F-923D-468E-9962-E153A04E73DE");

  mac.wait(26 * SECOND);
  const xattr = mac.launch(shell, cast.xattr, {
    args: ["xattr", "-dr", QUARANTINE, INVOICE_APP],
    env: SHELL_ENV,
    cwd: HOME,
  });
  for (const path of insideTheInvoiceApp()) mac.event(xattr, es.deleteextattr(path, QUARANTINE));
  mac.exit(xattr);

  mac.wait(41 * SECOND);
  mac.log(log.amfid.adHoc(INVOICE_BINARY));
  mac.log(log.kernel.adHoc(INVOICE_BINARY));
  const viewer = mac.launch(mac.launchd, invoiceViewer, { app: true });
  refused(mac, INVOICE_BINARY, invoiceViewer.cdhash, null);
  mac.wait(3 * SECOND);
  mac.run(viewer, cast.sh, { args: ["sh", "-c", "sw_vers -productVersion"], lasting: 90_000 });
  mac.run(finder, cast.quickLook, { lasting: SECOND });
}

function insideTheInvoiceApp(): string[] {
  return [
    INVOICE_APP,
    `${INVOICE_APP}/Contents`,
    `${INVOICE_APP}/Contents/Info.plist`,
    INVOICE_BINARY,
    `${INVOICE_APP}/Contents/Resources/AppIcon.icns`,
  ];
}

function someOfItIsLost(mac: Mac, { safari }: Desktop): void {
  mac.wait(19 * SECOND);
  for (let i = 0; i < 4; i++) mac.run(safari, cast.webContent, { lasting: 700_000 });
  mac.capture.loseEsEvents(3);
  mac.capture.line("log", DROP_MARKER);
  mac.wait(SECOND);
  mac.capture.shed("log", 12);
  mac.run(mac.launchd, cast.mdworker, { args: ["mdworker_shared", "-s", "mdworker"], lasting: 2 * SECOND });
}

function tidepoolOpensAnyway(mac: Mac, { finder }: Desktop): void {
  const hash = hidden(tidepool.path);
  mac.launch(mac.launchd, cast.preview, { app: true });
  mac.wait(31 * SECOND);
  mac.event(finder, es.rename(`${HOME}/Downloads/Tidepool.app`, TIDEPOOL_APP));
  mac.wait(7 * SECOND);
  mac.log(log.syspolicyd.assessment());
  mac.log(log.syspolicyd.performScan(tidepool, hash, "com.tidepool.desktop"));
  mac.log(log.syspolicyd.provenance(tidepool, hash, "com.tidepool.desktop"));
  mac.log(log.syspolicyd.rejectedByRules());
  mac.log(log.syspolicyd.scanResult(0, tidepool, hash, "com.tidepool.desktop"));
  mac.log(log.syspolicyd.promptShown(tidepool, hash, "com.tidepool.desktop"));
  mac.launch(mac.launchd, cast.coreServicesUIAgent, { app: true });
  mac.wait(5 * SECOND);
  mac.log(log.syspolicyd.denialBreadcrumb(tidepool, hash, "com.tidepool.desktop"));

  mac.wait(14 * SECOND);
  mac.launch(mac.launchd, cast.systemSettings, { app: true });
  mac.wait(12 * SECOND);
  const syspolicyd = mac.already(cast.syspolicyd, { as: ROOT, pid: 431 });
  mac.event(
    syspolicyd,
    es.gatekeeperUserOverride({
      path: TIDEPOOL_APP,
      sha256: mac.capture.prng.hex(64),
      signing: { cdhash: tidepool.cdhash, signingId: tidepool.signingId, teamId: null },
    }),
  );
  mac.wait(4 * SECOND);
  mac.adHocRemarks(tidepool);
  mac.launch(mac.launchd, tidepool, { app: true });
  refused(mac, tidepool.path, tidepool.cdhash, "00c1;691c2d03;Safari;0C7C2B41-6A39-4D0A-8C5E-51E2D7D3F901");
}

function aShortBreak(mac: Mac): void {
  mac.wait(25 * SECOND);
  mac.capture.sleep(2 * MINUTE);
  mac.run(mac.launchd, cast.mdworker, { args: ["mdworker_shared", "-s", "mdworker"], lasting: 2 * SECOND });
  mac.launch(mac.launchd, cast.calendar, { app: true });
  mac.wait(7 * SECOND);
  mac.launch(mac.launchd, cast.notes, { app: true });
}

function csrutilInTerminal(mac: Mac, { shell }: Desktop): void {
  mac.wait(33 * SECOND);
  const sudo = mac.launch(shell, cast.sudo, {
    args: ["sudo", "csrutil", "disable"],
    env: SHELL_ENV,
    cwd: HOME,
    as: ANA_AS_ROOT,
  });
  mac.wait(4 * SECOND);
  mac.log(log.sudo(sudo.pid, "ana", HOME, "/usr/bin/csrutil disable"));
  mac.run(sudo, cast.csrutil, { args: ["csrutil", "disable"], cwd: HOME, as: ANA_AS_ROOT, status: 1 });
  mac.exit(sudo, 1);
}

function shutDown(mac: Mac, { terminal, shell }: Desktop): void {
  mac.wait(40 * SECOND);
  mac.exit(shell);
  mac.exit(terminal);
  mac.run(mac.launchd, cast.shutdown, { args: ["shutdown", "-h", "now"], as: ROOT });
  mac.wait(3 * SECOND);
  mac.capture.bye();
}

function probesAfterRecovery(mac: Mac) {
  return [
    probe.csrutilStatus({ off: ["Filesystem Protections", "Debugging Restrictions"] }),
    probe.authenticatedRoot("enabled"),
    probe.spctlStatus("enabled"),
    probe.sysctl({ bootUuid: mac.bootUuid, bootTime: mac.bootTime }),
    probe.nvramUnset(),
    probe.ibridge({ secureBoot: "Permissive Security", sip: "Custom Configuration" }),
    probe.mount(),
    probe.swVers(mac.os, mac.build),
  ];
}

/** With part of SIP off, com.apple.syspolicy falls largely silent: no Gatekeeper lines from here on. */
function lifeGoesOn(mac: Mac, { finder, safari, shell }: Desktop): void {
  mac.wait(50 * SECOND);
  mac.launch(mac.launchd, cast.mail, { app: true });
  const chat = mac.launch(mac.launchd, cast.northwind, { app: true });
  mac.launch(chat, cast.northwindHelper, { args: [cast.northwindHelper.path, "--type=renderer"] });
  hum(mac, 4);
  mac.wait(MINUTE);
  mac.launch(mac.launchd, cast.lanternEditor, { app: true });
  notarized(mac, cast.lanternEditor.path, cast.lanternEditor.cdhash, null, "K8R2V5J4ND");
  hum(mac, 5);
  mac.wait(2 * MINUTE);
  typing(mac, shell, 3);
  mac.run(shell, linkerSigned(`${HOME}/Developer/tides/a.out`, "1"), {
    args: ["./a.out", "--harbour", "Lisbon"],
    env: SHELL_ENV,
    cwd: `${HOME}/Developer/tides`,
  });
  mac.wait(4 * MINUTE);
  for (let i = 0; i < 3; i++) mac.run(safari, cast.webContent, { lasting: 900_000 });
  mac.run(finder, cast.quickLook, { lasting: SECOND });
  hum(mac, 6);
  mac.wait(3 * MINUTE);
  mac.run(mac.launchd, cast.softwareUpdate, { as: ROOT, lasting: 3 * SECOND });
  mac.run(mac.launchd, cast.backupd, { as: ROOT, lasting: 4 * SECOND });
  mac.probes([probe.spctlStatus("enabled"), probe.sysctl({ bootUuid: mac.bootUuid, bootTime: mac.bootTime })]);
}

function theHiddenAgent(mac: Mac): void {
  mac.wait(Math.max(0, mac.bootTime + 20 * MINUTE - mac.now()));
  const osascript = platformBinary("/usr/bin/osascript", "com.apple.osascript");
  const script = mac.launch(mac.launchd, osascript, { args: ["osascript", "-e", `do shell script "${HIDDEN_AGENT}"`] });
  const sh = mac.launch(script, cast.sh, { args: ["sh", "-c", HIDDEN_AGENT] });
  const agent = mac.launch(sh, unsigned(HIDDEN_AGENT));
  refused(mac, HIDDEN_AGENT, null, null);
  mac.wait(2 * SECOND);
  mac.run(agent, cast.curl, { args: ["curl", "-s", "https://updates.example.invalid/v"], lasting: 400_000 });
  mac.wait(30 * SECOND);
  mac.run(mac.launchd, cast.mdworker, { args: ["mdworker_shared", "-s", "mdworker"], lasting: 2 * SECOND });
}
