import { SECOND } from "#core/base/clock.ts";
import { cast, HOME, SHELL_ENV } from "./cast.ts";
import { adHoc, linkerSigned } from "./code.ts";
import { es } from "./es.ts";
import type { LiveProcess } from "./es-process.ts";
import { log } from "./log-lines.ts";
import type { Mac } from "./mac.ts";

/** A developer's day: locally built code, all of it ad-hoc signed by the linker, none of it worth a remark. */

/** `make` in ~/Developer/tides: two compilations, a link, and the fresh a.out runs. */
export function buildWithClang(mac: Mac, shell: LiveProcess, build: string): void {
  const cwd = `${HOME}/Developer/tides`;
  const make = mac.launch(shell, cast.make, { args: ["make"], env: SHELL_ENV, cwd });
  for (const source of ["tides.c", "harbour.c"]) {
    const object = source.replace(".c", ".o");
    const clang = mac.launch(make, cast.clang, { args: ["clang", "-O2", "-c", source, "-o", object], cwd });
    mac.wait(300_000);
    mac.event(clang, es.close(`${cwd}/${object}`));
    mac.exit(clang);
  }
  const ld = mac.launch(make, cast.ld, {
    args: ["ld", "-arch", "arm64", "-o", "a.out", "tides.o", "harbour.o", "-lSystem"],
    cwd,
  });
  mac.event(ld, es.create(`${cwd}/a.out`, 0o100755));
  mac.event(ld, es.close(`${cwd}/a.out`));
  mac.exit(ld);
  mac.exit(make);

  const program = linkerSigned(`${cwd}/a.out`, build);
  mac.wait(2 * SECOND);
  mac.adHocRemarks(program);
  mac.run(shell, program, { args: ["./a.out", "--harbour", "Lisbon"], env: SHELL_ENV, cwd });
}

/** A debug build gets an ad-hoc signature with its debug entitlements, inside its own project, and runs. */
export function signOwnDebugBuild(mac: Mac, shell: LiveProcess): void {
  const cwd = `${HOME}/Developer/tides`;
  const debug = adHoc(`${cwd}/build/debug/tides`, "tides-debug");
  const codesign = mac.launch(shell, cast.codesign, {
    args: ["codesign", "--force", "--sign", "-", "--entitlements", "debug.plist", "build/debug/tides"],
    env: SHELL_ENV,
    cwd,
  });
  mac.event(codesign, es.rename(`${debug.path}.cstemp`, debug.path));
  mac.exit(codesign);
  mac.wait(4 * SECOND);
  mac.adHocRemarks(debug);
  mac.run(shell, debug, { args: ["build/debug/tides", "--verbose"], env: SHELL_ENV, cwd });
}

/** `go run .`: Go builds into a temporary folder and starts the result from there. */
export function buildWithGo(mac: Mac, shell: LiveProcess): void {
  const cwd = `${HOME}/Developer/buoy`;
  const temporary = "/private/var/folders/q1/7d2k9x0s5c3_w8rj5bq0m6vr0000gn/T/go-build2871930466/b001";
  const go = mac.launch(shell, cast.go, { args: ["go", "run", "."], env: SHELL_ENV, cwd });
  const tools = "/usr/local/go/pkg/tool/darwin_arm64";
  for (const tool of ["compile", "link"]) {
    const code = linkerSigned(`${tools}/${tool}`);
    mac.run(go, code, { args: [code.path, "-o", `${temporary}/exe/buoy`, "-p", "main"], cwd, lasting: 900_000 });
  }
  const buoy = linkerSigned(`${temporary}/exe/buoy`);
  mac.event(go, es.close(buoy.path));
  mac.adHocRemarks(buoy);
  mac.run(go, buoy, { env: SHELL_ENV, cwd, lasting: 3 * SECOND });
  mac.event(go, es.unlink(buoy.path));
  mac.exit(go);
}

/** `npm install` brings esbuild, whose binary is signed by its linker and runs from node_modules. */
export function buildWithNpm(mac: Mac, shell: LiveProcess): void {
  const cwd = `${HOME}/Developer/kelp-site`;
  const esbuild = linkerSigned(`${cwd}/node_modules/@esbuild/darwin-arm64/bin/esbuild`);
  const npm = mac.launch(shell, cast.node, { args: ["node", "/usr/local/bin/npm", "install"], env: SHELL_ENV, cwd });
  mac.wait(2 * SECOND);
  mac.event(npm, es.create(esbuild.path, 0o100755));
  mac.event(npm, es.close(esbuild.path));
  mac.event(npm, es.setmode(esbuild.path, 0o755));
  const sh = mac.launch(npm, cast.sh, { args: ["sh", "-c", "node install.js"], env: SHELL_ENV, cwd });
  const install = mac.launch(sh, cast.node, { args: ["node", "install.js"], cwd: `${cwd}/node_modules/esbuild` });
  mac.adHocRemarks(esbuild);
  mac.run(install, esbuild, { args: [esbuild.path, "--version"], cwd });
  mac.exit(install);
  mac.exit(sh);
  mac.exit(npm);
}

/** Xcode builds, signs with the developer's certificate, and runs its own debug build. */
export function buildInXcode(mac: Mac): void {
  const cwd = `${HOME}/Developer/lattice-notes`;
  const app = cast.latticeDebug.path.slice(0, cast.latticeDebug.path.indexOf("/Contents/"));
  const xcode = mac.launch(mac.launchd, cast.xcode, { app: true });
  const service = mac.launch(xcode, cast.buildService);
  mac.wait(4 * SECOND);
  for (const source of ["NoteList.swift", "Lattice.swift"]) {
    mac.run(service, cast.swiftFrontend, {
      args: ["swift-frontend", "-frontend", "-c", source],
      cwd,
      lasting: 1_200_000,
    });
  }
  const ld = mac.launch(service, cast.ld, { args: ["ld", "-arch", "arm64", "-o", cast.latticeDebug.path], cwd });
  mac.event(ld, es.close(cast.latticeDebug.path));
  mac.exit(ld);
  const codesign = mac.launch(service, cast.codesign, {
    args: [
      "codesign",
      "--force",
      "--sign",
      "4F1C3A7D0B95E2686C1D7A9E33B0F5C2D84E6A11",
      "--timestamp=none",
      "--generate-entitlement-der",
      app,
    ],
    cwd,
  });
  mac.event(codesign, es.rename(`${cast.latticeDebug.path}.cstemp`, cast.latticeDebug.path));
  mac.exit(codesign);
  mac.wait(SECOND);
  mac.launch(xcode, cast.latticeDebug, { args: [cast.latticeDebug.path, "-NSDocumentRevisionsDebugMode", "YES"] });
  mac.log(log.remark(cast.latticeDebug.path, 1220, "com.latticenotes.mac", "sync", "Nothing to sync"));
}

/** `brew upgrade tidewatch`: a bottle is poured, ad-hoc re-signed where its paths were rewritten, and tried. */
export function upgradeWithBrew(mac: Mac, shell: LiveProcess): void {
  const cellar = "/opt/homebrew/Cellar/tidewatch/2.4.1/bin/tidewatch";
  const ruby = linkerSigned("/opt/homebrew/Library/Homebrew/vendor/portable-ruby/3.4.7/bin/ruby");
  const bash = mac.launch(shell, cast.bash, {
    args: ["/bin/bash", "/opt/homebrew/bin/brew", "upgrade", "tidewatch"],
    env: SHELL_ENV,
    script: "/opt/homebrew/bin/brew",
  });
  const brew = mac.exec(bash, ruby, {
    args: ["ruby", "/opt/homebrew/Library/Homebrew/brew.rb", "upgrade", "tidewatch"],
  });
  mac.run(brew, cast.curl, {
    args: ["curl", "--fail", "--location", "https://ghcr.example.invalid/tidewatch"],
    lasting: 2 * SECOND,
  });
  const tar = mac.launch(brew, cast.tar, {
    args: ["tar", "-xf", "tidewatch--2.4.1.tar.gz", "-C", "/opt/homebrew/Cellar"],
  });
  mac.event(tar, es.create(cellar, 0o100755));
  mac.event(tar, es.close(cellar));
  mac.exit(tar);
  const codesign = mac.launch(brew, cast.codesign, {
    args: ["codesign", "--sign", "-", "--force", "--preserve-metadata=entitlements,requirements,flags,runtime", cellar],
  });
  mac.event(codesign, es.rename(`${cellar}.cstemp`, cellar));
  mac.exit(codesign);
  mac.exit(brew);
  mac.wait(3 * SECOND);
  const tidewatch = adHoc(cellar, "tidewatch");
  mac.adHocRemarks(tidewatch);
  mac.run(shell, tidewatch, { args: ["tidewatch", "--version"], env: SHELL_ENV });
}
