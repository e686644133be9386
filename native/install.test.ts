import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "./test/sandbox.ts";

const LABEL = "app.sealbar.helper";
const machine = new Sandbox();
const tools = machine.at("Library/PrivilegedHelperTools");
const tool = `${tools}/${LABEL}`;
const plist = machine.at(`Library/LaunchDaemons/${LABEL}.plist`);

function run(what: string) {
  const { status, stdout, stderr } = spawnSync(machine.helper, [what], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function mode(path: string): number {
  return lstatSync(path).mode & 0o7777;
}

beforeAll(() => machine.build(), 120_000);

beforeEach(() => {
  for (const path of ["Library", "marks", "elsewhere"]) machine.remove(path);
  mkdirSync(machine.at("Library/LaunchDaemons"), { recursive: true, mode: 0o755 });
  machine.standIn("marks/.keep", "");
  machine.standIn("bin/launchctl", `echo "$*" >> ${machine.at("marks/launchctl")}`);
  machine.write("as-root", "");
});

afterAll(() => machine.clear());

const launchctl = () => readFileSync(machine.at("marks/launchctl"), "utf8").trimEnd().split("\n");

describe("sealbar-helper install", () => {
  it("puts itself where only root can change it, and tells launchd", () => {
    expect(run("install")).toMatchObject({ status: 0, stderr: "" });
    expect([mode(tools), mode(tool), mode(plist)]).toEqual([0o755, 0o755, 0o644]);
    expect(readFileSync(tool).equals(readFileSync(machine.helper))).toBe(true);
    expect(readFileSync(plist, "utf8")).toContain(`<array><string>${tool}</string><string>--daemon</string></array>`);
    expect(launchctl()).toEqual([`bootout system/${LABEL}`, `bootstrap system ${plist}`]);
  });

  it("replaces an older one, whatever stands in its place", () => {
    mkdirSync(tools, { recursive: true, mode: 0o755 });
    writeFileSync(machine.at("victim"), "untouched");
    symlinkSync(machine.at("victim"), tool);
    symlinkSync(machine.at("victim"), `${tool}.new`);
    expect(run("install").status).toBe(0);
    expect(lstatSync(tool).isFile()).toBe(true);
    expect(readFileSync(machine.at("victim"), "utf8")).toBe("untouched");
  });

  it("needs root", () => {
    machine.remove("as-root");
    expect(run("install")).toEqual({
      status: 77,
      stdout: "",
      stderr: "sealbar-helper: installing the full tier needs root. Run it with sudo.\n",
    });
    expect(run("uninstall").status).toBe(77);
    expect(existsSync(tools)).toBe(false);
  });

  it.each(["Library", "Library/LaunchDaemons", "Library/PrivilegedHelperTools"])(
    "refuses when others can write to %s",
    (folder) => {
      mkdirSync(tools, { recursive: true, mode: 0o755 });
      chmodSync(machine.at(folder), 0o777);
      const { status, stderr } = run("install");
      expect(status).toBe(77);
      expect(stderr).toContain("is not a folder of root's alone");
      expect(existsSync(tool)).toBe(false);
    },
  );

  it("refuses a folder that is a link", () => {
    mkdirSync(machine.at("elsewhere"), { mode: 0o755 });
    symlinkSync(machine.at("elsewhere"), tools);
    expect(run("install").status).toBe(77);
    expect(existsSync(machine.at(`elsewhere/${LABEL}`))).toBe(false);
  });

  it("says when launchd does not take it", () => {
    machine.standIn("bin/launchctl", '[ "$1" = bootstrap ] && exit 5; exit 0');
    const { status, stderr } = run("install");
    expect(status).toBe(70);
    expect(stderr).toContain("launchd did not take");
  });
});

describe("sealbar-helper uninstall", () => {
  it("takes everything away again, and is content when there is nothing", () => {
    run("install");
    expect(run("uninstall")).toMatchObject({ status: 0, stderr: "" });
    expect([existsSync(tool), existsSync(plist)]).toEqual([false, false]);
    expect(run("uninstall").status).toBe(0);
  });
});

it("the packed app's plist names the same job and the same command", () => {
  const packed = readFileSync(`${import.meta.dirname}/launchd/${LABEL}.plist`, "utf8");
  expect(packed).toContain(`<key>Label</key><string>${LABEL}</string>`);
  expect(packed).toContain("<string>--daemon</string>");
});
