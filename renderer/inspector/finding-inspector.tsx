import { FileX2 } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "zustand";
import type { Clause, Evidence, Finding } from "#contract/finding.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { CopyButton } from "#renderer/ui/copy-button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import { Skeleton } from "#renderer/ui/skeleton.tsx";
import { RowTime, SentenceTime } from "#renderer/ui/time-text.tsx";
import { FactList } from "./fact-list.tsx";
import { FindingChain } from "./finding-chain.tsx";
import { findingText, subjectFacts } from "./finding-text.ts";
import styles from "./inspector.module.css";

/** One finding: the verdict, why, what is not known, what to do, and the records it stands on. */
export function FindingInspector({ stores, id }: { stores: Stores; id: number }) {
  const { findings } = stores;
  const finding = useStore(findings.state, (state) => state.findings.find((candidate) => candidate.id === id));
  const searching = useStore(findings.state, (state) => state.next !== null || state.phase === "loading");
  useEffect(() => void findings.ensure(id), [findings, id]);
  if (finding !== undefined) return <FindingBody stores={stores} finding={finding} />;
  if (searching) return <Skeleton label="Reading the finding" />;
  return (
    <EmptyState Icon={FileX2} title="This finding is not here">
      It belongs to other data, perhaps to a recording that was closed.
    </EmptyState>
  );
}

function FindingBody({ stores, finding }: { stores: Stores; finding: Finding }) {
  const { app } = stores;
  const now = stores.now();
  const of = (kind: Clause["kind"]) => finding.clauses.filter((clause) => clause.kind === kind);
  const open = (evidence: Evidence) => {
    if (evidence.rowId !== null) app.follow({ kind: "event", rowId: evidence.rowId });
  };
  return (
    <>
      <header className={styles.header}>
        <div className={styles.line}>
          <SeverityGlyph severity={finding.severity} />
          <span className={styles.push} />
          <CopyButton wide label="Copy finding" text={() => findingText(finding)} copy={app.copy} />
        </div>
        <h2 className={styles.title}>
          <HostileText text={finding.title} limit={200} expandable />
        </h2>
        <p className={styles.sub}>
          <SentenceTime at={finding.firstSeen} now={now} />
          {finding.count > 1 && (
            <>
              , {finding.count.toLocaleString()} times, last <SentenceTime at={finding.lastSeen} now={now} />
            </>
          )}
        </p>
      </header>
      {of("verdict").length > 0 && (
        <div className={styles.section}>
          <Clauses clauses={of("verdict")} finding={finding} onOpen={open} />
        </div>
      )}
      <FindingChain finding={finding} now={now} onOpen={open} />
      <ClauseSection title="Why" clauses={of("why")} finding={finding} onOpen={open} />
      <ClauseSection title="Not known" clauses={of("unknown")} finding={finding} onOpen={open} />
      <ClauseSection title="What to do" clauses={of("next")} finding={finding} onOpen={open} />
      <section className={styles.section}>
        <h3 className={styles.heading}>Evidence</h3>
        <ol>
          {finding.evidence.map((evidence, index) => (
            // Evidence is numbered by its position; clauses refer to it so.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <EvidenceRow evidence={evidence} number={index + 1} onOpen={open} />
            </li>
          ))}
        </ol>
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>Subject</h3>
        <FactList facts={subjectFacts(finding)} copy={app.copy} />
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>Rule</h3>
        <p className={styles.note}>
          <HostileText
            text={[finding.rule, ...finding.behaviours, ...finding.analytics, ...finding.techniques].join(" · ")}
          />
        </p>
      </section>
    </>
  );
}

interface ClausesProps {
  clauses: readonly Clause[];
  finding: Finding;
  onOpen: (evidence: Evidence) => void;
}

function ClauseSection({ title, ...rest }: ClausesProps & { title: string }) {
  if (rest.clauses.length === 0) return null;
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>{title}</h3>
      <Clauses {...rest} />
    </section>
  );
}

/** Sentences, each followed by the numbers of the records it rests on. */
function Clauses({ clauses, finding, onOpen }: ClausesProps) {
  return (
    <>
      {clauses.map((clause) => (
        <p key={clause.text} className={styles.clause}>
          <ClauseText text={clause.text} />
          {clause.evidence.map((index) => {
            const evidence = finding.evidence[index];
            if (evidence === undefined) return null;
            return (
              <button
                key={index}
                type="button"
                className={styles.ref}
                disabled={evidence.rowId === null}
                aria-label={`Evidence ${index + 1}: ${evidence.role}`}
                title={evidence.role}
                onClick={() => onOpen(evidence)}
              >
                {index + 1}
              </button>
            );
          })}
        </p>
      ))}
    </>
  );
}

/** Words between backticks are commands and are set as such; nothing else in a sentence is markup. */
function ClauseText({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((piece, index, pieces) => {
        const quoted = index % 2 === 1 && index < pieces.length - 1;
        // The pieces of one sentence never move.
        // oxlint-disable-next-line react/no-array-index-key
        return (
          <HostileText
            key={index}
            className={quoted ? styles.command : undefined}
            text={piece}
            limit={2_000}
            expandable
          />
        );
      })}
    </>
  );
}

function EvidenceRow({
  evidence,
  number,
  onOpen,
}: {
  evidence: Evidence;
  number: number;
  onOpen: (evidence: Evidence) => void;
}) {
  const gone = evidence.rowId === null;
  return (
    <button
      type="button"
      className={styles.evidence}
      disabled={gone}
      title={gone ? "The record itself is no longer kept" : "Show the record"}
      onClick={() => onOpen(evidence)}
    >
      <span className={styles.number}>{number}</span>
      <span className={styles.role}>
        <HostileText text={evidence.role} limit={80} />
      </span>
      <span className={styles.when}>
        <RowTime at={evidence.at} />
      </span>
      <span className={styles.summary}>
        <HostileText text={evidence.summary} limit={240} />
      </span>
    </button>
  );
}
