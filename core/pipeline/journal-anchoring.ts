import type { PostureChain } from "#contract/posture.ts";
import type { AnchoredHead, HelperState, LiveHelper } from "#core/base/live-helper.ts";
import type { Logger } from "#core/base/logger.ts";
import type { JournalToAnchor } from "#core/store/journal-to-anchor.ts";

/** Of the calls of {@link JournalAnchoring.tick}, which come once a second: how far apart heads are sent at least. */
const SEND_EVERY_TICKS = 10;
/** After the daemon did not answer or take one: what keeps it from that does not pass in seconds. */
const PAUSE_TICKS = 600;

const DIFFERS =
  "The posture journal does not hold the line that the launch daemon keeps of it. It was changed or shortened after it was written, or an older copy was put in its place.";
const BEGUN_ANEW =
  "The launch daemon also keeps the end of another posture journal of this account. The journal here began anew: the database was removed or replaced.";

export interface JournalAnchoringOptions {
  helper: Pick<LiveHelper, "anchors" | "anchor">;
  journal: JournalToAnchor;
  logger: Logger;
  onChange: () => void;
}

/**
 * Has the launch daemon keep the posture journal's head where only root can change it, and compares: a journal that was
 * changed afterwards does not end in what is kept. The standard tier has nobody who could keep it, and claims nothing.
 *
 * Once the two differ, nothing is sent any more: it would put the changed journal in the place of the evidence.
 */
export class JournalAnchoring {
  readonly #options: JournalAnchoringOptions;
  #state: PostureChain["anchor"] = "not-asked";
  #doubt: string | null = null;
  /** The daemon's session that we talk to; null: none. */
  #daemon: string | null = null;
  /** What is kept was compared, on this connection. */
  #isCompared = false;
  /** An answer is awaited. */
  #isWaiting = false;
  #kept: AnchoredHead | null = null;
  #ticksToWait = 0;
  /** Answers to an earlier connection are nobody's. */
  #connection = 0;

  constructor(options: JournalAnchoringOptions) {
    this.#options = options;
  }

  get state(): PostureChain["anchor"] {
    return this.#state;
  }

  /** One sentence when the journal is not what it was, else null. */
  get doubt(): string | null {
    return this.#doubt;
  }

  helperIs(state: HelperState): void {
    const daemon = state.phase === "connected" && state.tier === "full" ? state.session : null;
    if (daemon !== null && daemon === this.#daemon) return;
    this.#daemon = daemon;
    this.#connection += 1;
    this.#isCompared = this.#isWaiting = false;
    this.#kept = null;
    this.#ticksToWait = 0;
    // What was found once is not forgotten because the daemon is gone.
    if (this.#state === "differs" && daemon === null) return;
    this.#is(state.phase === "connected" && state.tier === "standard" ? "none" : "not-asked");
  }

  /** To be called once a second. */
  tick(): void {
    if (this.#daemon === null || this.#isWaiting) return;
    if (this.#ticksToWait > 0) this.#ticksToWait -= 1;
    else if (this.#isCompared) this.#send();
    else this.#askForHeads();
  }

  /** Nothing comes after this: what is new is sent now. */
  end(): void {
    if (this.#daemon !== null && this.#isCompared && !this.#isWaiting) this.#send();
  }

  #askForHeads(): void {
    const connection = this.#connection;
    this.#isWaiting = true;
    const asked = this.#options.helper.anchors((heads) => {
      if (connection !== this.#connection) return;
      this.#isWaiting = false;
      // An older daemon, or one that cannot read what it kept.
      if (heads === null) this.#ticksToWait = PAUSE_TICKS;
      else this.#compare(heads);
    });
    if (!asked) this.#isWaiting = false;
  }

  #compare(heads: readonly AnchoredHead[]): void {
    const { journal } = this.#options;
    this.#isCompared = true;
    const name = journal.name();
    const own = heads.find((head) => head.journal === name);
    if (own !== undefined) this.#judge(own);
    else if (heads.length > 0) this.#suspect(BEGUN_ANEW);
  }

  #judge(kept: AnchoredHead): void {
    this.#kept = kept;
    if (this.#options.journal.hashAt(kept.seq) === kept.hash) {
      if (this.#doubt === DIFFERS) this.#doubt = null;
      this.#is("matches");
      return;
    }
    this.#suspect(DIFFERS);
    this.#is("differs");
  }

  #send(): void {
    const { helper, journal } = this.#options;
    this.#ticksToWait = SEND_EVERY_TICKS - 1;
    if (this.#state === "differs") return;
    const head = journal.head();
    const name = journal.name();
    if (head === null || name === null || (this.#kept?.seq === head.seq && this.#kept.hash === head.hash)) return;
    if (!journal.settle()) return;
    const connection = this.#connection;
    this.#isWaiting = true;
    const asked = helper.anchor({ journal: name, seq: head.seq, hash: head.hash }, (answer) => {
      if (connection !== this.#connection) return;
      this.#isWaiting = false;
      if (answer === null) this.#ticksToWait = PAUSE_TICKS;
      else this.#judge(answer);
    });
    if (!asked) this.#isWaiting = false;
  }

  #suspect(doubt: string): void {
    if (this.#doubt === doubt) return;
    this.#doubt = doubt;
    this.#options.logger.warn(doubt);
    this.#options.onChange();
  }

  #is(state: PostureChain["anchor"]): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onChange();
  }
}
