/** Bytes that a file's headers may still make us read: a universal file's entries can all point at the same large header. */
export interface ReadBudget {
  left: number;
}

export const MAX_COMMANDS_SIZE = 1024 * 1024;
export const MAX_INFO_PLIST_SIZE = 1024 * 1024;
export const READ_BUDGET = 8 * 1024 * 1024;

/** Whether `bytes` more may be read; takes them when so. */
export function spend(budget: ReadBudget, bytes: number, limit: number): boolean {
  if (bytes > limit || bytes > budget.left) return false;
  budget.left -= bytes;
  return true;
}
