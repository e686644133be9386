import { FileSearch } from "lucide-react";
import { useEffect, useState } from "react";
import type { Stores } from "#renderer/state/stores.ts";
import { inspectDropped } from "./inspect-file.ts";
import styles from "./drop-zone.module.css";

/** Takes files that are dropped anywhere onto the window, and refuses everything else. */
export function DropZone({ stores }: { stores: Stores }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (isTextForField(event)) return;
      event.preventDefault();
      const files = carriesFiles(event);
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = files ? "copy" : "none";
      setOver(files);
    };
    const onDragLeave = (event: DragEvent) => {
      // Going from one element to the next is no leaving.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (isTextForField(event)) return;
      // Without this the window would go to what was dropped.
      event.preventDefault();
      setOver(false);
      if (carriesFiles(event)) inspectDropped(stores, [...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragenter", onDragOver);
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("dragleave", onDragLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragenter", onDragOver);
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("dragleave", onDragLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, [stores]);
  if (!over) return null;
  return (
    <div className={styles.zone} data-testid="drop-zone">
      <div className={styles.card}>
        <FileSearch size={32} strokeWidth={1.25} aria-hidden />
        <p className={styles.title}>Drop to inspect its signature</p>
        <p className={styles.note}>The file is read, and nothing else is done to it.</p>
      </div>
    </div>
  );
}

/** Text that lies in a file is text; an address dragged from a browser is no file either. */
function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

/** Text may be dropped where text is typed. */
function isTextForField(event: DragEvent): boolean {
  return !carriesFiles(event) && event.target instanceof HTMLInputElement;
}
