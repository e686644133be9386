import { describe, expect, it } from "vitest";
import { attempt } from "../problem.ts";
import { asDict, parsePlist, PlistDate, type PlistValue } from "./plist.ts";

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`;

const inPlist = (body: string): Buffer => Buffer.from(`${HEAD}<plist version="1.0">\n${body}\n</plist>\n`);
const value = (body: string): PlistValue => parsePlist(inPlist(body));

function faultOf(bytes: Buffer): string {
  const read = attempt(() => parsePlist(bytes));
  return "problem" in read ? read.problem.id : "read";
}

describe("XML property lists: what Apple writes and accepts", () => {
  it.each<[string, PlistValue]>([
    ["<string>Invoice Viewer</string>", "Invoice Viewer"],
    ["<string></string>", ""],
    ["<string/>", ""],
    ["<string> a\n b </string>", " a\n b "],
    ["<string>Icon\r</string>", "Icon\r"],
    ["<string>&lt;a&gt; &amp;amp; &quot;&apos; &#65;&#x1F600;</string>", "<a> &amp; \"' A😀"],
    ["<string>a<![CDATA[<b>&amp;]]]]>c</string>", "a<b>&amp;]]c"],
    ["<string>Zoë 漢字 😀</string>", "Zoë 漢字 😀"],
    ["<integer>42</integer>", 42],
    ["<integer> -7 </integer>", -7],
    ["<integer>+7</integer>", 7],
    ["<integer>0x1F</integer>", 31],
    ["<integer>-0xff</integer>", -255],
    ["<integer>18446744073709551615</integer>", 18446744073709551615n],
    ["<integer>-9223372036854775808</integer>", -9223372036854775808n],
    ["<real>1000</real>", 1000],
    ["<real>-1.5e3</real>", -1500],
    ["<real>nan</real>", Number.NaN],
    ["<real>-infinity</real>", Number.NEGATIVE_INFINITY],
    ["<true/>", true],
    ["<false />", false],
    ["<true></true>", true],
    ["<date>2026-11-21T10:00:00Z</date>", new PlistDate("2026-11-21T10:00:00Z")],
    ["<data>\n\tAAEC\n\t/w==\n\t</data>", Buffer.from([0, 1, 2, 255])],
    ["<data/>", Buffer.alloc(0)],
    ["<array/>", []],
    ["<array><string>a</string><!-- why --><?other thing?><integer>1</integer></array >", ["a", 1]],
    ["<dict/>", new Map()],
    [
      "<dict><key>a</key><true/><key>__proto__</key><array></array></dict>",
      new Map<string, PlistValue>([
        ["a", true],
        ["__proto__", []],
      ]),
    ],
  ])("%s", (body, expected) => {
    expect(value(body)).toEqual(expected);
  });

  it.each([
    ["a byte order mark", Buffer.from(`\ufeff${HEAD}<plist version="1.0"><true/></plist>`)],
    ["no document type", Buffer.from("<plist version='1.0'><true/></plist>")],
    [
      "Apple's older document type",
      Buffer.from(
        '<!DOCTYPE plist SYSTEM "file://localhost/System/Library/DTDs/PropertyList.dtd"><plist version="0.9"><true/></plist>',
      ),
    ],
    ["no plist element", Buffer.from("<true/>")],
    ["NULs at the end", Buffer.from("<plist><true/></plist>\n\0\0")],
    [
      "comments and space all around",
      Buffer.from("\n<!-- a -- b -->\n<plist><!--c--><true/><!----></plist>\n<!-- d -->\n"),
    ],
    [
      "another encoding's name over plain ASCII",
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><plist><true/></plist>'),
    ],
  ])("with %s", (_what, bytes) => {
    expect(parsePlist(bytes)).toBe(true);
  });

  it("keeps the order of keys", () => {
    const dict = asDict(value("<dict><key>b</key><true/><key>a</key><false/></dict>"));
    expect([...(dict ?? new Map()).keys()]).toEqual(["b", "a"]);
  });
});

describe("XML property lists: what is refused", () => {
  it.each([
    ["<dict><key>a</key><true/><key>a</key><false/></dict>", "plist-duplicate-key"],
    ["<dict><key>a</key><true/><key>&#97;</key><false/></dict>", "plist-duplicate-key"],
    ["<dict><string>a</string><true/></dict>", "plist-key"],
    ["<dict><key>a</key></dict>", "plist-element"],
    ["<dict><key>a</key><key>b</key></dict>", "plist-element"],
    ["<array><key>a</key></array>", "plist-element"],
    ["<dict><true/></array>", "plist-key"],
    ["<array></dict>", "plist-element"],
    ["<string>a</key>", "plist-element"],
    ["<string>a<b/></string>", "plist-element"],
    ["<string>a<!-- no --></string>", "plist-syntax"],
    ["<plist><true/></plist>", "plist-element"],
    ["<true/><false/>", "plist-element"],
    ["<Dict/>", "plist-element"],
    ["", "plist-element"],
    ["stray <true/>", "plist-syntax"],
    ["<string>&nbsp;</string>", "plist-entity"],
    ["<string>&lt</string>", "plist-entity"],
    ["<string>&#0;</string>", "plist-entity"],
    ["<string>&#xD83D;</string>", "plist-entity"],
    ["<string>&#x110000;</string>", "plist-entity"],
    ["<string>&#99999999;</string>", "plist-entity"],
    ["<integer></integer>", "plist-value"],
    ["<integer/>", "plist-value"],
    ["<integer>1 2</integer>", "plist-value"],
    ["<integer>1.5</integer>", "plist-value"],
    ["<integer>18446744073709551616</integer>", "plist-value"],
    ["<integer>-9223372036854775809</integer>", "plist-value"],
    [`<integer>${"9".repeat(5000)}</integer>`, "plist-value"],
    ["<real>1,5</real>", "plist-value"],
    ["<date>2026-11-21</date>", "plist-value"],
    ["<date>2026-13-21T10:00:00Z</date>", "plist-value"],
    ["<data>AAE</data>", "plist-value"],
    ["<data>AA=E</data>", "plist-value"],
    ["<data>AA*=</data>", "plist-value"],
    ['<string ID="1">a</string>', "plist-attribute"],
    ['<dict IDREF="1"/>', "plist-attribute"],
    ["<array><!--> <true/> <!-- --></array>", "plist-comment"],
    ["<array><!---><true/><!----></array>", "plist-comment"],
    [`<dict><key>${"k".repeat(1_000_000)}</key><true/></dict>`, "plist-key"],
    [`${"<array>".repeat(65)}${"</array>".repeat(65)}`, "plist-too-deep"],
    ["<string>\0</string>", "plist-syntax"],
    ["<a:b/>", "plist-attribute"],
    ["< dict/>", "plist-syntax"],
  ])("%.60s", (body, id) => {
    expect(faultOf(inPlist(body))).toBe(id);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "plist-empty"],
    [
      "an internal document type",
      Buffer.from('<!DOCTYPE plist [<!ENTITY a "b">]><plist><true/></plist>'),
      "plist-doctype",
    ],
    [
      "a document type that hides its end",
      Buffer.from(`<!DOCTYPE plist "a>b"><plist><true/></plist>`),
      "plist-doctype",
    ],
    ["a document type after the root", Buffer.from("<plist><!DOCTYPE plist><true/></plist>"), "plist-syntax"],
    ["a second list", Buffer.from("<plist><true/></plist><plist><false/></plist>"), "plist-trailing-data"],
    ["text at the end", Buffer.from("<plist><true/></plist>x"), "plist-trailing-data"],
    ["text after a NUL", Buffer.from("<plist><true/></plist>\0<plist><false/></plist>"), "plist-syntax"],
    ["a plist tag with a hidden end", Buffer.from('<plist version="1>0"><true/></plist>'), "plist-attribute"],
    ["no end", Buffer.from("<plist><string>abc"), "plist-truncated"],
    ["an open comment", Buffer.from("<plist><!-- abc"), "plist-truncated"],
    ["open CDATA", Buffer.from("<plist><string><![CDATA[abc</string></plist>"), "plist-truncated"],
    [
      "invalid UTF-8",
      Buffer.from([...Buffer.from("<plist><string>"), 0xc0, 0x80, ...Buffer.from("</string></plist>")]),
      "plist-not-utf8",
    ],
    [
      "a surrogate in UTF-8",
      Buffer.from([...Buffer.from("<plist><string>"), 0xed, 0xa0, 0x80, ...Buffer.from("</string></plist>")]),
      "plist-not-utf8",
    ],
    ["UTF-16 with a mark", Buffer.from("\ufeff<plist/>", "utf16le"), "plist-encoding"],
    ["UTF-16 without a mark", Buffer.from("<plist/>", "utf16le"), "plist-encoding"],
    ["UTF-16 big-endian", Buffer.from("<plist/>", "utf16le").swap16(), "plist-encoding"],
    ["UTF-7", Buffer.from('<?xml version="1.0" encoding="UTF-7"?><plist><true/></plist>'), "plist-encoding"],
    [
      "Latin-1 with letters of its own",
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><plist><string>\xe9</string></plist>', "latin1"),
      "plist-encoding",
    ],
    ["the old text form", Buffer.from("{ CFBundleName = Invoice; }"), "plist-old-style"],
    ["a strings file", Buffer.from('/* names */\n"a" = "b";'), "plist-old-style"],
    ["something else", Buffer.from("#!/bin/sh\n"), "plist-not-a-plist"],
    ["HTML", Buffer.from("<html><body></body></html>"), "plist-element"],
  ])("%s", (_what, bytes, id) => {
    expect(faultOf(bytes)).toBe(id);
  });
});

describe("XML property lists: cost", () => {
  it("nests as deep as any real list and no deeper", () => {
    expect(faultOf(inPlist(`${"<array>".repeat(64)}${"</array>".repeat(64)}`))).toBe("read");
  });

  it("reads a seal over 50,000 files well under a second", () => {
    const entry = (n: number) =>
      `<key>Resources/a/folder/file-${n}.nib</key><dict><key>hash2</key><data>\n${Buffer.alloc(32, n).toString("base64")}\n</data></dict>`;
    const bytes = inPlist(`<dict>${Array.from({ length: 50_000 }, (_, n) => entry(n)).join("\n")}</dict>`);
    const start = performance.now();
    expect(asDict(parsePlist(bytes))?.size).toBe(50_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    ["references", `<string>${"&amp;".repeat(400_000)}</string>`],
    ["open references", `<string>${"&".repeat(2_000_000)}</string>`],
    ["CDATA", `<string>${"<![CDATA[]]>".repeat(200_000)}</string>`],
    ["comments", `${"<!---->".repeat(300_000)}<true/>`],
    ["opened comments", "<!--".repeat(500_000)],
    ["empty dictionaries", `<array>${"<dict/>".repeat(300_000)}</array>`],
    ["spaces", `<array>${" ".repeat(2_000_000)}</array>`],
    ["spaces in a tag", `<array${" ".repeat(2_000_000)}></array>`],
    ["brackets", "<".repeat(2_000_000)],
    ["digits", `<real>${"1".repeat(2_000_000)}</real>`],
    ["base64 padding", `<data>${"=".repeat(2_000_000)}</data>`],
  ])("is not slowed down by many %s", (_what, body) => {
    const start = performance.now();
    faultOf(inPlist(body));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
