import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";

import type { LoteTold } from "../../../api/messages.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Progress } from "../../../components/progress.tsx";
import { saveAs } from "../../../components/saving.ts";
import { csvFile } from "../../../format/csv.ts";
import { cnpjText } from "../../../format/identifiers.ts";
import { countText } from "../../../format/numbers.ts";
import { hrefOf } from "../../../routing/location.ts";
import type { LotePiece } from "../../../sealing/lotes.ts";
import { Caveats } from "../factor/caveats.tsx";
import type { Desk } from "../desk/desk.ts";
import { pathOf } from "../week/modules.ts";
import { openedPieces } from "./lote-calls.ts";
import { faultsIn, faultsMatching, takenIn, type FaultRow } from "./lotes.ts";

type Opening =
  | { readonly state: "sealed" }
  | { readonly state: "opening"; readonly opened: number; readonly of: number }
  | { readonly state: "open"; readonly pieces: readonly LotePiece[] }
  | { readonly state: "failed"; readonly error: unknown };

export interface LoteFaultsProps {
  readonly desk: Desk;
  readonly lote: LoteTold;
}

/** The sealed answers of a lote, opened when they are asked for; what they say is in memory alone. */
export function LoteFaults({ desk, lote }: LoteFaultsProps): JSX.Element {
  const [opening, setOpening] = useState<Opening>({ state: "sealed" });
  const part = useRef<HTMLElement>(null);
  useFocusHeld(part, () => document.getElementById("resposta-do-enclave"));

  async function open(): Promise<void> {
    setOpening({ state: "opening", opened: 0, of: lote.respostas });
    try {
      const onOpened = (opened: number, of: number): void => setOpening({ state: "opening", opened, of });
      setOpening({ state: "open", pieces: await desk.sealing((week) => openedPieces(week, lote, onOpened)) });
    } catch (error) {
      setOpening({ state: "failed", error });
    }
  }

  return (
    <section class="stack" aria-labelledby="resposta-do-enclave" ref={part}>
      <h2 id="resposta-do-enclave" tabIndex={-1}>Resposta do enclave</h2>
      {opening.state === "sealed" && <Sealed desk={desk} onOpen={open} />}
      {opening.state === "opening" && <Progress label="Abrindo as respostas" done={opening.opened} of={opening.of} />}
      {opening.state === "failed" && <Failure error={opening.error} onRetry={() => void open()} />}
      {opening.state === "open" && <Opened lote={lote} pieces={opening.pieces} />}
    </section>
  );
}

function Sealed({ desk, onOpen }: { readonly desk: Desk; readonly onOpen: () => Promise<void> }): JSX.Element {
  return (
    <div class="panel stack tight">
      <p>O que o enclave disse de cada agente está cifrado para os leitores do arquivo.</p>
      {desk.canWork && (
        <div>
          <Button kind="primary" onPress={onOpen}>
            Abrir com as minhas chaves
          </Button>
        </div>
      )}
    </div>
  );
}

function Opened({ lote, pieces }: { readonly lote: LoteTold; readonly pieces: readonly LotePiece[] }): JSX.Element {
  const faults = useMemo(() => faultsIn(pieces), [pieces]);
  const taken = takenIn(pieces).length;
  const refusal = pieces.find((piece) => piece.refusal !== null)?.refusal;
  const caveats = new Set(pieces.flatMap((piece) => piece.answer.caveats));
  return (
    <>
      <Caveats codes={[...caveats]} />
      {refusal && (
        <Notice tone="bad" headline="Nada do arquivo foi aceito" live>
          <p>{refusal.detail}</p>
        </Notice>
      )}
      {taken > 0 && (
        <Notice tone="good" headline={taken === 1 ? "Um agente aceito" : `${countText(taken)} agentes aceitos`} live>
          <p>
            Os fatores calculados estão em{" "}
            <a href={hrefOf(pathOf(lote.evento, "fator"))}>Fator de alavancagem</a>.
          </p>
        </Notice>
      )}
      {faults.length > 0 && <Faults lote={lote} faults={faults} />}
    </>
  );
}

function Faults({ lote, faults }: { readonly lote: LoteTold; readonly faults: readonly FaultRow[] }): JSX.Element {
  const [typed, setTyped] = useState("");
  const shown = faultsMatching(faults, typed);
  return (
    <>
      <div class="row ends bottom">
        <TextField
          label="Filtrar por CNPJ, célula, regra ou texto"
          type="search"
          value={typed}
          onInput={setTyped}
        />
        <Button onPress={() => saveAs(`erros-${lote.evento}.csv`, faultsFile(faults))}>Baixar os erros (CSV)</Button>
      </div>
      <p class="small soft" role="status">
        {countText(shown.length)} de {countText(faults.length)} erros. Corrija-os no arquivo e importe-o de novo: os agentes
        já aceitos podem ficar nele.
      </p>
      <div class="scroller">
        <table class="table cards" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                Agente
              </th>
              <th scope="col" role="columnheader">
                Onde
              </th>
              <th scope="col" role="columnheader">
                O que corrigir
              </th>
              <th scope="col" role="columnheader">
                Regra
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.slice(0, MOST_SHOWN).map((fault, index) => (
              <FaultLine key={index} fault={fault} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length > MOST_SHOWN && (
        <p class="small soft">Mostrando os primeiros {countText(MOST_SHOWN)}; o CSV tem todos.</p>
      )}
    </>
  );
}

function FaultLine({ fault }: { readonly fault: FaultRow }): JSX.Element {
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="figure nowrap">
        {fault.company === "" ? "o arquivo" : cnpjText(fault.company)}
      </th>
      <td role="cell" data-title="Onde" class="figure small nowrap">
        {fault.place}
      </td>
      <td role="cell" data-title="O que corrigir">
        {fault.detail}
      </td>
      <td role="cell" data-title="Regra" class="figure small nowrap">
        {fault.rule}
      </td>
    </tr>
  );
}

const MOST_SHOWN = 500;

function faultsFile(faults: readonly FaultRow[]): Blob {
  const rows = faults.map((fault) => [cnpjText(fault.company), fault.place, fault.rule, fault.detail]);
  return csvFile(["CNPJ", "Onde", "Regra", "O que corrigir"], rows);
}
