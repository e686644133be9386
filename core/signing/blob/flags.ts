/** Security's kSecCodeDirectoryFlagTable (codedirectory.cpp), the bits as in xnu osfmk/kern/cs_blobs.h. */
const FLAG_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [0x1, "host"],
  [0x2, "adhoc"],
  [0x100, "hard"],
  [0x200, "kill"],
  [0x400, "expires"],
  [0x800, "restrict"],
  [0x1000, "enforcement"],
  [0x2000, "library-validation"],
  [0x10000, "runtime"],
  [0x20000, "linker-signed"],
];

export const FLAG_ADHOC = 0x2;
export const FLAG_RUNTIME = 0x10000;

/** The names `codesign -d` prints for a CodeDirectory's flags; bits without a name last, as one hexadecimal number. */
export function directoryFlagNames(flags: number): string[] {
  const names: string[] = [];
  let left = flags;
  for (const [bit, name] of FLAG_NAMES) {
    if ((left & bit) === 0) continue;
    names.push(name);
    left &= ~bit;
  }
  const unnamed = left >>> 0;
  return unnamed === 0 ? names : [...names, `0x${unnamed.toString(16)}`];
}
