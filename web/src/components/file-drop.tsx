import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";

import { Button } from "./button.tsx";

export interface FileDropProps {
  readonly label: string;
  readonly hint: ComponentChildren;
  /** As an input's `accept`: a help to choose, not a check. */
  readonly accept: string;
  readonly several?: boolean;
  readonly busy?: boolean;
  /** While what was chosen is on its way: nothing else is taken. */
  readonly disabled?: boolean;
  /** The sentence below it; null or absent while nothing is wrong. */
  readonly error?: string | null | undefined;
  /** Fixed where a summary of errors leads to it. */
  readonly id?: string;
  readonly onFiles: (files: readonly File[]) => void | Promise<unknown>;
}

/** Files dropped here or chosen by the button; the keyboard has the button. */
export function FileDrop(given: FileDropProps): JSX.Element {
  const { label, hint, accept, several, busy = false, disabled = false, error, onFiles } = given;
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();

  function take(files: FileList | null | undefined): void {
    const chosen = busy || disabled ? [] : [...(files ?? [])];
    if (chosen.length > 0) void onFiles(several ? chosen : chosen.slice(0, 1));
  }

  return (
    <div
      class={`drop${over && !disabled ? " over" : ""}${error ? " lacking" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <input
        ref={input}
        type="file"
        // The button speaks for it; beside it, it would be read out as a second one.
        hidden
        aria-label={label}
        accept={accept}
        multiple={several}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file again is a choice, too.
          event.currentTarget.value = "";
        }}
      />
      <Button
        id={given.id}
        busy={busy}
        disabled={disabled}
        describedBy={error ? `${hintId} ${hintId}-error` : hintId}
        onPress={() => input.current?.click()}
      >
        {label}
      </Button>
      <span class="small soft" id={hintId}>
        {hint}
      </span>
      {error && (
        <span class="error" id={`${hintId}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
