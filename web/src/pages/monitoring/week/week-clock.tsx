import type { ComponentChildren, JSX } from "preact";

import { Status } from "../../../components/status.tsx";
import { momentText, untilText } from "../../../format/moments.ts";
import { windowAt } from "./standing.ts";
import { useNow } from "./weeks.ts";

interface Window {
  readonly abertura: string;
  readonly prazo: string;
}

const HURRY_MS = 24 * 3_600_000;

/** Opening, deadline, and what is left until then. */
export function WeekClock({ week, children }: { readonly week: Window; readonly children?: ComponentChildren }): JSX.Element {
  return (
    <dl class="facts week-clock">
      {children}
      <div>
        <dt>Abertura do preenchimento</dt>
        <dd>{momentText(week.abertura)}</dd>
      </div>
      <div>
        <dt>Término do preenchimento</dt>
        <dd>{momentText(week.prazo)}</dd>
      </div>
      <div>
        <dt>Situação</dt>
        <dd>
          <WindowStatus week={week} />
        </dd>
      </div>
    </dl>
  );
}

export function WindowStatus({ week }: { readonly week: Window }): JSX.Element {
  const now = useNow();
  switch (windowAt(week, now)) {
    case "before":
      return <Status tone="calm" hollow>{`Abre em ${untilText(week.abertura, now) ?? "instantes"}`}</Status>;
    case "closed":
      return <Status tone="calm">Prazo encerrado</Status>;
    case "open": {
      const hurry = Date.parse(week.prazo) - now.getTime() < HURRY_MS;
      return <Status tone={hurry ? "warn" : "good"}>{`Aberta: falta ${untilText(week.prazo, now) ?? "pouco"}`}</Status>;
    }
  }
}
