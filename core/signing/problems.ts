/** What the joined inspection finds beyond its parts. */
export const INSPECTION_PROBLEMS = {
  "signature-without-signer":
    "It carries a signature that names no signer and does not say that it is ad hoc, which macOS refuses.",
  "adhoc-with-signer": "It says that it is ad hoc signed and carries a signer's certificate all the same.",
  "resources-not-sealed":
    "Its signature covers none of the bundle's files, as a signed bundle's must: any of them may be someone else's.",
  "architectures-of-different-teams":
    "Its programs for different architectures claim different teams, which macOS refuses: who signed one says nothing of another.",
  "main-executable-missing": "It has no main executable that could be inspected.",
  "main-executable-not-code": "Its main executable is not a program.",
  "inspection-failed": "The inspection itself failed. That says nothing about the file.",
} as const;

export const INSPECTION_NOTES = {
  "no-hardened-runtime":
    "It does not use the hardened runtime, so other programs of the same user can change it while it runs.",
  "requirement-not-met":
    "It does not meet the designated requirement that it states for itself, or it cannot be told whether it does.",
  "ticket-unreadable": "A notarization ticket is stapled to it, but the ticket does not verify.",
  "ticket-of-other-code": "The notarization ticket stapled to it is for other code.",
  "nested-less-trusted": "Code inside it has a weaker signature than the whole; the seal vouches for it.",
  "files-not-sealed": "Its signature covers none of the bundle's files, so there is nothing to compare them with.",
  "script-attributes-unread":
    "A script's signature is kept in extended attributes, which were not available here: it could not be checked.",
  "signature-beside-file":
    "Its signature is in the file with its attributes beside it (with ._ before its name), where macOS looks only on disks that have no place for attributes.",
  "installer-package-not-inspected": "Installer packages are not inspected yet.",
  "disk-image-not-inspected": "Disk images are not inspected yet.",
  "empty-file": "It is empty.",
  "folder-not-a-bundle": "It is a folder without a bundle's Info.plist.",
} as const;
