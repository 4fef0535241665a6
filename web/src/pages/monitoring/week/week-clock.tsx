import type { ComponentChildren, JSX } from "preact";

import { Fact } from "../../../components/fact.tsx";
import { Status } from "../../../components/status.tsx";
import { momentText, untilText } from "../../../format/moments.ts";
import { windowAt } from "./standing.ts";
import { useNow } from "./weeks.ts";

interface Window {
  readonly abertura: string;
  readonly prazo: string;
  readonly aberto: boolean;
  readonly publicado: boolean;
}

const HURRY_MS = 24 * 3_600_000;

/** Opening, deadline, and what is left until then. */
export function WeekClock({ week, children }: { readonly week: Window; readonly children?: ComponentChildren }): JSX.Element {
  return (
    <dl class="facts week-clock">
      {children}
      <Fact name="Abertura do preenchimento">{momentText(week.abertura)}</Fact>
      <Fact name="Término do preenchimento">{momentText(week.prazo)}</Fact>
      <Fact name="Situação">
        <WindowStatus week={week} />
      </Fact>
    </dl>
  );
}

export function WindowStatus({ week }: { readonly week: Window }): JSX.Element {
  const now = useNow();
  if (week.publicado) return <Status tone="calm">Publicada</Status>;
  const standing = windowAt(week, now);
  // What the platform closed is closed, however slow this computer's clock is.
  switch (standing === "open" && !week.aberto ? "closed" : standing) {
    case "before":
      return <Status tone="calm" hollow>{`Abre em ${untilText(week.abertura, now) ?? "instantes"}`}</Status>;
    case "closed":
      return <Status tone="calm">Prazo encerrado</Status>;
    case "open": {
      const hurry = Date.parse(week.prazo) - now.getTime() < HURRY_MS;
      const left = untilText(week.prazo, now) ?? "pouco";
      // The verb goes with the first number.
      const verb = /^(?:1 |\D)/.test(left) ? "falta" : "faltam";
      return <Status tone={hurry ? "warn" : "good"}>{`Aberta: ${verb} ${left}`}</Status>;
    }
  }
}
