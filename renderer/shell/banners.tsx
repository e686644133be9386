import { CircleAlert, Disc3, HardDrive, RotateCw, X } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useStore } from "zustand";
import type { RecordingState } from "#contract/monitor-port.ts";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import styles from "./banners.module.css";

/** What holds for the whole window: a recording is shown, something is not being read or kept. */
export function Banners({ stores: { app } }: { stores: Stores }) {
  const monitor = useStore(app.state, (state) => state.monitor);
  const monitorTrouble = useStore(app.state, (state) => state.monitorTrouble);
  const notice = useStore(app.state, (state) => state.notice);
  const recording = monitor?.recording ?? null;
  const trouble = monitor?.trouble ?? null;
  return (
    <>
      {recording !== null && <RecordingBanner recording={recording} onClose={() => void app.closeRecording()} />}
      {monitorTrouble !== null && (
        <Banner Icon={RotateCw} look="blind">
          <HostileText text={monitorTrouble} limit={400} />
        </Banner>
      )}
      {trouble !== null && (
        <Banner Icon={HardDrive} look="amber">
          <HostileText text={trouble.message} limit={400} />
        </Banner>
      )}
      {notice !== null && (
        <Banner Icon={CircleAlert} look="amber">
          <HostileText text={notice} limit={400} />
          <Button look="icon" className={styles.end} aria-label="Dismiss" onClick={() => app.say(null)}>
            <X size={14} aria-hidden />
          </Button>
        </Banner>
      )}
    </>
  );
}

function Banner({ Icon, look, children }: { Icon: LucideIcon; look: "blind" | "amber"; children: ReactNode }) {
  return (
    <output className={cx(styles.banner, styles[look])}>
      <Icon size={14} aria-hidden className={styles.icon} />
      {children}
    </output>
  );
}

function RecordingBanner({ recording, onClose }: { recording: RecordingState; onClose: () => void }) {
  const { name, state, progress, problem } = recording;
  return (
    <section className={cx(styles.banner, styles.recording)} aria-label="Recording">
      <Disc3 size={14} aria-hidden className={styles.icon} />
      <span className={styles.text}>
        Showing a recording: <HostileText className={styles.name} text={name} limit={120} hover />
        {state === "failed" && (
          <span className={styles.problem}>
            {" "}
            Stopped: <HostileText text={problem ?? "it could not be read to its end."} limit={300} />
          </span>
        )}
      </span>
      {state === "playing" && (
        <progress className={styles.progress} value={progress} max={1} aria-label="Recording read" />
      )}
      <Button look="quiet" className={styles.end} onClick={onClose}>
        Close recording
      </Button>
    </section>
  );
}
