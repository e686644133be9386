import { ChevronRight, TriangleAlert } from "lucide-react";
import type { Entitlement } from "#contract/inspection.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

/** More are counted, not drawn. */
const SHOWN_MAX = 300;

/** What the code may do: first what weakens a protection, each with what it weakens, then the rest, folded. */
export function EntitlementList({ entitlements, level }: { entitlements: readonly Entitlement[]; level: 3 | 4 }) {
  if (entitlements.length === 0) return null;
  const Heading = level === 3 ? "h3" : "h4";
  const weakening = entitlements.filter(({ weakens }) => weakens !== null);
  const others = entitlements.filter(({ weakens }) => weakens === null);
  return (
    <section className={inspector.section}>
      <Heading className={inspector.heading}>Entitlements</Heading>
      <ul>
        {weakening.map(({ key, value, weakens }) => (
          <li key={key} className={styles.weakening}>
            <TriangleAlert size={14} aria-hidden className={styles.amber} />
            <span>
              <HostileText text={weakens ?? ""} limit={300} />
              <EntitlementLine entitlement={key} value={value} />
            </span>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details className={styles.fold}>
          <summary>
            <ChevronRight size={14} aria-hidden className={styles.chevron} />
            {count(others.length, weakening.length > 0)}
          </summary>
          <ul>
            {others.slice(0, SHOWN_MAX).map(({ key, value }) => (
              <li key={key}>
                <EntitlementLine entitlement={key} value={value} />
              </li>
            ))}
          </ul>
          {others.length > SHOWN_MAX && (
            <p className={inspector.note}>
              {(others.length - SHOWN_MAX).toLocaleString()} more are not shown here; “Copy report” lists them.
            </p>
          )}
        </details>
      )}
    </section>
  );
}

function EntitlementLine({ entitlement, value }: { entitlement: string; value: string }) {
  return (
    <span className={styles.entitlement}>
      <HostileText text={entitlement} limit={200} hover />
      {value !== "true" && (
        <>
          {" = "}
          <HostileText text={value} limit={200} expandable />
        </>
      )}
    </span>
  );
}

function count(number: number, besides: boolean): string {
  const noun = number === 1 ? "entitlement" : "entitlements";
  return `${number.toLocaleString()} ${besides ? `other ${noun}` : noun}`;
}
