import { flipBit } from "../bytes.ts";
import { blob, blobOffset, MAGIC, SLOT } from "../blobs.ts";
import { machO } from "../mach-o.ts";
import { signAdHoc } from "../sign.ts";
import { type BytesCase, invalid } from "./case.ts";
import { withoutSlot } from "./cms-tree.ts";

const WISHES = { "com.apple.security.app-sandbox": true, "com.apple.security.cs.allow-jit": true };
const base = (): Buffer => signAdHoc(machO(), { entitlements: WISHES });

function editAt(slot: number, offset: number): Buffer {
  const image = base();
  return flipBit(image, 8 * (blobOffset(image, slot) + offset));
}

export const ENTITLEMENT_CASES: readonly BytesCase[] = [
  { name: "the XML edited", make: () => editAt(SLOT.entitlements, 240), expect: invalid(/slot/) },
  { name: "the DER edited", make: () => editAt(SLOT.derEntitlements, 24), expect: invalid(/slot/) },
  {
    name: "the XML removed",
    make: () =>
      signAdHoc(machO(), { entitlements: WISHES, editBlobs: (blobs) => withoutSlot(blobs, SLOT.entitlements) }),
    expect: invalid(/slot/),
  },
  {
    name: "there but not bound",
    make: () => signAdHoc(machO(), { entitlements: WISHES, bindEntitlements: false }),
    expect: { class: ["ad-hoc", "invalid"], says: /not-hashed/ },
  },
  {
    name: "the two forms differ",
    make: () =>
      signAdHoc(machO(), {
        entitlements: WISHES,
        derEntitlements: { ...WISHES, "com.apple.security.get-task-allow": true },
      }),
    expect: { class: ["ad-hoc", "invalid"], says: /entitlements/ },
  },
  {
    name: "launch constraints there but not bound",
    make: () =>
      signAdHoc(machO(), {
        editBlobs: (blobs) => [...blobs, { slot: SLOT.constraints, bytes: blob(MAGIC.constraints, Buffer.alloc(40)) }],
      }),
    expect: { class: ["ad-hoc", "invalid"], says: /not-hashed/ },
  },
  {
    name: "only the XML form, as before macOS 12",
    make: () => signAdHoc(machO(), { entitlements: WISHES, derEntitlements: null }),
    expect: { class: ["ad-hoc"] },
  },
];
