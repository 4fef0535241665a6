import type { JSX } from "preact";

import { Problem } from "../../../api/problem.ts";
import { hrefOf } from "../../../routing/location.ts";
import { SealRefused } from "../../../sealing/refusals.ts";

/** What to do where one's keys are not in the list of what one asked for; nothing for any other refusal. */
export function NoReader({ error }: { readonly error: unknown }): JSX.Element | null {
  // Said by the enclave of who asks, or found here in its answer.
  const refused = error instanceof Problem || error instanceof SealRefused;
  if (!refused || error.code !== "NAO_E_LEITOR") return null;
  return (
    <p>
      As chaves em uso não estão na lista com que isto foi entregue.{" "}
      <a href={hrefOf("/prudencial/leitores")}>Use as que estão nela</a>, peça a um dos leitores dela que entregue de novo com
      você na lista, ou entregue outro conteúdo no lugar deste.
    </p>
  );
}
