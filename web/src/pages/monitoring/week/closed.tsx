import type { JSX } from "preact";

import type { WeekTold } from "../../../api/messages.ts";
import { Notice } from "../../../components/notice.tsx";
import { momentText } from "../../../format/moments.ts";

/** Why nothing can be delivered in this week now; nothing while it can. */
export function Closed({ week }: { readonly week: WeekTold }): JSX.Element | null {
  if (week.aberto) return null;
  const before = Date.now() < Date.parse(week.abertura);
  return (
    <Notice tone="calm" headline={before ? "O preenchimento ainda não abriu" : "O prazo desta semana terminou"}>
      <p>
        {before
          ? `Os dados desta semana são aceitos a partir de ${momentText(week.abertura)}.`
          : `Desde ${momentText(week.prazo)} nada mais é aceito. O que foi entregue continua legível pelos seus leitores.`}
      </p>
    </Notice>
  );
}
