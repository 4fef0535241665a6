import type { JSX } from "preact";

import { NOT_HARDWARE_LABEL } from "../../../attestation/roots.ts";
import { NOT_ATTESTED_BY_HARDWARE, SENDER_NOT_AUTHENTICATED } from "../../../sealing/receipts.ts";

const TEXT: Readonly<Record<string, { readonly label: string; readonly meaning: string }>> = {
  [NOT_ATTESTED_BY_HARDWARE]: {
    label: NOT_HARDWARE_LABEL,
    meaning: "a raiz do atestado é a de um ambiente de testes, e não a da AWS",
  },
  [SENDER_NOT_AUTHENTICATED]: {
    label: "REMETENTE NÃO AUTENTICADO",
    meaning: "a lista de leitores dos dados não foi autorizada com o certificado da empresa",
  },
};

/** Reservations of the enclave, wherever something that it signed is shown. */
export function Caveats({ codes }: { readonly codes: readonly string[] }): JSX.Element | null {
  if (codes.length === 0) return null;
  return (
    <ul class="caveats small" aria-label="Ressalvas">
      {codes.map((code) => (
        <li key={code}>
          <strong>{TEXT[code]?.label ?? code}</strong>
          {TEXT[code] && `: ${TEXT[code].meaning}.`}
        </li>
      ))}
    </ul>
  );
}
