import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { fingerprintText } from "../../../format/identifiers.ts";
import { fingerprintOf, type Reader } from "../../../sealing/readers.ts";

/** What two people compare over the telephone before one adds the other. */
export function Fingerprint({ reader }: { readonly reader: Reader }): JSX.Element {
  const [print, setPrint] = useState("");
  useEffect(() => {
    void fingerprintOf(reader).then(setPrint);
  }, [reader]);
  return (
    <span class="small">
      <span class="soft">Impressão </span>
      <code>{fingerprintText(print, 16)}</code>
    </span>
  );
}
