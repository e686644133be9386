import { overwrite, seededBytes, slotHash } from "../bytes.ts";
import { blobOffset, SLOT } from "../blobs.ts";
import { DIRECTORY_FIELD } from "../code-directory.ts";
import { layoutOf, machO, writeWord } from "../mach-o.ts";
import { signAdHoc } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";

const base = (): Buffer => signAdHoc(machO());

/** Offsets in the header, from mach-o/loader.h. */
const COUNT = 16;
const TOTAL_SIZE = 20;

/**
 * Changes words of the header and makes the page hashes right again, as anyone can for ad hoc code: what is left to
 * find is the load commands themselves.
 */
function editHeader(
  edit: (word: (offset: number, value: number) => void, layout: ReturnType<typeof layoutOf>) => void,
): Buffer {
  const image = base();
  const edited = Buffer.from(image);
  const layout = layoutOf(image);
  edit((offset, value) => writeWord(edited, offset, value, layout.bigEndian), layout);
  return rehashPages(edited, image);
}

/** `edited` with right page hashes; `image` is what it was, to find them by. */
function rehashPages(edited: Buffer, image: Buffer): Buffer {
  const directory = blobOffset(image, SLOT.directory);
  const hashes = directory + image.readUInt32BE(directory + DIRECTORY_FIELD.hashOffset);
  const limit = image.readUInt32BE(directory + DIRECTORY_FIELD.codeLimit);
  let result = edited;
  for (let page = 0; page * 4096 < limit; page++) {
    const bytes = edited.subarray(page * 4096, Math.min(limit, (page + 1) * 4096));
    result = overwrite(result, hashes + 32 * page, slotHash("sha256", bytes));
  }
  return result;
}

function signatureCommand(layout: ReturnType<typeof layoutOf>): number {
  if (!layout.codeSignature) throw new Error("not signed");
  return layout.codeSignature.command;
}

/** The room after the last load command. */
function endOfCommands(layout: ReturnType<typeof layoutOf>): number {
  return layout.commands.reduce((end, { size }) => end + size, layout.headerSize);
}

function commandsSize(layout: ReturnType<typeof layoutOf>): number {
  return endOfCommands(layout) - layout.headerSize;
}

export const LOAD_COMMAND_CASES: readonly BytesCase[] = [
  {
    name: "load commands larger than the file",
    make: () => editHeader((word) => word(TOTAL_SIZE, 0x7ffffff0)),
    expect: invalid(/commands-outside/),
  },
  {
    name: "a load command of size 0",
    make: () => editHeader((word, { commands }) => word((commands[2]?.offset ?? 0) + 4, 0)),
    expect: invalid(/command/),
  },
  {
    name: "a load command that reaches past the others",
    make: () => editHeader((word, { commands }) => word((commands[2]?.offset ?? 0) + 4, 4096)),
    expect: invalid(/command/),
  },
  {
    name: "a huge count of load commands",
    make: () => editHeader((word) => word(COUNT, 0xffffffff)),
    expect: invalid(/command/),
  },
  {
    name: "two signature commands",
    make: () => {
      const image = base();
      const layout = layoutOf(image);
      const at = signatureCommand(layout);
      const doubled = overwrite(image, endOfCommands(layout), image.subarray(at, at + 16));
      writeWord(doubled, COUNT, layout.commands.length + 1, layout.bigEndian);
      writeWord(doubled, TOTAL_SIZE, commandsSize(layout) + 16, layout.bigEndian);
      return rehashPages(doubled, image);
    },
    expect: invalid(/signature/),
  },
  {
    name: "a signature past the end of the file",
    make: () => editHeader((word, layout) => word(signatureCommand(layout) + 8, 0x7ffff000)),
    expect: invalid(/signature/),
  },
  {
    name: "a signature whose offset and size overflow 32 bits",
    make: () =>
      editHeader((word, layout) => {
        word(signatureCommand(layout) + 8, 0xfffffff0);
        word(signatureCommand(layout) + 12, 0x20);
      }),
    expect: invalid(/signature/),
  },
  {
    name: "a signature of size 0",
    make: () => editHeader((word, layout) => word(signatureCommand(layout) + 12, 0)),
    expect: invalid(/signature/),
  },
  {
    name: "a signature of four bytes",
    make: () => editHeader((word, layout) => word(signatureCommand(layout) + 12, 4)),
    expect: invalid(),
  },
  {
    name: "a signature that reaches out of __LINKEDIT",
    make: () =>
      editHeader((word, { linkEdit }) => {
        word(linkEdit.command + 48, linkEdit.fileSize - 64);
      }),
    expect: invalid(/linkedit|signature/),
  },
  {
    name: "cut off in the signature",
    make: () => base().subarray(0, base().length - 300),
    expect: invalid(),
  },
  { name: "cut off in the code", make: () => base().subarray(0, 4096), expect: invalid() },
  { name: "cut off in the load commands", make: () => base().subarray(0, 60), expect: invalid() },
  {
    name: "the signature command removed",
    make: () =>
      editHeader((word, layout) => {
        word(COUNT, layout.commands.length - 1);
        word(TOTAL_SIZE, commandsSize(layout) - 16);
      }),
    expect: { class: ["unsigned"] },
  },
  {
    name: "no signature command, and never one",
    make: () => machO({ signable: false }),
    expect: { class: ["unsigned"] },
  },
  {
    name: "the signature itself is random bytes",
    make: () => {
      const image = base();
      return overwrite(image, layoutOf(image).codeSignature?.offset ?? 0, seededBytes("not a signature", 400));
    },
    expect: invalid(),
  },
];
