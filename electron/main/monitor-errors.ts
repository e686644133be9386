/** The monitor is not there to be asked; the message is a sentence for the user. */
export class MonitorUnavailable extends Error {
  override name = "MonitorUnavailable";
}

/** The monitor answered that it cannot; the message is its sentence for the user. */
export class MonitorRefusal extends Error {
  override name = "MonitorRefusal";
}
