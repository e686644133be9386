import { useEffect, useRef } from "react";
import { Button } from "#renderer/ui/button.tsx";
import { Kbd } from "#renderer/ui/kbd.tsx";
import { LIST_KEYS, MENU_KEYS, SHORTCUTS } from "./shortcuts.ts";
import styles from "./shortcuts-dialog.module.css";

/** The list of shortcuts, on Cmd-/. */
export function ShortcutsDialog({ mac, onClose }: { mac: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const modifier = mac ? "⌘" : "Ctrl ";
  return (
    <dialog ref={dialog} className={styles.dialog} aria-label="Keyboard shortcuts" onClose={onClose}>
      <h2 className={styles.title}>Keyboard shortcuts</h2>
      <dl className={styles.keys}>
        {SHORTCUTS.map(({ shown, does }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              <Kbd keys={`${modifier}${shown}`} />
            </dd>
          </div>
        ))}
        {MENU_KEYS.map(({ mac: onMac, elsewhere, does }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              <Kbd keys={mac ? onMac : elsewhere} />
            </dd>
          </div>
        ))}
        {LIST_KEYS.map(({ shown, does }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              <Kbd keys={shown} />
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.end}>
        <Button look="primary" onClick={() => dialog.current?.close()}>
          Done
        </Button>
      </div>
    </dialog>
  );
}
