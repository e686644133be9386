import { describe, expect, it } from "vitest";
import { CONTENT_SECURITY_POLICY, createAppProtocol, resolveAppUrl } from "./app-protocol.ts";

const ROOT = "/app/out/renderer";

describe("resolveAppUrl", () => {
  it.each([
    ["app://sealbar/", "/app/out/renderer/index.html"],
    ["app://sealbar/index.html", "/app/out/renderer/index.html"],
    ["app://sealbar/index.html?x=1#findings", "/app/out/renderer/index.html"],
    ["app://sealbar/assets/index-a%20b.js", "/app/out/renderer/assets/index-a b.js"],
  ])("%s is %s", (url, file) => {
    expect(resolveAppUrl(url, ROOT)).toBe(file);
  });

  it.each([
    "app://other/index.html",
    "app://sealbar.example/index.html",
    "https://sealbar/index.html",
    "file:///etc/passwd",
    "app://sealbar/..%2f..%2fpackage.json",
    "app://sealbar/assets/..%2f..%2f..%2fpackage.json",
    "app://sealbar/..%5c..%5cpackage.json",
    "app://sealbar/index.html%00.png",
    "app://sealbar/%",
    "app://sealbar/..%2frenderer-old/index.html",
    "not a url",
  ])("refuses %s", (url) => {
    expect(resolveAppUrl(url, ROOT)).toBeNull();
  });

  it.each(["app://sealbar/../../package.json", "app://sealbar/%2e%2e/%2E./package.json"])(
    "keeps %s, which the URL parser itself folds, inside the root",
    (url) => {
      expect(resolveAppUrl(url, ROOT)).toBe("/app/out/renderer/package.json");
    },
  );
});

describe("createAppProtocol", () => {
  const files = new Map([
    ["/app/out/renderer/index.html", "<!doctype html>"],
    ["/app/out/renderer/main.js", "1"],
    ["/app/out/renderer/notes.txt", "not served"],
  ]);
  const handle = createAppProtocol(ROOT, async (file) => {
    const text = files.get(file);
    if (text === undefined) throw new Error("no such file");
    return new TextEncoder().encode(text);
  });
  const get = (url: string, method = "GET") => handle({ url, method });

  it("serves a built file with its type, the policy and nosniff", async () => {
    const answer = await get("app://sealbar/");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("<!doctype html>");
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
  });

  it.each(["POST", "HEAD", "PUT", "OPTIONS"])("refuses %s", async (method) => {
    expect((await get("app://sealbar/", method)).status).toBe(405);
  });

  it.each(["app://sealbar/missing.js", "app://sealbar/notes.txt", "app://sealbar/%2e%2e%2fpackage.js"])(
    "answers %s with 404 and the policy",
    async (url) => {
      const answer = await get(url);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
    },
  );

  it("allows no inline code, no eval and no other host", () => {
    expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*/);
  });
});
