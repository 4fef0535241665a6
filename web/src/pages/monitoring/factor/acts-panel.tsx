import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { AgentState } from "../../../api/messages.ts";
import { Problem } from "../../../api/problem.ts";
import { Button, LinkButton } from "../../../components/button.tsx";
import { Command } from "../../../components/command.tsx";
import { Confirmation } from "../../../components/dialog.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { Failure, Notice } from "../../../components/notice.tsx";
import { eventText } from "../../../format/identifiers.ts";
import { figureText } from "../../../format/numbers.ts";
import { sentence } from "../../../format/sentences.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import type { Released } from "../../../sealing/statements.ts";
import type { WithAgent } from "../week/agent-page.tsx";
import { pathOf } from "../week/modules.ts";
import { stateShown } from "../week/standing.ts";
import type { Acting, FactorActs } from "./factor-acts.ts";
import { fits, isOf, whyAnew, type FactorAct } from "./fitting.ts";
import { verifyingCommand } from "./commands.ts";

export interface ActsPanelProps {
  readonly within: WithAgent;
  readonly read: FactorRead | null;
  readonly acts: FactorActs;
}

const TEXT: Readonly<Record<FactorAct, string>> = {
  VALIDAR: "Validar",
  ENVIAR: "Enviar à CCEE",
  CANCELAR: "Cancelar o cálculo",
  RECALCULAR: "Calcular de novo",
};

/** What may be done with the factor as it stands, each after its confirmation, and what came of it. */
export function ActsPanel({ within, read, acts }: ActsPanelProps): JSX.Element | null {
  const { week, agent, desk, reload } = within;
  const [asking, setAsking] = useState<FactorAct | null>(null);
  // Until the agent is there as an act left it, what is offered may fit no more.
  const [settling, setSettling] = useState(false);
  const mayAct = week.aberto && desk.canWork && desk.lock.value.state !== "refused";
  const about = read !== null && isOf(read, agent);
  const offered = mayAct ? offeredOf(agent, about) : [];
  const part = useRef<HTMLElement>(null);
  // What was just done is offered no more; beside the heading stands what came of it.
  useFocusHeld(part, () => document.getElementById("decisao"));

  async function run(act: FactorAct): Promise<void> {
    setSettling(true);
    try {
      await acts.run(act, agent, read);
      setAsking(null);
      await reload();
    } finally {
      setSettling(false);
    }
  }

  if (offered.length === 0 && acts.acting.state === "idle") return null;
  return (
    <section class="stack unprinted" aria-labelledby="decisao" ref={part}>
      <h2 id="decisao" tabIndex={-1}>Decisão</h2>
      <Outcome acting={acts.acting} within={within} onRetry={run} />
      {offered.length > 0 && (
        <div class="panel stack tight">
          <div class="row">
            {offered.map((act) => (
              <Button key={act} kind={kindOf(act)} busy={isWorking(acts.acting, act)} disabled={settling} onPress={() => ask(act)}>
                {TEXT[act]}
              </Button>
            ))}
            <span class="small soft" role="status">
              {acts.acting.state === "working" ? acts.acting.stage : ""}
            </span>
          </div>
          {offered.includes("RECALCULAR") && <p class="small">{whyAnew(agent)}</p>}
          {offered.includes("VALIDAR") && <NotChecked event={week.evento} sender={within.sender.cnpj} company={agent.cnpj} />}
        </div>
      )}
      {asking && (
        <Asked
          act={asking}
          within={within}
          released={read?.released ?? null}
          stage={acts.acting.state === "working" ? acts.acting.stage : null}
          onConfirm={() => run(asking)}
          onCancel={() => setAsking(null)}
        />
      )}
    </section>
  );

  function ask(act: FactorAct): void | Promise<void> {
    // Nothing of a calculation is lost by making another one of the same data.
    if (act === "RECALCULAR") return run(act);
    acts.forget();
    setAsking(act);
  }
}

function offeredOf(agent: WithAgent["agent"], about: boolean): readonly FactorAct[] {
  const binding = (["VALIDAR", "ENVIAR"] as const).filter((act) => about && fits(act, agent));
  const others = (["RECALCULAR", "CANCELAR"] as const).filter((act) => fits(act, agent));
  return [...binding, ...others];
}

interface AskedProps {
  readonly act: FactorAct;
  readonly within: WithAgent;
  readonly released: Released | null;
  readonly stage: string | null;
  readonly onConfirm: () => Promise<void>;
  readonly onCancel: () => void;
}

function Asked({ act, within, released, stage, onConfirm, onCancel }: AskedProps): JSX.Element {
  const { week, agent } = within;
  const verb = act === "VALIDAR" ? "Validar" : act === "ENVIAR" ? "Enviar à CCEE" : "Cancelar";
  const what = act === "CANCELAR" ? "o cálculo" : "o fator";
  return (
    <Confirmation
      title={`${verb} ${what} de ${agent.sigla}, semana ${eventText(week.evento)}?`}
      confirm={act === "CANCELAR" ? "Cancelar o cálculo" : act === "ENVIAR" ? "Enviar o fator" : "Validar o fator"}
      kind={act === "CANCELAR" ? "danger" : "primary"}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      {act !== "CANCELAR" && released && (
        <p class="factor-number">
          <span class="soft small">FA</span>{" "}
          <strong class="figure">{released.fa === null ? "não calculável" : figureText(released.fa)}</strong>
          {released.fa === null && <span class="small">{released.motivo}</span>}
        </p>
      )}
      <p>{CONSEQUENCE[act]}</p>
      <p class="small soft" role="status">
        {stage ?? ""}
      </p>
    </Confirmation>
  );
}

const CONSEQUENCE: Readonly<Record<FactorAct, string>> = {
  VALIDAR: "A validação é assinada com a sua chave e vale para exatamente este cálculo. Ela ainda não envia nada à CCEE.",
  ENVIAR:
    "O número sai do enclave em claro e será publicado depois do prazo. Até lá, só outro ciclo completo, com novo envio, o substitui.",
  CANCELAR: "O cálculo e a validação deixam de valer. O que foi entregue fica, e você pode calcular de novo.",
  RECALCULAR: "",
};

interface OutcomeProps {
  readonly acting: Acting;
  readonly within: WithAgent;
  readonly onRetry: (act: FactorAct) => Promise<void>;
}

function Outcome({ acting, within, onRetry }: OutcomeProps): JSX.Element | null {
  const { agent, week, next } = within;
  if (acting.state === "failed") return <Failed acting={acting} within={within} onRetry={onRetry} />;
  if (acting.state !== "done") return null;
  return (
    <Notice tone="good" headline={`${agent.sigla}: ${DONE[acting.act]}`} live>
      <p>{NEXT[acting.act]}</p>
      {(acting.act === "ENVIAR" || acting.act === "VALIDAR") && (
        <div class="row">
          {next && <LinkButton to={pathOf(week.evento, "fator", next.cnpj)}>Próximo a validar: {next.sigla}</LinkButton>}
          <LinkButton to={pathOf(week.evento, "fator")}>Todos os agentes</LinkButton>
        </div>
      )}
    </Notice>
  );
}

const DONE: Readonly<Record<FactorAct, string>> = {
  VALIDAR: "fator validado",
  ENVIAR: "fator enviado à CCEE",
  CANCELAR: "cálculo cancelado",
  RECALCULAR: "calculado de novo",
};

const NEXT: Readonly<Record<FactorAct, string>> = {
  VALIDAR: "Agora ele pode ser enviado à CCEE.",
  ENVIAR: "O recibo está abaixo; guarde-o.",
  CANCELAR: "Calcule de novo, ou entregue outro portfólio ou outras contrapartes.",
  RECALCULAR: "Confira o fator e valide-o.",
};

interface FailedProps extends OutcomeProps {
  readonly acting: Extract<Acting, { state: "failed" }>;
}

/** Where somebody else was faster, the state that stands is what a person needs to know. */
function Failed({ acting, onRetry }: FailedProps): JSX.Element {
  const { error, act } = acting;
  if (error instanceof Problem && error.status === 409) {
    const standing = isState(error.state) ? stateShown[error.state] : null;
    return (
      <Notice tone="warn" headline="O agente mudou enquanto esta página estava aberta" live>
        <p>{sentence(error.detail)}</p>
        {standing && (
          <p>
            Situação que vale agora: <strong>{standing.text}</strong>. {standing.next}
          </p>
        )}
        <p class="small soft">
          Transação <code>{error.transaction}</code>
        </p>
      </Notice>
    );
  }
  return <Failure error={error} onRetry={() => void onRetry(act)} />;
}

/** What `aval` does beyond this page (docs/web.md). */
function NotChecked(given: { readonly event: string; readonly sender: string; readonly company: string }): JSX.Element {
  return (
    <div class="small soft stack tight">
      <p>
        Esta página confia na assinatura do código atestado e não refaz a conta. O comando a refaz com o mesmo motor
        antes de validar:
      </p>
      <Command label="Comando que valida">{verifyingCommand({ ...given, origin: location.origin })}</Command>
    </div>
  );
}

function kindOf(act: FactorAct): "primary" | "danger" | "plain" {
  return act === "CANCELAR" ? "danger" : "primary";
}

function isWorking(acting: Acting, act: FactorAct): boolean {
  return acting.state === "working" && acting.act === act;
}

function isState(told: string | null): told is AgentState {
  return told !== null && Object.hasOwn(stateShown, told);
}

