import type { JSX } from "preact";

import { Button, LinkButton } from "../../../components/button.tsx";
import { LeaveGuard } from "../../../components/leaving.tsx";
import { useLoaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { NoReader } from "../desk/no-reader.tsx";
import { formerColleagues, keepColleagues, listsVersion } from "../desk/login-keys.ts";
import type { WithAgent } from "./agent-page.tsx";
import { useMovingOver } from "./moving-over.ts";
import { readersAdvice } from "./readers-advice.ts";

/** What was delivered came with another list than today's: who reads it, and how the agent comes to one list again. */
export function OtherList({ within }: { readonly within: WithAgent }): JSX.Element | null {
  const { week, agent, desk } = within;
  const { moving, move } = useMovingOver(within);
  const advice = desk.readers === null ? null : readersAdvice(agent, desk.readers.digest);
  if (advice === null || !week.aberto) return null;
  const { headline, lost, canMove, former } = advice;
  return (
    <Notice tone="warn" headline={headline}>
      <LeaveGuard
        unsaved={moving.state === "failed" && moving.halfway}
        what={`A entrega das contrapartes de ${agent.sigla} com a lista de hoje`}
      />
      <p>Quem você juntou à lista depois não abre o que já foi entregue; quem você retirou ainda abre.</p>
      {lost && <p>{lost}</p>}
      {canMove && (
        <p>
          Entregue de novo com a lista de hoje: o conteúdo é lido e cifrado como está, o cálculo é refeito, e o que estava
          validado se valida de novo.
        </p>
      )}
      {moving.state === "failed" && (
        <>
          <Failure error={moving.error} />
          <NoReader error={moving.error} />
        </>
      )}
      <div class="row unprinted">
        {canMove && (
          <Button kind="primary" busy={moving.state === "working"} onPress={move}>
            Entregar de novo com a lista de hoje
          </Button>
        )}
        {former && <GoBack within={within} former={former} />}
        <LinkButton to="/prudencial/leitores">Ver a lista de leitores</LinkButton>
        <span class="small soft" role="status">
          {moving.state === "working" ? moving.stage : ""}
        </span>
      </div>
    </Notice>
  );
}

export interface GoBackProps {
  readonly within: Pick<WithAgent, "desk" | "sender">;
  /** Digest of the list. */
  readonly former: string;
}

/** The list of that delivery anew, where this browser sealed with it. */
export function GoBack({ within, former }: GoBackProps): JSX.Element | null {
  const { desk, sender } = within;
  const { keys } = desk;
  const { loaded } = useLoaded(
    async () => (keys ? formerColleagues(sender.cnpj, keys, former) : null),
    [sender.cnpj, keys, former, listsVersion()],
  );
  if (loaded.state !== "ready" || loaded.value === null || keys === null) return null;
  const colleagues = loaded.value;
  const names = [keys.reader, ...colleagues].map((one) => one.id).join(", ");
  return <Button onPress={() => keepColleagues(sender.cnpj, colleagues)}>Voltar à lista daquela entrega ({names})</Button>;
}
