import type { JSX } from "preact";

import type { Desk } from "./desk.ts";

/** Stands where the button that delivers would, in an open week: why there is none. */
export function CannotDeliver({ desk }: { readonly desk: Desk }): JSX.Element {
  const refused = desk.lock.value.state === "refused";
  return (
    <div class="deliver-bar unprinted">
      <p>
        {refused
          ? "Nada pode ser entregue agora: o lacre foi recusado. O motivo está no alto da página."
          : "Para entregar faltam as suas chaves de leitor neste navegador. O caminho até elas está no lacre, no alto da página."}
      </p>
    </div>
  );
}
