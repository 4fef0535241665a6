import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { AgentListed } from "../../../api/messages.ts";
import { sentenceOf, transactionOf } from "../../../api/problem.ts";
import { Button } from "../../../components/button.tsx";
import { Confirmation } from "../../../components/dialog.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { Notice } from "../../../components/notice.tsx";
import { Progress } from "../../../components/progress.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText, eventText } from "../../../format/identifiers.ts";
import { countText, figureText } from "../../../format/numbers.ts";
import type { Request } from "../../../sealing/asking.ts";
import { readFactor, type FactorRead } from "../../../sealing/factor-read.ts";
import type { InWeek } from "../week/week-page.tsx";
import { actable, actAll, countOf, openAll, replaced, type BatchAct, type BatchRow } from "./batch.ts";
import { Caveats } from "./caveats.tsx";
import { ended, requestOf } from "./factor-acts.ts";

export interface BatchPanelProps {
  readonly within: InWeek;
  readonly act: BatchAct;
  readonly agents: readonly AgentListed[];
  /** Once the last of them has been tried. */
  readonly onActed: () => void;
  readonly onEnd: () => void | Promise<void>;
}

const TEXT = {
  VALIDAR: {
    title: "Validar",
    verb: "Validar",
    done: "Validado",
    allDone: "Validados",
    next: "Nada foi enviado ainda: volte à lista e escolha-os de novo para enviar.",
  },
  ENVIAR: {
    title: "Enviar à CCEE",
    verb: "Enviar",
    done: "Enviado",
    allDone: "Enviados",
    next: "O recibo de cada um está na página do agente.",
  },
} as const;

/** Several agents in turn: every number is opened and seen first, then signed, with the result of each. */
export function BatchPanel(given: BatchPanelProps): JSX.Element {
  const { within, act, agents, onEnd } = given;
  const { rows, phase, run } = useBatch(given);
  const [asking, setAsking] = useState(false);
  const ready = actable(rows);
  const words = TEXT[act];
  const part = useRef<HTMLElement>(null);
  useFocusHeld(part, () => document.getElementById("em-sequencia"));
  return (
    <section class="panel stack" aria-labelledby="em-sequencia" ref={part}>
      <h2 id="em-sequencia" tabIndex={-1}>
        {words.title}: {countText(agents.length)} {agents.length === 1 ? "agente" : "agentes"}
      </h2>
      {phase === "opening" && <Progress label="Abrindo os fatores" done={countOf(rows, "opened", "failed")} of={rows.length} />}
      {phase === "acting" && <Progress label={`${words.verb} em sequência`} done={countOf(rows, "done", "failed")} of={rows.length} />}
      {phase === "ended" && <Summary rows={rows} act={act} />}
      <Caveats codes={[...new Set(rows.flatMap((row) => ("read" in row ? (row.read?.caveats ?? []) : [])))]} />
      <Rows rows={rows} done={words.done} />
      <div class="row">
        {phase !== "opening" && phase !== "acting" && ready.length > 0 && (
          <Button kind="primary" onPress={() => setAsking(true)}>
            {words.verb} {ready.length === 1 ? "este fator" : `estes ${countText(ready.length)} fatores`}
          </Button>
        )}
        <Button onPress={onEnd}>{phase === "opening" || phase === "acting" ? "Parar e voltar à lista" : "Voltar à lista"}</Button>
      </div>
      {asking && (
        <Confirmation
          title={`${words.title} ${countText(ready.length)} ${ready.length === 1 ? "fator" : "fatores"} da semana ${eventText(within.week.evento)}?`}
          confirm={ready.length === 1 ? `${words.verb} o fator` : `${words.verb} os ${countText(ready.length)} fatores`}
          onConfirm={() => {
            setAsking(false);
            void run();
          }}
          onCancel={() => setAsking(false)}
        >
          <p>{ready.map((row) => row.agent.sigla).slice(0, 12).join(", ") + (ready.length > 12 ? ` e mais ${countText(ready.length - 12)}` : "")}.</p>
          <p>
            {act === "ENVIAR"
              ? "Os números mostrados saem do enclave em claro e serão publicados depois do prazo."
              : "Cada validação é assinada com a sua chave e vale para exatamente o número mostrado."}
          </p>
        </Confirmation>
      )}
    </section>
  );
}

type Phase = "opening" | "opened" | "acting" | "ended";

function useBatch({ within, act, agents, onActed }: BatchPanelProps): { rows: readonly BatchRow[]; phase: Phase; run: () => Promise<void> } {
  const { desk } = within;
  const [rows, setRows] = useState<readonly BatchRow[]>(() => agents.map((agent) => ({ agent, state: "waiting" })));
  const [phase, setPhase] = useState<Phase>("opening");
  const leaving = useRef(new AbortController());
  const requests = useRef(new Map<string, Request>());
  const onRow = (row: BatchRow): void => setRows((before) => replaced(before, row));

  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    const open = (agent: AgentListed): Promise<FactorRead> => desk.sealing((week) => readFactor(week, agent));
    void openAll(agents, open, onRow, controller.signal).then(() => {
      if (!controller.signal.aborted) setPhase("opened");
    });
    return () => controller.abort();
  }, []);

  async function run(): Promise<void> {
    setPhase("acting");
    const one = (agent: AgentListed, read: FactorRead): Promise<void> =>
      desk.sealing(async (week) => {
        // The same request again where its end is not known: it is told how it ended, and not done twice.
        const request = requests.current.get(agent.cnpj) ?? (await requestOf(week, act, agent, read));
        requests.current.set(agent.cnpj, request);
        await ended(week, act, agent, read, request);
      });
    await actAll(actable(rows), act, one, onRow, leaving.current.signal);
    if (leaving.current.signal.aborted) return;
    setPhase("ended");
    onActed();
  }

  return { rows, phase, run };
}

function Summary({ rows, act }: { readonly rows: readonly BatchRow[]; readonly act: BatchAct }): JSX.Element {
  const failed = countOf(rows, "failed");
  const ok = countOf(rows, "done");
  const { done, allDone, next } = TEXT[act];
  const told = `${rows.length === 1 ? done : allDone}: ${countText(ok)} de ${countText(rows.length)}`;
  return (
    <Notice tone={failed === 0 ? "good" : "warn"} headline={told} live>
      {failed > 0 && <p>{countText(failed)} com falha; o motivo está ao lado de cada agente.</p>}
      {ok > 0 && <p>{next}</p>}
    </Notice>
  );
}

function Rows({ rows, done }: { readonly rows: readonly BatchRow[]; readonly done: string }): JSX.Element {
  return (
    <div class="scroller batch-rows" tabIndex={0} role="region" aria-label="Agentes em sequência">
      <table class="table cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              Agente
            </th>
            <th scope="col" role="columnheader" class="number">
              FA
            </th>
            <th scope="col" role="columnheader">
              Andamento
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={row.agent.cnpj} role="row">
              <th scope="row" role="rowheader">
                {row.agent.sigla}
                <br />
                <span class="figure small soft nowrap">{cnpjText(row.agent.cnpj)}</span>
              </th>
              <td role="cell" data-title="FA" class="number figure">
                {factorOf(row)}
              </td>
              <td role="cell" data-title="Andamento">
                <div>
                  <Progressing row={row} done={done} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function factorOf(row: BatchRow): string {
  const read = "read" in row ? row.read : null;
  if (read === null) return "—";
  return read.released.fa === null ? "não calculável" : figureText(read.released.fa);
}

function Progressing({ row, done }: { readonly row: BatchRow; readonly done: string }): JSX.Element {
  switch (row.state) {
    case "waiting":
      return <Status tone="calm" hollow>Na fila</Status>;
    case "opening":
      return <Status tone="accent" hollow>Abrindo…</Status>;
    case "opened":
      return row.read.sealedHere.portfolio ? (
        <Status tone="accent">Aberto</Status>
      ) : (
        <>
          <Status tone="warn">Aberto, cifrado fora daqui</Status>
          <p class="small soft">Confira o portfólio antes: este navegador não o cifrou.</p>
        </>
      );
    case "acting":
      return <Status tone="accent" hollow>Enviando o ato…</Status>;
    case "done":
      return <Status tone="good">{done}</Status>;
    case "failed":
      return (
        <>
          <Status tone="bad">Falhou</Status>
          <p class="small">{sentenceOf(row.error)}</p>
          {transactionOf(row.error) && (
            <p class="small soft">
              Transação <code>{transactionOf(row.error)}</code>
            </p>
          )}
        </>
      );
  }
}
