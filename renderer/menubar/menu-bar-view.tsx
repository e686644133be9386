import {
  CircleCheck,
  CircleDot,
  CircleQuestionMark,
  EyeOff,
  type LucideIcon,
  OctagonAlert,
  TriangleAlert,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FromMenuBar } from "#contract/ipc.ts";
import type { MenuBarState, TrayIcon } from "#contract/menu-bar.ts";
import type { Bridge } from "#renderer/bridge/bridge.ts";
import { Button } from "#renderer/ui/button.tsx";
import { cx } from "#renderer/ui/cx.ts";
import { HostileText } from "#renderer/ui/hostile-text.tsx";
import { SeverityGlyph } from "#renderer/ui/severity-glyph.tsx";
import { SentenceTime } from "#renderer/ui/time-text.tsx";
import { type Tone, toneClass } from "#renderer/ui/tone.ts";
import styles from "./menu-bar-view.module.css";

interface Look {
  Icon: LucideIcon;
  tone: Tone;
}

const STATES: Record<TrayIcon, Look> = {
  calm: { Icon: CircleCheck, tone: "green" },
  attention: { Icon: CircleDot, tone: "amber" },
  alert: { Icon: OctagonAlert, tone: "red" },
  degraded: { Icon: EyeOff, tone: "violet" },
};

const PROTECTION: Record<"strong" | "weakened" | "unknown", Look> = {
  strong: { Icon: CircleCheck, tone: "green" },
  weakened: { Icon: TriangleAlert, tone: "red" },
  unknown: { Icon: CircleQuestionMark, tone: "violet" },
};

/** What opens below the seal in the menu bar: the state in one sentence, the last findings, and what is seen. */
export function MenuBarView({ bridge, now }: { bridge: Bridge; now: () => number }) {
  const [state, setState] = useState<MenuBarState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const whole = useRef<HTMLElement>(null);
  const say = (request: FromMenuBar) => void bridge.invoke("fromMenuBar", request);

  useEffect(() => {
    let gone = false;
    const ask = async () => {
      const answer = await bridge.invoke("menuBar", null);
      if (gone) return;
      if (answer.ok) setState(answer.value);
      setProblem(answer.ok ? null : answer.error.message);
    };
    void ask();
    const stop = bridge.on("menuBarChanged", () => void ask());
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") void bridge.invoke("fromMenuBar", { do: "close" });
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      gone = true;
      stop();
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [bridge]);

  useEffect(() => {
    const height = whole.current?.scrollHeight ?? 0;
    if (state !== null && height >= 80)
      void bridge.invoke("fromMenuBar", { do: "resize", height: Math.min(height, 640) });
  }, [bridge, state]);

  return (
    <main ref={whole} className={styles.popover}>
      {state === null ? (
        <p className={styles.waiting}>{problem ?? "Asking Sealbar’s monitor…"}</p>
      ) : (
        <State state={state} now={now()} say={say} />
      )}
      <div className={styles.actions}>
        <Button onClick={() => say({ do: "open" })}>Open Sealbar</Button>
        <Button onClick={() => say({ do: "command", command: "show-settings" })}>Settings…</Button>
        <span className={styles.spring} />
        <Button look="quiet" onClick={() => say({ do: "quit" })}>
          Quit
        </Button>
      </div>
    </main>
  );
}

function State({ state, now, say }: { state: MenuBarState; now: number; say: (request: FromMenuBar) => void }) {
  const { Icon, tone } = STATES[state.icon];
  const { findings, moreFindings, protection, coverage } = state;
  return (
    <>
      <h1 className={styles.sentence}>
        <span className={toneClass(tone)}>
          <Icon size={18} strokeWidth={2} aria-hidden />
        </span>
        <HostileText text={state.sentence} limit={300} />
      </h1>
      {findings.length > 0 && (
        <ul
          className={styles.findings}
          aria-label={state.recording === null ? "Last findings" : "Last findings of the recording"}
        >
          {findings.map(({ id, title, severity, lastSeen }) => (
            <li key={id}>
              <button type="button" className={styles.finding} onClick={() => say({ do: "finding", id })}>
                <SeverityGlyph severity={severity} word={false} size={15} />
                <span className={styles.title}>
                  <HostileText text={title} limit={160} hover />
                </span>
                <span className={styles.time}>
                  <SentenceTime at={lastSeen} now={now} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {moreFindings > 0 && (
        <button type="button" className={styles.more} onClick={() => say({ do: "command", command: "show-findings" })}>
          {moreFindings === 1 ? "1 more finding" : `${moreFindings} more findings`}
        </button>
      )}
      {(protection !== null || coverage !== null) && (
        <div className={styles.facts}>
          {protection !== null && (
            <Fact
              look={PROTECTION[protection.state]}
              words={protection.words}
              onClick={() => say({ do: "command", command: "show-posture" })}
            />
          )}
          {coverage !== null && (
            <Fact
              look={coverage.good ? { Icon: CircleCheck, tone: "green" } : { Icon: EyeOff, tone: "violet" }}
              words={coverage.words}
              onClick={() => say({ do: "command", command: "show-coverage" })}
            />
          )}
        </div>
      )}
    </>
  );
}

function Fact({ look: { Icon, tone }, words, onClick }: { look: Look; words: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.fact} onClick={onClick}>
      <span className={cx(styles.sign, toneClass(tone))}>
        <Icon size={14} strokeWidth={2} aria-hidden />
      </span>
      {words}
    </button>
  );
}
