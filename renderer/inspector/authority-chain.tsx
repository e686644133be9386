import type { CertificateFacts, SliceInspection } from "#contract/inspection.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { calendarDay, exactTime } from "#renderer/ui/time-format.ts";
import inspector from "./inspector.module.css";
import styles from "./inspection.module.css";

/** Who signed, up to the root, and when. */
export function AuthorityChain({ slice, level }: { slice: SliceInspection; level: 3 | 4 }) {
  const { authorities, timestamp, signingTime } = slice;
  if (authorities.length === 0) return null;
  const Heading = level === 3 ? "h3" : "h4";
  return (
    <section className={inspector.section}>
      <Heading className={inspector.heading}>{chainHeading(slice)}</Heading>
      <ol className={styles.chain}>
        {authorities.map((certificate) => (
          <li key={certificate.sha256} className={styles.certificate} title={`SHA-256 ${certificate.sha256}`}>
            <HostileText className={styles.certificateName} text={nameOf(certificate)} limit={200} expandable />
            <span className={inspector.sub}>
              {calendarDay(certificate.notBefore)} – {calendarDay(certificate.notAfter)}
            </span>
          </li>
        ))}
      </ol>
      {timestamp !== null && (
        <p className={styles.signed}>
          {timestamp.status === "ok" ? "Signed " : "A timestamp that does not verify says "}
          <time dateTime={timestamp.at} title={exactTime(timestamp.at)}>
            {calendarDay(timestamp.at)}
          </time>
          {timestamp.status === "ok" && ", proved by a timestamp"}
          {timestamp.status === "ok" && timestamp.authority !== null && (
            <>
              {" of "}
              <HostileText text={timestamp.authority} limit={120} />
            </>
          )}
          .
        </p>
      )}
      {timestamp === null && (
        <p className={styles.signed}>
          {signingTime === null ? (
            "When it was signed is not known."
          ) : (
            <>
              The signer says it was signed{" "}
              <time dateTime={signingTime} title={exactTime(signingTime)}>
                {calendarDay(signingTime)}
              </time>
              . Nothing proves it.
            </>
          )}
        </p>
      )}
    </section>
  );
}

function chainHeading({ class: trust }: SliceInspection): string {
  if (trust === "invalid") return "Claims to be signed by";
  if (trust === "untrusted" || trust === "self-signed") return "Signed by, as the certificate says";
  return "Signed by";
}

function nameOf({ commonName, organization }: CertificateFacts): string {
  return commonName ?? organization ?? "A certificate without a name";
}
