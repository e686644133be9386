/** A rule sees a record only through its fields. A list means "any of these"; null: the field is there and empty; undefined: no such field. */
export type FieldValue = string | number | boolean | null | undefined | readonly string[];

/** Sigma's `logsource`, for what a record is. A record may answer to several. */
export interface LogSource {
  category: "process_creation" | "file_event" | null;
  service: "endpointsecurity" | "unifiedlog" | "posture" | null;
}

/** The rules' and correlations' view of a record (docs/fields.md lists every field). */
export interface FieldSource {
  readonly logsource: LogSource;
  /** Microseconds since the epoch. */
  readonly time: number;
  get(field: string): FieldValue;
}
