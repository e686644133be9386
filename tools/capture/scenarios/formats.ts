import { SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "../cast.ts";
import { adHoc } from "../code.ts";
import { es, invalidated } from "../es.ts";
import { ROOT } from "../es-process.ts";
import { DROP_MARKER, log } from "../log-lines.ts";
import { Mac } from "../mac.ts";
import {
  buildInXcode,
  buildWithClang,
  buildWithGo,
  buildWithNpm,
  signOwnDebugBuild,
  upgradeWithBrew,
} from "../ordinary.ts";
import { scene, START } from "./scene.ts";

const ordinaryDeveloperDay = scene("developer day", (mac, shell) => {
  upgradeWithBrew(mac, shell);
  buildInXcode(mac);
  buildWithNpm(mac, shell);
  buildWithGo(mac, shell);
  buildWithClang(mac, shell, "1");
  signOwnDebugBuild(mac, shell);
});

/** Every kind of text that has broken a viewer or hidden an argument, each where an attacker can put it. */
const HOSTILE = {
  markup: '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  bidi: "invoice_\u202Efdp.app",
  zeroWidth: "Finder\u200B\u2060\uFEFF",
  separators: "one\u2028two\u2029three",
  nul: "before\u0000after",
  terminal: "\u001B]0;owned\u0007\u001B[2J\u001B[31mred",
  newline: 'a\nb\r\n{"v":1,"t":"bye","at":"2026-11-19T14:00:00Z"}',
  surrogate: "lone \uD800 half",
  formula: '=HYPERLINK("https://example.invalid")',
} as const;
const VERY_LONG = 60_000;

const hostileStrings = scene("hostile strings", (mac, shell) => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    mac.run(shell, adHoc(`${HOME}/Downloads/${name}/${text}`, text), {
      args: [text, `--${name}`, text],
      env: [`NOTE=${text}`],
    });
  }
  mac.run(shell, cast.sh, { args: ["sh", "-c", "x".repeat(VERY_LONG)], env: SHELL_ENV });
  mac.run(shell, cast.sh, { args: Array.from({ length: 2000 }, (_, i) => `a${i}`), env: [] });
  mac.event(shell, es.deleteextattr(`${HOME}/Downloads/${HOSTILE.bidi}`, HOSTILE.separators));
  mac.log(log.kernel.policyDenied(900, `/tmp/${HOSTILE.markup}${HOSTILE.bidi}`));
  mac.log(
    log.amfid.adHoc(`/tmp/${HOSTILE.zeroWidth} not valid: Error Domain=AppleMobileFileIntegrityError Code=-1 "x"`),
  );
  mac.capture.line("log", HOSTILE.terminal);
  mac.capture.status({ src: "log", state: "running", reason: HOSTILE.markup, detail: HOSTILE.newline });
});

/** Losses of each kind with known counts: README.md says what the summary must hold. */
const gaps = scene(
  "gaps",
  (mac, shell) => {
    const list = () => mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
    list();
    mac.capture.loseEsEvents(4);
    list();
    mac.capture.shed("es", 5);
    list();
    mac.capture.line("log", DROP_MARKER);
    mac.capture.shed("log", 9);
    mac.log(log.kernel.adHoc(`${HOME}/Developer/tides/a.out`));
    mac.capture.gap({ src: "log", from: null, to: null, count: null, why: "source-dropped" });
    mac.capture.status({ src: "es", state: "restarting", reason: "exit", detail: "eslogger ended with 1" });
    mac.wait(5 * SECOND);
    mac.hello();
    list();
    mac.capture.sleep(600 * SECOND);
    list();
  },
  { sources: ["es", "log", "fs", "proc", "probe"] },
);

/** Lines that are not frames, frames from the future, bodies that are not what they claim; good ones in between. */
const broken = scene(
  "broken",
  (mac, shell) => {
    const list = () => mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
    const at = '"at":"2026-11-19T14:00:40.000000000Z"';
    list();
    for (const line of ["not json at all", "{", "[]", "null", "42", '"text"', "", '{"v":1}', '{"t":"event"}'])
      mac.capture.raw(line);
    mac.capture.raw(`{"v":1,"t":"weather",${at},"sky":"clear"}`);
    const next = () => mac.capture.takeN("es");
    mac.capture.raw(`{"v":2,"t":"event","src":"es","range":[7,9],${at},"bodies":[]}`);
    mac.capture.raw(`{"v":1,"t":"event","src":"telepathy","n":1,${at},"body":{}}`);
    mac.capture.raw(`{"v":1,"t":"event","src":"es","n":-4,${at},"body":{}}`);
    mac.capture.raw(`{"v":1,"t":"event","src":"es","n":"1",${at},"body":{}}`);
    mac.capture.raw(`{"v":1,"t":"event","src":"es","n":${next()},${at},"body":"text"}`);
    mac.capture.raw(`{"v":1,"t":"event","src":"es","n":${next()},"at":"yesterday","body":{}}`);
    list();
    mac.capture.body("es", "{}");
    mac.capture.body(
      "es",
      '{"schema_version":1,"version":10,"time":"2026-11-19T14:00:41.000000000Z","event_type":9,"process":null,"event":{"exec":{"target":null,"args":"ls"}}}',
    );
    mac.capture.body(
      "es",
      '{"schema_version":1,"version":99,"time":"2026-11-19T14:00:41.000000000Z","event_type":900,"process":{},"event":{"quantum_tunnel":{"depth":3}}}',
    );
    mac.event(shell, es.other("sudo", 131, { success: true }));
    mac.event(shell, es.other("quantum_tunnel", 900, { depth: 3 }));
    mac.capture.body("log", '{"eventMessage":7}');
    mac.capture.body("log", '{"count":12,"finished":1}');
    mac.capture.body("fs", '{"path":17,"change":"teleported"}');
    mac.capture.body("proc", '{"change":"new"}');
    mac.capture.probe({ name: "weather-report", exit: 0, ms: 3, timedOut: false, out: "sunny\n", err: "" });
    mac.capture.probe({
      name: "csrutil-status",
      exit: 0,
      ms: 3,
      timedOut: false,
      out: "Statut : tout va bien.\n",
      err: "",
    });
    list();
  },
  { sources: ["es", "log", "fs", "proc", "probe"] },
);

/** Before sessions had names, and with audit tokens as arrays (recorded on a macOS 26 beta). */
function oldFormat(): string {
  const mac = new Mac({
    seed: "old format",
    start: START,
    form: { version: 10, tokens: "array" },
    sources: ["es", "log"],
  });
  mac.boot({ session: false });
  const shell = mac.launch(mac.launchd, cast.zsh, { args: ["-zsh"], env: SHELL_ENV });
  mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
  mac.event(shell, es.deleteextattr(`${HOME}/Downloads/Invoice Viewer.app`, "com.apple.metadata:kMDItemWhereFroms"));
  mac.log(log.kernel.adHoc(`${HOME}/Developer/tides/a.out`));
  mac.wait(30 * SECOND);
  mac.capture.form = { version: 9, tokens: "object" };
  mac.hello({ session: false });
  mac.run(shell, cast.ls, { args: ["ls"], env: SHELL_ENV });
  mac.capture.bye();
  return mac.capture.toJsonl();
}

/** One record of every kind the builders know, so that a reader meets them all in one small file. */
const everyKind = scene(
  "every kind",
  (mac, shell) => {
    const app = mac.launch(mac.launchd, cast.northwind, { app: true });
    const malware = {
      malware: "MACOS.PAPERCUT.A",
      incident: mac.capture.prng.uuid(),
      signatureVersion: "5309",
      path: `${HOME}/Downloads/papercut`,
    };
    const agent = {
      instigator: shell,
      itemUrl: `file://${HOME}/Library/LaunchAgents/app.tidepool.plist`,
      executablePath: "/Applications/Tidepool.app",
      itemType: 3,
    };
    const file = `${HOME}/Documents/plan.txt`;
    const parts = [
      es.create(file),
      es.createExisting(file),
      es.open(file),
      es.write(file),
      es.setmode(file, 0o600),
      es.setextattr(file, "com.apple.lastuseddate#PS"),
      es.deleteextattr(file, "com.apple.lastuseddate#PS"),
      es.rename(file, `${HOME}/Documents/plan-2.txt`),
      es.unlink(`${HOME}/Documents/plan-2.txt`),
      es.mount("/Volumes/Backup", "/dev/disk6s1", "apfs"),
      es.signal(app, 15),
      es.getTask(app),
      es.trace(app),
      es.remoteThreadCreate(app),
      es.tccModify(shell, "kTCCServiceMicrophone", "com.northwind.chat"),
      es.btmLaunchItemAdd(agent),
      es.btmLaunchItemRemove(agent),
      es.profileAdd(shell, "org.example.wifi", "Office Wi-Fi", "Example Cooperative"),
      es.xpMalwareDetected(malware),
      es.xpMalwareRemediated(malware),
      es.other("kextload", 17, { identifier: "com.example.driver" }),
    ];
    for (const part of parts) mac.event(shell, part);
    mac.event(invalidated(app), es.csInvalidated());
    mac.capture.fs({
      path: file,
      change: "xattr-removed",
      xattr: "com.apple.quarantine",
      before: "0081;691c2b41;Safari;",
      after: null,
    });
    mac.capture.proc("new", app, [app.code.path]);
    mac.capture.proc("gone", app, [app.code.path]);
    mac.log(log.syspolicyd.movingMalware());
    mac.log(log.kernel.noCmsBlob(`${HOME}/Developer/tides/a.out`));
    mac.log(log.kernel.unsignedKilled(1200, "a.out"));
    mac.log(log.kernel.boot(mac.bootUuid));
    mac.run(mac.launchd, cast.backupd, { as: ROOT });
  },
  { sources: ["es", "log", "fs", "proc", "probe"] },
);

export const FORMAT_SCENARIOS = {
  "ordinary-developer-day": ordinaryDeveloperDay,
  "hostile-strings": hostileStrings,
  gaps,
  broken,
  "old-format": oldFormat,
  "every-kind": everyKind,
} as const;
