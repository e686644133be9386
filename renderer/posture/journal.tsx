import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { JournalEntry, PostureChain } from "#contract/posture.ts";
import { type JournalView, WHOLE_MAC } from "#renderer/state/posture-store.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { MomentTime, SentenceTime } from "#renderer/ui/time-text.tsx";
import { JournalGlyph } from "./journal-glyph.tsx";
import { chainSentence } from "./chain-sentence.ts";
import { foldRestarts } from "./fold-restarts.ts";
import { entryText } from "./posture-text.ts";
import { listedPieces, type ToldPiece, toldPieces } from "./told-times.ts";
import styles from "./journal.module.css";

/** A history, newest first, read when it is first shown. @param about a setting's id; {@link WHOLE_MAC}: all */
export function Journal({ stores, about }: { stores: Stores; about: string }) {
  const { posture: store } = stores;
  const view = useStore(store.state, ({ journals }) => journals[about]);
  useEffect(() => {
    void store.load(about);
    return () => store.forget(about);
  }, [store, about]);
  if (view === undefined || view.phase === "loading") return <p className={styles.quiet}>Reading the history…</p>;
  if (view.phase === "failed") {
    return (
      <p className={styles.failure} role="alert">
        The history could not be read. {view.failure}{" "}
        <Button look="quiet" onClick={() => void store.load(about)}>
          Try again
        </Button>
      </p>
    );
  }
  return (
    <>
      {about === WHOLE_MAC && view.chain !== null && <Chain chain={view.chain} stores={stores} />}
      <Entries view={view} stores={stores} about={about} />
    </>
  );
}

function Entries({ view, stores, about }: { view: JournalView; stores: Stores; about: string }) {
  const { entries, next, loadingMore, failure } = view;
  if (entries.length === 0) return <p className={styles.quiet}>Nothing has been written down yet.</p>;
  return (
    <>
      <ol className={styles.entries}>
        {foldRestarts(entries).map((row) =>
          row.kind === "entry" ? (
            <li key={row.entry.seq}>
              <Entry entry={row.entry} stores={stores} />
            </li>
          ) : (
            <Restarts key={`restarts ${row.entries[0].seq}`} entries={row.entries} stores={stores} />
          ),
        )}
      </ol>
      {failure !== null && (
        <p className={styles.failure} role="alert">
          Older entries could not be read. {failure}
        </p>
      )}
      {next !== null && (
        <Button look="quiet" disabled={loadingMore} onClick={() => void stores.posture.loadMore(about)}>
          {loadingMore ? "Reading older entries…" : "Show older entries"}
        </Button>
      )}
    </>
  );
}

function Entry({ entry, stores }: { entry: JournalEntry; stores: Stores }) {
  const { at, kind, words, evidence, seq } = entry;
  return (
    <div className={styles.entry}>
      <JournalGlyph kind={kind} />
      <div className={styles.words}>
        <Told pieces={toldPieces(kind, words)} limit={300} now={stores.now()} />
        {evidence !== "" && <Evidence kind={kind} text={evidence} now={stores.now()} />}
      </div>
      <CopyButton label={`Copy entry ${seq}`} text={() => entryText(entry)} copy={stores.app.copy} />
      <span className={styles.when}>
        <SentenceTime at={at} now={stores.now()} />
      </span>
    </div>
  );
}

/** Text with its moments in the user's zone. @param limit characters shown of each piece before the rest is asked for */
function Told({ pieces, limit, now }: { pieces: readonly ToldPiece[]; limit: number; now: number }) {
  return pieces.map((piece, index) =>
    // The pieces of one text never move.
    piece.kind === "moment" ? (
      // oxlint-disable-next-line react/no-array-index-key
      <MomentTime key={index} at={piece.at} now={now} />
    ) : (
      // oxlint-disable-next-line react/no-array-index-key
      <HostileText key={index} text={piece.text} limit={limit} expandable />
    ),
  );
}

const HEAD_SHOWN = 8;

const EVIDENCE_LINES = 2;

/** The beginning of what says so, and the rest when it is asked for. Of a baseline it is what a person wrote, not a probe. */
function Evidence({ kind, text, now }: { kind: JournalEntry["kind"]; text: string; now: number }) {
  const [all, setAll] = useState(false);
  const isSaid = kind === "baseline";
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = all || isSaid ? lines : lines.slice(0, EVIDENCE_LINES);
  const more = lines.length - shown.length;
  return (
    <div className={isSaid ? styles.said : styles.evidence}>
      {shown.map((line, index) => (
        // Lines of one evidence never move.
        // oxlint-disable-next-line react/no-array-index-key
        <p key={index}>
          {isSaid && index === 0 && "Because: "}
          <Told pieces={listedPieces(kind, line.replaceAll("\t", "    "))} limit={160} now={now} />
        </p>
      ))}
      {more > 0 && (
        <button type="button" className={styles.rest} onClick={() => setAll(true)}>
          Show {more === 1 ? "one more line" : `${more} more lines`}
        </button>
      )}
    </div>
  );
}

/** A run of restarts, as one line or one by one. */
function Restarts({ entries, stores }: { entries: readonly [JournalEntry, ...JournalEntry[]]; stores: Stores }) {
  const [open, setOpen] = useState(false);
  if (open) {
    return entries.map((entry) => (
      <li key={entry.seq}>
        <Entry entry={entry} stores={stores} />
      </li>
    ));
  }
  const [newest] = entries;
  const now = stores.now();
  return (
    <li className={styles.entry}>
      <JournalGlyph kind="boot" />
      <span className={styles.folded}>
        {entries.length.toLocaleString("en-US")} restarts in a row
        <button type="button" className={styles.unfold} onClick={() => setOpen(true)}>
          Show them
        </button>
      </span>
      <span className={styles.when}>
        <SentenceTime at={entries.at(-1)?.at ?? newest.at} now={now} /> to <SentenceTime at={newest.at} now={now} />
      </span>
    </li>
  );
}

/** What the chain of hashes proves, and what it does not. */
function Chain({ chain, stores }: { chain: PostureChain; stores: Stores }) {
  const { head } = chain;
  return (
    <p className={styles.chain}>
      {chainSentence(chain)}
      {head !== null && (
        <span className={styles.head}>
          {" "}
          Head <code title={head}>{head.slice(0, HEAD_SHOWN)}…</code>
          <CopyButton label="Copy the head’s SHA-256" text={() => head} copy={stores.app.copy} />
        </span>
      )}
    </p>
  );
}
