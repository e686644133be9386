import { type KeyboardEvent, type SyntheticEvent, useEffect, useId, useRef, useState } from "react";
import { type PostureSetting, type PostureSnapshot, REASON_MAX } from "#contract/posture.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { isWeaker } from "#contract/posture-rank.ts";
import { POSTURE_SETTING_WORDS, postureWord } from "#renderer/ui/words.ts";
import styles from "./baseline.module.css";

interface BaselineFormProps {
  posture: PostureSnapshot;
  stores: Stores;
  onDone: () => void;
}

/** Says exactly what would be accepted and what that means, and asks why. */
export function BaselineForm({ posture, stores, onDone }: BaselineFormProps) {
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);

  const accept = async () => {
    setSending(true);
    const why = await stores.posture.accept(reason.trim());
    setSending(false);
    if (why === null) onDone();
    else setFailure(`It was not accepted. ${why}`);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (reason.trim() === "") {
      setFailure("Give a reason: it is what tells others later that this was meant.");
      field.current?.focus();
      return;
    }
    void accept();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onDone();
  };
  return (
    // Esc closes the innermost thing, wherever in it the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form className={styles.form} aria-label="Accept as baseline" noValidate onSubmit={submit} onKeyDown={onKeyDown}>
      <Terms settings={posture.settings} />
      <label htmlFor={id} className={styles.label}>
        Reason
      </label>
      <textarea
        id={id}
        ref={field}
        className={styles.reason}
        rows={2}
        maxLength={REASON_MAX}
        value={reason}
        required
        aria-invalid={failure !== null && reason.trim() === ""}
        aria-describedby={`${id}-hint`}
        placeholder="Who decided this, and why"
        onChange={(event) => {
          setReason(event.target.value);
          setFailure(null);
        }}
      />
      <p id={`${id}-hint`} className={styles.quiet}>
        Required. It is kept in the history with your account’s name.
      </p>
      {failure !== null && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button look="primary" type="submit" disabled={sending}>
          {sending ? "Accepting…" : "Accept"}
        </Button>
      </div>
    </form>
  );
}

const isUnread = ({ inForce }: PostureSetting) => inForce === "unknown" || inForce === "conflicting";

const weakParts = ({ parts }: PostureSetting): string => {
  const weak = parts.filter(({ value }) => value === "off" || value === "partial").map(({ name }) => name);
  return weak.length === 0 ? "" : ` (${weak.join(", ")})`;
};

function Terms({ settings }: { settings: readonly PostureSetting[] }) {
  const differing = settings.filter((setting) => setting.inForce !== "on" && !isUnread(setting));
  const unread = settings.filter(isUnread);
  const pending = settings.filter(({ inForce, afterBoot }) => isWeaker(afterBoot, inForce));
  const names = (list: readonly PostureSetting[]) => list.map(({ id }) => POSTURE_SETTING_WORDS[id].name).join(", ");
  return (
    <div className={styles.terms}>
      {differing.length === 0 ? (
        <p>
          Everything that could be read is as Apple ships it. Sealbar will go on reporting whatever becomes weaker than
          that.
        </p>
      ) : (
        <>
          <p>You would accept what differs from Apple’s default:</p>
          <ul className={styles.list}>
            {differing.map((setting) => (
              <li key={setting.id}>
                {POSTURE_SETTING_WORDS[setting.id].name}: <strong>{postureWord(setting.id, setting.inForce)}</strong>
                <HostileText text={weakParts(setting)} limit={300} expandable />
              </li>
            ))}
          </ul>
          <p>
            Sealbar will no longer report {differing.length === 1 ? "this" : "these"} as weaker than expected, nor count
            what runs meanwhile as running on a weakened Mac. It still reports whatever becomes weaker than it is now.
          </p>
        </>
      )}
      {unread.length > 0 && <p>Not part of it, because it could not be read: {names(unread)}.</p>}
      {pending.length > 0 && (
        <p>
          Not part of it, because it is not so yet: {names(pending)}, weaker after the next restart. Sealbar will report
          that then.
        </p>
      )}
    </div>
  );
}
