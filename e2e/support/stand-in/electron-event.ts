import type * as Electron from "electron";

/** The first argument of every Electron event; `details` are the event's own members. */
export function electronEvent<Details extends object>(details: Details): Electron.Event<Details> {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault(): void {
      event.defaultPrevented = true;
    },
  };
  return event;
}
