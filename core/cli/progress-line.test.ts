import { describe, expect, it } from "vitest";
import { ProgressLine } from "./progress-line.ts";

function line(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  const progress = new ProgressLine(stream, 200_000_000, () => now);
  return {
    written,
    at: (ms: number, bytes: number) => ((now = ms), progress.update(bytes)),
    end: () => progress.end(),
  };
}

describe("ProgressLine", () => {
  it("is silent for short work, then says how far it is, not too often, and cleans up", () => {
    const { written, at, end } = line(true);
    at(500, 10_000_000);
    at(1200, 50_000_000);
    at(1210, 60_000_000);
    at(1500, 100_000_000);
    at(2000, 300_000_000);
    end();
    expect(written).toEqual([
      "\r\u001b[2Kread 50 MB (25 %)",
      "\r\u001b[2Kread 100 MB (50 %)",
      "\r\u001b[2Kread 300 MB",
      "\r\u001b[2K",
    ]);
  });

  it("writes nothing where no person looks", () => {
    const { written, at, end } = line(false);
    at(5000, 1);
    end();
    expect(written).toEqual([]);
  });
});
