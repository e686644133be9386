import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

const SAID_MS = 1_500;

interface CopyButtonProps {
  text: () => string;
  copy: (text: string) => Promise<boolean>;
  label: string;
  /** Shows the label beside the icon. */
  wide?: boolean;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, copy, label, wide = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <Button look={wide ? "quiet" : "icon"} aria-label={label} onClick={() => void copy(text()).then(setCopied)}>
      <Icon size={14} aria-hidden />
      {wide && (copied ? "Copied" : label)}
      <output className="visually-hidden">{copied ? "Copied" : ""}</output>
    </Button>
  );
}
