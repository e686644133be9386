import { randomUUID } from "node:crypto";
import { createCodec } from "./codec.ts";
import { type IsolatedOptions, runIsolatedWorld } from "./isolated-world.ts";
import { runMainWorld } from "./main-world.ts";
import { createWorldBridge } from "./world-bridge.ts";

/**
 * The two scripts that run before a document's own, as source text. The functions are written as modules so that
 * the compiler checks them; Node has stripped their types by the time `toString` is asked.
 *
 * @param preload the preload bundle's text (CommonJS, as a sandboxed preload must be), or empty
 */
export function pageScripts(preload: string, options: IsolatedOptions): { main: string; isolated: string } {
  const key = JSON.stringify(randomUUID());
  const call = (fn: { toString: () => string }, ...args: string[]): string => `(${fn.toString()})(${args.join(", ")})`;
  const bridge = (here: string, there: string, freeze: boolean): string =>
    call(createWorldBridge, key, JSON.stringify(here), JSON.stringify(there), String(freeze));
  const preloadFunction = `function (require, module, exports, process, global) {\n${preload}\n}`;
  return {
    main: call(runMainWorld, bridge("main", "isolated", true)),
    isolated: call(
      runIsolatedWorld,
      call(createCodec),
      bridge("isolated", "main", false),
      JSON.stringify(options),
      preloadFunction,
    ),
  };
}
