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
  readonly onFiles: (files: readonly File[]) => void | Promise<unknown>;
}

/** Files dropped here or chosen by the button; the keyboard has the button. */
export function FileDrop({ label, hint, accept, several, busy, onFiles }: FileDropProps): JSX.Element {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();

  function take(files: FileList | null | undefined): void {
    const chosen = [...(files ?? [])];
    if (chosen.length > 0) void onFiles(several ? chosen : chosen.slice(0, 1));
  }

  return (
    <div
      class={`drop${over ? " over" : ""}`}
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
      <Button busy={busy ?? false} describedBy={hintId} onPress={() => input.current?.click()}>
        {label}
      </Button>
      <span class="small soft" id={hintId}>
        {hint}
      </span>
    </div>
  );
}
