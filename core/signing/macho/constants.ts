/** mach-o/fat.h */
export const FAT_MAGIC = 0xcafebabe;
export const FAT_MAGIC_64 = 0xcafebabf;
/** mach-o/loader.h */
export const MH_MAGIC = 0xfeedface;
export const MH_MAGIC_64 = 0xfeedfacf;
export const MH_DYLIB_STUB = 9;
export const MH_DSYM = 10;
export const LC_SEGMENT = 0x1;
export const LC_SYMTAB = 0x2;
export const LC_SEGMENT_64 = 0x19;
export const LC_CODE_SIGNATURE = 0x1d;
/** mach/machine.h */
export const CPU_ARCH_ABI64 = 0x01000000;
export const CPU_SUBTYPE_MASK = 0xff000000;
export const CPU_TYPE_ARM64 = 0x0100000c;
