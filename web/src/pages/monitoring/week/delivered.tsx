import type { ComponentChildren, JSX } from "preact";

import type { AgentTold, DeliveredTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { Fact } from "../../../components/fact.tsx";
import { useLoaded } from "../../../components/loading.tsx";
import { Status } from "../../../components/status.tsx";
import { fingerprintText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import type { WithAgent } from "./agent-page.tsx";
import { OtherList } from "./other-list.tsx";

export interface DeliveredProps {
  readonly within: WithAgent;
  readonly delivered: DeliveredTold | null;
  readonly which: "entregaPortfolio" | "entregaContrapartes";
  readonly children: ComponentChildren;
}

/** What counts now of an agent: by whom and when it came, and under which readers; nothing where none did. */
export function Delivered({ within, delivered, which, children }: DeliveredProps): JSX.Element | null {
  if (delivered === null) return null;
  return (
    <section class="panel stack" aria-label="O que foi entregue">
      <Facts within={within} delivered={delivered} which={which} />
      <OtherList within={within} />
      {children}
    </section>
  );
}

function Facts({ within, delivered, which }: Omit<DeliveredProps, "children"> & { readonly delivered: DeliveredTold }): JSX.Element {
  const { week, agent, desk } = within;
  const path = `/prudencial/semanas/${week.evento}/agentes/${agent.cnpj}`;
  const { loaded } = useLoaded((signal) => api.json<AgentTold>(path, { signal }), [path, delivered.identidade]);
  const brought = loaded.state === "ready" ? loaded.value[which] : null;
  const isOwn = desk.readers === null || delivered.leitores === desk.readers.digest;
  return (
    <dl class="facts">
      <Fact name="Entregue">
        <Status tone="good">{`Versão ${delivered.versao}`}</Status>
      </Fact>
      <Fact name="Quando e por quem">{brought ? `${momentText(brought.em)}, ${brought.quem}` : "…"}</Fact>
      <Fact name="Identidade do que foi cifrado">
        <code>{fingerprintText(delivered.identidade, 4)}…</code>
      </Fact>
      <Fact name="Leitores">
        {isOwn ? (
          <Status tone="good">Os da sua lista</Status>
        ) : (
          <Status tone="warn">Outra lista que a sua</Status>
        )}
      </Fact>
    </dl>
  );
}
