const LOOK_EVERY_MS = 1_000;

/**
 * Calls once when the process that started this one is gone: an orphan would hold the database for ever.
 * An orphan is given another parent (POSIX, _exit). UNVERIFIED on macOS: that a utility process's parent is the main
 * process, and not one that outlives it.
 */
export function whenParentIsGone(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
