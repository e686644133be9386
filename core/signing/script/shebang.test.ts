import { describe, expect, it } from "vitest";
import { readShebang, SHEBANG_LIMIT } from "./shebang.ts";

describe("readShebang", () => {
  it.each([
    ["#!/bin/sh\n", "/bin/sh", [], "/bin/sh"],
    ["#! \t/bin/zsh -f \t\necho", "/bin/zsh", ["-f"], "/bin/zsh"],
    ["#!/usr/bin/env python3\n", "/usr/bin/env", ["python3"], "python3"],
    ["#!/usr/bin/env -S node --no-warnings\n", "/usr/bin/env", ["-S", "node", "--no-warnings"], "node"],
    ["#!/usr/bin/env -Snode x\n", "/usr/bin/env", ["-Snode", "x"], "node"],
    ["#!/usr/bin/env -i PATH=/opt LANG=C ruby\n", "/usr/bin/env", ["-i", "PATH=/opt", "LANG=C", "ruby"], "ruby"],
    ["#!/usr/bin/env -P /opt/bin perl\n", "/usr/bin/env", ["-P", "/opt/bin", "perl"], "perl"],
    ["#!/usr/bin/env\n", "/usr/bin/env", [], "/usr/bin/env"],
    ["#!/bin/sh # a comment\n", "/bin/sh", [], "/bin/sh"],
    ["#!/bin/sh", "/bin/sh", [], "/bin/sh"],
    ["#!python\n", "python", [], "python"],
    ["#!/bin/sh\0hidden\n", "/bin/sh", [], "/bin/sh"],
    ["#!/bin/sh\r\n", "/bin/sh\r", [], "/bin/sh\r"],
    ["#!/opt/ana/bin/日本\n", "/opt/ana/bin/日本", [], "/opt/ana/bin/日本"],
  ])("%j", (text, interpreter, args, program) => {
    expect(readShebang(Buffer.from(text))).toEqual({ interpreter, arguments: args, program });
  });

  it.each([
    ["no interpreter", "#!\necho"],
    ["only spaces", "#!  \t \n"],
    ["a comment at once", "#!#/bin/sh\n"],
    ["no script", "echo"],
    ["nothing", ""],
    ["a line without end", `#!/bin/sh ${"x".repeat(SHEBANG_LIMIT)}`],
  ])("finds none with %s", (_what, text) => {
    expect(readShebang(Buffer.from(text))).toBeNull();
  });

  it("looks at no more than the kernel does", () => {
    const line = `#!/bin/sh ${"x".repeat(SHEBANG_LIMIT)}\n`;
    expect(readShebang(Buffer.from(line))).toBeNull();
    expect(readShebang(Buffer.alloc(1_000_000, "#!"))).toBeNull();
  });
});
