import type { Batch, CounterDelta, EventRecord, FindingRecord } from "#core/store/records.ts";
import type { Stages } from "./stages.ts";

/** Gathers what is to be committed together. A finding that changes several times in a batch is stored once, as it ended. */
export class BatchBuilder {
  #records: EventRecord[] = [];
  #findings = new Map<string, FindingRecord>();
  #counters = new Map<string, CounterDelta>();
  /** The counter that was added to last: nearly always it is the next one too, and then no key is built. */
  #last: CounterDelta | null = null;
  #size = 0;

  /** How many records were taken, whatever they led to. */
  get size(): number {
    return this.#size;
  }

  add(records: readonly EventRecord[], findings: readonly FindingRecord[]): void {
    this.#size += 1;
    this.#records.push(...records);
    for (const finding of findings) this.#findings.set(finding.key, finding);
  }

  count(session: string, src: string, name: string, by = 1): void {
    if (by === 0) return;
    const last = this.#last;
    if (last !== null && last.src === src && last.name === name && last.session === session) {
      last.by += by;
      return;
    }
    const key = `${session}\n${src}\n${name}`;
    const counter = this.#counters.get(key) ?? { session, src, name, by: 0 };
    counter.by += by;
    this.#counters.set(key, counter);
    this.#last = counter;
  }

  /** The batch with the rooms' changed state, leaving an empty one; null when there is nothing to commit. */
  take(stages: Stages): Batch | null {
    if (this.#size === 0) return null;
    const batch: Batch = {
      records: this.#records,
      findings: [...this.#findings.values()],
      state: stages.drainChanges(),
      counters: [...this.#counters.values()],
    };
    this.#records = [];
    this.#findings = new Map();
    this.#counters = new Map();
    this.#last = null;
    this.#size = 0;
    return batch;
  }
}
