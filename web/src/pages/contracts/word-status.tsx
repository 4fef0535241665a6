import type { JSX } from "preact";

import { Status } from "../../components/status.tsx";
import type { Word } from "./words.ts";

export function WordStatus({ word }: { readonly word: Word }): JSX.Element {
  return (
    <Status tone={word.tone} hollow={word.hollow ?? false}>
      {word.text}
    </Status>
  );
}
