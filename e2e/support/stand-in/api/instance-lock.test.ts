import { spawn } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstanceLock, type SecondInstance } from "./instance-lock.ts";

const self: SecondInstance = { argv: ["sealbar", "--demo"], workingDirectory: "/tmp", additionalData: { a: [1] } };
let folder = "";
const locks: InstanceLock[] = [];

function lockOf(onSecond: (second: SecondInstance) => void = () => undefined): InstanceLock {
  const lock = new InstanceLock(folder, onSecond);
  locks.push(lock);
  return lock;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sealbar-lock-test-"));
});
afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  rmSync(folder, { recursive: true, force: true });
});

describe("one instance a folder", () => {
  it("gives the lock to the first, and the first keeps it when asked again", () => {
    const first = lockOf();
    expect(first.acquire(self)).toBe(true);
    expect(first.acquire(self)).toBe(true);
    expect(lstatSync(join(folder, "SingletonLock")).isSymbolicLink()).toBe(true);
  });

  it("refuses the second and tells the first about it", async () => {
    const told: SecondInstance[] = [];
    expect(lockOf((second) => told.push(second)).acquire(self)).toBe(true);
    const second = lockOf();
    expect(second.acquire({ ...self, argv: ["sealbar", "--recording=x"] })).toBe(false);
    await second.handover;
    expect(told).toEqual([{ ...self, argv: ["sealbar", "--recording=x"] }]);
    expect(second.isHeld).toBe(false);
  });

  it("leaves nothing behind when it is released", () => {
    const first = lockOf();
    first.acquire(self);
    first.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(lockOf().acquire(self)).toBe(true);
  });

  it("takes over from a process that died", async () => {
    const child = spawn("/bin/sh", ["-c", "exit 0"]);
    await new Promise((resolve) => child.once("exit", resolve));
    symlinkSync(`${hostname()}-${child.pid}`, join(folder, "SingletonLock"));
    expect(lockOf().acquire(self)).toBe(true);
  });

  it("takes over from a lock that names nobody", () => {
    symlinkSync("nonsense", join(folder, "SingletonLock"));
    expect(lockOf().acquire(self)).toBe(true);
    expect(existsSync(join(folder, "SingletonSocket"))).toBe(true);
  });
});
