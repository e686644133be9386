import type { TelemetryEvent } from "#contract/event.ts";
import { ORIGINS, type EventId, type Origin } from "#contract/source.ts";
import type { EventFact } from "#contract/timeline.ts";
import type { TrustClass } from "#contract/trust.ts";
import { eventFacts } from "#core/enrich/event-facts.ts";
import type { EnrichedEvent } from "#core/enrich/enriched-event.ts";
import type { EventRecord } from "#core/store/records.ts";

/** An enriched event in the store's terms. A class, because a getter on an object literal would give each record a shape of its own. */
export class StagedRecord implements EventRecord {
  readonly id: EventId;
  readonly time: number;
  readonly origin: Origin;
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly path: string | null;
  readonly actor: string | null;
  readonly signingId: string | null;
  readonly teamId: string | null;
  readonly cdhash: string | null;
  readonly trust: TrustClass | null;
  readonly raw: string;
  readonly #enriched: EnrichedEvent;

  constructor(enriched: EnrichedEvent, raw: string) {
    const { event, subject, trust } = enriched;
    const { title, detail, path } = enriched.description;
    this.id = event.id;
    this.time = event.time;
    this.origin = originOf(event);
    this.kind = event.kind;
    this.title = title;
    this.detail = detail;
    this.path = path;
    this.actor = "actor" in event ? event.actor.path : null;
    this.signingId = subject?.signingId ?? null;
    this.teamId = subject?.teamId ?? null;
    this.cdhash = subject?.cdhash ?? null;
    this.trust = trust?.class ?? null;
    this.raw = raw;
    this.#enriched = enriched;
  }

  /** Worked out only when it is stored. */
  get facts(): EventFact[] {
    return eventFacts(this.#enriched);
  }
}

/** A fault belongs to the source whose record it was, as far as that is known. */
function originOf(event: TelemetryEvent): Origin {
  const source = event.kind === "fault" ? event.source : event.id.src;
  return ORIGINS.find((origin) => origin === source) ?? "session";
}
