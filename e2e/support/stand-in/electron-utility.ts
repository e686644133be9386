import { strictObject } from "./strict.ts";

/** What `import … from "electron"` gives in a utility process: a monitor that uses none of it has nothing to stand in for. */
export const net = strictObject("net (utility process)", {});
