import type { LucideIcon } from "lucide-react";
import { useStore } from "zustand";
import type { Stores } from "#renderer/state/stores.ts";
import { Button } from "#renderer/ui/button.tsx";
import { EmptyState } from "#renderer/ui/empty-state.tsx";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { sentenceTime } from "#renderer/ui/time-format.ts";
import { ORIGIN_WORDS } from "#renderer/ui/words.ts";

/** An empty timeline: what is being watched and since when, or that this version only shows recordings. */
export function NothingYet({ stores, Icon }: { stores: Stores; Icon: LucideIcon }) {
  const { app } = stores;
  const info = useStore(app.state, (state) => state.info);
  const monitor = useStore(app.state, (state) => state.monitor);
  const recording = monitor?.recording ?? null;
  if (recording !== null) {
    return (
      <EmptyState
        Icon={Icon}
        title={recording.state === "playing" ? "Reading the recording" : "Nothing in this recording"}
      >
        {recording.problem !== null ? (
          <HostileText text={recording.problem} limit={300} />
        ) : recording.state === "playing" ? (
          "Its first rows appear here in a moment."
        ) : (
          "It holds no record that Sealbar knows how to show."
        )}
      </EmptyState>
    );
  }
  if (info !== null && !info.liveCollection) {
    return (
      <EmptyState
        Icon={Icon}
        title="Nothing is being collected from this Mac"
        actions={
          <>
            <Button look="primary" onClick={() => void app.playDemo()}>
              Play the demo recording
            </Button>
            <Button onClick={() => void app.chooseRecording()}>Open a recording…</Button>
          </>
        }
      >
        This version shows recordings only. The demo is forty minutes of a Mac’s life: ordinary work, an app that avoids
        its check, and a protection that is switched off.
      </EmptyState>
    );
  }
  const watched = (monitor?.coverage.sources ?? []).filter((source) => source.state === "running");
  const since = monitor?.posture.bootTime ?? null;
  return (
    <EmptyState Icon={Icon} title="Nothing recorded yet">
      {watched.length === 0
        ? "No source has delivered anything yet. Coverage says why."
        : `Watching ${watched.map(({ source }) => ORIGIN_WORDS[source].long).join(", ")}${since === null ? "" : ` since the start of this Mac, ${sentenceTime(since, stores.now())}`}.`}
    </EmptyState>
  );
}
