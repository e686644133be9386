import { EventEmitter } from "node:events";

/** Names that runtimes and test tools probe on any object; asking for them means nothing. */
const PROBED = new Set(["then", "toJSON", "inspect", "nodeType", "asymmetricMatch", "$$typeof"]);

function refuse(owner: string, member: PropertyKey): never {
  throw new Error(`stand-in: ${owner}.${String(member)} is not implemented`);
}

/** Wraps `target` so that reading or writing a member it does not have throws and says which one. */
function guard<T extends object>(owner: string, target: T): T {
  return new Proxy(target, {
    get(inner, key, receiver): unknown {
      if (key in inner || typeof key === "symbol" || PROBED.has(key)) return Reflect.get(inner, key, receiver);
      return refuse(owner, key);
    },
    set(inner, key, value, receiver): boolean {
      // Node's EventEmitter keeps its state in underscored properties.
      if (key in inner || typeof key === "symbol" || key.startsWith("_"))
        return Reflect.set(inner, key, value, receiver);
      return refuse(owner, key);
    },
  });
}

/** A namespace such as `shell`: everything outside `members` throws. */
export function strictObject<T extends object>(owner: string, members: T): T {
  return guard(owner, members);
}

/**
 * A base class whose instances (and whose class itself) throw on every member that no subclass implements.
 * The guard sits at the end of the prototype chain, so `this` stays the plain instance and private fields work.
 */
export function strictEmitter(owner: string): new () => EventEmitter {
  class Base extends EventEmitter {}
  Object.setPrototypeOf(Base.prototype, guard(owner, Object.create(EventEmitter.prototype) as object));
  Object.setPrototypeOf(Base, guard(owner, EventEmitter));
  return Base;
}
