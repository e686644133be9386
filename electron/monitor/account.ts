import { userInfo } from "node:os";

/** The account that this process runs as; null where the system cannot name it. */
export function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
