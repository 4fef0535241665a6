import type { JSX } from "preact";

import { hrefOf } from "../../routing/location.ts";
import "./contracts.css";

const PLACES = [
  { text: "Contratos", to: "/contratos" },
  { text: "Importações", to: "/contratos/importacoes" },
  { text: "Consulta ao cadastro", to: "/contratos/consulta" },
] as const;

/** The three places of this section. */
export function ContractsNav({ at }: { readonly at: (typeof PLACES)[number]["to"] }): JSX.Element {
  return (
    <nav class="contracts-tabs unprinted" aria-label="Contratos">
      {PLACES.map(({ text, to }) => (
        <a key={to} href={hrefOf(to)} aria-current={to === at ? "page" : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}
