import { describe, expect, it } from "vitest";
import { fromPageOrigin, fromPageUrl, policyForPage, registerScheme, toPageUrl } from "./scheme-urls.ts";

registerScheme("app");

describe("addresses of a registered scheme", () => {
  it.each([
    ["app://sealbar/index.html?a=1#b", "http://sealbar.app.localhost/index.html?a=1#b"],
    ["app://sealbar/", "http://sealbar.app.localhost/"],
    ["app://other.host/x", "http://other.host.app.localhost/x"],
  ])("%s goes to the page as %s and comes back", (app, page) => {
    expect(toPageUrl(app)).toBe(page);
    expect(fromPageUrl(page)).toBe(app);
  });

  it.each(["https://example.com/", "about:blank", "data:text/html,x", "http://app.localhost/", "not a url"])(
    "%s stays what it is",
    (url) => {
      expect(toPageUrl(url)).toBe(url);
      expect(fromPageUrl(url)).toBe(url);
    },
  );

  it.each([
    ["http://sealbar.app.localhost", "app://sealbar"],
    ["https://example.com", "https://example.com"],
    ["://", "null"],
    ["null", "null"],
    ["", "null"],
  ])("the origin %s is %s", (page, app) => {
    expect(fromPageOrigin(page)).toBe(app);
  });

  it("are mapped in a policy, and nothing else there is", () => {
    expect(policyForPage("default-src 'none'; connect-src app://sealbar; img-src data:")).toBe(
      "default-src 'none'; connect-src http://sealbar.app.localhost; img-src data:",
    );
  });
});
