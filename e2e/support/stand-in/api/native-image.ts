import { readFileSync } from "node:fs";
import { strictEmitter, strictObject } from "../strict.ts";
import { asElectron, type PartOf, partOf } from "../surface.ts";
import type * as Electron from "electron";

const PNG_SIGNATURE = 0x89504e47;

/** Width and height out of a PNG's IHDR chunk (RFC 2083, 4.1.1); an empty size for anything else. */
function pngSize(bytes: Buffer): Electron.Size {
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== PNG_SIGNATURE) return { width: 0, height: 0 };
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

class NativeImage extends strictEmitter("NativeImage") implements PartOf<Electron.NativeImage> {
  readonly #bytes: Buffer;
  #template: boolean;

  constructor(bytes: Buffer, template: boolean) {
    super();
    this.#bytes = bytes;
    this.#template = template;
  }

  isEmpty(): boolean {
    return this.getSize().width === 0;
  }

  getSize(): Electron.Size {
    return pngSize(this.#bytes);
  }

  toPNG(): NonSharedBuffer {
    return Buffer.from(this.#bytes);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString("base64")}`;
  }

  isTemplateImage(): boolean {
    return this.#template;
  }

  setTemplateImage(template: boolean): void {
    this.#template = template;
  }
}

export function createFromBuffer(bytes: Buffer): Electron.NativeImage {
  return asElectron<Electron.NativeImage>(new NativeImage(bytes, false));
}

function createFromPath(path: string): Electron.NativeImage {
  let bytes: Buffer = Buffer.alloc(0);
  try {
    bytes = readFileSync(path);
  } catch {
    // Electron answers an empty image for a file it cannot read.
  }
  return asElectron<Electron.NativeImage>(new NativeImage(bytes, /Template(@\d+x)?\.[a-z]+$/.test(path)));
}

export const nativeImage = strictObject(
  "nativeImage",
  partOf<typeof Electron.nativeImage>()({
    createEmpty: () => createFromBuffer(Buffer.alloc(0)),
    createFromBuffer,
    createFromPath,
    createFromDataURL: (url: string) => createFromBuffer(Buffer.from(url.split(",")[1] ?? "", "base64")),
  }),
);
