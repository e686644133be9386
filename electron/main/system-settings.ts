/**
 * System Settings, Privacy & Security, Full Disk Access. UNVERIFIED on every supported macOS (docs/release-checklist.md): Apple documents
 * no such address. Fixed here, so that nothing from the window or from what ran can choose what is opened.
 */
export const FULL_DISK_ACCESS_SETTINGS = "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles";

/** System Settings, General, Login Items & Extensions, where background services are allowed. UNVERIFIED likewise. */
export const LOGIN_ITEMS_SETTINGS = "x-apple.systempreferences:com.apple.LoginItems-Settings.extension";
